"""The language that the kit speaks: KIT_LANG, else the notebook's, else the system's."""

from __future__ import annotations

from pathlib import Path

import pytest

from practice.process import language

SYSTEM = ("KIT_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@pytest.fixture(autouse=True)
def _nothing_said(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SYSTEM:
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("wish", ["zh-CN", "zh", "zh_CN.UTF-8", "zh-Hans", "ZH-cn "])
def test_kit_lang_comes_first(monkeypatch: pytest.MonkeyPatch, wish: str) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("KIT_LANG", wish)
    assert language.in_force() == "zh-CN"


def test_then_the_notebook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chinese = tmp_path / "notebooks" / "zh-CN" / "solutions"
    chinese.mkdir(parents=True)
    monkeypatch.chdir(chinese)
    assert language.in_force() == "zh-CN"
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    monkeypatch.chdir(tmp_path / "notebooks")
    assert language.in_force() == "en"


@pytest.mark.parametrize(
    ("variable", "value", "expected"),
    [
        ("LANG", "zh_CN.UTF-8", "zh-CN"),
        ("LC_ALL", "zh_TW", "zh-CN"),
        ("LC_MESSAGES", "de_DE.UTF-8", "en"),
        ("LANG", "C.UTF-8", "en"),
    ],
)
def test_then_the_system(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, value: str, expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(language.locale, "getlocale", lambda: ("C", None))
    monkeypatch.setenv(variable, value)
    assert language.in_force() == expected


def test_windows_says_it_in_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        language.locale, "getlocale", lambda: ("Chinese (Simplified)_China", "cp936")
    )
    assert language.in_force() == "zh-CN"


def test_a_text_without_a_twin_is_shown_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIT_LANG", "zh-CN")
    assert language.gettext("No such text, {name}.") == "No such text, {name}."
    assert language.ngettext("{n} thing", "{n} things", 2) == "{n} things"
