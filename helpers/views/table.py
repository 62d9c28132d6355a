"""Show a table in a notebook: HTML where it can be drawn, plain text where it cannot."""

import html
from collections.abc import Iterable, Sequence

from .display import show


def show_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], text: str) -> None:
    """Display ``rows`` below ``heads``, with ``title`` as the table's caption.

    ``text`` says the same in plain text. It goes along for programs that draw no HTML, and is
    printed where there is no notebook. Colours are left to the notebook's theme.
    """
    show(as_html(title, heads, rows), text)


def as_html(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return the table as HTML, with everything in it escaped.

    The first cell of a row names the row; screen readers repeat it with each of its cells.
    """
    left = 'style="text-align: left"'
    lines = [f"<table><caption {left}>{html.escape(title)}</caption>"]
    columns = (f'<th scope="col" {left}>{html.escape(head)}</th>' for head in heads)
    lines.append(f"<thead><tr>{''.join(columns)}</tr></thead>\n<tbody>")
    for first, *others in rows:
        cells = f'<th scope="row" {left}>{html.escape(first)}</th>'
        cells += "".join(f"<td {left}>{html.escape(cell)}</td>" for cell in others)
        lines.append(f"<tr>{cells}</tr>")
    return "\n".join([*lines, "</tbody></table>"])
