"""Chinese words in a chart: a font of this computer draws them, or a sentence says how to get one."""

from __future__ import annotations

import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import pytest
from matplotlib import font_manager
from matplotlib.text import Text

from helpers import show_figure
from helpers.views import fonts

matplotlib.use("Agg")


def chart(*names: str) -> Any:
    figure, axes = plt.subplots()
    axes.bar(names, range(1, len(names) + 1))
    axes.set_title("Totals")
    return figure


def test_the_first_font_that_is_here_draws_chinese_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    # A font that every matplotlib brings along stands for one with Chinese.
    monkeypatch.setattr(fonts, "_families", lambda: ("No such font", "DejaVu Serif"))
    figure = chart("小满茶馆", "Alma")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with fonts.chinese_words(figure) as missing:
            families = {one.get_text(): one.get_fontfamily() for one in figure.findobj(Text)}
    plt.close(figure)
    assert missing == ""
    assert families["小满茶馆"][-1] == "DejaVu Serif"
    assert "DejaVu Serif" not in families["Alma"] + families["Totals"]


def test_without_a_font_one_sentence_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fonts, "_families", lambda: ("No such font",))
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib would warn of each character
        show_figure(chart("小满茶馆", "南锣书店"), alt="Two bars")
        said = " ".join(capsys.readouterr().out.split())
        show_figure(chart("Alma", "Bon"), alt="Two bars")
    assert said.count("no font with Chinese characters") == 1
    assert "install one, such as Noto Sans CJK" in said
    assert capsys.readouterr().out == "[Two bars]\n"
    monkeypatch.setenv("KIT_LANG", "zh-CN")
    show_figure(chart("小满茶馆"), alt="一根柱子")
    assert "这台电脑没有中文字体" in capsys.readouterr().out


def test_a_font_that_was_installed_since_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """matplotlib itself goes on with the list of fonts that it once made."""
    known = SimpleNamespace(ttflist=[SimpleNamespace(name="Old", fname="old.ttf")], tried=[])

    def add(path: str) -> None:
        known.tried.append(path)
        if path == "broken.ttf":
            raise RuntimeError("no font")
        known.ttflist.append(SimpleNamespace(name="SimHei", fname=path))

    known.addfont = add
    monkeypatch.setattr(font_manager, "fontManager", known)
    monkeypatch.setattr(
        font_manager, "findSystemFonts", lambda: ["old.ttf", "broken.ttf", "simhei.ttf"]
    )
    assert fonts._family() == "SimHei"
    assert known.tried == ["broken.ttf", "simhei.ttf"]


def test_the_list_has_fonts_of_each_system() -> None:
    assert {"Microsoft YaHei", "Hiragino Sans GB", "Noto Sans CJK SC"} <= set(fonts._families())
