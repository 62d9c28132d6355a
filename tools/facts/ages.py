"""How old the facts are: the dates that data files give, and models past their last day."""

from __future__ import annotations

import datetime
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DAYS = 90
"""A fact older than this is to be checked again: models, prices and limits change that fast."""

# `checked = 2026-11-24` of a table, or "Checked 2026-11" in the comment that heads a file.
CHECKED = re.compile(r"\bchecked(?: on)?(?: = | )(\d{4})-(\d\d)(?:-(\d\d))?", re.IGNORECASE)


@dataclass(frozen=True)
class Fact:
    """A place in a data file (its name and line) and the day on which it was last checked."""

    file: str
    line: int
    checked: datetime.date


def facts(root: Path, files: list[str]) -> Iterator[Fact]:
    """Yield every dated place of these files; a month alone counts from its first day."""
    for name in files:
        lines = (root / name).read_text("utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            for year, month, day in CHECKED.findall(line):
                date = datetime.date(int(year), int(month), int(day or 1))
                yield Fact(name, number, date)


def old(found: list[Fact], today: datetime.date) -> list[str]:
    """Return a line for each file with facts of more than 90 days, the oldest of them named."""
    lines = []
    for name in dict.fromkeys(fact.file for fact in found):
        stale = [one for one in found if one.file == name and (today - one.checked).days > DAYS]
        if stale:
            oldest = min(stale, key=lambda one: one.checked)
            days = (today - oldest.checked).days
            places = ", ".join(str(one.line) for one in stale)
            lines.append(f"{name}: checked {oldest.checked}, {days} days ago (line {places})")
    return lines


def past(models: Path, today: datetime.date) -> list[str]:
    """Return a line for each model that is offered to learners and has had its last day."""
    table = tomllib.loads(models.read_text("utf-8"))
    offered = {(one["provider"], one["name"]) for one in table["model"]}
    return [
        f"{models.name}: {name} of {provider} had its last day on {day}"
        for provider, days in table["last_days"].items()
        for name, day in days.items()
        if (provider, name) in offered and day < today
    ]
