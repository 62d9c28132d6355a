"""A code cell in two languages: the same program, other words.

Both must have the same syntax tree but for the text of strings; comments and the layout of lines
are free. What stands between the braces of an f-string is code, and so is its format. A string may
change its words, but a name that the program goes by must stay.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from IPython.core import inputtransformer2
from nbformat import NotebookNode

from tools.notebooks.rules import END, SOLUTION, STUB, LessonError, name_of, solved, stubbed

# Strings that the API or the SDK goes by. Translated, a request would be another one.
WIRE = set(
    "role content type text name arguments parameters properties required function functions tool "
    "tools tool_calls tool_call_id object string number integer boolean array items enum url "
    "image_url detail low high auto none stop length model message messages choices usage system "
    "user assistant developer json json_object json_schema schema strict error code param status "
    "title description utf-8".split()
)


def check_code_pair(english: NotebookNode, chinese: NotebookNode) -> None:
    """Raise LessonError unless the two cells differ in words alone."""
    where = f"{name_of(chinese)} differs from its English cell"
    if english.source.strip() == chinese.source.strip():
        raise LessonError(f"{name_of(chinese)}: both languages have the same code: write it once.")
    if _markers(english) != _markers(chinese):
        raise LessonError(f"{where}: `{SOLUTION}`, `{STUB}` and `{END}` must stand in both.")
    for part in (solved, stubbed):
        trees, files = [], []
        for cell in (english, chinese):
            written, source = _file(part(cell.source))
            files.append(written)
            if python(source).strip() != source.strip():
                raise LessonError(f"{name_of(cell)}: a magic cannot stand in a pair.")
            trees.append(_Spoken().visit(parsed(cell, source)))
        if files[0] != files[1]:
            raise LessonError(f"{where}: it writes another file.")
        for problem in _differences(*trees):
            raise LessonError(f"{where} in more than words: {problem}.")


def _file(source: str) -> tuple[str, str]:
    """Split a cell that writes a program into the line that names the file, and the program.

    A cell of any other kind has no such line: "".
    """
    line, _, program = source.partition("\n")
    return (line, program) if re.fullmatch(r"%%writefile [\w-]+\.py", line) else ("", source)


class _Spoken(ast.NodeTransformer):
    """What is printed is words, also where it happens to be a name of the API."""

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == "print":
            node.args = [
                ast.JoinedStr([part]) if _is_text(part) else part  # as an f-string without fields
                for part in node.args
            ]
        return self.generic_visit(node)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def python(source: str) -> str:
    """Return the source of a cell with its magics written as Python."""
    manager: Any = inputtransformer2.TransformerManager
    return str(manager().transform_cell(source))


def parsed(cell: NotebookNode, source: str) -> ast.Module:
    """Return the syntax tree of a part of a cell. Raises LessonError."""
    try:
        return ast.parse(python(source))
    except SyntaxError as error:
        raise LessonError(f"{name_of(cell)}: it is not Python: {error.msg}.") from None


def _markers(cell: NotebookNode) -> list[str]:
    return [line.strip() for line in cell.source.splitlines() if line.strip() in (SOLUTION, STUB)]


def _differences(one: object, other: object) -> Iterator[str]:
    """Yield, in plain words, where two trees differ in more than the text of strings."""
    match one, other:
        case ast.Constant(value=str(before)), ast.Constant(value=str(after)):
            if before != after and (before in WIRE or not _may_become(before, after)):
                yield f"the string {before!r} became {after!r}"
        case ast.FormattedValue(), ast.FormattedValue():
            # How a value is written is code, although the tree keeps it as text.
            yield from _differences(one.value, other.value)
            if one.conversion != other.conversion:
                yield f"{_shown(one)} became {_shown(other)}"
            elif _exactly(one.format_spec) != _exactly(other.format_spec):
                yield f"the format of {_shown(one)} became {_shown(other)}"
        case ast.JoinedStr(), ast.JoinedStr():
            fields = [
                [part for part in text.values if not isinstance(part, ast.Constant)]
                for text in (one, other)
            ]
            yield from _differences(*fields)
            words = [
                "".join(str(part.value) for part in text.values if isinstance(part, ast.Constant))
                for text in (one, other)
            ]
            if not _may_become(*words):
                yield f"the text {words[0]!r} became {words[1]!r}"
        case ast.AST(), ast.AST():
            if type(one) is not type(other):
                yield f"{_shown(one)} became {_shown(other)}"
                return
            for field in one._fields:
                of_one, of_other = getattr(one, field, None), getattr(other, field, None)
                if isinstance(of_one, (ast.AST, list)):
                    yield from _differences(of_one, of_other)
                elif repr(of_one) != repr(of_other):  # 1, 1.0 and True: equal, but not the same
                    yield f"{_shown(one)} became {_shown(other)}"
        case list(), list():
            if len(one) != len(other):
                yield f"it has {len(other)} parts where there were {len(one)}: {_first(one, other)}"
            for parts in zip(one, other, strict=False):
                yield from _differences(*parts)
        case _:
            if repr(one) != repr(other):
                yield f"{_shown(one)} became {_shown(other)}"


def _may_become(before: str, after: str) -> bool:
    """Tell whether a string may have this text in the other language.

    A text whose letters are all ASCII is still English, or a name: it must be as it was, unless
    it is the path of a file, which has its own in each language.
    """
    if before == after or (_FILE.fullmatch(before) and _FILE.fullmatch(after)):
        return True
    if sorted(_FIELD.findall(before)) != sorted(_FIELD.findall(after)):
        return False
    return not after.isascii() or not re.search(r"[A-Za-z0-9]", before + after)


_FILE = re.compile(r"[\w./-]+(?:/|\.(?:png|jpe?g|webp|svg|csv|json|txt|md|py))[\w./-]*")
_FIELD = re.compile(r"{\w*}")  # of str.format


def _exactly(node: ast.AST | None) -> str:
    return ast.dump(node) if node is not None else ""


def _first(one: list[Any], other: list[Any]) -> str:
    """Return the first part that one of the two has and the other has not."""
    longer = max(one, other, key=len)
    return _shown(longer[min(len(one), len(other))])


def _shown(node: object) -> str:
    """Return a piece of a tree as code, short enough for a sentence."""
    if isinstance(node, ast.AST):
        code = ast.unparse(node).splitlines()
        return f"`{code[0][:60] if code else type(node).__name__}`"
    return f"`{node}`" if node is not None else "nothing"
