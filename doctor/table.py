"""One line of the doctor's table."""

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
