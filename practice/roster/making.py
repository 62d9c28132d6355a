"""Making the file with the keys of a class, and stopping one of them."""

from __future__ import annotations

import csv
import datetime
import io
import os
import secrets
from pathlib import Path

from practice.process.config import PracticeError
from practice.process.files import write_whole
from practice.roster import keys_file
from practice.roster.keys_file import Learner

MOST_LEARNERS = 1000


def make(path: Path, names: list[str], days: int | None = None) -> list[Learner]:
    """Write a new file with a teacher and a learner for each name; "" for one without.

    `days`: how many days the keys last, today included; None for ever. Raises PracticeError; a file
    that is there is never overwritten.
    """
    if not 1 <= len(names) <= MOST_LEARNERS:
        raise PracticeError(
            f"A class has 1 to {MOST_LEARNERS} learners, not {len(names)}.",
            "Make a file for each class.",
        )
    if days is not None and not 1 <= days <= 3650:
        raise PracticeError(
            f"Keys cannot last {days} days.", "Choose 1 (until midnight) to 3650 days."
        )
    if os.path.lexists(path):
        raise PracticeError(f"{path} is there already.", "Choose another name, or delete it first.")
    last = ""
    if days is not None:
        last = f"{datetime.date.today() + datetime.timedelta(days=days - 1):%Y-%m-%d}"
    rows = [["name", "key", "expires", "role"], ["", _new_key(), "", "teacher"]]
    rows += [[name, _new_key(), last, ""] for name in names]
    _write(path, rows)
    return keys_file.read(path)


def names_of(path: Path) -> list[str]:
    """Return the names in a text file, one in each line, blank ones left out."""
    text = keys_file.text_of(path)
    return [name for line in text.splitlines() if (name := line.strip().strip(",;").strip())]


def stop(path: Path, who: str) -> Learner:
    """End the key of a learner, named by number or by name, now. Raises PracticeError."""
    learner = _find(keys_file.read(path), who, path)
    text = keys_file.text_of(path)
    rows = [
        list(row)
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=keys_file.delimiter(text))
    ]
    header = next(row for row in rows if any(cell.strip() for cell in row))
    if "expires" not in (columns := [cell.strip().lower() for cell in header]):
        header.append("expires")
        columns.append("expires")
    at, key_at = columns.index("expires"), columns.index("key")
    for row in rows:
        if len(row) > key_at and row[key_at].strip() == learner.key:
            row += [""] * (at + 1 - len(row))
            row[at] = f"{datetime.datetime.now():%Y-%m-%d %H:%M:%S}"
    _write(path, rows, keys_file.delimiter(text))
    return learner


def _find(everybody: list[Learner], who: str, path: Path) -> Learner:
    number = int(who) if who.isdecimal() and who.isascii() and len(who) < 6 else None
    found = [one for one in everybody if one.number == number and not one.is_teacher]
    found = found or [one for one in everybody if who and one.name == who]
    if len(found) == 1:
        return found[0]
    if found:
        numbers = " and ".join(str(one.number) for one in found)
        raise PracticeError(
            f"{path.name} has {who} {len(found)} times.", f"Say which by number: {numbers}."
        )
    raise PracticeError(
        f"{path.name} has no learner {who}.",
        f"List them with: python -m practice keys {path.name}",
    )


def _new_key() -> str:
    # Not "sk-": whoever looks for keys that cost money shall not find these.
    return f"class-{secrets.token_urlsafe(24)}"


def _write(path: Path, rows: list[list[str]], delimiter: str = ",") -> None:
    """Write the file in one step, for this user alone, so that spreadsheets read its names."""
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator="\n").writerows(rows)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # The mark at its start: without it, spreadsheet programs take the names for another script.
        write_whole(path, "\ufeff" + written.getvalue())
    except OSError as error:
        raise PracticeError(
            f"{path} cannot be written ({error.strerror or error}).",
            "Choose a folder that you may write to.",
        ) from error
