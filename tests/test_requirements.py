"""The bounds of requirements.txt: not too wide for what is promised, not beside what is tested."""

from __future__ import annotations

import os
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from conftest import ROOT

pytestmark = pytest.mark.skipif(
    "KIT_NEWEST" in os.environ, reason="the weekly run takes packages beyond their bounds"
)

FILES = ("requirements.txt", "tests/requirements.txt")
WIDER = {
    "uvicorn": "of its many 0.x versions none has changed what is used here",
    "packaging": "its versions are years: two of them are known to do",
    "onnxruntime": "on macOS its newest version depends on the system's version and chip",
}
"""What may reach over more than one series, and why."""


def requirements(file: Path) -> list[Requirement]:
    lines = [line.partition(" #")[0].strip() for line in file.read_text("utf-8").splitlines()]
    found = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    return [one for one in found if one.marker is None or one.marker.evaluate()]


ALL = [one for file in FILES for one in requirements(ROOT / file)]


def bound(one: Requirement, *operators: str) -> Version | None:
    found = [Version(each.version) for each in one.specifier if each.operator in operators]
    return found[0] if found else None


def series(version: Version) -> tuple[int, ...]:
    """What a version promises to stay compatible with: 2.x, or 0.3.x."""
    return version.release[:2] if version.major == 0 else version.release[:1]


@pytest.mark.parametrize("one", ALL, ids=lambda one: str(one.name))
def test_it_is_what_is_installed_and_tested(one: Requirement) -> None:
    assert one.specifier.contains(metadata.version(one.name), prereleases=True)


@pytest.mark.parametrize("one", ALL, ids=lambda one: str(one.name))
def test_it_reaches_over_one_series(one: Requirement) -> None:
    """An upper bound is where the next series begins, and the lower one lies in this series."""
    if bound(one, "=="):
        return
    lower, upper = bound(one, ">="), bound(one, "<")
    assert lower, f"{one.name} has no lower bound"
    assert upper, f"{one.name} has no upper bound"
    installed = Version(metadata.version(one.name))
    if one.name in WIDER:
        return
    assert series(lower) == series(installed), f"{one.name}: the lower bound is not tested"
    *same, last = series(installed)
    following = (*same, last + 1)
    assert upper.release[: len(following)] == following, f"{one.name}: {upper} is too far"
    assert sum(upper.release[len(following) :]) == 0


def test_what_is_wider_is_still_required() -> None:
    assert set(WIDER) <= {one.name for one in ALL}
