"""How the requests of a learner went: what the teacher's page shows, and from where they came.

Kept in the learner's own ledger: the time, the address on this service, the status and the error's
code; no prompt, no answer. From which computers they came is kept in memory alone, for ten minutes.
"""

from __future__ import annotations

import itertools
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from practice.ledger.ledger import KEPT_SECONDS, Ledger

TOGETHER_SECONDS = 600
"""Two computers that used a key within this time are said to use it at once."""

STUCK_AFTER = 3
"""Refusals in a row, without a reply in between, after which a learner is said to be stuck."""

MOST_PLACES = 20

_TABLE = """
CREATE TABLE IF NOT EXISTS requests (
    at REAL NOT NULL, path TEXT NOT NULL, status INTEGER NOT NULL, code TEXT,
    meant INTEGER NOT NULL)
"""


@dataclass(frozen=True)
class Visit:
    """One request and how it ended. `meant`: an error that the learner asked to see."""

    path: str
    status: int
    code: str | None = None
    meant: bool = False


@dataclass(frozen=True)
class Record:
    """What is known of a learner since a time in seconds."""

    requests: int = 0
    errors: int = 0
    last: float | None = None
    tokens_in: float = 0
    tokens_out: float = 0
    refused: int = 0
    """How many of the last requests in a row were refused, not counting what was meant."""

    code: str | None = None
    """The error's code, or its status, of the last refusal in that row."""

    @property
    def is_stuck(self) -> bool:
        return self.refused >= STUCK_AFTER


def note(ledger: Ledger, visit: Visit) -> None:
    """Write a request down, soon."""
    row = (time.time(), visit.path[:100], visit.status, visit.code, int(visit.meant))

    def write(file: sqlite3.Connection) -> None:
        file.execute(_TABLE)
        file.execute("DELETE FROM requests WHERE at < ?", (time.time() - KEPT_SECONDS,))
        file.execute("INSERT INTO requests VALUES (?, ?, ?, ?, ?)", row)

    ledger.do(write)


def record(ledger: Ledger, since: float) -> Record:
    """Return what is known of a learner. It reads the ledger, so use a thread."""
    ledger.do(lambda file: file.execute(_TABLE))
    counted, latest, used = ledger.read(
        ("SELECT count(*), total(status >= 400), max(at) FROM requests WHERE at >= ?", (since,)),
        (
            "SELECT status, code FROM requests WHERE at >= ? AND NOT meant "
            "ORDER BY rowid DESC LIMIT 50",
            (since,),
        ),
        (
            "SELECT total(prompt_tokens), total(completion_tokens) FROM calls WHERE at >= ?",
            (since,),
        ),
    )
    if not counted or not used:
        return Record()
    requests, errors, last = counted[0]
    refused = list(itertools.takewhile(lambda row: row[0] >= 400, latest))
    code = (refused[0][1] or str(refused[0][0])) if refused else None
    tokens_in, tokens_out = used[0]
    return Record(requests, int(errors), last, tokens_in, tokens_out, len(refused), code)


class Places:
    """From which computers each key was used within the last ten minutes."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._seen: dict[str, dict[str, float]] = {}
        self._lock = threading.Lock()

    def see(self, mark: str, place: str) -> None:
        """Remember a request that came with a key."""
        with self._lock:
            seen = self._seen.setdefault(mark, {})
            seen[place] = self._now()
            if len(seen) > MOST_PLACES:
                del seen[min(seen, key=lambda one: seen[one])]

    def of(self, mark: str) -> list[str]:
        """Return the places, in alphabetical order."""
        with self._lock:
            seen, oldest = self._seen.get(mark, {}), self._now() - TOGETHER_SECONDS
            for place in [place for place, at in seen.items() if at < oldest]:
                del seen[place]
            return sorted(seen)
