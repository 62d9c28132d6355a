"""What was asked and what it would have cost: an SQLite file beside the service's state.

No prompt and no answer is in these tables; memory.py has its own. Writing happens in a thread of
its own, one call after the other, so that no reply waits for a disk. When the file cannot be
written, replies go on, what they used is kept in memory and written later, and the page says so. Of
what does not fit there, the number is kept: the page says what was lost.

The practice credit is play money: five dollars, valid for a year, used up at list prices. Its
three states are those of a prepaid account: unused, used up, expired.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from practice.ledger import prices
from practice.wire.pieces import Piece, Usage

CREDIT = 5.0
"""Dollars of a top-up: the least that OpenAI sells (API_FACTS, November 2026)."""

VALID_SECONDS = 365 * 86_400
KEPT_SECONDS = 400 * 86_400
WAIT_SECONDS = 5.0
"""For all that a page reads."""

BUSY_SECONDS = 0.5
"""For somebody else's lock on the file, and then as long again until the next try to write."""

MOST_WAITING = 1000
"""Calls that are kept in memory while the file cannot be written."""

CALL_FIELDS = (
    "at",
    "endpoint",
    "model",
    "prompt_tokens",
    "completion_tokens",
    "cost",
    "finish_reason",
    "milliseconds",
    "streamed",
    "simulated",
)

_SCHEMA = """
CREATE TABLE IF NOT EXISTS calls (
    at REAL NOT NULL, endpoint TEXT NOT NULL, model TEXT NOT NULL,
    prompt_tokens INTEGER, completion_tokens INTEGER, cost REAL,
    finish_reason TEXT, milliseconds INTEGER NOT NULL, streamed INTEGER NOT NULL, simulated TEXT);
CREATE INDEX IF NOT EXISTS calls_at ON calls (at);
CREATE TABLE IF NOT EXISTS credit (
    one INTEGER PRIMARY KEY CHECK (one = 1), amount REAL NOT NULL, spent REAL NOT NULL,
    expires REAL NOT NULL);
"""
_INSERT = "INSERT INTO calls VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

_log = logging.getLogger("practice.ledger")
_T = TypeVar("_T")


@dataclass
class Call:
    """One call, filled in while its reply is written. Times are seconds and milliseconds."""

    endpoint: str
    model: str
    streamed: bool
    simulated: str | None
    at: float = field(default_factory=time.time)
    began: float = field(default_factory=time.perf_counter)
    finished: float = 0.0
    usage: Usage | None = None
    finish_reason: str | None = None
    seen: bool = False
    """Whether anything was written; a refused call costs nothing."""

    def see(self, piece: Piece | Usage) -> None:
        self.seen = True
        if isinstance(piece, Usage):
            self.usage = piece
        else:
            self.finish_reason = piece.finish_reason or self.finish_reason

    def row(self) -> tuple[Any, ...]:
        """The row of the table. A call that was left has no usage: its tokens are not known."""
        used = self.usage
        return (
            self.at,
            self.endpoint,
            self.model,
            used.prompt if used else None,
            used.completion if used else None,
            prices.list_price(used.prompt, used.completion) if used else None,
            self.finish_reason if used else "left by the client",
            round(1000 * (self.finished - self.began)),
            int(self.streamed),
            self.simulated,
        )


@dataclass(frozen=True)
class Credit:
    """The practice credit, in dollars; `expires` is a time in seconds."""

    amount: float
    spent: float
    expires: float

    @property
    def left(self) -> float:
        return max(0.0, self.amount - self.spent)

    @property
    def state(self) -> str:
        """``unused`` (calls go through), ``used up`` or ``expired`` (they do not)."""
        if time.time() >= self.expires:
            return "expired"
        return "unused" if self.left > 0 else "used up"


class Ledger:
    """The calls and the credit in the SQLite file `path`; a broken file is set aside."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ledger")
        self._lock = threading.Lock()
        self._file: sqlite3.Connection | None = None
        self._credit = _new_credit()
        self._waiting: deque[tuple[Any, ...]] = deque()  # of the ledger's thread alone
        self._again = 0.0
        self.trouble: str | None = None
        """Why calls cannot be written down, or nothing read; None when all is well."""
        self.lost = 0
        """Calls that are gone: the file could not be written for too long."""
        self.do(lambda file: None)

    def record(self, call: Call) -> None:
        """Write a call down, soon."""
        call.finished = time.perf_counter()

        def write() -> None:
            if len(self._waiting) >= MOST_WAITING:
                self._write_down()
            if len(self._waiting) >= MOST_WAITING:
                self.lost += 1
                return
            self._waiting.append(call.row())
            self._write_down()

        self._pool.submit(write)

    @property
    def waiting(self) -> int:
        """How many calls are not written down yet."""
        return len(self._waiting)

    def credit(self) -> Credit:
        """Return the credit as it is now. Costs no disk access."""
        with self._lock:
            return self._credit

    def top_up(self) -> None:
        """Begin anew with five unused dollars."""
        self._change(lambda old: _new_credit())

    def use_up(self) -> None:
        """Use up all that is left."""
        self._change(lambda old: Credit(old.amount, old.amount, old.expires))

    def expire(self) -> None:
        """Let the credit expire now."""
        self._change(lambda old: Credit(old.amount, old.spent, time.time()))

    def read(self, *queries: tuple[str, tuple[Any, ...]]) -> list[list[tuple[Any, ...]]]:
        """Return the rows of each query, with its values; none when the file cannot be read."""

        def look(file: sqlite3.Connection) -> list[list[tuple[Any, ...]]]:
            return [file.execute(query, values).fetchall() for query, values in queries]

        found: list[list[tuple[Any, ...]]] = self._wait(self.do(look, [[] for _ in queries]))
        return found or [[] for _ in queries]

    def close(self) -> None:
        """Finish writing and close the file."""

        def end() -> None:
            self._again = 0.0
            self._write_down()
            if self._waiting or self.lost:
                _log.warning("calls that were not written down: %d", self.waiting + self.lost)
            self._close()

        self._pool.submit(end)
        self._pool.shutdown(wait=True)

    def _change(self, change: Callable[[Credit], Credit]) -> None:
        def write(file: sqlite3.Connection) -> None:
            self._keep(file, change(self.credit()))

        self._wait(self.do(write))

    def _spend(self, file: sqlite3.Connection, cost: float) -> None:
        # Another service of the same user may have spent, too: what counts is in the file.
        old = _stored_credit(file) or self.credit()
        self._keep(file, Credit(old.amount, old.spent + cost, old.expires))

    def _keep(self, file: sqlite3.Connection, credit: Credit) -> None:
        with self._lock:
            self._credit = credit
        file.execute(
            "INSERT OR REPLACE INTO credit VALUES (1, ?, ?, ?)",
            (credit.amount, credit.spent, credit.expires),
        )

    def _wait(self, done: Future[Any]) -> Any:
        """What the ledger's thread found; None when that takes too long."""
        try:
            return done.result(WAIT_SECONDS)
        except TimeoutError:
            return None

    def do(self, work: Callable[[sqlite3.Connection], _T], default: Any = None) -> Future[Any]:
        """Run `work` in the ledger's thread, after the calls that wait there."""

        def run() -> Any:
            self._write_down()
            return self._try(work, default)

        return self._pool.submit(run)

    def _write_down(self) -> None:
        """Write down the calls that wait, unless a lock has only just been in the way."""
        rows = list(self._waiting)
        if not rows or time.monotonic() < self._again:
            return

        def write(file: sqlite3.Connection) -> bool:
            file.executemany(_INSERT, rows)
            self._spend(file, sum(row[5] or 0.0 for row in rows))
            return True

        if self._try(write, False):
            for _ in rows:
                self._waiting.popleft()
            self.trouble = None

    def _try(self, work: Callable[[sqlite3.Connection], _T], default: Any) -> Any:
        """Do `work` as one transaction, or say why not."""
        try:
            file = self._file or self._open()
            with file:
                found = work(file)
        except (sqlite3.Error, OSError) as problem:
            if str(problem) != self.trouble:  # the log has it once
                _log.warning("the ledger cannot be used: %s", problem)
            self.trouble = str(problem)
            if _locked(problem):
                self._again = time.monotonic() + BUSY_SECONDS
            else:
                self._close()
            return default
        if not self._waiting:
            self.trouble = None
        return found

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._file = self._connect()
        except sqlite3.DatabaseError as problem:
            if isinstance(problem, sqlite3.OperationalError):
                raise  # locked, full or not writable: the file itself may be good
            aside = self._path.with_name(f"{self._path.name}.broken-{int(time.time())}")
            self._path.replace(aside)
            _log.warning("the ledger was not readable; it is now %s", aside.name)
            self._file = self._connect()
        return self._file

    def _connect(self) -> sqlite3.Connection:
        with contextlib.suppress(FileExistsError):  # made private before anything is in it
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        file = sqlite3.connect(self._path, timeout=BUSY_SECONDS, check_same_thread=False)
        try:
            file.execute("PRAGMA journal_mode = WAL")
            file.execute("PRAGMA synchronous = NORMAL")
            file.execute("PRAGMA secure_delete = ON")  # memory.py keeps what was said, for a day
            file.executescript(_SCHEMA)
            with file:
                file.execute("DELETE FROM calls WHERE at < ?", (time.time() - KEPT_SECONDS,))
            credit = _stored_credit(file)
        except BaseException:
            file.close()
            raise
        for beside in ("", "-wal", "-shm"):  # made by an earlier version, perhaps
            with contextlib.suppress(OSError):
                self._path.with_name(self._path.name + beside).chmod(0o600)
        if credit is not None:
            with self._lock:
                self._credit = credit
        return file

    def _close(self) -> None:
        if self._file is not None:
            with contextlib.suppress(sqlite3.Error):
                self._file.close()
        self._file = None


def _locked(problem: Exception) -> bool:
    """Whether only somebody else's lock is in the way: the file is good, and stays open."""
    code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


def _new_credit() -> Credit:
    return Credit(CREDIT, 0.0, time.time() + VALID_SECONDS)


def _stored_credit(file: sqlite3.Connection) -> Credit | None:
    row = file.execute("SELECT amount, spent, expires FROM credit").fetchone()
    return Credit(*row) if row else None
