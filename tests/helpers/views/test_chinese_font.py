"""Chinese words in a chart: a font that has them, or a line that says how to have one."""

from __future__ import annotations

import configparser
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib.font_manager as fonts
import matplotlib.pyplot as plt
import pytest

from helpers import show_figure
from helpers.views import chinese_font
from helpers.views.figure import NO_FONT

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What show_figure draws; a warning is an error, as in a notebook that is built."""
    found: list[str] = []
    monkeypatch.setattr("helpers.views.figure.show", lambda html, text: found.append(html))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield found


def chart(words: str) -> Any:
    figure, axes = plt.subplots()
    axes.barh([words], [3])
    return figure


def no_fonts(monkeypatch: pytest.MonkeyPatch, names: list[str], added: str = "") -> None:
    known = SimpleNamespace(ttflist=[SimpleNamespace(name=n, fname=n) for n in names])
    known.addfont = lambda path: known.ttflist.append(SimpleNamespace(name=added, fname=path))
    monkeypatch.setattr(fonts, "fontManager", known)
    monkeypatch.setattr(fonts, "findSystemFonts", lambda: ["new.ttf"])


def test_without_a_font_a_line_says_how_to_have_one(
    monkeypatch: pytest.MonkeyPatch, pages: list[str]
) -> None:
    monkeypatch.setattr(chinese_font, "_installed", lambda: None)
    show_figure(chart("绿叶菜店"), alt="One bar")
    assert NO_FONT in pages[0]
    show_figure(chart("Alma"), alt="One bar")
    assert "font" not in pages[1]
    rules = configparser.ConfigParser(interpolation=None)
    rules.read(ROOT / "tests" / "sanitize.cfg", encoding="utf-8")
    for rule in (rules[name] for name in rules.sections() if "chart" in name):
        pages[:] = [re.sub(rule["regex"], rule["replace"], page) for page in pages]
    assert pages[0] == pages[1]


def test_only_chinese_words_get_the_font(monkeypatch: pytest.MonkeyPatch, pages: list[str]) -> None:
    monkeypatch.setattr(chinese_font, "_installed", lambda: "SimHei")
    figure, axes = plt.subplots()
    english, chinese = axes.set_title("Alma"), axes.set_xlabel("元")
    assert chinese_font.use_chinese_font(figure)
    assert "SimHei" not in english.get_fontfamily()
    assert chinese.get_fontfamily()[-1] == "SimHei"
    plt.close(figure)


@pytest.mark.parametrize(
    ("names", "added", "chosen"),
    [
        (["DejaVu Sans", "SimHei", "Noto Sans CJK SC"], "", "Noto Sans CJK SC"),
        (["DejaVu Sans"], "PingFang SC", "PingFang SC"),
        (["DejaVu Sans"], "Arial", None),
    ],
    ids=["the best one", "one just installed", "none"],
)
def test_which_font(
    monkeypatch: pytest.MonkeyPatch, names: list[str], added: str, chosen: str | None
) -> None:
    no_fonts(monkeypatch, names, added)
    assert chinese_font._installed() == chosen
