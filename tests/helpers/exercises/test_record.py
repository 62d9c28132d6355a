"""progress(): what a passed check leaves behind, and what happens when that file is in trouble."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient

from conftest import ROOT
from helpers import exercise, progress
from helpers.errors import CheckFailed
from helpers.exercises import record as recording

CELL = 'check("one", a, "h")\ncheck("two", b, "h")'
OTHER = 'check("three", c, "h")'


@pytest.fixture(autouse=True)
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the record goes; two lessons with three exercises; the first check cell runs."""
    listed = [
        {
            "lesson": "01",
            "title": "First",
            "exercises": [
                {"cell": recording.digest(CELL), "checks": ["one", "two"]},
                {"cell": recording.digest(OTHER), "checks": ["three"]},
            ],
        },
        {"lesson": "02", "title": "第二课", "exercises": [{"cell": "none", "checks": ["x"]}]},
    ]
    monkeypatch.setattr(recording, "lessons", lambda: listed)
    monkeypatch.setattr("helpers.exercises.overview.lessons", lambda: listed)
    monkeypatch.setattr(recording, "_said", set())
    exercises = recording.exercises  # a test may put another function there
    exercises.cache_clear()
    home = tmp_path / "家 home"
    monkeypatch.setenv("FIRST_CALL_HOME", str(home))
    monkeypatch.chdir(tmp_path)
    run_in(CELL, monkeypatch)
    yield home / "progress.sqlite3"
    exercises.cache_clear()


def run_in(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `source` the text of the running cell."""
    shell = SimpleNamespace(history_manager=SimpleNamespace(input_hist_raw=["before", source]))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))


def check(name: str, value: object, hint: str) -> None:
    """Look at one thing, as a check cell does."""
    with exercise(1) as found:
        found(name, value, hint)


def rows(file: Path, table: str) -> set[tuple[str, str]]:
    """Return what stands in a table of the record."""
    with contextlib.closing(sqlite3.connect(file)) as record:
        return set(record.execute(f"SELECT * FROM {table}"))


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    """Return what progress() prints where there is no notebook."""
    capsys.readouterr()
    progress()
    return capsys.readouterr().out


def test_an_exercise_is_done_when_all_its_checks_have_passed(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "0 of 3 exercises done" in shown(capsys)
    check("one", True, "h")
    check("two", ..., "h")
    assert "0 of 3 exercises done" in shown(capsys)
    check("two", True, "h")
    assert "1 of 3 exercises done" in shown(capsys)
    assert "01      First   ■□  1 of 2  exercise 2" in shown(capsys)
    assert "02      第二课  □  0 of 1   exercise 1" in shown(capsys)
    run_in(OTHER + "\n", monkeypatch)  # a line break at the end is no other cell
    check("three", 1, "h")
    assert "01      First   ■■  2 of 2  done" in shown(capsys)
    passed = {("01.1", "one"), ("01.1", "two"), ("01.2", "three")}
    assert rows(file, "passed") == passed
    if os.name != "nt":
        assert file.stat().st_mode & 0o777 == 0o600  # nobody else's business
    today = str(datetime.date.today())
    assert rows(file, "done") == {("01.1", today), ("01.2", today)}


def test_a_check_that_fails_again_counts_no_more_unless_all_was_done(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    check("one", True, "h")
    check("one", False, "h")
    check("two", True, "h")
    assert "0 of 3" in shown(capsys)
    check("one", True, "h")
    assert "1 of 3" in shown(capsys)
    check("one", False, "h")
    assert "1 of 3" in shown(capsys)


def test_nothing_but_the_exercise_itself_counts(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check("another name", True, "h")
    run_in("check('one', True, 'h')", monkeypatch)  # a cell of the learner's own
    check("one", True, "h")
    run_in(CELL, monkeypatch)
    (tmp_path / "solutions").mkdir()
    monkeypatch.chdir(tmp_path / "solutions")
    check("one", True, "h")
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(sys.modules, "IPython")
    check("one", True, "h")
    assert rows(file, "passed") == rows(file, "done") == set()
    run_in(CELL, monkeypatch)
    check("one", True, "h")
    assert rows(file, "passed") == {("01.1", "one")}


def test_a_strict_run_still_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_CALL_STRICT", "1")
    with pytest.raises(CheckFailed):
        check("one", False, "h")


def test_reset_deletes_it(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check("one", True, "h")
    capsys.readouterr()
    progress(reset=True)
    assert rows(file, "passed") == rows(file, "done") == set()
    progress(reset=True)
    printed = capsys.readouterr().out
    assert printed == "Your progress is deleted.\nThere was no progress to delete.\n"


# ---- where it is kept


def test_a_home_that_stands_in_env_is_heeded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRST_CALL_HOME", "")
    (tmp_path / ".env").write_text(f"FIRST_CALL_HOME={tmp_path / 'named'}\n", "utf-8")
    check("one", True, "h")
    assert (tmp_path / "named" / "progress.sqlite3").exists()


def test_without_any_setting_it_is_in_the_users_own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_CALL_HOME", "")
    monkeypatch.setattr("platformdirs.user_state_path", lambda *_, **__: Path("states"))
    assert recording.record_path() == Path("states") / "progress.sqlite3"


def test_a_build_writes_elsewhere(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRST_CALL_PROGRESS", str(tmp_path / "other.sqlite3"))
    check("one", True, "h")
    assert (tmp_path / "other.sqlite3").exists()
    assert not file.exists()


# ---- trouble


def torn(length: int) -> bytes:
    """Return a record whose end, from `length` bytes on, was never written."""
    with contextlib.closing(sqlite3.connect(":memory:")) as record:
        record.execute("CREATE TABLE passed (exercise TEXT, name TEXT)")
        record.executemany("INSERT INTO passed VALUES (?, ?)", [("01.1", "x" * 300)] * 99)
        record.commit()
        return record.serialize()[:length]


@pytest.mark.parametrize("damage", [b"no record", b"\xff" * 5000, torn(300), torn(9000)], ids=len)
def test_a_damaged_record_is_kept_and_said_once(
    file: Path, damage: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    file.parent.mkdir()
    file.write_bytes(damage)
    check("one", True, "h")
    check("two", True, "h")
    printed = capsys.readouterr().out
    [kept] = file.parent.glob("progress-damaged-*.sqlite3")
    assert kept.read_bytes() == damage
    assert printed.count("was damaged") == 1
    assert kept.name in printed
    assert "✓ one" in printed
    assert "1 of 3" in shown(capsys)


def test_progress_itself_finds_the_damage(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.parent.mkdir()
    file.write_bytes(b"no record")
    text = shown(capsys)
    assert "was damaged" in text
    assert "0 of 3" in text
    assert len(list(file.parent.glob("progress-damaged-*.sqlite3"))) == 1


def test_a_folder_that_cannot_be_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("FIRST_CALL_HOME", str(tmp_path / "file" / "inside"))
    check("one", True, "h")
    check("two", True, "h")
    printed = capsys.readouterr().out
    assert printed.startswith("This exercise is not recorded. The record of your progress")
    assert printed.endswith("The lesson goes on.\nExercise 1 done\n✓ one\nExercise 1 done\n✓ two\n")
    assert "set FIRST_CALL_HOME to a folder that you may write to" in shown(capsys)


def test_a_disk_that_is_full(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    check("one", True, "h")
    before = file.read_bytes()
    connect = sqlite3.connect

    def full(*words: object, **options: object) -> sqlite3.Connection:
        opened = connect(*words, **options)
        opened.execute("PRAGMA max_page_count = 1")  # not one page more than it has
        return opened

    monkeypatch.setattr(sqlite3, "connect", full)
    long = recording.Exercise("01", 2, ("x" * 9999,))
    monkeypatch.setattr(recording, "current_exercise", lambda: long)
    check(long.checks[0], True, "h")
    assert "(database or disk is full)" in capsys.readouterr().out
    assert file.read_bytes() == before


def test_a_lock_that_nobody_gives_back(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(recording, "LOCK_SECONDS", 0.05)
    check("one", True, "h")
    with contextlib.closing(sqlite3.connect(file)) as other:
        other.execute("BEGIN EXCLUSIVE")
        check("two", True, "h")
    assert "Another notebook holds the record" in capsys.readouterr().out
    assert list(file.parent.glob("progress-damaged-*")) == []
    assert rows(file, "passed") == {("01.1", "one")}


def test_a_broken_env_stops_no_lesson(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / ".env").write_bytes("# 设置".encode("gb18030"))
    check("one", True, "h")
    assert "This exercise is not recorded. The .env file" in capsys.readouterr().out


def test_a_list_of_exercises_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone() -> None:
        raise FileNotFoundError(2, "No such file or directory")

    monkeypatch.setattr(recording, "exercises", gone)
    check("one", True, "h")
    assert "is not recorded (No such file" in capsys.readouterr().out


@pytest.mark.parametrize("before", [None, b"damaged"])
def test_many_notebooks_at_once_lose_nothing(
    file: Path, tmp_path: Path, before: bytes | None
) -> None:
    code = """if 1:
        import pathlib, sys, time
        from helpers.exercises import record as recording
        recording.LOCK_SECONDS = 30
        ready = pathlib.Path(sys.argv[2])
        (ready / sys.argv[1]).touch()
        for _ in range(6000):
            if len(list(ready.iterdir())) == 4:
                break
            time.sleep(0.01)
        for number in range(20):
            name = f"{sys.argv[1]}.{number}"
            recording.current_exercise = lambda: recording.Exercise(name, 1, ("x",))
            recording.note(recording.exercise_now(), {"x": True})
    """
    if before is not None:
        file.parent.mkdir()
        file.write_bytes(before)
    ready = tmp_path / "ready"
    ready.mkdir()
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(number), str(ready)], cwd=ROOT)
        for number in range(4)
    ]
    assert [process.wait(timeout=120) for process in running] == [0] * 4
    assert len(rows(file, "done")) == 80
    assert len(list(file.parent.glob("progress-damaged-*"))) == (before is not None)


# ---- the JSON file of an earlier version


OLD = {
    "01.1": {"passed": ["one", "two"], "done": "2026-01-02"},
    "01.2": {"passed": []},
    "02.1": {"passed": ["x"]},
}


def test_an_earlier_record_is_taken_over_once(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = file.with_name("progress.json")
    file.parent.mkdir()
    old.write_text(json.dumps({"version": 1, "exercises": OLD}), "utf-8")
    kept = old.read_bytes()
    assert "1 of 3" in shown(capsys)
    assert rows(file, "done") == {("01.1", "2026-01-02")}
    assert rows(file, "passed") == {("01.1", "one"), ("01.1", "two"), ("02.1", "x")}
    assert not old.exists()
    assert file.with_name(recording.OLD).read_bytes() == kept
    progress(reset=True)
    assert "0 of 3" in shown(capsys)
    assert not file.with_name(recording.OLD).exists()


def test_what_was_recorded_since_stays(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Two kits, an old and a new one, may be used in turns."""
    check("one", True, "h")
    check("two", True, "h")
    entries = {"01.1": {"passed": ["one"]}, "01.2": {"passed": ["three"], "done": "2026-01-02"}}
    file.with_name("progress.json").write_text(json.dumps({"exercises": entries}), "utf-8")
    assert "2 of 3" in shown(capsys)


def test_an_earlier_record_waits_for_room(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = file.with_name("progress.json")
    file.parent.mkdir()
    old.write_text(json.dumps({"exercises": OLD}), "utf-8")
    with monkeypatch.context() as full:
        full.setattr(recording, "_TABLES", ("PRAGMA max_page_count = 1", *recording._TABLES))
        assert "disk is full" in shown(capsys)
    assert old.exists()
    assert "1 of 3" in shown(capsys)


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\x00",
        b"[" * 10**5,
        b'{"exercises": 3}',
        b'{"exercises": {"a": {}}}',
        b'{"exercises": {"a": {"passed": ["\\ud800"]}}}',
    ],
    ids=lambda raw: repr(raw[:30]),
)
def test_a_damaged_earlier_record_is_kept(
    file: Path, damage: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    file.parent.mkdir()
    file.with_name("progress.json").write_bytes(damage)
    text = shown(capsys)
    assert "was damaged" in text
    assert "0 of 3" in text
    [kept] = file.parent.glob("progress-damaged-*.json")
    assert kept.read_bytes() == damage
    assert "damaged" not in shown(capsys)


# ---- in a real notebook


def test_a_lesson_is_recorded_from_its_own_check_cell(tmp_path: Path, file: Path) -> None:
    lesson = nbformat.read(ROOT / "notebooks" / "00_start_here.ipynb", as_version=4)
    cell = next(c for c in lesson.cells if "check" in c.metadata.get("tags", []))
    before = "from types import SimpleNamespace as N\nfrom helpers import exercise, progress\n"
    before += "question = 'What?'\n"
    before += "my_reply = N(choices=[N(message=N(role='assistant'))])"
    sources = [before, cell.source, "progress()"]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=60, kernel_name="python3", resources=resources).execute()
    [table] = notebook.cells[2].outputs
    assert "■" in table.data["text/html"]
    assert "Your progress: 1 of " in table.data["text/plain"]
    assert [exercise for exercise, _ in rows(file, "done")] == ["00.1"]
