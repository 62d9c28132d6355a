"""What lesson 05 says a picture costs is what the table of model classes gives."""

import re
from pathlib import Path

import pytest

from practice.eye.image import tokens

LESSON = Path(__file__).resolve().parents[3] / "lessons" / "05_vision.py"
SIZES = ((1600, 1200), (800, 600), (400, 300))


def _rows() -> dict[str, list[int]]:
    """Return the numbers of each class in the lesson's table."""
    found = re.findall(r"^# \| (gpt-\S+) \|(( [\d,]+ \|)+)$", LESSON.read_text("utf-8"), re.M)
    return {
        name: [int(cell.replace(",", "")) for cell in re.findall(r"[\d,]+", cells)]
        for name, cells, _ in found
    }


def test_the_table_has_its_rows() -> None:
    assert len(_rows()) == 4


@pytest.mark.parametrize("name", _rows())
def test_what_a_picture_costs(name: str) -> None:
    assert _rows()[name] == [tokens(*size, "high", name) for size in SIZES]
