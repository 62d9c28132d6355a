"""A font for the Chinese words of a chart: matplotlib's own has none."""

import contextlib
import tomllib
import warnings
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from practice.process.language import gettext as _
from practice.process.language import marked

from ..text.lines import columns

NO_FONT = marked(
    "This computer has no font with Chinese characters, so the chart has boxes in their place: "
    "install one, such as Noto Sans CJK (on Ubuntu: sudo apt install fonts-noto-cjk), "
    "and run the cell again."
)


@contextlib.contextmanager
def chinese_words(figure: Any) -> Iterator[str]:
    """Let the Chinese words of a matplotlib ``figure`` be drawn in the block.

    Gives an empty text, or one sentence that says how to get a font where there is none; then
    boxes stand for the characters, and matplotlib does not warn of each of them.
    """
    from matplotlib.text import Text

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", r"Glyph \d+ .* missing from", UserWarning)
        figure.draw_without_rendering()  # only then the marks of an axis have their words
        texts = [
            one for one in figure.findobj(Text) if columns(one.get_text()) > len(one.get_text())
        ]
        family = _family() if texts else None
        if texts and family is None:
            yield _(NO_FONT)
            return
    for text in texts:
        text.set_fontfamily([*text.get_fontfamily(), family])
    yield ""


def _family() -> str | None:
    """Return the first font of ``fonts.toml`` that is on this computer, or None."""
    from matplotlib import font_manager

    known = font_manager.fontManager
    if (found := _first(known)) is not None:
        return found
    # matplotlib keeps its list of fonts for ever: look for one that was installed since.
    listed = {font.fname for font in known.ttflist}
    for path in font_manager.findSystemFonts():
        if path not in listed:
            with contextlib.suppress(OSError, RuntimeError):
                known.addfont(path)
    return _first(known)


def _first(known: Any) -> str | None:
    names = {font.name for font in known.ttflist}
    return next((name for name in _families() if name in names), None)


@cache
def _families() -> tuple[str, ...]:
    table = tomllib.loads(files(__package__).joinpath("fonts.toml").read_text("utf-8"))
    return tuple(table["families"])
