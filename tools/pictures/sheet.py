"""A sheet of paper for a drawing: boxes, arrows and texts that fit, written as SVG.

A notebook shows a drawing through `<img>`, which knows nothing of the page's theme. So each one
lies on a light card of its own and is readable on a white page and on a dark one. The reader's own
fonts are used; DejaVu, which every width is measured with, is wider than any of those named here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise
from pathlib import Path

from PIL import ImageFont

SANS = (
    "'Segoe UI', 'Helvetica Neue', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC',"
    " 'Noto Sans SC', 'WenQuanYi Micro Hei', Arial, sans-serif"
)
MONO = (
    "Menlo, Consolas, 'DejaVu Sans Mono', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC',"
    " 'Noto Sans SC', monospace"
)
PAPER, EDGE = "#fbfaf7", "#dcd8cd"
INK, QUIET = "#1f2933", "#5a6673"


@dataclass(frozen=True)
class Tone:
    """One colour of the drawings: for lines and titles, and its pale shade behind them."""

    line: str
    pale: str


BLUE = Tone("#2b5c9e", "#e6eef9")  # what you send
GREEN = Tone("#1f7a55", "#e2f3ea")  # what the model answers, and what is right
AMBER = Tone("#9a5b0b", "#fcefd9")  # what your own functions and files do
VIOLET = Tone("#6a4a9c", "#efe9f8")  # the system message, settings
RED = Tone("#b3352b", "#fbe7e4")  # what is wrong
GREY = Tone("#5a6673", "#eceef0")

Point = tuple[float, float]


class TooLongError(ValueError):
    """A text is wider than its place."""


@cache
def _font(name: str) -> ImageFont.FreeTypeFont:
    import matplotlib

    return ImageFont.truetype(str(Path(matplotlib.get_data_path(), "fonts", "ttf", name)), 100)


def width(text: str, size: float, *, bold: bool = False, mono: bool = False) -> float:
    """Return how wide a line is at most, in pixels; a Chinese character is as wide as high."""
    name = ("DejaVuSansMono" if mono else "DejaVuSans") + ("-Bold" if bold else "")
    chinese = any(unicodedata.east_asian_width(letter) in "WF" for letter in text)
    wide = "WFA" if chinese else "WF"  # among Chinese words, quotation marks are wide, too
    others = "".join(c for c in text if unicodedata.east_asian_width(c) not in wide)
    measured = _font(f"{name}.ttf").getlength(others) / 100
    return float(size * (measured + len(text) - len(others)))


class Sheet:
    """A drawing in the making; `svg()` is its text."""

    def __init__(self, wide: int, high: int, title: str, language: str) -> None:
        self.wide, self.high = wide, high
        self.title, self.language = title, language
        self.parts: list[str] = []

    def box(
        self,
        place: Point,
        size: Point,
        tone: Tone = GREY,
        *,
        fill: str = "#ffffff",
        edge: float = 1.5,
        radius: float = 9,
        dashed: bool = False,
        shadow: bool = True,
    ) -> None:
        """A rectangle with round corners, and a soft shadow below it."""
        (x, y), (wide, high) = place, size
        shape = f'width="{wide:g}" height="{high:g}" rx="{radius:g}"'
        if shadow:
            self.parts.append(
                f'<rect x="{x:g}" y="{y + 2.5:g}" {shape} fill="#1f2933" opacity="0.08"/>'
            )
        dash = ' stroke-dasharray="5 4"' if dashed else ""
        line = f' stroke="{tone.line}" stroke-width="{edge:g}"{dash}' if edge else ""
        self.parts.append(f'<rect x="{x:g}" y="{y:g}" {shape} fill="{fill}"{line}/>')

    def card(self, place: Point, size: Point, tone: Tone, title: str, *, bar: float = 30) -> None:
        """A box with its title on a band of its colour."""
        (x, y), (wide, _) = place, size
        self.box(place, size, tone, edge=0)
        right = x + wide
        self.parts.append(
            f'<path d="M{x:g},{y + bar:g} v{9 - bar:g} q0,-9 9,-9 H{right - 9:g} q9,0 9,9'
            f' v{bar - 9:g} z" fill="{tone.pale}"/>'
        )
        self.box(place, size, tone, fill="none", shadow=False)
        self.text(
            (x + 14, y + bar / 2 + 5), title, room=wide - 28, size=14, bold=True, ink=tone.line
        )

    def text(
        self,
        place: Point,
        line: str,
        *,
        room: float,
        size: float = 14,
        ink: str = INK,
        bold: bool = False,
        mono: bool = False,
        middle: bool = False,
        right: bool = False,
    ) -> None:
        """Write one line at its baseline; `room` is how wide it may be. Raises TooLongError."""
        needed = width(line, size, bold=bold, mono=mono)
        if needed > room:
            raise TooLongError(f"{self.language}: {line!r} needs {needed:.0f} of {room:.0f} pixels")
        style = f' font-size="{size:g}" fill="{ink}"'
        style += ' font-weight="bold"' if bold else ""
        style += f' font-family="{MONO}"' if mono else ""
        style += ' text-anchor="middle"' if middle else ' text-anchor="end"' if right else ""
        x, y = place
        self.parts.append(f'<text x="{x:g}" y="{y:g}"{style}>{escape(line, quote=False)}</text>')

    def lines(
        self,
        place: Point,
        texts: Sequence[str],
        *,
        room: float,
        step: float = 21,
        size: float = 14,
        ink: str = INK,
        bold: bool = False,
        mono: bool = False,
        middle: bool = False,
    ) -> None:
        """Write lines one below the other."""
        for number, line in enumerate(texts):
            place_of_line = (place[0], place[1] + number * step)
            self.text(
                place_of_line,
                line,
                room=room,
                size=size,
                ink=ink,
                bold=bold,
                mono=mono,
                middle=middle,
            )

    def pill(
        self,
        place: Point,
        wide: float,
        line: str,
        tone: Tone,
        *,
        size: float = 12,
        high: float = 22,
    ) -> None:
        """A small label on its colour."""
        x, y = place
        self.box(place, (wide, high), tone, fill=tone.pale, edge=0, radius=high / 2, shadow=False)
        self.text(
            (x + wide / 2, y + high / 2 + size * 0.36),
            line,
            room=wide - 10,
            size=size,
            ink=tone.line,
            bold=True,
            middle=True,
        )

    def badge(self, centre: Point, line: str, tone: Tone, *, radius: float = 12) -> None:
        """A number in a full circle."""
        x, y = centre
        self.parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="{radius:g}" fill="{tone.line}"/>')
        self.text(
            (x, y + 4.8),
            line,
            room=2 * radius,
            size=13,
            ink="#ffffff",
            bold=True,
            middle=True,
        )

    def line(
        self, points: Sequence[Point], tone: Tone = GREY, *, thick: float = 2, dash: str = ""
    ) -> None:
        """A line with round corners."""
        path = _rounded(points)
        dash = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<path d="{path}" fill="none" stroke="{tone.line}" stroke-width="{thick:g}"'
            f' stroke-linecap="round"{dash}/>'
        )

    def arrow(
        self, points: Sequence[Point], tone: Tone = GREY, *, thick: float = 2, dash: str = ""
    ) -> None:
        """A line with a point at its end; the last stretch is level or upright."""
        *_, (x0, y0), (x, y) = points
        across = (x > x0) - (x < x0)
        down = 0 if across else (1 if y > y0 else -1)
        self.line([*points[:-1], (x - 5 * across, y - 5 * down)], tone, thick=thick, dash=dash)
        back, side = 10, 5.5
        if across:
            tip = f"M{x:g},{y:g} l{-back * across:g},{-side:g} v{2 * side:g} z"
        else:
            tip = f"M{x:g},{y:g} l{-side:g},{-back * down:g} h{2 * side:g} z"
        self.parts.append(f'<path d="{tip}" fill="{tone.line}"/>')

    def mark(self, centre: Point, tone: Tone, *, right: bool) -> None:
        """A tick or a cross in a circle."""
        x, y = centre
        self.parts.append(f'<circle cx="{x:g}" cy="{y:g}" r="11" fill="{tone.line}"/>')
        shape = (
            f"M{x - 5:g},{y + 0.5:g} l3.5,3.8 l6.5,-7.8"
            if right
            else f"M{x - 4:g},{y - 4:g} l8,8 m0,-8 l-8,8"
        )
        self.parts.append(
            f'<path d="{shape}" fill="none" stroke="#ffffff" stroke-width="2.4"'
            ' stroke-linecap="round" stroke-linejoin="round"/>'
        )

    def computer(self, centre: Point, tone: Tone = BLUE) -> None:
        """A laptop: the learner's side."""
        x, y = centre
        self.box((x - 30, y - 26), (60, 40), tone, fill=tone.pale, edge=2.2, radius=5, shadow=False)
        self.line([(x - 18, y - 14), (x + 2, y - 14)], tone, thick=2.6)
        self.line([(x - 18, y - 5), (x + 14, y - 5)], tone, thick=2.6)
        self.line([(x - 18, y + 4), (x - 6, y + 4)], tone, thick=2.6)
        self.line([(x - 39, y + 20), (x + 39, y + 20)], tone, thick=4)

    def network(self, centre: Point, tone: Tone = GREEN) -> None:
        """A small net of nodes: the model's side."""
        x, y = centre
        left = [(x - 30, y - 18), (x - 30, y + 16)]
        inner = [(x, y - 26), (x, y - 1), (x, y + 24)]
        for a in left:
            for b in inner:
                self.line([a, b], tone, thick=1.3)
        for b in inner:
            self.line([b, (x + 30, y - 1)], tone, thick=1.3)
        for cx, cy in [*left, *inner, (x + 30, y - 1)]:
            self.parts.append(
                f'<circle cx="{cx:g}" cy="{cy:g}" r="7" fill="{tone.pale}"'
                f' stroke="{tone.line}" stroke-width="2.2"/>'
            )

    def svg(self) -> str:
        """Return the drawing as a file's text."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.wide} {self.high}"'
            f' width="{self.wide}" height="{self.high}" role="img" lang="{self.language}"'
            f' font-family="{SANS}">\n<title>{escape(self.title, quote=False)}</title>\n'
        )
        paper = (
            f'<rect x="0.5" y="0.5" width="{self.wide - 1}" height="{self.high - 1}" rx="14"'
            f' fill="{PAPER}" stroke="{EDGE}"/>'
        )
        return head + "\n".join([paper, *self.parts, "</svg>"]) + "\n"


def _rounded(points: Sequence[Point], radius: float = 10) -> str:
    """The path through points, its corners rounded."""
    (x, y), *rest = points
    path = f"M{x:g},{y:g}"
    for corner, following in pairwise(rest):
        before, after = _towards(corner, (x, y), radius), _towards(corner, following, radius)
        path += f" L{before[0]:g},{before[1]:g} Q{corner[0]:g},{corner[1]:g}"
        path += f" {after[0]:g},{after[1]:g}"
        x, y = corner
    return path + f" L{rest[-1][0]:g},{rest[-1][1]:g}"


def _towards(start: Point, end: Point, length: float) -> Point:
    """The point on the way from start to end, at most half of it."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    way = float((dx * dx + dy * dy) ** 0.5)
    share = min(length / way, 0.5) if way else 0.0
    return (round(start[0] + dx * share, 1), round(start[1] + dy * share, 1))
