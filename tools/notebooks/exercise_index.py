"""The list of exercises, from which helpers.exercise() knows its exercise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from practice.process.files import write_whole

from helpers.exercises.record import digest
from tools.notebooks import lesson, rules
from tools.notebooks.course import folder_of, languages
from tools.notebooks.lesson import read_lesson, sources
from tools.notebooks.rules import LessonError


def index_path() -> Path:
    """Return the file from which helpers.exercise() knows its exercise."""
    return lesson.ROOT / "helpers" / "exercises" / "exercises.json"


def wanted_index() -> str:
    """Return what that file should hold. Raises LessonError."""
    lessons = {path.stem: read_lesson(path) for path in sources([])}
    return index_text(lessons, lesson.NOTEBOOKS)


def index_text(lessons: dict[str, list[NotebookNode]], notebooks: Path) -> str:
    """Return the text of the list for lessons by name, such as ``00_start_here``.

    The names of the checks come from what the executed solutions below the folder ``notebooks``
    printed, since a lesson may make them in a loop. A lesson that has not been built yet is left
    out. What a check is called and known by in Chinese stands beside the English. Raises
    LessonError.
    """
    rows = []
    known: list[str] = []
    for name, cells in lessons.items():
        row: dict[str, Any] = {}
        for lang in languages(cells):
            solved = notebooks / folder_of("solutions", lang) / f"{name}.ipynb"
            if not solved.exists():
                break
            title, exercises = rules.title(cells, lang), _exercises(cells, lang, solved)
            if lang == "en":
                row = {"lesson": name[:2], "title": title, "exercises": exercises}
                known += [exercise["cell"] for exercise in exercises]
                rows.append(row)
                continue
            row[lang] = {"title": title}
            for english, other in zip(row["exercises"], exercises, strict=True):
                if other != english:
                    english[lang] = other
                    known += [other["cell"]] * (other["cell"] != english["cell"])
    if len(known) != len(set(known)):
        raise LessonError("Two check cells have the same text; progress() cannot tell them apart.")
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def _exercises(cells: list[NotebookNode], lang: str, solved: Path) -> list[dict[str, Any]]:
    """Return each exercise of a lesson in one language: what its check is known by, and its names."""
    printed = {
        cell.id: "\n".join(map(_text_of, cell.outputs))
        for cell in nbformat.read(solved, as_version=4).cells
        if cell.cell_type == "code"
    }
    checks = [
        cell
        for cell in cells
        if "check" in rules.tags_of(cell) and cell.metadata.get("lang", lang) == lang
    ]
    if not printed.keys() >= {cell.id for cell in checks}:
        raise LessonError(f"Lesson {solved.stem} has changed since it was built: build it again.")
    return [
        {"cell": digest(cell.source), "checks": rules.check_names(cell, printed[cell.id])}
        for cell in checks
    ]


def _text_of(output: NotebookNode) -> str:
    """Return what an output says in plain text: printed, or beside a card."""
    return str(output.get("text") or output.get("data", {}).get("text/plain", ""))


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
