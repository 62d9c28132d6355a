"""What serves the tests and stands in a learner's way: lessons say it with a helper instead.

Pure rules on the code of a cell.
"""

from __future__ import annotations

import ast

from nbformat import NotebookNode

from tools.notebooks.pairs import parsed
from tools.notebooks.rules import LessonError, check_questions, name_of, solved, stubbed, tags_of


def check_scaffolding(cells: list[NotebookNode]) -> None:
    """Raise LessonError where a lesson shows scaffolding, or lacks its folded questions."""
    check_questions(cells)
    for cell in cells:
        if cell.cell_type == "code":
            for source in (solved(cell.source), stubbed(cell.source)):
                for node in ast.walk(parsed(cell, source)):
                    if advice := _advice(node, in_check="check" in tags_of(cell)):
                        raise LessonError(f"{name_of(cell)}: {advice}.")


def _advice(node: ast.AST, *, in_check: bool) -> str:
    """Return what to write instead of this piece of code, or "" when it may stand."""
    match node:
        case ast.Assert():
            return "print the fact instead of a bare assert"
        case ast.Raise(exc=ast.Call(func=ast.Name("AssertionError")) | ast.Name("AssertionError")):
            return "write `with expect_error(…)` instead of raising AssertionError"
        case ast.Attribute(value=ast.Name("patch")) | ast.alias(name="patch"):
            return "write `with as_if(…)` instead of `patch`"
        case ast.Name("subprocess") | ast.alias(name="subprocess") | ast.ImportFrom("subprocess"):
            return "start no process in a lesson; use a helper such as `as_if`"
        case ast.ClassDef(bases=bases) if any(_is_server(base) for base in bases):
            return "write `with serve_folder(…)` instead of a server class"
        case ast.Lambda() if in_check:
            return "a check takes no lambda"
    return ""


def _is_server(base: ast.expr) -> bool:
    name = base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "")
    return name.endswith(("HTTPServer", "Handler"))
