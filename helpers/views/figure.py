"""A matplotlib figure with words for those who cannot see it."""

import base64
import io
import sys
import warnings
from html import escape
from typing import Any

from practice.process.language import gettext as _
from practice.process.language import marked

from ..errors import FirstCallError
from .chinese_font import MISSING, use_chinese_font
from .display import show

NO_FONT = marked(
    "The Chinese words are boxes because this computer has no font for them. Install one, for"
    " example Noto Sans CJK SC (Debian and Ubuntu: sudo apt install fonts-noto-cjk), and run the"
    " cell again."
)


def show_figure(figure: Any, *, alt: str) -> None:
    """Show a matplotlib ``figure``; ``alt`` says in words what it shows.

    matplotlib's own ``show()`` gives a picture without words. The figure is closed, so that it
    is not drawn twice. Chinese words get a font that has them; where there is none, a line below
    says how to have one. Elsewhere than in a notebook, prints ``alt``. Raises FirstCallError when
    ``alt`` says nothing, and for what is no figure.
    """
    if not alt.strip():
        raise FirstCallError(
            _("The chart has no words for those who cannot see it."),
            _('Say what it shows, for example alt="A bar for each shop, the longest is Alma".'),
        )
    if not hasattr(figure, "savefig"):
        raise FirstCallError(
            _("A value of the kind {kind} is no figure.").format(kind=type(figure).__name__),
            _("Make one with figure, axes = plt.subplots(), and draw with axes."),
        )
    drawn = io.BytesIO()
    has_font = use_chinese_font(figure)
    with warnings.catch_warnings():
        if not has_font:  # said below, once and in plain words
            warnings.filterwarnings("ignore", MISSING)
        figure.savefig(drawn, format="png", bbox_inches="tight", dpi=100)
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)
    data = base64.b64encode(drawn.getvalue()).decode()
    # tests/sanitize.cfg knows this beginning: pixels differ from one matplotlib to the next.
    source = f'class="figure" src="data:image/png;base64,{data}"'
    # The same file knows the note's beginning: it depends on the computer.
    note = "" if has_font else f'<p style="font-style: italic">{escape(_(NO_FONT))}</p>'
    show(f'<img {source} alt="{escape(alt)}" style="max-width: 100%">{note}', f"[{alt}]")
