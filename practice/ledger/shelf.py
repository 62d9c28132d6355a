"""The ledgers of a class, a file for each learner: nobody meets the calls or credit of others."""

from __future__ import annotations

import threading
from pathlib import Path

from practice.ledger.ledger import Ledger


class Shelf:
    """Ledgers in a folder, each opened when it is first asked for. Safe in every thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[str, Ledger] = {}
        self._lock = threading.Lock()

    def of(self, mark: str) -> Ledger:
        """Return the ledger of that name, which is good for a file name."""
        with self._lock:
            if mark not in self._open:
                self._open[mark] = Ledger(self._folder / f"{mark}.sqlite3")
            return self._open[mark]

    def has(self, mark: str) -> bool:
        """Whether there is such a ledger, without making one."""
        return mark in self._open or (self._folder / f"{mark}.sqlite3").exists()

    def close(self) -> None:
        """Finish writing and close all."""
        with self._lock:
            for ledger in self._open.values():
                ledger.close()
            self._open.clear()
