"""A model that is encoded once more: after a fetch, from an older cache, from a school's share."""

from __future__ import annotations

import builtins
import dataclasses
import hashlib
from pathlib import Path
from typing import Any

import pytest
from sources_stand import CONTENT, MODEL

from practice.process import config, sources, weights
from practice.process.config import PracticeError
from practice.process.encoding import Encoding
from practice.process.models import PracticeModel

RUNS = b"GGUF, encoded"
ENCODED = dataclasses.replace(
    MODEL,
    encoding=Encoding("tiny-q4_0.gguf", len(RUNS), hashlib.sha256(RUNS).hexdigest(), 2, {}),
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own, a share that has the file as it is published, and a quick encoder."""
    folder, share = tmp_path / "cache 缓存", tmp_path / "share"
    folder.mkdir()
    share.mkdir()
    (share / MODEL.file).write_bytes(CONTENT)
    monkeypatch.setenv("FIRST_CALL_HOME", str(folder))
    monkeypatch.setenv(sources.FOLDER, str(share))
    monkeypatch.setattr(weights, "encode", encoded)
    return folder


def encoded(origin: Path, target: Path, _: Encoding) -> None:
    assert origin.read_bytes() == CONTENT
    target.write_bytes(RUNS)


def never(*_: object, **__: object) -> None:
    raise AssertionError("this has no reason to happen")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if not path.name.endswith(".lock")}


def test_fetched_then_encoded_then_only_that_is_kept(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    path = weights.fetch(ENCODED, say=said.append)
    assert path == ENCODED.path == home / "tiny-q4_0.gguf"
    assert path.read_bytes() == RUNS
    assert names(home) == {"tiny-q4_0.gguf", "tiny-q4_0.gguf.verified"}
    assert said == ["Preparing Tiny-Instruct for this computer, once: about half a minute ..."]
    monkeypatch.setattr(weights, "encode", never)
    monkeypatch.setattr(weights, "_sha256", never)
    assert weights.fetch(ENCODED) == path


def test_a_file_of_an_older_edition_is_encoded_without_a_fetch(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / MODEL.file).write_bytes(CONTENT)
    monkeypatch.setattr(weights, "_fetch", never)
    assert weights.fetch(ENCODED).read_bytes() == RUNS
    assert not (home / MODEL.file).exists()


def test_another_rounding_of_the_last_bit_is_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What this computer makes of the right file is right, whatever its processor rounds to."""
    other = RUNS[:-1] + b"!"
    monkeypatch.setattr(weights, "encode", lambda _a, target, _b: target.write_bytes(other))
    assert weights.fetch(ENCODED).read_bytes() == other
    assert weights.is_intact(ENCODED)


def test_an_interrupted_encoding_starts_again_with_the_file_that_is_there(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: Path, target: Path, __: Encoding) -> None:
        target.write_bytes(b"GG")
        raise KeyboardInterrupt

    monkeypatch.setattr(weights, "encode", interrupted)
    with pytest.raises(KeyboardInterrupt):
        weights.fetch(ENCODED)
    assert (home / MODEL.file).read_bytes() == CONTENT
    monkeypatch.setattr(weights, "encode", encoded)
    monkeypatch.setattr(weights, "_fetch", never)
    assert weights.fetch(ENCODED).read_bytes() == RUNS
    assert names(home) == {"tiny-q4_0.gguf", "tiny-q4_0.gguf.verified"}


def test_a_share_with_the_encoded_file_saves_the_encoding(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "share" / "tiny-q4_0.gguf").write_bytes(RUNS)
    monkeypatch.setattr(weights, "encode", never)
    monkeypatch.setattr(weights, "_fetch", never)
    assert weights.fetch(ENCODED).read_bytes() == RUNS
    assert names(home) == {"tiny-q4_0.gguf", "tiny-q4_0.gguf.verified"}


def test_a_share_with_a_damaged_encoded_file(tmp_path: Path) -> None:
    (tmp_path / "share" / "tiny-q4_0.gguf").write_bytes(RUNS[:-1] + b"?")
    assert weights.fetch(ENCODED).read_bytes() == RUNS  # made of the published file beside it


def test_a_package_that_has_not_arrived_yet(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """kit.py fetches the model while the packages are being installed."""
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".")[0] == "gguf":
            raise ImportError("No module named 'gguf'", name="gguf")
        return real(name, *rest, **more)

    from practice.process import encoding

    monkeypatch.setattr(weights, "encode", encoding.encode)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(PracticeError) as caught:
        weights.fetch(ENCODED)
    assert str(caught.value) == (
        "Tiny-Instruct is here, but the package `gguf` that prepares it is not. "
        "Install it with `python3 kit.py lab`."
    )
    assert (home / MODEL.file).read_bytes() == CONTENT


def test_a_disk_too_small_for_the_encoded_file(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / MODEL.file).write_bytes(CONTENT)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Disk", (), {"free": 1000}))
    with pytest.raises(PracticeError, match=r"needs 16 MB of free disk space"):
        weights.fetch(ENCODED)
    assert (home / MODEL.file).exists()


def test_the_space_that_is_needed() -> None:
    large: PracticeModel = dataclasses.replace(
        MODEL, encoding=Encoding("x", 50 * MODEL.size, "", 2, {})
    )
    assert weights.space_needed(large) == 51 * MODEL.size + weights.SPARE
    assert weights.space_needed(MODEL) == MODEL.size + 2 * MODEL.piece + weights.SPARE
    assert config.cache() == large.path.parent


def test_who_waits_sees_a_fetched_file_as_whole_while_it_is_encoded(home: Path) -> None:
    (home / MODEL.file).write_bytes(CONTENT)
    assert weights._have(ENCODED) == MODEL.size
    (home / "tiny-q4_0.gguf.part").write_bytes(b"GGUF")  # it grows, so the wait goes on
    assert weights._have(ENCODED) == MODEL.size + 4
