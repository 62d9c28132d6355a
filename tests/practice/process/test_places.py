"""Places where a file should be and something else is: each is one sentence, and nothing hangs."""

from __future__ import annotations

import errno
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import pytest

from practice.process import envfile, files, launcher, state
from practice.process.config import PracticeError

HEADER = b"GGUF\x03\0\0\0" + (2).to_bytes(8, "little")

posix = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are a POSIX matter")
linux = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own, a model that is none, and an end to what hangs."""
    model = tmp_path / "model.gguf"
    model.write_bytes(HEADER)
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("FIRST_CALL_HOME", str(folder))
    monkeypatch.setenv("PRACTICE_MODEL", str(model))
    monkeypatch.setattr(launcher.subprocess, "Popen", started)
    if not hasattr(signal, "alarm"):
        yield folder
        return
    before = signal.signal(signal.SIGALRM, hung)
    signal.alarm(20)
    yield folder
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def hung(*_: object) -> NoReturn:
    raise AssertionError("it hangs")


def started(*_: Any, **__: Any) -> NoReturn:
    raise OSError("started")


def refused() -> PracticeError:
    with pytest.raises(PracticeError) as caught:
        launcher.ensure_running(timeout=10)
    return caught.value


@linux
def test_a_home_in_which_nothing_can_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_CALL_HOME", "/proc")
    error = refused()
    assert error.what.startswith("The practice service cannot write to its folder /proc (")
    assert error.fix == "Set FIRST_CALL_HOME to a folder that you may write to."


def test_a_home_that_is_a_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = home / "file"
    file.touch()
    monkeypatch.setenv("FIRST_CALL_HOME", str(file))
    error = refused()
    assert error.what == f"FIRST_CALL_HOME is {file}, which is a file."
    assert error.fix == "Set it to a folder of your own."


def test_a_full_disk_is_seen_before_the_start(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files.os, "fsync", full)
    error = refused()
    assert error.what == f"The disk with the practice service's folder {home} is full."
    assert error.fix == "Delete what you do not need and run this cell again."
    assert list(home.iterdir()) == []


@posix
def test_a_state_file_that_is_a_pipe_is_replaced() -> None:
    os.mkfifo(state.path())
    assert state.read() is None
    assert state.is_gone()  # a service finds out that nobody can find it
    assert "(started)" in refused().what
    assert not state.path().exists()


def test_a_state_file_that_is_a_folder() -> None:
    state.path().mkdir()
    error = refused()
    assert error.what.startswith(f"{state.path()} is a folder")
    assert error.fix == "Delete that folder and run this cell again."


@posix
@pytest.mark.parametrize("place", [state.port_path, state.failure_path])
def test_other_files_that_are_pipes(place: Callable[[], Path]) -> None:
    os.mkfifo(place())
    assert "(started)" in refused().what
    state.write(port=2000, key="k", model="m")


@posix
def test_a_log_that_is_a_pipe() -> None:
    os.mkfifo(state.log_path())
    assert "cannot write to its folder" in refused().what


# .env


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / ".env"


def unread(env: Path) -> PracticeError:
    assert envfile.find_env() == env
    with pytest.raises(PracticeError) as caught:
        envfile.take_practice_settings()
    return caught.value


@posix
def test_an_env_that_is_a_pipe(env: Path) -> None:
    os.mkfifo(env)
    assert unread(env).what.startswith(f"{env} is a pipe or a device, not a file")


def test_an_env_that_is_a_folder(env: Path) -> None:
    env.mkdir()
    error = unread(env)
    assert error.what.startswith(f"{env} is a folder, not a file")
    assert error.fix == "Rename it, and write the settings into a file called .env."


def test_a_virtual_environment_called_env_is_no_setting(env: Path) -> None:
    env.mkdir()
    (env / "pyvenv.cfg").touch()
    assert envfile.find_env() != env
