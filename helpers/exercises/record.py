"""The record of exercises that are done: one small file on this computer, sent nowhere.

``exercises.json``, which the notebook builder writes, says which exercise a check belongs to.
Nothing here may stop a lesson: where the record cannot be kept, a sentence says so.
"""

import contextlib
import datetime
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from practice.process import config
from practice.process.envfile import take_practice_settings

from ..errors import FirstCallError, settings_errors

LOCK_SECONDS = 2.0
"""How long to wait for another notebook that writes at the same moment."""

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


def record(name: str, held: bool) -> None:
    """Note that the check ``name`` of the exercise in the running cell has passed, or has not.

    An exercise is done once all its checks have passed; it stays done.
    """
    try:
        exercise = current_exercise()
        if exercise is None or name not in exercise.checks:
            return
        with _changing() as entries:
            entry = entries.get(exercise.id, {"passed": []})
            before = set(entry["passed"])
            passed = before | {name} if held else before - {name}
            if "done" in entry or passed == before:
                return
            entries[exercise.id] = entry = {"passed": sorted(passed)}
            if passed >= set(exercise.checks):
                entry["done"] = str(datetime.date.today())
    except FirstCallError as error:
        _say_once(f"This exercise is not recorded. {error} The lesson goes on.")
    except OSError as error:  # of this folder, or of exercises.json
        _say_once(f"This exercise is not recorded ({error.strerror}). The lesson goes on.")


def done_exercises() -> set[str]:
    """Return the ids of the exercises that are done. Raises FirstCallError."""
    path = record_path()
    try:
        entries = _read(path)
    except ValueError:
        with _changing():  # sets the damaged file aside
            return set()
    return {name for name, entry in entries.items() if "done" in entry}


def forget() -> bool:
    """Delete the record. Return False where there was none. Raises FirstCallError."""
    path = record_path()
    with _locked(path):
        existed = path.exists()
        path.unlink(missing_ok=True)
    return existed


def record_path() -> Path:
    """Return the file of the record: in the folder of practice mode, or FIRST_CALL_PROGRESS."""
    other = os.environ.get("FIRST_CALL_PROGRESS", "").strip()
    if other:
        return Path(other)
    with settings_errors():
        take_practice_settings()  # FIRST_CALL_HOME may stand in .env
    return config.home() / "progress.json"


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


@cache
def exercises() -> dict[str, Exercise]:
    """Return every exercise by the digest of its check cell."""
    return {
        row["cell"]: Exercise(lesson["lesson"], number, tuple(row["checks"]))
        for lesson in lessons()
        for number, row in enumerate(lesson["exercises"], start=1)
    }


# ---- the file


@contextlib.contextmanager
def _changing() -> Iterator[dict[str, dict[str, Any]]]:
    """Give the entries of the record, and write them back when the block has changed them.

    A damaged file is kept under another name, and a new one is begun. Raises FirstCallError.
    """
    path = record_path()
    with _locked(path):
        try:
            entries = _read(path)
        except ValueError:
            kept = path.with_name(f"progress-damaged-{datetime.datetime.now():%Y%m%d-%H%M%S}.json")
            path.replace(kept)
            _say_once(
                f"The record of your progress was damaged. It is kept as {kept.name} in the same "
                "folder, and a new one was begun."
            )
            entries = {}
        before = json.dumps(entries, sort_keys=True)
        yield entries
        if json.dumps(entries, sort_keys=True) != before:
            _write(path, entries)


def _read(path: Path) -> dict[str, dict[str, Any]]:
    """Return the entries by exercise. Raises ValueError when the file is not a record."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _record_error(error) from error
    try:
        entries = json.loads(raw)["exercises"]
        sound = all(isinstance(name, str) for entry in entries.values() for name in entry["passed"])
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("not a record") from error
    if not sound:
        raise ValueError("not a record")
    found: dict[str, dict[str, Any]] = entries
    return found


def _write(path: Path, entries: dict[str, dict[str, Any]]) -> None:
    """Write the whole record, so that nobody ever reads half of it."""
    text = json.dumps({"version": 1, "exercises": entries}, indent=1, sort_keys=True)
    handle, name = tempfile.mkstemp(prefix="progress-", suffix=".tmp", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the lock of the record. Raises FirstCallError, also for what goes wrong inside."""
    from filelock import FileLock, Timeout  # late: most cells have no check

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), timeout=LOCK_SECONDS):
            yield
    except Timeout as error:
        raise FirstCallError(
            "Another notebook holds the record of your progress.", "Run this cell again."
        ) from error
    except OSError as error:
        raise _record_error(error) from error


def _record_error(error: OSError) -> FirstCallError:
    return FirstCallError(
        "The record of your progress cannot be read or written "
        f"({error.strerror or type(error).__name__}).",
        "Free some disk space, or set FIRST_CALL_HOME to a folder that you may write to.",
    )


def _say_once(sentence: str) -> None:
    """Print a sentence, but not after every check of a notebook."""
    if sentence not in _said:
        _said.add(sentence)
        print(sentence)
