"""The one reader of ``.env``: notebooks, the command line and the doctor take the same from it."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from conftest import ROOT
from practice import __main__ as cli
from practice.process import config, envfile
from practice.process.config import PracticeError

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")
"""The last two write no byte order mark, as some editors on Windows do not."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("FIRST_CALL_HOME", raising=False)
    monkeypatch.delenv("PRACTICE_MODEL", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_the_command_line_reads_what_the_notebooks_read(
    folder: Path, encoding: str, capsys: pytest.CaptureFixture[str]
) -> None:
    home = folder / "家 home"
    (folder / ".env").write_bytes(f"FIRST_CALL_HOME={home}\n".encode(encoding))
    read = envfile.read_env(folder / ".env", config.ENVIRONMENT)
    assert read == {"FIRST_CALL_HOME": str(home)}
    assert cli.main(["status"]) == cli.NOT_RUNNING
    assert config.home() == home  # one service for both
    capsys.readouterr()


def test_the_environment_comes_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".env").write_text("FIRST_CALL_HOME=there\nPRACTICE_MODEL=x.gguf\n")
    monkeypatch.setenv("FIRST_CALL_HOME", str(folder))
    monkeypatch.setenv("PRACTICE_MODEL", "")
    envfile.take_practice_settings()
    assert os.environ["FIRST_CALL_HOME"] == str(folder)
    assert os.environ["PRACTICE_MODEL"] == "x.gguf"


@pytest.mark.parametrize("raw", ["# 设置".encode("gb18030"), b"PRACTICE_MODEL\n"])
def test_what_cannot_be_read_is_said_by_the_notebooks_alone(
    folder: Path, raw: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".env").write_bytes(raw)
    with pytest.raises(PracticeError) as caught:
        envfile.take_practice_settings()
    assert caught.value.what.endswith(".")
    assert caught.value.fix
    assert cli.main(["status"]) in (0, cli.NOT_RUNNING)  # it can still be asked, and stopped
    capsys.readouterr()


def test_nothing_else_reads_env_files() -> None:
    """Whoever opens one by itself will one day read it otherwise."""
    users = [
        file.relative_to(ROOT).as_posix()
        for package in ("doctor", "helpers", "practice", "tools")
        for file in (ROOT / package).rglob("*.py")
        if re.search(r"\b(?:dotenv_values|load_dotenv)\(", file.read_text("utf-8"))
    ]
    assert users == ["practice/process/envfile.py"]
