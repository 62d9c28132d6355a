"""The usage page: what was asked today, per model and lately, and the practice credit.

As the account pages of a provider, but of one computer: no account, no real money. The page is
pages/usage.html; nothing in it comes from elsewhere, and it needs no script.
"""

from __future__ import annotations

import datetime
import itertools
from typing import Any

from practice.ledger.ledger import CALL_FIELDS, Ledger
from practice.pages import render
from practice.process.models import list_price_model

DAYS = 14
LATEST = 20

ACTIONS = {
    "top-up": ("Add $5 of practice credit", Ledger.top_up),
    "use-up": ("Use it all up", Ledger.use_up),
    "expire": ("Let it expire", Ledger.expire),
}
"""What a button does, by the word that its form sends."""


def usage_page(ledger: Ledger, token: str, whose: str = "") -> str:
    """Return the page as HTML; its buttons send `token`. It reads the ledger, so use a thread.

    `whose`: the learner of a class whose page it is; else it is that of this computer.
    """
    now = datetime.datetime.now().astimezone()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    first = midnight - datetime.timedelta(days=DAYS - 1)
    bounds = list(itertools.pairwise(_starts(first)))
    today, per_model, calls, *found = ledger.read(
        (
            "SELECT ?, count(*), total(prompt_tokens), total(completion_tokens), total(cost) "
            "FROM calls WHERE at >= ?",
            (f"{midnight:%Y-%m-%d}", midnight.timestamp()),
        ),
        (
            "SELECT model, count(*), total(prompt_tokens), total(completion_tokens), total(cost) "
            "FROM calls WHERE at >= ? GROUP BY model ORDER BY 2 DESC",
            (first.timestamp(),),
        ),
        ("SELECT * FROM calls ORDER BY at DESC LIMIT ?", (LATEST,)),
        *((_OF_A_DAY, (start.timestamp(), end.timestamp())) for start, end in bounds),
    )
    days = [_day(start, rows) for (start, _), rows in zip(bounds, found, strict=True)]
    return render(
        "usage.html",
        priced_as=list_price_model()[1],
        token=token,
        whose=whose,
        trouble=ledger.trouble,
        waiting=ledger.waiting,
        lost=ledger.lost,
        credit=ledger.credit(),
        actions={word: label for word, (label, _) in ACTIONS.items()},
        today=today,
        days=days,
        most=max(1, *(max(day["tokens_in"], day["tokens_out"]) for day in days)),
        per_model=per_model,
        calls=[dict(zip(CALL_FIELDS, call, strict=True)) for call in calls],
    )


def _starts(first: datetime.datetime) -> list[datetime.datetime]:
    """Each midnight from the first day to the end of the last, whatever summer time does."""
    days = (first.date() + datetime.timedelta(days=number) for number in range(DAYS + 1))
    return [datetime.datetime.combine(day, datetime.time()).astimezone() for day in days]


_OF_A_DAY = (
    "SELECT total(prompt_tokens), total(completion_tokens) FROM calls WHERE at >= ? AND at < ?"
)


def _day(start: datetime.datetime, rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    tokens_in, tokens_out = rows[0] if rows else (0, 0)
    return {"date": f"{start:%Y-%m-%d}", "tokens_in": tokens_in, "tokens_out": tokens_out}
