"""`kit.py pack`: what goes into it, for which computers, and what it says when it cannot."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from tools.pack import packing
from tools.setup import offline
from tools.setup.commands import Stop

HERE = (offline.this_platform(), offline.this_python())


@pytest.fixture
def nothing_fetched(monkeypatch: pytest.MonkeyPatch) -> list[packing.Target]:
    """No wheel and no model is fetched; return for which computers it would have been."""
    seen: list[packing.Target] = []
    monkeypatch.setattr(packing, "gather", lambda target, folder: seen.append(target))
    monkeypatch.setattr(packing, "copy_model", lambda model, folder: None)
    return seen


def test_the_kit_and_no_key(
    tmp_path: Path, nothing_fetched: list[packing.Target], monkeypatch: pytest.MonkeyPatch
) -> None:
    targets = [HERE, ("windows", "3.13")]
    kit = packing.pack(str(tmp_path / "U 盘"), targets, ["small"])
    assert nothing_fetched == targets
    assert (kit / "kit.py").exists()
    assert (kit / "notebooks" / "02_first_chat.ipynb").exists()
    names = set(packing.kit_files())
    assert not [name for name in names if Path(name).name == ".env" or ".git/" in name]
    assert json.loads((kit / "pack" / "pack.json").read_text())["for"] == [list(t) for t in targets]
    assert "Python 3.13 on windows" in (kit.parent / "README.txt").read_text("utf-8")
    packing.pack(str(tmp_path / "U 盘"), targets, ["small"])  # once more, over it


def test_without_git_what_is_not_the_kits_stays_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (".env", "keys.csv", "kit.py", ".venv/x.py", "a/__pycache__/x", "a/table.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.setattr(packing, "ROOT", tmp_path)
    assert packing.kit_files() == ["a/table.csv", "kit.py"]


def test_pip_is_told_the_other_computer() -> None:
    assert packing.pip_options(HERE) == []
    options = packing.pip_options(("windows", "3.14"))
    assert options == [
        *("--platform", "win_amd64", "--python-version", "3.14", "--implementation", "cp")
    ]
    for row in offline.platforms().values():
        assert set(row) - {"macos"} == {"title", "system", "machine", "uv", "tags"}


@pytest.mark.parametrize(
    ("folder", "targets", "said"),
    [
        ("pack", [("linux", "2.7")], "There is no Python 2.7"),
        (str(ROOT / "pack"), [HERE], "lies in the kit itself"),
        ("file/in", [HERE], "cannot be written to"),
    ],
)
def test_what_cannot_be_packed(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    nothing_fetched: list[packing.Target],
    folder: str,
    targets: list[packing.Target],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("file").touch()
    with pytest.raises(Stop, match=said):
        packing.pack(folder, targets, ["small"])
    assert nothing_fetched == []


def test_a_stick_that_is_too_small(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, nothing_fetched: list[packing.Target]
) -> None:
    monkeypatch.setattr(packing.shutil, "disk_usage", lambda _: type("Use", (), {"free": 1e8}))
    with pytest.raises(Stop, match=r"has 0.1 GB free, and 0.6 GB are needed\. Make room"):
        packing.pack(str(tmp_path), [HERE], ["small"])


def test_a_pack_is_used_where_it_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    place = tmp_path / "第一次 call"
    assert not offline.use_pack(place)
    (place / "pack").mkdir(parents=True)
    (place / "pack" / "pack.json").write_text(json.dumps({"for": [HERE]}))
    assert offline.use_pack(place)
    assert os.environ["PIP_NO_INDEX"] == "1"
    assert " " not in os.environ["PIP_FIND_LINKS"]
    assert os.environ["PIP_FIND_LINKS"].startswith("file:///")
    assert os.environ["PRACTICE_WEIGHTS"] == str(place / "pack" / "models")


def test_a_pack_for_other_computers_says_so(tmp_path: Path) -> None:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "pack.json").write_text(json.dumps({"for": [["windows", "3.99"]]}))
    before = dict(os.environ)
    with pytest.raises(Stop) as caught:
        offline.use_pack(tmp_path)
    said = str(caught.value)
    assert "holds packages for Python 3.99 on windows; this is Python" in said
    assert f"--python {sys.version_info[0]}.{sys.version_info[1]}" in said
    assert dict(os.environ) == before
