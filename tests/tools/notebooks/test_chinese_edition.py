"""A lesson in two languages, from its source to the notebooks that the test command runs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from tiny_lesson import LESSON, project, with_chinese

from conftest import ROOT
from helpers.exercises import record
from tools.notebooks import __main__ as build
from tools.notebooks import compare
from tools.notebooks import lesson as lessons

SAID = {"en": 'print("language:", os.environ["KIT_LANG"])', "zh": 'print("语言：", os.environ["KIT_LANG"])'}
CHECK = 'print("✓ sum" if total == 2 else "✗ sum")'


def lesson() -> str:
    """The tiny lesson with words in its code."""
    text = with_chinese(LESSON)
    pair = "\n\n".join(
        f'# %% lang="{lang}" tags=["nbval-check-output"]\n{code}' for lang, code in SAID.items()
    )
    text = text.replace('# %%\nprint("not in the solutions")', pair)
    checks = f'# %% lang="en" tags=["check"]\n{CHECK}\n\n# %% lang="zh" tags=["check"]\n{CHECK}'
    checks = checks.replace("sum", "和").replace("和", "sum", 2)
    before, exercise, after = text.partition('# %% tags=["exercise"]\n')
    solution, _, rest = after.partition(f'# %% tags=["check"]\n{CHECK}')
    english = f'# %% lang="en" tags=["exercise"]\n{solution}'
    chinese = english.replace('"en"', '"zh"').replace("Your turn.", "轮到你了。")
    return before + english + chinese.replace("the sum", "和") + checks + rest


@pytest.fixture(scope="module")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with that lesson, built."""
    with pytest.MonkeyPatch.context() as patch:
        root = project(tmp_path_factory.mktemp("two"), patch)
        (root / "lessons" / "00_tiny.py").write_text(lesson(), encoding="utf-8")
        assert build.main([]) == 0
        assert compare.check(lessons.sources([])) == []
        chinese = root / "notebooks" / "zh-CN" / "00_tiny.ipynb"
        whole = chinese.read_text("utf-8")
        chinese.write_text(whole.replace('"lang": "zh-CN"', '"lang": "en"'), "utf-8")
        assert "00_tiny.ipynb names another language" in compare.check(lessons.sources([]))[0]
        chinese.write_text(whole, encoding="utf-8")
    return root


def test_each_notebook_speaks_its_language(kit: Path) -> None:
    for folder, lang, words in (("", "en", "language:"), ("zh-CN/", "zh-CN", "语言：")):
        for kind in ("", "solutions/", "recall/"):
            book = nbformat.read(kit / "notebooks" / folder / kind / "00_tiny.ipynb", as_version=4)
            assert book.metadata["first_call"]["lang"] == lang
            text = "\n".join(cell.source for cell in book.cells)
            assert ("轮到你了。" in text) == (lang == "zh-CN")
            assert ("Your turn." in text) == (lang == "en")
            if not kind:
                [cell] = [cell for cell in book.cells if "KIT_LANG" in cell.source]
                assert cell.outputs[0].text == f"{words} {lang}\n"


def test_an_exercise_is_known_in_both_languages(kit: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [row] = json.loads((kit / "helpers" / "exercises" / "exercises.json").read_text("utf-8"))
    assert row["zh"] == {"title": "小课"}
    [exercise] = row["exercises"]
    assert exercise["checks"] == ["sum"]
    assert exercise["zh"]["checks"] == ["和"]
    assert exercise["zh"]["cell"] == record.digest(CHECK.replace("sum", "和"))
    monkeypatch.setattr(record, "lessons", lambda: [row])
    known = record.exercises.__wrapped__()
    assert {one.number for one in known.values()} == {1}
    assert known[exercise["zh"]["cell"]].checks == ("和",)


def nbval(kit: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the notebooks as `kit.py test` does, with the conftest of this project."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "conftest", "--nbval-current-env"]
    command += ["-p", "no:cacheprovider", "--ignore=notebooks/recall", *options]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "KIT_LANG": "somebody's"}
    return subprocess.run(
        [*command, "--ignore=notebooks/zh-CN/recall", "notebooks"],
        cwd=kit,
        env=environment,
        capture_output=True,
        text=True,
        timeout=200,
    )


def test_the_test_command_runs_each_notebook_in_its_language(kit: Path) -> None:
    done = nbval(kit, "--nbval-lax")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "14 passed" in done.stdout
    chinese = kit / "notebooks" / "zh-CN" / "00_tiny.ipynb"
    good = chinese.read_text("utf-8")
    chinese.write_text(good.replace("语言： zh-CN", "语言： en"), encoding="utf-8")
    broken = nbval(kit, "--nbval-lax")
    chinese.write_text(good, encoding="utf-8")
    assert broken.returncode == 1
    assert "notebooks/zh-CN/00_tiny.ipynb" in broken.stdout
