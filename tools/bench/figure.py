"""One measured number and the limit it has to keep."""

from __future__ import annotations

import statistics
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """A measurement: what was measured, the value with its unit, and the limit if there is one."""

    what: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None

    @property
    def kept(self) -> bool:
        """Whether the value keeps its limit; a figure without a limit always does."""
        below = self.at_most is None or self.value <= self.at_most
        above = self.at_least is None or self.value >= self.at_least
        return below and above

    def line(self) -> str:
        """The figure as one line of the report."""
        limit = ""
        if self.at_most is not None:
            limit = f"at most {self.at_most:g} {self.unit}"
        elif self.at_least is not None:
            limit = f"at least {self.at_least:g} {self.unit}"
        mark = "" if not limit else ("kept  " if self.kept else "MISSED")
        return f"{mark:6}  {self.what:62} {self.value:10.2f} {self.unit:10} {limit}".rstrip()


def median(values: Iterable[float]) -> float:
    """The middle value: one slow run out of several does not move it."""
    return statistics.median(values)
