"""The record of exercises that are done: one SQLite file on this computer, sent nowhere.

``exercises.json``, which the notebook builder writes, says which exercise a check belongs to.
Nothing here may stop a lesson: where the record cannot be kept, a sentence says so.
"""

import contextlib
import datetime
import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from practice.process import config
from practice.process.envfile import take_practice_settings
from practice.process.language import gettext as _
from practice.process.language import in_force

from ..errors import FirstCallError, settings_errors

OLD = "progress-old.json"
"""What an earlier version of the kit recorded, once it is in the tables."""
LOCK_SECONDS = 2.0
"""How long to wait for another notebook that writes at the same moment."""

_TABLES = (
    "CREATE TABLE IF NOT EXISTS passed (exercise TEXT, name TEXT, PRIMARY KEY (exercise, name))",
    "CREATE TABLE IF NOT EXISTS done (exercise TEXT PRIMARY KEY, day TEXT)",
)
_said: set[str] = set()


class Exercise(NamedTuple):
    """An exercise of a lesson, and the names of the checks that it has to pass."""

    lesson: str
    number: int
    checks: tuple[str, ...]

    @property
    def id(self) -> str:
        """The name it has in the record, like ``02.1``."""
        return f"{self.lesson}.{self.number}"


def exercise_now() -> Exercise | None:
    """Return the exercise whose check cell is running, or None; say why where it is not known."""
    try:
        return current_exercise()
    except OSError as error:  # of this folder, or of exercises.json
        _say_not_recorded(error)
        return None


def note(exercise: Exercise | None, results: dict[str, bool]) -> None:
    """Note which checks of ``exercise`` have passed, by name, and which have not.

    An exercise is done once all its checks have passed; it stays done.
    """
    known = {name: held for name, held in results.items() if exercise and name in exercise.checks}
    if exercise is None or not known:
        return
    one = (exercise.id,)
    try:
        with _transaction() as file:
            if file.execute("SELECT 1 FROM done WHERE exercise = ?", one).fetchone():
                return
            for name, held in known.items():
                if held:
                    file.execute("INSERT OR IGNORE INTO passed VALUES (?, ?)", (*one, name))
                else:
                    file.execute("DELETE FROM passed WHERE exercise = ? AND name = ?", (*one, name))
            passed = file.execute("SELECT name FROM passed WHERE exercise = ?", one)
            if {row[0] for row in passed} >= set(exercise.checks):
                file.execute("INSERT INTO done VALUES (?, date('now', 'localtime'))", one)
    except FirstCallError as error:
        said = _("This exercise is not recorded. {error} The lesson goes on.")
        _say_once(said.format(error=error))
    except OSError as error:  # of this folder
        _say_not_recorded(error)


def done_exercises() -> set[str]:
    """Return the ids of the exercises that are done. Raises FirstCallError."""
    with _transaction() as file:
        return {row[0] for row in file.execute("SELECT exercise FROM done")}


def forget() -> bool:
    """Delete what is recorded. Return False where nothing was. Raises FirstCallError."""
    with _transaction() as file:
        # The rows and not the file, which another notebook may be writing to.
        gone = file.execute("DELETE FROM passed").rowcount
        gone += file.execute("DELETE FROM done").rowcount
        for name in ("progress.json", OLD):
            record_path().with_name(name).unlink(missing_ok=True)
    return gone > 0


def record_path() -> Path:
    """Return the file of the record: in the folder of practice mode, or FIRST_CALL_PROGRESS."""
    other = os.environ.get("FIRST_CALL_PROGRESS", "").strip()
    if other:
        return Path(other)
    with settings_errors():
        take_practice_settings()  # FIRST_CALL_HOME may stand in .env
    return config.home() / "progress.sqlite3"


# ---- which exercise


def current_exercise() -> Exercise | None:
    """Return the exercise whose check cell is running, or None.

    A cell is known by its text, which every notebook program hands to Python.
    """
    if Path.cwd().name == "solutions":  # running a solution is not doing the exercise
        return None
    module = sys.modules.get("IPython")
    shell = module.get_ipython() if module else None
    if shell is None:
        return None
    return exercises().get(digest(shell.history_manager.input_hist_raw[-1]))


def digest(source: str) -> str:
    """Return what the text of a check cell is known by in ``exercises.json``."""
    return hashlib.sha256(source.strip().encode()).hexdigest()[:12]


@cache
def lessons() -> list[dict[str, Any]]:
    """Return every lesson of ``exercises.json``: its number, its title, its exercises."""
    listed: list[dict[str, Any]] = json.loads(
        files(__package__).joinpath("exercises.json").read_text("utf-8")
    )
    return listed


def title_of(lesson: dict[str, Any]) -> str:
    """Return the title of one of ``lessons()``, in the language in force where it has one."""
    title: str = lesson.get(in_force().partition("-")[0], lesson)["title"]
    return title


@cache
def exercises() -> dict[str, Exercise]:
    """Return every exercise by the digest of its check cell, in each language."""
    return {
        row["cell"]: Exercise(lesson["lesson"], number, tuple(row["checks"]))
        for lesson in lessons()
        for number, english in enumerate(lesson["exercises"], start=1)
        for row in (english, english.get("zh", english))
    }


# ---- the file


@contextlib.contextmanager
def _transaction() -> Iterator[sqlite3.Connection]:
    """Give the record; what the block changes is written whole. Raises FirstCallError."""
    path = record_path()
    old = path.with_name("progress.json")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if _is_damaged(path):
            with _connect(path.with_suffix(".lock")) as one_notebook_only:
                one_notebook_only.execute("BEGIN EXCLUSIVE")
                if _is_damaged(path):
                    _set_aside(path)
        with _connect(path) as file, file:
            file.execute("BEGIN IMMEDIATE")
            with contextlib.suppress(OSError):
                path.chmod(0o600)
            for table in _TABLES:
                file.execute(table)
            if taken := old.exists():
                _take_over(file, old)
            yield file
        if taken:  # only now that all of it is in the tables
            with contextlib.suppress(FileNotFoundError):  # another notebook has done it
                old.replace(path.with_name(OLD))
    except (OSError, sqlite3.Error) as error:
        if getattr(error, "sqlite_errorname", "") == "SQLITE_BUSY":
            raise FirstCallError(
                _("Another notebook holds the record of your progress."), _("Run this cell again.")
            ) from error
        raise FirstCallError(
            _("The record of your progress cannot be read or written ({error}).").format(
                error=getattr(error, "strerror", None) or error
            ),
            _("Free some disk space, or set FIRST_CALL_HOME to a folder that you may write to."),
        ) from error


def _connect(path: Path) -> contextlib.closing[sqlite3.Connection]:
    # Without WAL, which the ledger has: a home folder may be on a network disk, where WAL fails.
    return contextlib.closing(sqlite3.connect(path, timeout=LOCK_SECONDS))


def _is_damaged(path: Path) -> bool:
    with _connect(path) as file:
        try:
            return file.execute("PRAGMA quick_check").fetchall() != [("ok",)]
        except sqlite3.DatabaseError as error:
            # Locked, full or not writable is another matter: the file itself may be good.
            return not isinstance(error, sqlite3.OperationalError)


def _take_over(file: sqlite3.Connection, old: Path) -> None:
    """Copy the record of an earlier version of the kit, which was a JSON file."""
    try:
        entries = json.loads(old.read_bytes())["exercises"].items()
        passed = [(exercise, str(name)) for exercise, entry in entries for name in entry["passed"]]
        done = [(exercise, str(entry["done"])) for exercise, entry in entries if "done" in entry]
        file.executemany("INSERT OR IGNORE INTO passed VALUES (?, ?)", passed)
        file.executemany("INSERT OR IGNORE INTO done VALUES (?, ?)", done)
    except FileNotFoundError:
        pass  # another notebook has done it
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        _set_aside(old)


def _set_aside(path: Path) -> None:
    """Keep a damaged file under another name."""
    now = f"{datetime.datetime.now():%Y%m%d-%H%M%S}"
    kept = path.replace(path.with_name(f"progress-damaged-{now}{path.suffix}"))
    said = _(
        "The record of your progress was damaged. It is kept as {name} in the same "
        "folder, and a new one was begun."
    )
    _say_once(said.format(name=kept.name))


def _say_not_recorded(error: OSError) -> None:
    said = _("This exercise is not recorded ({error}). The lesson goes on.")
    _say_once(said.format(error=error.strerror))


def _say_once(sentence: str) -> None:
    """Print a sentence, but not after every check of a notebook."""
    if sentence not in _said:
        _said.add(sentence)
        print(sentence)
