"""Responses that are kept for `previous_response_id`: in the ledger's file, for a day.

This is the one place where prompts and answers are written down, and only for callers who do not
say ``store=False``. What is deleted is overwritten (`secure_delete`).
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

from practice.ledger.ledger import Ledger

KEPT_SECONDS = 86_400
MOST_KEPT = 200
MOST_CHARACTERS = 50_000_000
"""Of all together: pictures are part of what was asked."""

_TABLE = """
CREATE TABLE IF NOT EXISTS responses (
    id TEXT PRIMARY KEY, at REAL NOT NULL, response TEXT NOT NULL, items TEXT NOT NULL)
"""
_NEWEST_FIRST = "SELECT id, length(response) + length(items) FROM responses ORDER BY at DESC"


@dataclass(frozen=True)
class Kept:
    """A response, and the items of the conversation that it answered."""

    response: dict[str, Any]
    items: list[dict[str, Any]]

    @property
    def conversation(self) -> list[dict[str, Any]]:
        """All that was said, the answer included."""
        return [*self.items, *self.response["output"]]


class Memory:
    """The responses of the last day; without a ledger, none."""

    def __init__(self, ledger: Ledger | None) -> None:
        self._ledger = ledger

    def keep(self, response: dict[str, Any], items: list[dict[str, Any]]) -> None:
        """Keep a response, soon, and before anything that is looked up later."""
        if self._ledger is None:
            return
        row = (response["id"], time.time(), json.dumps(response), json.dumps(items))

        def write(file: sqlite3.Connection) -> None:
            _tidy(file)
            file.execute("INSERT OR REPLACE INTO responses VALUES (?, ?, ?, ?)", row)
            _tidy(file)

        self._ledger.do(write)

    async def find(self, name: str) -> Kept | None:
        """Return the response of that id, or None."""

        def look(file: sqlite3.Connection) -> Any:
            _tidy(file)
            query = "SELECT response, items FROM responses WHERE id = ?"
            return file.execute(query, (name,)).fetchone()

        row = await self._done(look)
        return Kept(json.loads(row[0]), json.loads(row[1])) if row else None

    async def forget(self, name: str) -> bool:
        """Delete a response; False where there was none."""

        def delete(file: sqlite3.Connection) -> int:
            _tidy(file)
            return file.execute("DELETE FROM responses WHERE id = ?", (name,)).rowcount

        return bool(await self._done(delete))

    async def _done(self, work: Any) -> Any:
        if self._ledger is None:
            return None
        return await asyncio.wrap_future(self._ledger.do(work))


def _tidy(file: sqlite3.Connection) -> None:
    """Make the table, and delete what is too old or too much."""
    file.execute(_TABLE)
    now = time.time()  # a clock that was set back makes nothing last for ever
    outside = (now - KEPT_SECONDS, now + KEPT_SECONDS)
    file.execute("DELETE FROM responses WHERE at < ? OR at > ?", outside)
    total = 0
    for number, (name, characters) in enumerate(file.execute(_NEWEST_FIRST).fetchall()):
        total += characters
        if number >= MOST_KEPT or (total > MOST_CHARACTERS and number > 0):
            file.execute("DELETE FROM responses WHERE id = ?", (name,))
