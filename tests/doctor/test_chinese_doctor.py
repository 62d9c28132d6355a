"""The doctor and the check of a key in Chinese: aligned, and every name has its twin."""

from __future__ import annotations

import ast
import io
import sys

import pytest

import doctor as package
from conftest import ROOT
from doctor import abilities, key_check, report, table
from doctor.abilities import Found
from doctor.table import Check, as_text, to_fix
from practice.process.language import columns_of, gettext

PROPER = {".env", "Python", "git"}
"""Names of checks that are the same in every language."""


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIT_LANG", "zh-CN")


CHECKS = [
    Check("OK", "key", "甲"),
    Check("FIX", "practice model", "乙", "去做"),
    Check("look", "base URL", "丙"),
]


def test_a_chinese_character_takes_two_columns() -> None:
    assert columns_of("key 密钥，") == 4 + 4 + 2
    lines = as_text(CHECKS).splitlines()
    starts = {
        columns_of(line.partition(text)[0]) for line, text in zip(lines, "甲乙", strict=False)
    }
    starts.add(columns_of(lines[2].partition("-> ")[0]))
    starts.add(columns_of(lines[3].partition("丙")[0]))
    assert starts == {len("look  ") + columns_of("练习模型") + 2}
    assert lines[-1] == "有 1 项需要解决。"


def test_programs_read_the_names_in_english() -> None:
    assert to_fix(CHECKS) == ["practice model"]


def test_every_name_of_a_check_can_be_shown_in_chinese() -> None:
    used = {group.__name__.removesuffix("_checks") for group in report.GROUPS}
    for file in [*(ROOT / "doctor").glob("*.py"), ROOT / "tools" / "setup" / "early_doctor.py"]:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Check":
                name = node.args[1]
                used |= {name.value} if isinstance(name, ast.Constant) else set()
    assert len(used) > 15
    assert used - PROPER - {*table.NAMES} == set()
    assert [name for name in table.NAMES if gettext(name) == name] == ["key"]


def test_a_table_in_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    monkeypatch.setattr(report, "all_checks", lambda: iter(CHECKS))
    monkeypatch.setattr("helpers.views.table.show_table", lambda *all_: shown.extend(all_))
    assert package.health_check() == ["practice model"]
    title, heads, rows, text = shown
    assert title == "体检：有 1 项需要解决。"
    assert heads == ("检查", "状态", "检查结果", "怎么办")
    assert [row[0] for row in rows] == ["key", "练习模型", "接口地址"]  # type: ignore[attr-defined]
    assert text == as_text(CHECKS)


def test_the_doctor_on_a_gbk_console(monkeypatch: pytest.MonkeyPatch) -> None:
    console = io.TextIOWrapper(io.BytesIO(), "gbk")
    monkeypatch.setattr(sys, "stdout", console)
    monkeypatch.setattr(report, "all_checks", lambda: iter([Check("OK", "disk", "✓ 剩余")]))
    assert report.doctor() == 0
    console.flush()
    printed = console.buffer.getvalue().decode("gbk")  # type: ignore[attr-defined]
    assert printed.splitlines()[0] == "OK    磁盘  ? 剩余"


def test_what_a_key_can_do_is_aligned() -> None:
    lines = [
        Found("text", True, "甲"),
        Found("temperature", False, "乙"),
        Found("limit", None, "丙"),
    ]
    shown = key_check._as_text(lines).splitlines()
    assert len({columns_of(line[:-1]) for line in shown}) == 1
    assert shown[0].split() == ["文本", "是", "甲"]
    assert shown[2].split() == ["上限", "?", "丙"]


def test_the_fields_of_a_row_keep_their_names() -> None:
    found = abilities.Abilities()
    found.note("thinks first", True, "…")
    found.note("tools", False, "…")
    assert found.row == {"tools": False}
    assert key_check._as_text(found.lines).split() == ["先思考", "是", "…", "tools", "否", "…"]
