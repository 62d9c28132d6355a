"""A font for the Chinese words of a chart: the one that matplotlib brings has none of them."""

import unicodedata
import warnings
from typing import Any

FONTS = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "SimHei",
    "Heiti TC",
    "Noto Sans CJK JP",  # what matplotlib calls the file that holds all of Noto Sans CJK
    "Arial Unicode MS",
)
"""Fonts with simplified Chinese that Windows, macOS and Linux come with; the best one first."""

MISSING = r"Glyph \d+ .* missing from"
"""How matplotlib's warning of a letter without a font begins."""


def use_chinese_font(figure: Any) -> bool:
    """Give the Chinese words of a matplotlib figure a font of this computer that has them.

    False when there are such words and no such font: they are drawn as boxes then.
    """
    from matplotlib.text import Text

    with warnings.catch_warnings():
        # The words of an axis are not there before it is drawn, still in the font without Chinese.
        warnings.filterwarnings("ignore", MISSING)
        figure.draw_without_rendering()
        chinese = [text for text in figure.findobj(Text) if _is_chinese(text.get_text())]
    if not chinese:
        return True
    font = _installed()
    for text in chinese if font else ():
        # Only the letters that the first font lacks come from the second.
        text.set_fontfamily([*text.get_fontfamily(), font])
    return font is not None


def _is_chinese(words: str) -> bool:
    return any(unicodedata.east_asian_width(letter) == "W" for letter in words)


def _installed() -> str | None:
    """Return the first of the fonts that this computer has, also one installed a moment ago."""
    from matplotlib import font_manager

    known = font_manager.fontManager
    if not (font := _first(known)):
        seen = {entry.fname for entry in known.ttflist}
        for path in set(font_manager.findSystemFonts()) - seen:
            try:
                known.addfont(path)
            except (OSError, RuntimeError, ValueError):  # a file that is no font for matplotlib
                continue
        font = _first(known)
    return font


def _first(known: Any) -> str | None:
    names = {entry.name for entry in known.ttflist}
    return next((font for font in FONTS if font in names), None)
