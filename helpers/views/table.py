"""Show a table in a notebook: HTML where it can be drawn, plain text where it cannot."""

import html
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from .display import show


class Linked(NamedTuple):
    """A cell that leads somewhere, or nowhere (None)."""

    text: str
    way: str | None

    def __str__(self) -> str:
        return self.text


Cell = str | Linked


def show_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]], text: str) -> None:
    """Display ``rows`` below ``heads``, with ``title`` as the table's caption.

    ``text`` says the same in plain text. It goes along for programs that draw no HTML, and is
    printed where there is no notebook. Colours are left to the notebook's theme.
    """
    show(as_html(title, heads, rows), text)


def as_html(title: str, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return the table as HTML, with everything in it escaped.

    The first cell of a row names the row; screen readers repeat it with each of its cells.
    """
    left = 'style="text-align: left"'
    lines = [f"<table><caption {left}>{html.escape(title)}</caption>"]
    columns = (f'<th scope="col" {left}>{html.escape(head)}</th>' for head in heads)
    lines.append(f"<thead><tr>{''.join(columns)}</tr></thead>\n<tbody>")
    for first, *others in rows:
        cells = f'<th scope="row" {left}>{_inside(first)}</th>'
        cells += "".join(f"<td {left}>{_inside(cell)}</td>" for cell in others)
        lines.append(f"<tr>{cells}</tr>")
    return "\n".join([*lines, "</tbody></table>"])


def link(text: str, way: str | None) -> str:
    """Return ``text`` as HTML, as a link where there is a way."""
    return f'<a href="{html.escape(way)}">{html.escape(text)}</a>' if way else html.escape(text)


def _inside(cell: Cell) -> str:
    return link(*cell) if isinstance(cell, Linked) else html.escape(cell)
