"""The class as it is now: the file with the keys, read again as soon as it has changed."""

from __future__ import annotations

import hmac
import logging
import time
from collections.abc import Callable
from pathlib import Path

from practice.process.config import PracticeError
from practice.roster import keys_file
from practice.roster.keys_file import Learner

_log = logging.getLogger("practice.roster")


class Roster:
    """Everybody in the file `path`. Raises PracticeError when it cannot be used at the start.

    A file that is bad later changes nothing: the class goes on with the list as it was, and
    `trouble` says why. `now` gives the time in seconds.
    """

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._now = now
        self._seen: object = None
        self._all: dict[str, Learner] = {}
        self.trouble: str | None = None
        """Why the file as it is now is not in force; None when it is."""
        self._look()
        if self.trouble is not None:
            self._take(keys_file.read(path))  # raises what is wrong

    @property
    def everybody(self) -> list[Learner]:
        """All in the file, in its order."""
        self._look()
        return list(self._all.values())

    def find(self, sent: str) -> Learner | None:
        """Return whose key was sent, also one that is over; None for a key of nobody."""
        self._look()
        # By a digest, which takes the same time for every key, and then once more by the key.
        found = self._all.get(Learner(0, "", sent).mark) if sent.isascii() else None
        if found is None or not hmac.compare_digest(found.key.encode(), sent.encode()):
            return None
        return found

    def is_over(self, learner: Learner) -> bool:
        """Whether a key has expired or was stopped."""
        return learner.is_over(self._now())

    def hidden(self, text: str) -> str:
        """Return a text without any key that is in it."""
        for learner in self._all.values():
            text = text.replace(learner.key, "[key]")
        return text

    def _look(self) -> None:
        """Read the file again if it has changed."""
        try:
            found = self._path.stat()
            state: object = (found.st_mtime_ns, found.st_size, found.st_ino)
        except OSError as error:
            state = type(error)
        if state == self._seen:
            return
        self._seen = state
        try:
            self._take(keys_file.read(self._path))
        except PracticeError as error:
            self.trouble = str(error)
            _log.warning("the keys stay as they were: %s", error)

    def _take(self, listed: list[Learner]) -> None:
        self._all = {learner.mark: learner for learner in listed}
        self.trouble = None
