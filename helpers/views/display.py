"""Put something on the page: drawn where a notebook can, and as plain text where it cannot."""

from collections.abc import Callable
from html import escape
from typing import Any

from practice.process.language import gettext as _
from practice.process.language import marked

BOX = "border: 1px solid gray; border-radius: 6px; padding: 4px 10px"
"""The style of a box that is readable in light and dark themes.

Neither here nor elsewhere in views: `var(…)`, `fit-content`, inline SVG, classes. JupyterLab takes
them out of a notebook that is not trusted, and then a learner sees stored outputs without them.
"""

PAUSE = 0.1
"""Seconds between two updates of a widget: a fast stream would flood the browser."""

AGAIN = marked("This works while the notebook's kernel runs. After a restart, run this cell again.")
"""Stands below each widget. Without its kernel, JupyterLab has nothing but an error to show."""


def show(html: str, text: str) -> None:
    """Display ``html``; ``text`` says the same for programs that draw none.

    Where there is no notebook, ``text`` is printed. Whoever calls escapes what is in ``html``.
    Half a character, which JSON can hold and no program can write, becomes a question mark.
    """
    html, text = (part.encode("utf-8", "replace").decode() for part in (html, text))
    _display({"text/html": html, "text/plain": text}, text)


def show_widget(build: Callable[[], Any], text: str, *, more: str = "") -> None:
    """Display the widget that ``build`` makes; ``text`` says what to do where none is drawn.

    ``more`` is HTML that goes along below it.
    """
    if not in_notebook():
        print(text)
        return
    try:
        box = build()
    except ImportError:  # ipywidgets is not installed here
        print(text)
        return
    _display({**box._repr_mimebundle_(), "text/plain": text}, text)
    again = _(AGAIN)
    show(f"<small>{again}</small>{more}", again)


def status(text: str) -> str:
    """Return the HTML of a line that screen readers say whenever it changes."""
    return f'<p role="status" aria-live="polite" style="margin: 4px 0">{escape(text)}</p>'


def in_notebook() -> bool:
    """Tell whether somebody sees what is displayed: plain Python and a terminal do not."""
    try:
        from IPython import get_ipython
    except ImportError:
        return False
    return getattr(get_ipython(), "kernel", None) is not None


def _display(bundle: dict[str, Any], text: str) -> None:
    if not in_notebook():
        print(text)
        return
    from IPython.display import display

    display(bundle, raw=True)  # type: ignore[no-untyped-call]
