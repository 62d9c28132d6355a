"""The file with the keys of a class: how it is read, and what is wrong with it.

A CSV file, as spreadsheet programs write it. Its first line names the columns, in any order:

``key``      the learner's key: at least 20 characters, ASCII, without spaces
``name``     may be empty or left out: then pages say "learner 7", the 7th of the file
``expires``  the last day (2026-12-24), or a moment (2026-12-24 17:00), by this computer's clock;
             empty or left out: never
``role``     ``teacher`` for whoever may see all; else empty
``budget``   dollars that the key may spend through the class's gateway; empty: what it is set to
``rate``     requests a minute there; empty: what it is set to

Columns of other names are left alone.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
import io
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

from practice.process.config import SIMULATION, PracticeError

SHORTEST_KEY = 20
"""Characters of a key that somebody chooses: a service others can reach."""

LARGEST_FILE = 1_000_000  # bytes: ten thousand learners

MAKE = "python -m practice keys keys.csv --learners 30"
"""The command that makes such a file."""

_COLUMNS = ("name", "key", "expires", "role", "budget", "rate")


@dataclass(frozen=True)
class Learner:
    """One line of the file. `expires` is a time in seconds; None: never."""

    number: int
    """The how-manieth of the class; 0 for a teacher."""

    name: str
    key: str = field(repr=False)
    expires: float | None = None
    line: int = 0
    budget: float | None = None
    rate: int | None = None

    @property
    def is_teacher(self) -> bool:
        return self.number == 0

    @property
    def title(self) -> str:
        """What pages say: the name that the file gives, or a number."""
        return self.name or ("teacher" if self.is_teacher else f"learner {self.number}")

    @property
    def mark(self) -> str:
        """A name for files that tells nothing of the key, which is too long to be guessed."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:16]

    def is_over(self, now: float) -> bool:
        """Whether the key has expired or was stopped, at a time in seconds."""
        return self.expires is not None and now >= self.expires


def read(path: Path) -> list[Learner]:
    """Return everybody in the file. Raises PracticeError, with the line and the one fix."""
    return parse(text_of(path), path.name)


def parse(text: str, name: str) -> list[Learner]:
    """Return everybody in the text of a file called `name`. Raises PracticeError."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter(text))
    header: list[str] | None = None
    found: list[Learner] = []
    lines: dict[str, int] = {}
    try:
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if header is None:
                header = _header(cells, name)
                continue
            learner = _learner(cells, header, f"{name}, line {rows.line_num}", found)
            earlier = lines.setdefault(learner.key, rows.line_num)
            if earlier != rows.line_num:
                raise PracticeError(
                    f"{name}, line {rows.line_num}: the key is that of line {earlier}.",
                    "Give each learner a key of their own: delete one of the two lines.",
                )
            found.append(replace(learner, line=rows.line_num))
    except csv.Error as error:
        raise PracticeError(
            f"{name}, line {rows.line_num}: this is not a line of a CSV file ({error}).",
            "Correct that line.",
        ) from error
    if not any(not learner.is_teacher for learner in found):
        raise PracticeError(f"{name} has no learner in it.", f"Make one with: {MAKE}")
    return found


def check_key(key: str) -> str | None:
    """Return what is wrong with a key that somebody chose, or None. The key is not in it."""
    if len(key) < SHORTEST_KEY:
        return f"is shorter than {SHORTEST_KEY} characters"
    if not key.isascii() or not key.isprintable() or " " in key:
        return "has characters other than ASCII, or spaces"
    if key.startswith(SIMULATION):
        return "begins as the names of simulations do"
    return None


def moment(text: str) -> float:
    """Return when a key ends, in seconds: a day ends at midnight. Raises ValueError.

    Spreadsheet programs write a day as 2026/12/24 in China, and drop zeros; with the year first
    there is no doubt. 03/04/2026 is refused: it is another day here than there.
    """
    written = re.fullmatch(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})([ T].+)?", text, re.ASCII)
    if written is None:
        raise ValueError(text)
    day = datetime.date(int(written[1]), int(written[2]), int(written[3]))
    if written[4] is None:
        after = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time())
        return after.astimezone().timestamp()
    clock = written[4].strip()
    time = datetime.time.fromisoformat(f"0{clock}" if clock[1:2] == ":" else clock)
    return datetime.datetime.combine(day, time).astimezone().timestamp()


def text_of(path: Path) -> str:
    """Return the text of the file. Raises PracticeError."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise PracticeError(
                f"{path} is larger than 1 MB, so it is no list of keys.",
                "Name the CSV file with the keys.",
            )
        return path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise PracticeError(f"There is no file {path}.", f"Make one with: {MAKE}") from error
    except OSError as error:
        raise PracticeError(
            f"{path} cannot be read ({error.strerror or error}).",
            "Name the CSV file with the keys, which this user may read.",
        ) from error
    except UnicodeDecodeError as error:
        raise PracticeError(
            f"{path} is not UTF-8 text.",
            'Save it again as "CSV UTF-8": spreadsheet programs offer it under Save as.',
        ) from error


def delimiter(text: str) -> str:
    """A comma, or what a spreadsheet program writes in its place; the first line shows it."""
    first = text.lstrip().partition("\n")[0]
    return max(",;\t", key=first.count)


def _header(cells: list[str], name: str) -> list[str]:
    header = [cell.lower() for cell in cells]
    if "key" not in header:
        raise PracticeError(
            f"The first line of {name} names no column called key.",
            "Begin the file with the line: name,key,expires,role",
        )
    twice = [column for column in _COLUMNS if header.count(column) > 1]
    if twice:
        raise PracticeError(
            f"The first line of {name} names the column {twice[0]} twice.",
            "Delete or rename one of them.",
        )
    return header


def _learner(cells: list[str], header: list[str], where: str, before: list[Learner]) -> Learner:
    """Return the learner of a line. Raises PracticeError."""
    given = dict(zip(header, cells, strict=False))
    key, expires, role, budget, rate = (given.get(column, "") for column in _COLUMNS[1:])
    if len(cells) > len(header) and any(cells[len(header) :]):
        raise PracticeError(
            f"{where}: there are more cells than columns.",
            'Put a name that has a comma in it between double quotes: "Lovelace, Ada".',
        )
    if not key:
        raise PracticeError(
            f"{where}: there is no key.", f"Delete the line, or make a whole file with: {MAKE}"
        )
    if wrong := check_key(key):
        raise PracticeError(
            f"{where}: the key {wrong}.",
            'Take one made with: python -c "import secrets; print(secrets.token_urlsafe(24))"',
        )
    if role.lower() not in ("", "learner", "teacher"):
        raise PracticeError(
            f"{where}: there is no role called {role[:30]!r}.",
            "Write teacher, or nothing for a learner.",
        )
    try:
        ends = moment(expires) if expires else None
    except (ValueError, OverflowError, OSError):
        raise PracticeError(
            f"{where}: {expires[:30]!r} is no date.",
            "Write the day as 2026-12-24, or the moment as 2026-12-24 17:00.",
        ) from None
    for column, value, numbers in (("budget", budget, r"\d+(\.\d+)?"), ("rate", rate, r"[1-9]\d*")):
        if value and not re.fullmatch(numbers, value, re.ASCII):
            raise PracticeError(
                f"{where}: {value[:30]!r} is no {column}.",
                "Write dollars as 0.50." if column == "budget" else "Write a whole number, as 20.",
            )
    teacher = role.lower() == "teacher"
    number = 0 if teacher else 1 + sum(not one.is_teacher for one in before)
    return Learner(
        number,
        given.get("name", ""),
        key,
        ends,
        budget=float(budget) if budget else None,
        rate=int(rate) if rate else None,
    )
