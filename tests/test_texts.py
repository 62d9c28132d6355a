"""Whatever a learner may see is marked for the catalog: no sentence stands bare in the code.

A rule reads the syntax tree. A text is a *sentence* where two plain words follow each other, HTML
and styles apart. It may stand in ``_()``, ``ngettext()`` or ``marked()``, or in a docstring, and
elsewhere where only programs see it: SQL, a word that is compared, a choice of ``Literal[…]``.
What is printed, raised or written on a button is marked even where it is one word.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from conftest import ROOT
from tools import catalog

PACKAGES = ("helpers",)
"""Whose texts follow the language."""

PROGRAMS = {
    "helpers/trials/surroundings.py": "import os, sys;",
    "helpers/widgets/explorer_box.py": "<script>(() => {",
    "helpers/views/fonts.py": r"Glyph \d+ .* missing",
    "helpers/widgets/chat_box.py": "1px solid var(",
}
"""Files with a text for a program that looks like a sentence, and how it begins."""

MARKS = {"_", "ngettext", "marked"}
LABELS = {"description", "tooltip", "placeholder"}
"""Parameters of widgets that are shown."""

SENTENCE = re.compile(r"(?<![0-9A-Za-z])[A-Za-z]{2,}[,:;]? [a-z]{2,}")
STYLE = re.compile(r"<[^>]*>?|[\w-]+(?:: [^;\"<>]*;?|=\"[^\"]*\"?)|^[^<>]*>")
SQL = re.compile(r"(CREATE|INSERT|SELECT|DELETE|PRAGMA|BEGIN)\b")


def bare(source: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the text of each sentence that is not marked."""
    tree = ast.parse(source)
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}
    texts = [n for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    choices = {text.value for text in texts if _is_for_programs(text, above)}
    for text in texts:
        words = str(text.value)
        if text.value in choices or SQL.match(words) or _is_marked(text, above):
            continue
        shown = _is_shown(text, above) and re.search(r"[A-Za-z]{2,}", STYLE.sub("", words))
        if shown or SENTENCE.search(STYLE.sub("", words)):
            yield text.lineno, words


def _over(text: ast.AST, above: dict[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while text in above:
        text = above[text]
        yield text


def _is_marked(text: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    if isinstance(above.get(text), ast.Expr):  # a docstring
        return True
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS
        for node in _over(text, above)
    )


def _is_for_programs(text: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    """Compared, looked up, tested for at an end, or a choice of a Literal."""
    for node in _over(text, above):
        if isinstance(node, ast.Compare | ast.Subscript):
            return True
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            return name in ("startswith", "endswith", "get", "getattr", "pop", "setdefault")
        if isinstance(node, ast.stmt):
            return False
    return False


def _is_shown(text: ast.AST, above: dict[ast.AST, ast.AST]) -> bool:
    """The text itself is printed, raised, or a label of a widget: not deeper in a call."""
    at = text
    for node in _over(text, above):
        if isinstance(node, ast.keyword):
            return node.arg in LABELS
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", "")
            return at in node.args and (name == "print" or name.endswith(("Error", "Failed")))
        if isinstance(node, ast.stmt):
            return False
        at = node
    return False


@pytest.mark.parametrize("package", PACKAGES)
def test_no_sentence_stands_bare(package: str) -> None:
    found = []
    for file in sorted((ROOT / package).rglob("*.py")):
        name = file.relative_to(ROOT).as_posix()
        for line, text in bare(file.read_text("utf-8")):
            if not text.startswith(PROGRAMS.get(name, "\0")):
                found.append(f"{name}:{line}: {text!r}")
    assert found == []


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_marked_is_in_the_catalog(package: str) -> None:
    """An f-string, or a choice between two texts inside the mark, is not: Babel reads no such."""
    known = {
        text
        for message in catalog.texts()
        for text in ([message.id] if isinstance(message.id, str) else message.id)
    }
    found = []
    for file in sorted((ROOT / package).rglob("*.py")):
        for text in marked_texts(file):
            if text not in known:
                found.append(f"{_name(file)}: {text!r}")
    assert found == []


def marked_texts(file: Path) -> Iterator[str]:
    """Yield the first argument of each mark; the parts of an f-string one by one."""
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MARKS and node.args:
            first = node.args[0]
            if isinstance(first, ast.Subscript | ast.Name | ast.Attribute):
                continue  # a text of a table, which is marked there
            inside = (n for n in ast.walk(first) if isinstance(n, ast.Constant))
            yield from (str(n.value) for n in inside)


def _name(file: Path) -> str:
    return file.relative_to(ROOT).as_posix()


@pytest.mark.parametrize(
    "line",
    [
        'print("No key was found.")',
        'print(f"{n} calls were made.")',
        'print("Done")',
        'raise FirstCallError("It failed.", fix)',
        'raise FirstCallError(_("It failed."), "Run it again.")',
        'button = Button(description="Send")',
        'title = f"<b>{_(name)}</b> the next one"',
        'HEADS = ("last day", "first day")',
        "said = one if two else 'nothing was said'",
    ],
)
def test_a_bare_sentence_is_found(line: str) -> None:
    assert list(bare(line))


@pytest.mark.parametrize(
    "line",
    [
        '"""A sentence of a docstring."""',
        'print(_("No key was found."))',
        'print(_("{n} calls were made.").format(n=n))',
        'raise FirstCallError(_("It failed."), _("Run it again."))',
        'ngettext("{n} call was made", "{n} calls were made", n)',
        'if mode == "own key": mode = "own key"',
        'file.execute("SELECT name FROM passed")',
        "box = f'<div style=\"border: 1px solid gray; margin: auto\">{text}</div>'",
        'print(f"{name}: {value}")',
    ],
)
def test_what_is_marked_or_for_programs_is_fine(line: str) -> None:
    assert list(bare(line)) == []


def test_a_mark_that_babel_cannot_read_is_found(tmp_path: Path) -> None:
    file = tmp_path / "made.py"
    file.write_text('_(f"so {n} many")\n_("one" if n else "two")\n_(rule["what"])\n', "utf-8")
    assert set(marked_texts(file)) == {"so ", " many", "one", "two"}
