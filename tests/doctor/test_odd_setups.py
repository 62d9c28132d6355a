"""The doctor where a file is a folder, git does not answer, or one fault ends several checks."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from doctor import computer, files, python, report, service, settings
from doctor.table import ROOT, Check
from helpers.connection.settings import NAMES
from practice.process.config import ENVIRONMENT
from practice.process.models import chosen

MODEL = chosen().path  # of this run
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A healthy project."""
    root = tmp_path / "kit"
    root.mkdir()
    for name in ("requirements.txt", ".gitignore"):
        shutil.copy(ROOT / name, root)
    names = [*PROXIES, *(name.lower() for name in PROXIES), *NAMES, *ENVIRONMENT]
    for name in names:
        monkeypatch.setenv(name, "")  # so that what the doctor sets is taken back
        monkeypatch.delenv(name)
    monkeypatch.setenv("FIRST_CALL_HOME", str(tmp_path / "home"))
    for module in (computer, files, python):
        monkeypatch.setattr(module, "ROOT", root)
    monkeypatch.chdir(root)
    return root


def to_fix() -> list[Check]:
    return [check for check in report.all_checks() if check.state == "FIX"]


def test_one_fault_is_one_line(project: Path) -> None:
    (project / ".env").write_bytes("# 设置".encode("gb18030"))
    [check] = [check for check in to_fix() if "UTF-8" in check.text]
    assert check.name == ".env"


def test_an_env_that_is_a_folder(project: Path) -> None:
    (project / ".env").mkdir()
    [check] = [check for check in to_fix() if ".env is a folder" in check.text]
    assert check.fix == "Rename it, and write the settings into a file called .env."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are a POSIX matter")
def test_an_env_that_is_a_pipe(project: Path) -> None:
    os.mkfifo(project / ".env")
    assert len([check for check in to_fix() if ".env is a pipe" in check.text]) == 1


def test_a_home_that_is_a_file(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = project / "requirements.txt"
    for home in (file, file / "below"):
        monkeypatch.setenv("FIRST_CALL_HOME", str(home))
        [check] = [check for check in service.practice_checks() if check.name == "service"]
        assert check.state == "FIX"
        assert check.text == f"FIRST_CALL_HOME leads to {file}, which is a file"


def test_a_model_of_ones_own_that_is_damaged_behind_its_magic(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = project / "own.gguf"
    shutil.copy(MODEL, own)
    monkeypatch.setenv("PRACTICE_MODEL", str(own))
    [check] = [check for check in service.practice_checks() if check.name == "practice model"]
    assert (check.state, check.text) == ("OK", "your own, own.gguf")
    with own.open("r+b") as file:
        file.seek(24)
        file.write(b"\xff" * 64)
    [check] = [check for check in service.practice_checks() if check.name == "practice model"]
    assert check.state == "FIX"
    assert check.text.endswith("own.gguf, a GGUF file that is damaged")


def test_a_git_that_does_not_answer(project: Path) -> None:
    """As where the folder belongs to somebody else: git refuses, and knows nothing of .env."""
    if not shutil.which("git"):
        pytest.skip("git is not installed")
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    (project / ".git" / "HEAD").write_text("damaged")
    [check] = [check for check in files.file_checks() if check.name == "git"]
    assert check.state == "look"
    assert check.text == "does not say whether it would add .env"


@pytest.mark.parametrize("address", ["http://proxy:port", "http://:8080", "http://proxy:99999"])
def test_a_proxy_without_a_place(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    [check] = [check for check in settings.proxy_checks() if check.state == "FIX"]
    assert check.text == "HTTPS_PROXY cannot be used"
    assert check.fix == "Write HTTPS_PROXY as http://host:port."
