"""The outputs of a committed notebook, kept while its text is written anew."""

from __future__ import annotations

import nbformat

from tools.notebooks import lesson
from tools.notebooks.lesson import Target
from tools.notebooks.rules import LessonError


def keep_outputs(target: Target) -> None:
    """Give a target the outputs that its committed notebook has: nothing is run.

    Raises LessonError where there is none, or where a code cell is not the one that was run.
    """
    name = target.path.relative_to(lesson.NOTEBOOKS)
    if not target.path.exists():
        raise LessonError(f"{name} is not there yet. Build it without --text.")
    committed = nbformat.read(target.path, as_version=4)
    old = [cell for cell in committed.cells if cell.cell_type == "code"]
    new = [cell for cell in target.notebook.cells if cell.cell_type == "code"]
    if [cell.source for cell in old] != [cell.source for cell in new]:
        raise LessonError(f"The code of {name} is another now. Build it without --text.")
    for ran, cell in zip(old, new, strict=True):
        cell.outputs, cell.execution_count = ran.outputs, ran.execution_count
