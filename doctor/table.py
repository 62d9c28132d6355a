"""The doctor's table and its lines. It works with nothing installed."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

ROOT = Path(__file__).resolve().parents[1]
SET_UP = "Run in a terminal: python3 kit.py lab"


class Check(NamedTuple):
    """What was looked at and how it is.

    ``OK`` is in order, ``look`` works but deserves a look, ``FIX`` has to be fixed. Every line
    that is not ``OK`` has its one fix. A line that is ``OK`` names no folder of this computer,
    because it may be stored in a notebook.
    """

    state: Literal["OK", "look", "FIX"]
    name: str
    text: str
    fix: str = ""


def nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def as_text(found: Iterable[Check]) -> str:
    """Return the table as plain text: a line for each check, and its fix below it."""
    found = list(found)
    width = max(len(check.name) for check in found)
    lines = []
    for check in found:
        lines.append(f"{check.state:4}  {check.name:{width}}  {check.text}")
        if check.fix:
            lines.append(f"      {'':{width}}  -> {check.fix}")
    return "\n".join([*lines, "", summary(found)])


def to_fix(found: Iterable[Check]) -> list[str]:
    """Return the names of the checks that say FIX."""
    return [check.name for check in found if check.state == "FIX"]


def summary(found: Iterable[Check]) -> str:
    """Return the last line of the table."""
    broken = len(to_fix(found))
    return f"{broken} to fix." if broken else "Everything that has to work is in order."
