"""exercise() and hint(): the card, the learner's own error, and hints only when asked for."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from helpers import (
    CheckFailed,
    FirstCallError,
    as_if,
    exercise,
    expect_error,
    hint,
    progress,
)
from helpers.exercises import card, hints
from helpers.exercises import record as recording

CELL = "with exercise(1) as check: ..."
OTHER = "with exercise(1) as check: ...  # of lesson 02"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Two lessons with an exercise each, and their notebooks; the first check cell runs."""
    listed = [
        {
            "lesson": number,
            "title": title,
            "exercises": [{"cell": recording.digest(cell), "checks": ["one", "two"]}],
        }
        for number, title, cell in (("01", "First", CELL), ("02", "Second <b>", OTHER))
    ]
    for module in ("record", "overview", "card"):
        monkeypatch.setattr(f"helpers.exercises.{module}.lessons", lambda: listed)
    for name in ("_kept", "_given", "_lessons"):
        monkeypatch.setattr(hints, name, {})
    monkeypatch.setattr(hints, "_last", None)
    exercises = recording.exercises
    exercises.cache_clear()
    notebooks = tmp_path / "notebooks"
    for lesson in ("01_first", "02_second"):
        for place in (notebooks, notebooks / "solutions", notebooks / "recall"):
            place.mkdir(parents=True, exist_ok=True)
            (place / f"{lesson}.ipynb").touch()
    monkeypatch.setenv("FIRST_CALL_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(notebooks)
    run_in(CELL, monkeypatch)
    yield notebooks
    exercises.cache_clear()


def run_in(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make `source` the text of the running cell, in an IPython without a notebook."""
    shell = SimpleNamespace(history_manager=SimpleNamespace(input_hist_raw=["before", source]))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The HTML of what is shown."""
    pages: list[str] = []
    for module in (card, hints):
        monkeypatch.setattr(module, "show", lambda html, text: pages.append(html))
    return pages


def said(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().out.splitlines()


def test_a_solved_exercise(capsys: pytest.CaptureFixture[str]) -> None:
    with exercise(1) as check:
        check("one", True, "A hint.")
        check("two", [1])
    assert said(capsys) == [
        "Exercise 1 done · 1 of 2 · next: lesson 02, Second <b>",
        "✓ one",
        "✓ two",
    ]


def test_the_card_links_what_it_names(drawn: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    with exercise(1) as check:
        check("one <", True)
    assert '<a href="solutions/01_first.ipynb">' in drawn[0]
    assert "✓ one &lt;" in drawn[0]
    assert "next:" not in drawn[0]  # the record wants other checks
    with exercise(1) as check:
        check("one", True)
        check("two", True)
    assert '<a href="02_second.ipynb">1 of 2 · next: lesson 02, Second &lt;b&gt;</a>' in drawn[1]
    run_in(OTHER, monkeypatch)
    monkeypatch.chdir("recall")
    with exercise(1) as check:
        check("one", True)
        check("two", True)
    assert "2 of 2 · that was the last one" in drawn[2]
    assert '<a href="../solutions/02_second.ipynb">' in drawn[2]


@pytest.mark.parametrize("value", [False, ..., None, [], 0, ""])
def test_an_exercise_that_is_not_solved(value: object, capsys: pytest.CaptureFixture[str]) -> None:
    with exercise(1) as check:
        check("one", True)
        check("two", value, "The secret.", "The second secret.")
    lines = said(capsys)
    assert lines[0] == "Exercise 1: not done yet"
    assert lines[1:3] == ["✓ one", "✗ two"]
    assert "hint(1)" in lines[3]
    assert "secret" not in "".join(lines)


def test_the_learners_own_error_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    answers: dict[str, Any] = {}
    with exercise(1) as check:
        check("one", True)
        check(
            "two",
            answers["reply"].choices == [],
            "The secret.",
        )
        check("three", True)
    lines = said(capsys)
    assert lines[1:4] == ["✓ one", "✗ two", "  KeyError: 'reply'"]
    assert "three" not in "".join(lines)
    hint(1)
    assert said(capsys) == ["Hint 1 of 1: The secret."]


def test_an_error_between_the_checks(capsys: pytest.CaptureFixture[str]) -> None:
    with exercise(1) as check:
        value = int("seven")
        check("one", value)
    assert said(capsys)[1:3] == [
        "✗ the check comes to its end",
        "  ValueError: invalid literal for int() with base 10: 'seven'",
    ]


def test_dots_are_named(capsys: pytest.CaptureFixture[str]) -> None:
    reply: Any = ...
    with exercise(1) as check:
        check("one", reply["role"] == "user")
    assert "  There are still dots (...) where your code belongs." in said(capsys)


def test_a_block_without_a_check_does_not_pass(capsys: pytest.CaptureFixture[str]) -> None:
    with exercise(1) as check:
        for row in []:
            check("one", row)
    assert said(capsys)[0] == "Exercise 1: not done yet"


def test_a_stopped_cell_stays_stopped() -> None:
    with pytest.raises(KeyboardInterrupt), exercise(1):
        raise KeyboardInterrupt


def test_a_strict_run_raises(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIRST_CALL_STRICT", "1")
    with expect_error(CheckFailed) as caught, exercise(1) as check:
        check("one", True)
        check("two", {}["a"])
    assert str(caught.error) == "The check failed: two. KeyError: 'a'"
    assert isinstance(caught.error.__cause__, KeyError)
    with exercise(1) as check:
        check("one", True)


def test_what_has_passed_is_recorded(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with exercise(1) as check:
        check("one", True)
        check("two", False)
    progress()
    assert "□  0 of 1" in capsys.readouterr().out
    with exercise(1) as check:
        check("two", True)
        with as_if(dotenv=""):  # in another folder
            check("one", True)
    capsys.readouterr()
    progress()
    lines = said(capsys)
    assert lines[0] == "Your progress: 1 of 2 exercises done"
    assert lines[3] == "01      First       ■  1 of 1  done"
    monkeypatch.chdir("solutions")  # running a solution is not doing the exercise
    run_in(OTHER, monkeypatch)
    with exercise(1) as check:
        check("one", True)
        check("two", True)
    assert said(capsys)[0] == "Exercise 1 done"


# ---- hints


def test_hints_come_one_at_a_time(capsys: pytest.CaptureFixture[str], drawn: list[str]) -> None:
    def run(one: bool, two: bool) -> None:
        with exercise(1) as check:
            check("one", one, "first", "second")
            check("two", two, "third")

    hint(1)
    hint()
    assert said(capsys) == [
        "First run the check of exercise 1: then the hint fits what is missing.",
        "First run the check of the exercise: then the hint fits what is missing.",
    ]
    run(False, False)
    hint(1)
    run(False, False)  # trying again begins no new round
    hint()
    assert said(capsys) == ["Hint 1 of 3: first", "Hint 2 of 3: second"]
    run(True, False)
    hint(1)
    assert said(capsys) == ["Hint 1 of 1: third"]
    hint(1)
    assert "Read the last one again: third" in drawn[-1]
    assert '<a href="solutions/01_first.ipynb">' in drawn[-1]
    run(True, True)
    hint(1)
    assert said(capsys) == ["Nothing is missing: this exercise is done."]
    hint(2)
    assert said(capsys)[0].startswith("First run the check of exercise 2")


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(FirstCallError, match=r"hint\(2\)"):
        hint("two")  # type: ignore[arg-type]
    with pytest.raises(FirstCallError, match=r"exercise\(2\)"):
        exercise("two")  # type: ignore[arg-type]


def test_in_a_notebook_the_card_is_drawn_and_its_text_goes_along(tmp_path: Path) -> None:
    sources = [
        "from helpers import exercise, hint\nreply = ...",
        "with exercise(2) as check:\n"
        "    check('it replied', reply.choices[0].message, 'A secret.')",
        "hint(2)",
    ]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    resources = {"metadata": {"path": str(tmp_path)}}
    NotebookClient(notebook, timeout=60, kernel_name="python3", resources=resources).execute()
    [output] = notebook.cells[1].outputs
    assert "✗ it replied" in output.data["text/html"]
    assert "✗ it replied" in output.data["text/plain"]
    assert "still dots" in output.data["text/plain"]
    assert "secret" not in str(output)
    assert notebook.cells[2].outputs[0].text == "Hint 1 of 1: A secret.\n"
