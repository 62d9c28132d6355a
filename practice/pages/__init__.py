"""The service's web pages: templates in this folder, filled in by jinja2."""

from __future__ import annotations

import datetime
import math
from functools import cache
from typing import Any


def render(name: str, **values: Any) -> str:
    """Return the page `name` with `values` put in, each escaped."""
    page: str = _environment().get_template(name).render(**values)
    return page


@cache
def _environment() -> Any:
    import jinja2  # late: most services never show a page

    found = jinja2.Environment(
        loader=jinja2.PackageLoader("practice", "pages"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"cents": _cents, "dollars": _dollars, "count": _count, "short": _short}
    found.filters |= {"day": _format("%Y-%m-%d"), "time": _format("%m-%d %H:%M:%S")}
    return found


def _dollars(amount: float | None) -> str:
    """Money with enough digits to see a call: a reply costs fractions of a cent."""
    if amount is None:
        return "?"
    return f"${amount:.2f}" if amount >= 1 or amount == 0 else f"${amount:.5f}"


def _cents(amount: float) -> str:
    """Whole cents, rounded down: who has used a little sees that it is less."""
    return f"{math.floor(amount * 100 + 1e-9) / 100:.2f}"


def _count(number: float | None) -> str:
    return "?" if number is None else f"{number:,.0f}"


def _short(tokens: float) -> str:
    return f"{tokens / 1000:,.0f}k" if tokens >= 10_000 else f"{tokens:.0f}"


def _format(pattern: str) -> Any:
    def written(seconds: float) -> str:
        try:
            return datetime.datetime.fromtimestamp(seconds).strftime(pattern)
        except (OverflowError, OSError, ValueError):
            return "?"  # a clock that was far off when the call was made

    return written
