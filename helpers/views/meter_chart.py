"""The meter as a small chart: tokens in and out of each call."""

from html import escape

from ..cost import Meter
from .display import BOX, show

MOST_CALLS = 20
HEIGHT = 90
WIDE = 44


def show_meter(meter: Meter) -> None:
    """Show the tokens of the last calls of ``meter`` as bars, with the numbers, and its sums.

    The left bar of a call is what was sent, the right one, outlined, what came back.
    Elsewhere than in a notebook, prints the sums.
    """
    calls = meter.history[-MOST_CALLS:]
    first = len(meter.history) - len(calls) + 1
    most = max((max(call) for call in calls), default=0) or 1
    groups = "".join(_bars(n, call, most) for n, call in enumerate(calls))
    said = "; ".join(
        f"call {number}: {sent} in, {got} out" for number, (sent, got) in enumerate(calls, first)
    )
    names = "".join(
        f'<text x="{n * WIDE + 20}" y="{HEIGHT + 32}" text-anchor="middle">{first + n}</text>'
        for n in range(len(calls))
    )
    drawing = (
        f'<svg role="img" aria-label="Tokens of each call. {escape(said)}." '
        f'width="{max(1, len(calls)) * WIDE}" height="{HEIGHT + 38}" font-size="11" '
        f'fill="currentColor" stroke="currentColor" stroke-width="0">{groups}{names}</svg>'
    )
    if not calls:
        drawing = "<p>No calls yet.</p>"
    show(
        f'<div style="{BOX}"><b>{escape(str(meter))}</b>'
        f'<div style="overflow-x: auto">{drawing}</div>'
        "<small>Each call: on the left tokens in (filled), on the right tokens out (outlined)."
        "</small></div>",
        str(meter),
    )


def _bars(place: int, call: tuple[int, int], most: int) -> str:
    """Return the two bars of a call and their numbers."""
    drawn = ""
    for tokens, left, look in (
        (call[0], 2, 'fill-opacity="0.75"'),
        (call[1], 21, 'fill-opacity="0.1" stroke-width="1"'),
    ):
        high = HEIGHT * tokens / most
        x, top = place * WIDE + left, HEIGHT + 16 - high
        drawn += f'<rect x="{x}" y="{top:.1f}" width="16" height="{high:.1f}" {look}/>'
        drawn += f'<text x="{x + 8}" y="{top - 3:.1f}" text-anchor="middle">{tokens}</text>'
    return drawn
