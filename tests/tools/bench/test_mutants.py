"""`bench mutants`: the changes that it makes, and that it tells which of them a test notices."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools.bench import mutants


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("a < b", "a <= b"),
        ("a == b", "a != b"),
        ("a in b", "a not in b"),
        ("a and b", "a or b"),
        ("a + b", "a - b"),
        ("7", "8"),
        ("True", "False"),
        ("x if a else y", "x if not a else y"),
    ],
)
def test_an_expression_is_changed(good: str, bad: str) -> None:
    node = ast.parse(good, mode="eval").body
    assert mutants.changed(node)
    assert ast.unparse(node) == bad


@pytest.mark.parametrize(
    ("good", "bad"),
    [
        ("if a:\n    b()", "if not a:\n    b()"),
        ("raise Problem('x') from error", "raise RuntimeError"),
    ],
)
def test_a_statement_is_changed(good: str, bad: str) -> None:
    node = ast.parse(good).body[0]
    assert mutants.changed(node)
    assert ast.unparse(node) == bad


@pytest.mark.parametrize("code", ["'a text'", "name", "call(a)", "None"])
def test_what_has_no_opposite_stays(code: str) -> None:
    assert not mutants.changed(ast.parse(code, mode="eval").body)


@pytest.fixture
def kit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kit of one function, of which one of two edges is tested."""
    root = tmp_path / "kit"
    (root / "tests").mkdir(parents=True)
    (root / "code.py").write_text("def is_small(n):\n    return n < 7\n")
    (root / "tests" / "test_it.py").write_text(
        "from pathlib import Path\n"
        "known = {}\nexec(Path('code.py').read_text(), known)\n"
        "def test_it():\n    assert known['is_small'](5)\n    assert not known['is_small'](9)\n"
    )
    monkeypatch.setattr(mutants, "ROOT", root)
    monkeypatch.setattr(mutants, "PARTS", {"code": ("code.py", ["test_it.py"])})
    return root


def test_survivors_are_named(kit: Path, capsys: pytest.CaptureFixture[str]) -> None:
    [figure] = mutants.figures(10)
    assert (figure.what, figure.value) == ("code: noticed of 3 in 3 changes", 1)
    said = capsys.readouterr().out.splitlines()
    assert sorted(line.partition(": ")[2] for line in said) == [
        "code.py:2: 7 -> 8",
        "code.py:2: n < 7 -> n <= 7",
    ]
    assert (kit / "code.py").read_text() == "def is_small(n):\n    return n < 7\n"


def test_tests_that_fail_anyway_say_nothing(kit: Path) -> None:
    (kit / "tests" / "test_it.py").write_text("def test_it():\n    raise AssertionError\n")
    with pytest.raises(SystemExit, match="The tests of code fail without any change"):
        list(mutants.figures(1))
