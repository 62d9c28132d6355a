"""Small harmful changes to the code, one at a time: which of them do the tests not notice?

Each is made in a copy of the kit, where the tests of that part run until the first one fails. A
change that every test passes is a survivor: a test is missing, or the code says too much. Which
changes are tried is drawn by a fixed seed, so that two runs compare.
"""

from __future__ import annotations

import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .figure import Figure

ROOT = Path(__file__).resolve().parents[2]
SEED = 1
SECONDS = 300
"""Tests that take longer than this hang, which is noticed too."""

# What is changed, and the tests that should notice: the quick ones first.
PARTS = {
    "wire": (
        "practice/wire/*.py",
        ["practice/wire", "practice/server/test_taken.py", "practice/server/test_service_errors.py"]
        + ["practice/server/test_service_responses.py", "practice/server/test_service.py"],
    ),
    "rules": (
        "practice/rules/*.py",
        ["practice/rules", "practice/server/test_taken.py"]
        + ["practice/server/test_service_errors.py", "practice/server/test_service_tools.py"],
    ),
    "helpers": ("helpers/*.py", ["helpers/test_calls.py", "helpers", "test_privacy.py"]),
}

OPPOSITE: dict[type[ast.AST], Any] = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt},
    **{ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is},
    **{ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And},
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Break: ast.Continue},
}


@dataclass(frozen=True)
class Mutant:
    """A change: where it is, what it is, and the file with it."""

    file: Path
    line: int
    what: str
    source: str


def changes_of(file: Path) -> Iterator[Mutant]:
    """Every small change to a file of the kit."""
    text = file.read_text("utf-8")
    count = sum(1 for _ in ast.walk(ast.parse(text)))
    for place in range(count):
        tree = ast.parse(text)
        node = next(node for at, node in enumerate(ast.walk(tree)) if at == place)
        line, before = getattr(node, "lineno", 0), ast.unparse(node)
        if changed(node):
            what = f"{before} -> {ast.unparse(node)}".replace("\n", " ")[:100]
            yield Mutant(file.relative_to(ROOT), line, what, ast.unparse(tree))


def changed(node: ast.AST) -> bool:
    """Change a node for the worse; False where there is nothing to change."""
    if isinstance(node, ast.Compare) and type(node.ops[0]) in OPPOSITE:
        node.ops[0] = OPPOSITE[type(node.ops[0])]()
    elif isinstance(node, (ast.BoolOp, ast.BinOp)) and type(node.op) in OPPOSITE:
        node.op = OPPOSITE[type(node.op)]()
    elif isinstance(node, (ast.If, ast.IfExp)):
        node.test = ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        node.value = not node.value
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        node.value += 1
    elif isinstance(node, ast.Return) and not isinstance(node.value, (ast.Constant, type(None))):
        node.value = ast.Constant(None)
    elif isinstance(node, ast.Raise):
        node.exc, node.cause = ast.Name("RuntimeError", ast.Load()), None
    else:
        return False
    return True


def is_noticed(copy: Path, mutant: Mutant, tests: list[str]) -> bool:
    """Whether a test fails in a copy of the kit that has the change."""
    file = copy / mutant.file
    good = file.read_text("utf-8")
    file.write_text(mutant.source, "utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    try:
        done = subprocess.run(
            command + [f"tests/{name}" for name in tests],
            cwd=copy,
            env=os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_text(good, "utf-8")
    return done.returncode != 0


def figures(count: int = 20, parts: list[str] | None = None) -> Iterator[Figure]:
    """Try so many changes of each part; print the survivors, and count what was noticed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "kit"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", ".venv", "__pycache__"))
        for part in parts or PARTS:
            pattern, tests = PARTS[part]
            first = sorted(ROOT.glob(pattern))[0]
            same = Mutant(first.relative_to(ROOT), 0, "nothing", first.read_text("utf-8"))
            if is_noticed(copy, same, tests):
                raise SystemExit(f"The tests of {part} fail without any change, or take too long.")
            found = [mutant for file in sorted(ROOT.glob(pattern)) for mutant in changes_of(file)]
            tried = random.Random(SEED).sample(found, min(count, len(found)))  # noqa: S311
            noticed = 0
            for mutant in tried:
                if is_noticed(copy, mutant, tests):
                    noticed += 1
                else:
                    print(f"  survived: {mutant.file}:{mutant.line}: {mutant.what}", flush=True)
            yield Figure(f"{part}: noticed of {len(tried)} in {len(found)} changes", noticed, "")
