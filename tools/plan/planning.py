"""`kit.py plan --learners 300`: machines, memory, speed and costs for a class of that size.

Standard library only, so that it answers before anything is installed. Every number comes from
figures.toml, practice/data/models.toml, helpers/connection/models.toml or a lesson's header.
"""

from __future__ import annotations

import argparse
import math
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FIGURES = Path(__file__).with_name("figures.toml")

BURST_TOKENS = 60
"""Of the reply that all want at once: a short answer, as in lesson 02."""

MOST = 100_000  # learners


@dataclass(frozen=True)
class Load:
    """What one learner asks for in all lessons: tokens, calls, and minutes that it takes."""

    sent: int
    written: int
    calls: int
    minutes: int


@dataclass(frozen=True)
class Room:
    """One practice service on one machine: how many learners it serves, and how fast."""

    name: str
    learners: int
    cores: int
    write: float
    memory: float

    @property
    def per_core(self) -> float:
        return self.learners / self.cores

    def burst(self, learners: int) -> float:
        """Seconds until the last of so many has a short answer, when all ask at once."""
        return learners * BURST_TOKENS / self.write


def main(arguments: Sequence[str]) -> int:
    """Print the plan for the class that the arguments name."""
    parser = argparse.ArgumentParser(
        prog="kit.py plan", description="What a class of a size needs, from measured figures."
    )
    parser.add_argument("--learners", type=int, required=True, metavar="N")
    learners = parser.parse_args(arguments).learners
    if not 1 <= learners <= MOST:
        parser.error(f"there can be 1 to {MOST:,} learners, not {learners}")
    print(*plan(learners), sep="\n")
    return 0


def plan(learners: int) -> list[str]:
    """Return the plan in lines."""
    figures = _read(FIGURES)
    load = whole_load(figures)
    lines = [
        f"A class of {learners}. One learner runs {len(figures['lessons']['tokens'])} lessons: "
        f"{load.calls} calls, {load.sent:,} tokens sent, {load.written:,} written, "
        f"in about {load.minutes / 60:.1f} hours.",
        *_left_out(figures),
        "",
        "Practice services (each on a machine of its own, with "
        f"{figures['service']['cores']} cores)",
    ]
    for name in ("small", "standard"):
        room = service(name, figures, load)
        machines = math.ceil(learners / room.learners)
        at_once = math.ceil(learners / machines)
        lines += [
            f"  {name}: {_many(machines, 'service')}; {room.learners} learners each, "
            f"{room.per_core:.0f} a core · {room.memory / 1e6:,.0f} MB · "
            f"{room.write:.0f} tokens/s for all of a service together",
            f"    all at once, a short answer each: the last one waits {room.burst(at_once):.0f} s",
        ]
    lines += ["", "JupyterHub, if learners bring no Python of their own", *_hub(learners, figures)]
    lines += [
        "",
        "With a provider instead, at list prices, for these lessons",
        *_prices(learners, figures, load),
    ]
    return [*lines, "", *_sources(figures)]


def _left_out(figures: dict[str, Any]) -> list[str]:
    """Return a line on the lessons that no figure is of, or none that is whole."""
    lessons = sorted(file.stem for file in (ROOT / "lessons").glob("[0-9][0-9]_*.py"))
    without = [lesson for lesson in lessons if lesson not in figures["lessons"]["tokens"]]
    said = [f"not measured, so not in here: {', '.join(without)}"] if without else []
    if partly := figures["lessons"].get("partly"):
        said.append(f"measured in part: {', '.join(partly)}")
    return [f"  ({'; '.join(said)})"] if said else []


def whole_load(figures: dict[str, Any]) -> Load:
    """Return what a learner asks for in all lessons together."""
    tokens = figures["lessons"]["tokens"]
    sent, written, calls = (sum(row[column] for row in tokens.values()) for column in range(3))
    return Load(sent, written, calls, sum(map(minutes, tokens)))


def minutes(lesson: str) -> int:
    """Return the minutes of a lesson, as its header gives them."""
    text = (ROOT / "lessons" / f"{lesson}.py").read_text("utf-8")
    found = re.search(r"^# %% .*\bminutes=(\d+)", text, re.MULTILINE)
    if found is None:
        raise ValueError(f"lesson {lesson} does not say how long it takes")
    return int(found[1])


def service(name: str, figures: dict[str, Any], load: Load) -> Room:
    """Return how many learners one practice service serves with a model.

    The crowd's speed includes the reading of prompts as long as the replies; what is sent beyond
    that is read besides.
    """
    speeds = figures["service"][name]
    busy = load.written / speeds["write"] + max(0, load.sent - load.written) / speeds["read"]
    share = busy / (60 * load.minutes)
    model = _read(ROOT / "practice" / "data" / "models.toml")["practice"][name]
    fit = max(1, math.floor(figures["share"]["busy"] / share))
    return Room(name, fit, figures["service"]["cores"], speeds["write"], model["memory"])


def _hub(learners: int, figures: dict[str, Any]) -> list[str]:
    hub, opening = figures["hub"], figures["share"]["opening"]
    memory = (hub["base"] + learners * hub["learner"]) / 1e9
    cores = max(2, math.ceil(learners * hub["start_core_seconds"] / opening))
    gateway = figures["gateway"]["memory"] / 1e6
    return [
        f"  {memory:.1f} GB of memory ({hub['learner'] / 1e6:.0f} MB a learner), {cores} cores so "
        f"that all servers start within {opening / 60:.0f} minutes",
        f"  a gateway beside it: {gateway:.0f} MB",
    ]


def _prices(learners: int, figures: dict[str, Any], load: Load) -> list[str]:
    listed = {row["name"]: row for row in _read(_MODELS)["model"]}
    lines = []
    for name in figures["prices"]["models"]:
        row = listed[name]
        each = (row["price"][0] * load.sent + row["price"][1] * load.written) / 1e6
        lines.append(
            f"  {name}: ${each:.4f} a learner, ${each * learners:,.2f} for the class "
            f"(prices of {row['checked']})"
        )
    return [
        *lines,
        "  Pictures count as the provider's guide says for the class of gpt-5.4-mini.",
        "  Learners try things out: plan for three times as much.",
    ]


def _sources(figures: dict[str, Any]) -> list[str]:
    lines = ["Measured:"]
    for name in ("service", "hub", "gateway", "lessons"):
        block = figures[name]
        lines.append(f"  {name}: {block['how']}; {block['where']}; {block['when']}")
    busy = figures["share"]["busy"]
    lines.append(
        f"  Planned so that a service works {busy:.0%} of the time. Other machines differ:"
    )
    lines.append("  measure yours with `kit.py bench class`.")
    return lines


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))


_MODELS = ROOT / "helpers" / "connection" / "models.toml"
