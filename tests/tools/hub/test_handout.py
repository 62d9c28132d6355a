"""What learners of a hub get: the kit's files in a repository, and newer ones later."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from conftest import need
from tools.hub import __main__ as hub
from tools.hub import handout
from tools.setup.commands import Stop


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    need("git", "the handout is a git repository")
    root = tmp_path / "kit"
    (root / "notebooks").mkdir(parents=True)
    (root / "notebooks" / "00.ipynb").write_text("one")
    (root / "old.py").write_text("old")
    names = ["notebooks/00.ipynb", "old.py"]
    monkeypatch.setattr(handout, "ROOT", root)
    monkeypatch.setattr(handout, "kit_files", lambda: [n for n in names if (root / n).exists()])
    return root


def show(folder: Path, name: str) -> str:
    done = subprocess.run(
        ["git", f"--git-dir={folder}", "show", f"main:{name}"], capture_output=True, text=True
    )
    return done.stdout


def test_the_newest_files_are_handed_out(kit: Path, tmp_path: Path) -> None:
    folder = tmp_path / "handout.git"
    handout.hand_out(folder)
    assert show(folder, "notebooks/00.ipynb") == "one"
    (kit / "notebooks" / "00.ipynb").write_text("two")
    (kit / "old.py").unlink()
    handout.hand_out(folder)
    handout.hand_out(folder)  # nothing is new
    assert show(folder, "notebooks/00.ipynb") == "two"
    assert show(folder, "old.py") == ""
    counted = subprocess.run(
        ["git", f"--git-dir={folder}", "rev-list", "--count", "main"],
        capture_output=True,
        text=True,
    )
    assert counted.stdout.strip() == "2"
    assert str(folder) in Path(f"{folder}.gitconfig").read_text()


def test_where_a_hub_cannot_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub.sys, "platform", "darwin")
    with pytest.raises(Stop, match="on Linux alone"):
        hub.check()
    monkeypatch.setattr(hub.sys, "platform", "linux")
    monkeypatch.setattr(hub.os, "geteuid", lambda: 1000)
    with pytest.raises(Stop, match="start it with sudo"):
        hub.check()
    monkeypatch.setattr(hub.os, "geteuid", lambda: 0)
    monkeypatch.setattr(hub.shutil, "which", lambda name: None if name == "npm" else name)
    with pytest.raises(Stop, match=r"npm is missing\. Install it with: apt install npm"):
        hub.check()
