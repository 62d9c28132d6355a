"""`python -m tools.troubleshooting`: write docs/TROUBLESHOOTING.md from the doctor and the errors.

Every line of the doctor that is not in order, and every error that `explain()` knows, with its
fix; the sentences are those that learners see, so the page cannot say anything else. `--check`
writes nothing and says whether the pages are up to date; a test does that.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import os
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from practice.process.language import CHINESE, ENGLISH, marked
from practice.process.language import gettext as _

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    ENGLISH: ROOT / "docs" / "TROUBLESHOOTING.md",
    CHINESE: ROOT / "docs" / "TROUBLESHOOTING.zh-CN.md",
}
STATES = {"FIX": marked("has to be fixed"), "look": marked("deserves a look")}
ITS_LINE = marked("What its line says.")
ERRORS = ROOT / "helpers" / "errors.toml"


def page() -> str:
    """Return the page in the language in force."""
    head = _(
        "Something does not work? Run `python3 kit.py doctor` in a terminal, or `health_check()`"
        " in a notebook: both say what is wrong on your computer, and its one fix. This page lists"
        " all that they can say, and all that `explain(error)` says of an error. What stands in"
        " braces is filled in."
    )
    other = _("[中文](TROUBLESHOOTING.zh-CN.md)")
    other = _("[中文](TROUBLESHOOTING.zh-CN.md)")
    says, do, happened = _("what it says"), _("what to do"), _("what happened")
    lines = ["# " + _("Troubleshooting"), "", other, "", head, ""]
    lines += ["## " + _("What the doctor says"), "", f"| | {says} | {do} |", "|---|---|---|"]
    lines += sorted(
        f"| {_(name)} | {_cell(text)} ({_(STATES[state])}) | {_cell(fix)} |"
        for state, name, text, fix in dict.fromkeys(findings())
    )
    lines += ["", "## " + _("What an error means"), "", f"| {happened} | {do} |", "|---|---|"]
    errors = tomllib.loads(ERRORS.read_text("utf-8"))["error"]
    lines += [f"| {_cell(one['what'])} | {_cell(one['do'])} |" for one in errors]
    return "\n".join(lines) + "\n"


def findings() -> Iterator[tuple[str, str, str, str]]:
    """Yield state, name, text and fix of each check of the doctor that is not in order.

    Read from its code. A text that is another's, such as an error's, is not there to be read.
    """
    for file in sorted((ROOT / "doctor").glob("*.py")):
        tree = ast.parse(file.read_text("utf-8"))
        for function in ast.walk(tree):
            if isinstance(function, ast.FunctionDef):
                for call in ast.walk(function):
                    if isinstance(call, ast.Call) and ast.unparse(call.func) == "Check":
                        words = [_words(part, function, file.stem) for part in call.args]
                        if len(words) == 4 and words[0] in STATES and words[1] and words[2]:
                            yield words[0] or "", words[1], words[2], words[3] or ITS_LINE


def main(arguments: list[str] | None = None) -> int:
    """Write or check the pages; return 1 where one is not up to date."""
    parser = argparse.ArgumentParser(prog="python -m tools.troubleshooting")
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args(arguments).check
    before = os.environ.get("KIT_LANG")
    old = []
    try:
        for language, file in PAGES.items():
            os.environ["KIT_LANG"] = language
            text = page()
            if not file.exists() or file.read_text("utf-8") != text:
                old.append(file.name)
                if not check:
                    file.write_text(text, "utf-8")
    finally:
        os.environ.pop("KIT_LANG")
        if before is not None:
            os.environ["KIT_LANG"] = before
    if check and old:
        print(f"{', '.join(old)}: not up to date; run: python -m tools.troubleshooting")
    return 1 if check and old else 0


def _words(node: ast.expr, function: ast.FunctionDef, module: str) -> str | None:
    """The English text that an expression of the doctor's code stands for, or None."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr == "format":
            return _words(node.func.value, function, module)
        if ast.unparse(node.func) in ("_", "marked"):
            return _words(node.args[0], function, module)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        halves = [_words(half, function, module) for half in (node.left, node.right)]
        return "".join(half for half in halves if half) if all(halves) else None
    if isinstance(node, ast.Name | ast.Attribute):
        return _assigned(node, function, module)
    return None


def _assigned(node: ast.Name | ast.Attribute, function: ast.FunctionDef, module: str) -> str | None:
    """What a name was last given before its use in the function, or a constant of its module."""
    name = ast.unparse(node)
    earlier = [
        value
        for one in ast.walk(function)
        if isinstance(one, ast.Assign) and one.lineno < node.lineno
        for target, value in _pairs(one)
        if target == name
    ]
    if earlier:
        return _words(max(earlier, key=lambda value: value.lineno), function, module)
    found: object = importlib.import_module(f"doctor.{module}")
    for part in name.split("."):
        found = getattr(found, part, None)
    return found if isinstance(found, str) else None


def _pairs(one: ast.Assign) -> list[tuple[str, ast.expr]]:
    """The names and values of an assignment, also of `a, b = 1, 2`."""
    target, value = one.targets[0], one.value
    if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple):
        return [(ast.unparse(t), v) for t, v in zip(target.elts, value.elts, strict=True)]
    return [(ast.unparse(target), value)]


def _cell(text: str) -> str:
    """A text as a cell of a table, in the language in force."""
    plain = re.sub(r"\{(\w+):[^}]*\}", r"{\1}", _(text))  # {free:.0f} is {free}
    return re.sub(r"\s*\n\s*", " ", plain).replace("|", "\\|")


if __name__ == "__main__":
    sys.exit(main())
