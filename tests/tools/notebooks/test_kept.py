"""`--text`: a text is written anew, what the code printed stays; other code has to be run."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from tiny_lesson import LESSON, pretend_to_run, project

from tools.notebooks import __main__ as build


@pytest.fixture
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    kit = project(tmp_path, monkeypatch)
    monkeypatch.setattr(build, "execute", pretend_to_run)
    (kit / "lessons" / "00_tiny.py").write_text(LESSON, encoding="utf-8")
    return kit / "lessons" / "00_tiny.py"


def change(lesson: Path, old: str, new: str) -> None:
    text = lesson.read_text("utf-8")
    assert old in text
    lesson.write_text(text.replace(old, new), "utf-8")


def test_the_text_is_new_and_the_outputs_stay(lesson: Path) -> None:
    assert build.main([]) == 0
    book = lesson.parents[1] / "notebooks" / "00_tiny.ipynb"
    before = nbformat.read(book, as_version=4)
    change(lesson, "It adds up.", "It adds up, always.")
    assert build.main(["--text"]) == 0
    after = nbformat.read(book, as_version=4)
    assert any("always" in cell.source for cell in after.cells)
    assert [c.get("outputs") for c in before.cells] == [c.get("outputs") for c in after.cells]
    assert build.main(["--check"]) == 0


def test_other_code_has_to_be_run(lesson: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(["--text"]) == 1
    assert "is not there yet" in capsys.readouterr().err
    assert build.main([]) == 0
    change(lesson, "not in the solutions", "only in the lesson")
    assert build.main(["--text"]) == 1
    assert "is another now. Build it without --text." in capsys.readouterr().err
