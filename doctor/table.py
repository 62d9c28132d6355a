"""The doctor's table and its lines. It works with nothing installed."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, NamedTuple

from practice.process.language import columns_of, marked, padded
from practice.process.language import gettext as _

ROOT = Path(__file__).resolve().parents[1]
SET_UP = marked("Run in a terminal: python3 kit.py lab")

NAMES = (
    marked("base URL"),
    marked("clock"),
    marked("computer"),
    marked("disk"),
    marked("environment"),
    marked("file"),
    marked("folder"),
    marked("kernel"),
    marked("key"),
    marked("memory"),
    marked("model"),
    marked("packages"),
    marked("practice"),
    marked("practice model"),
    marked("provider"),
    marked("proxy"),
    marked("python"),
    marked("room"),
    marked("service"),
    marked("settings"),
)
"""The names of checks that are words: programs read them in English, a learner as he speaks."""


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

    @property
    def shown(self) -> str:
        """The name as a learner reads it."""
        return _(self.name)


def nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def as_text(found: Iterable[Check]) -> str:
    """Return the table as plain text: a line for each check, and its fix below it."""
    found = list(found)
    width = max(columns_of(check.shown) for check in found)
    lines = []
    for check in found:
        lines.append(f"{check.state:4}  {padded(check.shown, width)}  {check.text}")
        if check.fix:
            lines.append(f"      {'':{width}}  -> {check.fix}")
    return "\n".join([*lines, "", summary(found)])


def to_fix(found: Iterable[Check]) -> list[str]:
    """Return the names of the checks that say FIX."""
    return [check.name for check in found if check.state == "FIX"]


def summary(found: Iterable[Check]) -> str:
    """Return the last line of the table."""
    broken = len(to_fix(found))
    if broken:
        return _("{broken} to fix.").format(broken=broken)
    return _("Everything that has to work is in order.")
