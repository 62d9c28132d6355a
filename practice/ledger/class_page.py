"""The page of a class, for its teacher: who is stuck, who has not begun, and whose key is over.

No key and no prompt is on it. The page is pages/class.html.
"""

from __future__ import annotations

import datetime
import time
from dataclasses import dataclass

from practice.ledger.attendance import TOGETHER_SECONDS, Record
from practice.pages import render


@dataclass(frozen=True)
class Row:
    """One learner, today."""

    number: int
    title: str
    known: Record
    places: list[str]
    """The computers that used the key within the last ten minutes."""
    expires: float | None
    is_over: bool

    @property
    def needs(self) -> list[str]:
        """What a teacher should look at, in words; most often nothing."""
        found = []
        if self.is_over:
            found.append("the key is over" + (", and was tried" if self.known.refused else ""))
        elif self.known.is_stuck:
            found.append(
                f"stuck: the last {self.known.refused} requests were refused, "
                f"the last with {self.known.code}"
            )
        if len(self.places) > 1:
            found.append(
                f"the key is used from {len(self.places)} computers: " + ", ".join(self.places)
            )
        return found


@dataclass(frozen=True)
class Strangers:
    """Requests with a key that is not in the file: a typing error, or a guess."""

    count: int = 0
    last: float = 0.0

    def and_one(self, now: float) -> Strangers:
        """Return the count with one more, at a time in seconds."""
        return Strangers(self.count + 1, now)


def midnight() -> float:
    """When today began, in seconds."""
    now = datetime.datetime.now().astimezone()
    return now.replace(hour=0, minute=0, second=0, microsecond=0).timestamp()


def class_html(rows: list[Row], strangers: Strangers, trouble: str | None) -> str:
    """Return the page as HTML. `trouble`: why the file as it is now is not in force."""
    return render(
        "class.html",
        rows=rows,
        begun=sum(row.known.requests > 0 for row in rows),
        needing=[row for row in rows if row.needs],
        strangers=strangers,
        trouble=trouble,
        now=time.time(),
        minutes=round(TOGETHER_SECONDS / 60),
    )
