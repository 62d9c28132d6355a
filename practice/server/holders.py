"""Whose key was sent, and what is kept of them: one key for all, or the keys of a class."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass, field
from typing import Protocol

from starlette.requests import Request

from practice.ledger import attendance, class_page
from practice.ledger import page as usage
from practice.ledger.attendance import Places, Visit
from practice.ledger.ledger import Ledger
from practice.ledger.memory import Memory
from practice.ledger.shelf import Shelf
from practice.process import config
from practice.roster.keys_file import Learner
from practice.roster.roster import Roster
from practice.wire.errors import ApiError


@dataclass(frozen=True)
class Holder:
    """Whoever has a key. `is_over`: it has expired or was stopped, and opens nothing."""

    mark: str = ""
    title: str = ""
    ledger: Ledger | None = None
    memory: Memory = field(default_factory=lambda: Memory(None))
    is_teacher: bool = False
    is_over: bool = False


class Keys(Protocol):
    """The keys that a service takes."""

    @property
    def owner(self) -> Holder:
        """Whoever runs the service."""

    @property
    def has_pages(self) -> bool:
        """Whether there is a usage page."""

    def find(self, sent: str) -> Holder | None:
        """Return whose key was sent; None for a key of nobody."""

    def note(self, request: Request, problem: Exception | None) -> None:
        """Remember how a request ended."""

    def page(self, holder: Holder, token: str) -> str:
        """Return the usage page that somebody may see. It reads ledgers, so use a thread."""


class OneKey:
    """One key, for all who have it; without a ledger nothing is kept."""

    def __init__(self, key: str, ledger: Ledger | None) -> None:
        self._key = key.encode()
        self._ledger = ledger
        self.owner = Holder(ledger=ledger, memory=Memory(ledger))
        self.has_pages = ledger is not None

    def find(self, sent: str) -> Holder | None:
        # As bytes and in constant time; a header may hold any byte.
        same = hmac.compare_digest(sent.encode("utf-8", "surrogateescape"), self._key)
        return self.owner if same else None

    def note(self, request: Request, problem: Exception | None) -> None:
        """Nothing: the ledger has the calls."""

    def page(self, holder: Holder, token: str) -> str:
        assert holder.ledger is not None, "the page is served with a ledger alone"
        return usage.usage_page(holder.ledger, token)


class ClassKeys:
    """A key for each learner, a ledger for each, and a page on which a teacher sees the class."""

    owner = Holder()
    has_pages = True

    def __init__(self, roster: Roster, shelf: Shelf) -> None:
        self._roster = roster
        self._shelf = shelf
        self._places = Places()
        self._strangers = class_page.Strangers()

    def find(self, sent: str) -> Holder | None:
        found = self._roster.find(sent)
        return self._holder(found) if found else None

    def note(self, request: Request, problem: Exception | None) -> None:
        holder: Holder | None = getattr(request.state, "holder", None)
        if holder is None:
            if isinstance(problem, ApiError) and problem.row == "wrong_key":
                self._strangers = self._strangers.and_one(time.time())
            return
        if holder.ledger is not None:
            attendance.note(holder.ledger, _visit(request, problem))
        self._places.see(holder.mark, _place(request))

    def page(self, holder: Holder, token: str) -> str:
        assert holder.ledger is not None, "each has a ledger"
        if not holder.is_teacher:
            return usage.usage_page(holder.ledger, token, whose=holder.title)
        rows = [self._row(one) for one in self._roster.everybody if not one.is_teacher]
        return class_page.class_html(rows, self._strangers, self._roster.trouble)

    def hidden(self, text: str) -> str:
        """Return a text without any key of the class."""
        return self._roster.hidden(text)

    def close(self) -> None:
        """Finish writing."""
        self._shelf.close()

    def _holder(self, learner: Learner) -> Holder:
        ledger = self._shelf.of(learner.mark)
        return Holder(
            learner.mark,
            learner.title,
            ledger,
            Memory(ledger),
            learner.is_teacher,
            self._roster.is_over(learner),
        )

    def _row(self, learner: Learner) -> class_page.Row:
        since = class_page.midnight()
        known = attendance.Record()
        if self._shelf.has(learner.mark):
            known = attendance.record(self._shelf.of(learner.mark), since)
        return class_page.Row(
            learner.number,
            learner.title,
            known,
            self._places.of(learner.mark),
            learner.expires,
            self._roster.is_over(learner),
        )


def _visit(request: Request, problem: Exception | None) -> Visit:
    path = request.url.path
    if problem is None:
        return Visit(path, 200)
    if isinstance(problem, ApiError):
        meant = problem.message.endswith(config.SIMULATED)
        return Visit(path, problem.status, problem.code or problem.row, meant)
    return Visit(path, getattr(problem, "status_code", 500))


def _place(request: Request) -> str:
    """A computer, as far as it can be told: its address, and the system that the SDK names."""
    system = request.headers.get("x-stainless-os", "")
    known = system if system.isalnum() and len(system) < 20 else ""
    return " · ".join(filter(None, [request.client.host if request.client else "?", known]))
