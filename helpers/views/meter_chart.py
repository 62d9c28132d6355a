"""The meter as a small chart: tokens in and out of each call."""

from base64 import b64encode
from html import escape

from practice.process.language import gettext as _

from ..cost import Meter
from .display import BOX, show

MOST_CALLS = 20
HEIGHT = 90
WIDE = 44
PAPER, INK, LINE = "#fbfaf7", "#1f2933", "#2b5c9e"


def show_meter(meter: Meter) -> None:
    """Show the tokens of the last calls of ``meter`` as bars, with the numbers, and its sums.

    The left bar of a call is what was sent, the right one, outlined, what came back.
    Elsewhere than in a notebook, prints the sums.
    """
    calls = meter.history[-MOST_CALLS:]
    first = len(meter.history) - len(calls) + 1
    one = _("call {number}: {sent} in, {got} out")
    said = _("; ").join(
        one.format(number=number, sent=sent, got=got)
        for number, (sent, got) in enumerate(calls, first)
    )
    alt = _("Tokens of each call. {calls}.").format(calls=said)
    # As a picture, on a ground of its own: an inline drawing is taken out of an untrusted notebook.
    address = "data:image/svg+xml;base64," + b64encode(chart(calls, first).encode()).decode()
    drawing = f'<img src="{address}" alt="{escape(alt)}">'
    if not calls:
        nothing = _("No calls yet.")
        drawing = f"<p>{nothing}</p>"
    legend = _("Each call: on the left tokens in (filled), on the right tokens out (outlined).")
    show(
        f'<div style="{BOX}"><b>{escape(str(meter))}</b>'
        f'<div style="overflow-x: auto">{drawing}</div>'
        f"<small>{legend}</small></div>",
        str(meter),
    )


def chart(calls: list[tuple[int, int]], first: int) -> str:
    """Return the bars of calls, of which one has the number ``first``, as an SVG file."""
    most = max((max(call) for call in calls), default=0) or 1
    groups = "".join(_bars(n, call, most) for n, call in enumerate(calls))
    names = "".join(
        f'<text x="{n * WIDE + 24}" y="{HEIGHT + 32}">{first + n}</text>' for n in range(len(calls))
    )
    wide, high = max(1, len(calls)) * WIDE + 4, HEIGHT + 40
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" font-size="11"'
        f' font-family="sans-serif" text-anchor="middle" fill="{INK}">'
        f'<rect width="{wide}" height="{high}" rx="6" fill="{PAPER}"/>{groups}{names}</svg>'
    )


def _bars(place: int, call: tuple[int, int], most: int) -> str:
    """Return the two bars of a call and their numbers."""
    drawn = ""
    for tokens, left, fill in ((call[0], 6, LINE), (call[1], 25, "#ffffff")):
        high = HEIGHT * tokens / most
        x, top = place * WIDE + left, HEIGHT + 16 - high
        drawn += f'<rect x="{x}" y="{top:.1f}" width="16" height="{high:.1f}" fill="{fill}"'
        drawn += f' stroke="{LINE}"/><text x="{x + 8}" y="{top - 3:.1f}">{tokens}</text>'
    return drawn
