"""The list of exercises, from which helpers.check() knows its exercise."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from practice.process.files import write_whole

from helpers.exercises.record import digest
from tools.notebooks import lesson, rules
from tools.notebooks.course import KIND_FOLDERS
from tools.notebooks.lesson import read_lesson, sources
from tools.notebooks.rules import LessonError


def index_path() -> Path:
    """Return the file from which helpers.check() knows its exercise."""
    return lesson.ROOT / "helpers" / "exercises" / "exercises.json"


def wanted_index() -> str:
    """Return what that file should hold. Raises LessonError."""
    lessons = {path.stem: read_lesson(path) for path in sources([])}
    return index_text(lessons, lesson.NOTEBOOKS / KIND_FOLDERS["solutions"])


def index_text(lessons: dict[str, list[NotebookNode]], solutions: Path) -> str:
    """Return the text of the list for lessons by name, such as ``00_start_here``.

    The names of the checks come from what the executed notebooks in the folder ``solutions``
    printed, since a lesson may make them in a loop. A lesson that has not been built yet is left
    out. Raises LessonError.
    """
    rows = []
    known: list[str] = []
    for name, cells in lessons.items():
        solved = solutions / f"{name}.ipynb"
        if not solved.exists():
            continue
        printed = {
            cell.id: "".join(
                output.get("text", "") or output.get("data", {}).get("text/plain", "") + "\n"
                for output in cell.outputs
            )
            for cell in nbformat.read(solved, as_version=4).cells
            if cell.cell_type == "code"
        }
        checks = [cell for cell in cells if "check" in rules.tags_of(cell)]
        known += [digest(cell.source) for cell in checks]
        exercises = [
            {
                "cell": digest(cell.source),
                "checks": rules.check_names(cell, printed.get(cell.id, "")),
            }
            for cell in checks
        ]
        row = {"lesson": name[:2], "title": rules.title(cells, "en"), "exercises": exercises}
        rows.append(row)
    if len(known) != len(set(known)):
        raise LessonError("Two check cells have the same text; progress() cannot tell them apart.")
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def write_index() -> None:
    """Write the list of exercises anew."""
    write_whole(index_path(), wanted_index(), mode=0o644)


def index_difference() -> str | None:
    """Return what is wrong with the committed list of exercises, or None."""
    name = index_path().relative_to(lesson.ROOT)
    try:
        same = index_path().read_text("utf-8") == wanted_index()
    except FileNotFoundError:
        return f"{name} is missing"
    except LessonError as error:
        return f"{name}: {error}"
    return None if same else f"{name} differs from the lessons"
