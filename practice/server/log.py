"""The log of the service: without keys and prompts, and short, whatever is sent to the service."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
import traceback
from collections.abc import Callable
from types import TracebackType

from practice.process import state

RARELY_SECONDS = 10.0
"""The same line again within this time is left out."""

_MOST_KNOWN = 200
_log = logging.getLogger("practice.serve")


def set_up(hidden: Callable[[str], str]) -> None:
    """Send what is logged to the standard error output, which the launcher has made a file.

    `hidden` returns a line without the keys that are in it.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(SafeFormatter(hidden))
    handler.addFilter(_Rarely())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _log.setLevel(logging.INFO)


def keep_short() -> None:
    """Empty the log file when it has grown too long; others than we write to it, too."""
    with contextlib.suppress(OSError, ValueError):  # no such output, or no such file
        output = sys.stderr.fileno()
        mine = os.path.samestat(os.fstat(output), state.log_path().stat())
        if mine and os.fstat(output).st_size > state.LOG_LIMIT:
            os.ftruncate(output, 0)
            _log.warning("the log had more than %d bytes and was emptied", state.LOG_LIMIT)


class _Rarely(logging.Filter):
    """Leaves out what has only just been said: anybody can send bad requests by the thousand."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, str], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        where = f"{record.exc_info[0]}" if record.exc_info else ""
        line, now = (record.getMessage(), where), time.monotonic()
        if now - self._said.get(line, -RARELY_SECONDS) < RARELY_SECONDS:
            return False
        if len(self._said) >= _MOST_KNOWN:
            self._said.clear()
        self._said[line] = now
        return True


class SafeFormatter(logging.Formatter):
    """Keeps keys and prompts out of the log.

    The message of an exception can quote a request, so only its type and place are kept.
    """

    def __init__(self, hidden: Callable[[str], str]) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", "%Y-%m-%d %H:%M:%S")
        self._hidden = hidden

    def format(self, record: logging.LogRecord) -> str:
        return self._hidden(super().format(record))

    def formatException(  # noqa: N802 (the name is logging's)
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        kind = ei[0].__name__ if ei[0] else "no exception"
        return "".join(traceback.format_tb(ei[2])) + kind
