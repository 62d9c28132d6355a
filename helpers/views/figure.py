"""A matplotlib figure with words for those who cannot see it."""

import base64
import io
import sys
from html import escape
from typing import Any

from practice.process.language import gettext as _

from ..errors import FirstCallError
from ..text.lines import wrapped
from .display import in_notebook, show
from .fonts import chinese_words


def show_figure(figure: Any, *, alt: str) -> None:
    """Show a matplotlib ``figure``; ``alt`` says in words what it shows.

    matplotlib's own ``show()`` gives a picture without words. The figure is closed, so that it
    is not drawn twice. Elsewhere than in a notebook, prints ``alt``. Raises FirstCallError when
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
    with chinese_words(figure) as missing:
        figure.savefig(drawn, format="png", bbox_inches="tight", dpi=100)
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(figure)
    data = base64.b64encode(drawn.getvalue()).decode()
    # tests/sanitize.cfg knows this beginning: pixels differ from one matplotlib to the next.
    source = f'class="figure" src="data:image/png;base64,{data}"'
    # And it knows that of the note, which depends on the computer.
    note = f'<p style="font-style: italic">{escape(missing)}</p>' if missing else ""
    text = f"[{alt}]" if in_notebook() or not missing else f"[{alt}]\n{wrapped(missing)}"
    show(f'<img {source} alt="{escape(alt)}" style="max-width: 100%">{note}', text)
