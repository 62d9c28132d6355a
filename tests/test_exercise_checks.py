"""The checks of the exercises can fail, look at the learner's work, and name no practice model."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT
from practice.process.language import columns_of
from practice.process.models import practice_models

LESSONS = sorted((ROOT / "lessons").glob("[0-9]*.py"))
MODELS = [word.lower() for model in practice_models().values() for word in (model.name, model.id)]


def cells(text: str) -> Iterator[tuple[str, str]]:
    """The header of each code cell, and its source."""
    for part in re.split(r"^# %%", text, flags=re.MULTILINE)[1:]:
        header, _, source = part.partition("\n")
        if "[markdown]" not in header:
            yield header, source


def solved_names(source: str) -> set[str]:
    """The names that the code of an exercise gives something to."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            found.add(node.value.id)  # what it changes, or calls something of
    return found


def checks(text: str) -> Iterator[tuple[ast.Call, set[str]]]:
    """Each call of a check, and the names that stand for the learner's work until there."""
    theirs: set[str] = set()
    for header, source in cells(text):
        if '"exercise"' in header:
            theirs |= solved_names(source)
        if '"check"' not in header:
            continue
        tree = ast.parse(source)
        theirs |= solved_names(source)  # what the check cell makes of it
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "check":
                yield node, theirs


def condition(call: ast.Call) -> ast.expr:
    found = call.args[1]
    return found.body if isinstance(found, ast.Lambda) else found


def can_only_be_true(node: ast.expr) -> bool:
    """Whether a condition is true whatever the learner wrote, as far as its form tells."""
    for part in ast.walk(node):
        always = [getattr(value, "value", None) is True for value in getattr(part, "values", [])]
        if isinstance(part, ast.BoolOp) and isinstance(part.op, ast.Or) and any(always):
            return True
        if isinstance(part, ast.Compare):
            sides = [part.left, *part.comparators]
            if any(ast.dump(a) == ast.dump(b) for a, b in itertools.pairwise(sides)):
                return True
            last = part.comparators[-1]
            counted = isinstance(part.left, ast.Call) and getattr(part.left.func, "id", "") == "len"
            none = isinstance(last, ast.Constant) and last.value == 0
            if counted and none and isinstance(part.ops[-1], ast.GtE):
                return True
    return isinstance(node, ast.Constant)


def problems(text: str) -> Iterator[str]:
    hints: list[str] = []
    for call, theirs in checks(text):
        where = f"line of {ast.unparse(call.args[0])[:60]}"
        looked_at = {node.id for node in ast.walk(condition(call)) if isinstance(node, ast.Name)}
        if can_only_be_true(condition(call)):
            yield f"{where}: it is always true"
        if not looked_at & theirs:
            yield f"{where}: it does not look at the learner's work"
        for node in ast.walk(condition(call)):
            said = node.value.lower() if isinstance(getattr(node, "value", 0), str) else ""
            if any(model in said for model in MODELS):
                yield f"{where}: it asks for the practice model"
        for hint in call.args[2:]:
            words = hint.value if isinstance(hint, ast.Constant) else "something worked out."
            if columns_of(str(words)) < 8:  # a Chinese character is two wide
                yield f"{where}: its hint is empty"
            elif words in hints:
                yield f"{where}: its hint is another check's"
            hints.append(str(words) if isinstance(hint, ast.Constant) else "")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: str(lesson.name))
def test_the_checks_of_a_lesson(lesson: Path) -> None:
    text = lesson.read_text("utf-8")
    assert list(checks(text))
    assert list(problems(text)) == []


GOOD = """
# %% tags=["exercise"]
count = 7

# %% tags=["check"]
check("it is seven", lambda: count == 7, "Count the words once more.")
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("lambda: count == 7", "lambda: True", "always true"),
        ("lambda: count == 7", "True", "always true"),
        ("count == 7", "count == 7 or True", "always true"),
        ("count == 7", "count == count", "always true"),
        ("count == 7", "len(count) >= 0", "always true"),
        ("count == 7", "other == 7", "learner's work"),
        ("== 7", f"== {MODELS[0]!r}", "practice model"),
        ("Count the words once more.", "", "hint is empty"),
        ("Count the words once more.", "count", "hint is empty"),
    ],
)
def test_a_harmful_change_is_seen(old: str, new: str, said: str) -> None:
    assert list(problems(GOOD)) == []
    assert old in GOOD
    found = list(problems(GOOD.replace(old, new)))
    assert any(said in problem for problem in found), found


def test_the_same_hint_twice_is_seen() -> None:
    again = GOOD + 'check("it is odd", count % 2 == 1, "Count the words once more.")\n'
    assert [problem for problem in problems(again) if "another check's" in problem]
