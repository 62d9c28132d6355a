"""`kit.py plan`: the numbers follow from the measured figures, and each says where it is from."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib

import pytest

from conftest import ROOT
from tools.plan import planning

FIGURES = tomllib.loads(planning.FIGURES.read_text("utf-8"))


def test_a_lesson_that_was_not_measured_is_named_and_every_figure_says_when_and_where() -> None:
    lessons = {file.stem for file in (ROOT / "lessons").glob("0*.py")}
    measured = set(FIGURES["lessons"]["tokens"])
    assert len(measured) > 6
    assert measured <= lessons
    said = "\n".join(planning.plan(30))
    assert [lesson for lesson in lessons - measured if lesson not in said] == []
    for name in ("service", "hub", "gateway", "lessons"):
        assert FIGURES[name]["how"]
        assert FIGURES[name]["where"]
        assert FIGURES[name]["when"].year >= 2026
    assert len(FIGURES["prices"]["models"]) == 3


def test_learners_of_a_service_follow_from_its_speed() -> None:
    load = planning.Load(sent=3000, written=1000, calls=10, minutes=100)
    figures = {
        "service": {"cores": 2, "small": {"write": 50, "read": 100}},
        "share": {"busy": 0.5},
    }
    room = planning.service("small", figures, load)
    # 1000 / 50 + 2000 / 100 = 40 s of 6,000: half of the time is enough for 75.
    assert (room.learners, room.per_core) == (75, 37.5)
    assert room.burst(30) == pytest.approx(36)


def test_a_plan_names_machines_memory_speed_and_cost() -> None:
    said = "\n".join(planning.plan(300))
    load = planning.whole_load(FIGURES)
    for name in ("small", "standard"):
        room = planning.service(name, FIGURES, load)
        assert f"{name}: {-(-300 // room.learners)} service" in said
        assert f"{room.learners} learners each, {room.per_core:.0f} a core" in said
    assert "76.5 GB of memory" in said
    assert len(re.findall(r"\$[\d.]+ a learner, \$[\d,.]+ for the class \(prices of 2", said)) == 3
    assert "Measured:" in said
    one = "\n".join(planning.plan(1))
    assert "1 service;" in one


def test_costs_are_list_prices() -> None:
    (line,) = [line for line in planning.plan(100) if "gpt-5.4-mini:" in line]
    load = planning.whole_load(FIGURES)
    each = (0.75 * load.sent + 4.5 * load.written) / 1e6
    assert f"${each:.4f} a learner, ${100 * each:,.2f} for the class" in line


@pytest.mark.parametrize("wrong", [["--learners", "0"], ["--learners", "many"], []])
def test_a_plan_wants_a_number(wrong: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "kit.py", "plan", *wrong], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 2
    assert "learners" in done.stderr


def test_it_needs_nothing_that_is_installed() -> None:
    command = [sys.executable, "-S", "kit.py", "plan", "--learners", "30"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("A class of 30.")
