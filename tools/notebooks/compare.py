"""Write a notebook whole, and tell whether a committed one is what its lesson gives."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from practice.process.files import write_whole

from tools.notebooks import course, exercise_index, lesson
from tools.notebooks.lesson import METADATA, Target, read_lesson, sources, targets
from tools.notebooks.rules import LessonError


def seal(notebook: NotebookNode) -> str:
    """Return a digest of a notebook's cells, outputs included, to notice edits by hand."""
    text = json.dumps(notebook.cells, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write(target: Target) -> None:
    """Write a notebook so that no reader ever sees half of it."""
    # Joined and split again, as the file will be read: the seal must not depend on the form.
    notebook = nbformat.reads(nbformat.writes(target.notebook), as_version=4)
    notebook.metadata["first_call"] = target.marks | {"seal": seal(notebook)}
    write_whole(target.path, nbformat.writes(notebook) + "\n", mode=0o644)


def difference(target: Target) -> str | None:
    """Return how the committed notebook differs from its lesson, or None when it does not."""
    name = target.path.relative_to(lesson.ROOT)
    if not target.path.exists():
        return f"{name} is missing"
    committed = nbformat.read(target.path, as_version=4)
    marks = committed.metadata.get("first_call", {})
    if marks.get("seal") != seal(committed):
        return f"{name} was changed after it was built"
    if marks != target.marks | {"seal": marks["seal"]}:
        return f"{name} names another language"
    kept = {key: value for key, value in committed.metadata.items() if key != "first_call"}
    if kept != METADATA:
        return f"{name} has other notebook metadata"
    if len(committed.cells) != len(target.notebook.cells):
        return f"{name} has {len(committed.cells)} cells, not {len(target.notebook.cells)}"
    for number, (old, new) in enumerate(zip(committed.cells, target.notebook.cells, strict=True)):
        for part in ("cell_type", "id", "metadata", "source"):
            if old.get(part) != new.get(part):
                return f"{name}, cell {number + 1}: the {part} differs from the lesson"
        executed = old.cell_type == "code" and old.execution_count is not None
        if target.kind == "recall":
            if executed or old.get("outputs"):
                return f"{name}, cell {number + 1}: has an output"
        elif new.cell_type == "code" and not executed and new.source.strip():
            return f"{name}, cell {number + 1}: not executed"
    return None


def strays(built: list[Path]) -> list[Path]:
    """Return the notebooks that no lesson gives."""
    found = [p for p in lesson.NOTEBOOKS.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts]
    return sorted(set(found) - set(built))


def check(paths: list[Path]) -> list[str]:
    """Return every difference between lessons and committed notebooks, in plain words."""
    problems: list[str] = []
    books: dict[Path, list[NotebookNode]] = {}
    for path in paths:
        try:
            wanted = list(targets(path, read_lesson(path)))
        except LessonError as error:
            problems.append(f"{path.name}: {error}")
            continue
        books |= {target.path: target.notebook.cells for target in wanted}
        problems += filter(None, map(difference, wanted))
    if paths == sources([]):
        problems += [f"{p.relative_to(lesson.ROOT)} has no lesson" for p in strays(list(books))]
        problems += course.broken_links(books)
        problems += filter(None, [exercise_index.index_difference()])
    return problems
