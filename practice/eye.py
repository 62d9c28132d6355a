"""What practice mode sees in a picture: its text, main colours, size and format. Nothing else.

The text is read by RapidOCR (PP-OCRv6, Chinese and English), whose models are inside its wheel;
they are given by path, so that it never looks for them elsewhere. It loads at the first picture.
"""

from __future__ import annotations

import hashlib
import logging
import statistics
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

    from practice.images import Picture

CLAUSE = "(Practice mode reads text and colours; it does not recognise things.)"

READ_SIDE = 1280
"""Longer side, in pixels, of what the reader gets: a page of text is still legible."""

SHORT_SIDE = 640
"""The reader enlarges a smaller picture to this shorter side."""

THREADS = 1
"""Of the reader. With 2 on 2 cores a receipt takes as long or longer as soon as the engine
writes, and the engine loses its core: measured with tests/../eye figures in tools/bench."""

KEPT = 64
"""How many readings are remembered: a conversation sends its pictures again with each call."""

SHARE = 0.04
"""A colour is named from this share of the picture on."""

COLOURS = {
    "white": (255, 255, 255),
    "light grey": (208, 208, 208),
    "grey": (136, 136, 136),
    "dark grey": (72, 72, 72),
    "black": (0, 0, 0),
    "red": (226, 32, 32),
    "dark red": (139, 16, 24),
    "pink": (248, 170, 195),
    "orange": (245, 140, 30),
    "brown": (125, 75, 35),
    "beige": (240, 225, 195),
    "yellow": (250, 220, 50),
    "green": (45, 160, 65),
    "light green": (165, 225, 150),
    "dark green": (15, 80, 40),
    "teal": (20, 140, 140),
    "light blue": (165, 210, 245),
    "blue": (45, 105, 220),
    "dark blue": (20, 35, 100),
    "purple": (125, 55, 165),
}
"""The colours that have a name here, as sRGB."""


@dataclass(frozen=True)
class Line:
    """A line of text, and the box around it in pixels."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def describe(pictures: Sequence[Picture]) -> str:
    """Return the facts about `pictures` as plain text, in their order; "" for none.

    Safe to call from several threads; one picture is read at a time.
    """
    if not pictures:
        return ""
    facts = [_facts(number, picture) for number, picture in enumerate(pictures, 1)]
    return "\n\n".join([*facts, CLAUSE])


def _facts(number: int, picture: Picture) -> str:
    lines, colours = look(picture)
    size = f"{picture.format}, {picture.width} × {picture.height} pixels"
    facts = f"Picture {number}: {size}. Main colours: {', '.join(colours)}."
    if not lines:
        return f"{facts} No text found."
    return f"{facts} Text read from it:\n" + "\n".join(lines)


def look(picture: Picture) -> tuple[list[str], list[str]]:
    """Return the lines of text in a picture, top to bottom, and the names of its main colours."""
    digest = hashlib.sha256(picture.image.tobytes()).digest()
    with _lock:
        seen = _memory.pop(digest, None)
        if seen is None:
            seen = (read(picture.image), colours(picture.image))
        _memory[digest] = seen
        while len(_memory) > KEPT:
            _memory.popitem(last=False)
    return seen


def colours(image: Image.Image) -> list[str]:
    """Return the names of at most four main colours, the largest first."""
    from PIL import Image as Pillow

    palette = Pillow.new("P", (1, 1))
    palette.putpalette([part for rgb in COLOURS.values() for part in rgb])
    # Single pixels, not means: a mean of black letters and white paper would be grey.
    scale = min(1.0, 256 / max(image.size))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    small = image.resize(size, Pillow.Resampling.NEAREST)
    named = small.convert("RGB").quantize(palette=palette, dither=Pillow.Dither.NONE)
    counts = named.histogram()[: len(COLOURS)]
    found = sorted(zip(counts, COLOURS, strict=True), key=lambda pair: -pair[0])
    total = size[0] * size[1]
    return [name for count, name in found if count >= SHARE * total][:4] or [found[0][1]]


def read(image: Image.Image) -> list[str]:
    """Return the lines of text in an RGB image, in reading order."""
    import numpy

    image = image.copy()
    image.thumbnail((READ_SIDE, READ_SIDE))
    blue_green_red = numpy.ascontiguousarray(numpy.asarray(image.convert("RGB"))[:, :, ::-1])
    result = _reader()(blue_green_red, use_cls=False)
    if result.boxes is None:
        return []
    return rows(result.boxes.tolist(), list(result.txts))


def rows(boxes: Sequence[Sequence[Sequence[float]]], texts: Sequence[str]) -> list[str]:
    """Return `texts` as lines: those on one baseline joined from left to right.

    Each box is four corners (x, y) in pixels from the top left one clockwise. The text may slope.
    """
    slope = _slope(boxes)
    found = []
    for box, text in zip(boxes, texts, strict=True):
        across = [x for x, _ in box]
        # Measured against the slope of the text, so that a tilted line is level again.
        down = [y - slope * x for x, y in box]
        found.append(Line(text.strip(), min(across), min(down), max(across), max(down)))
    lines: list[list[Line]] = []
    for piece in sorted(found, key=lambda line: line.top + line.bottom):
        if lines and _same_line(lines[-1], piece):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return [
        " ".join(piece.text for piece in sorted(line, key=lambda piece: piece.left))
        for line in lines
    ]


def _slope(boxes: Sequence[Sequence[Sequence[float]]]) -> float:
    """How far the text falls per pixel to the right: the median over the wider boxes."""
    slopes = []
    for (x0, y0), (x1, y1), (_, y2), _ in boxes:
        if x1 - x0 > 2 * abs(y2 - y1):
            slopes.append((y1 - y0) / (x1 - x0))
    slope = statistics.median(slopes) if slopes else 0.0
    return slope if abs(slope) < 0.5 else 0.0


def _same_line(line: list[Line], piece: Line) -> bool:
    """Whether `piece` stands on the line: their heights overlap by more than half."""
    top = statistics.fmean(other.top for other in line)
    bottom = statistics.fmean(other.bottom for other in line)
    overlap = min(bottom, piece.bottom) - max(top, piece.top)
    return overlap > 0.5 * min(bottom - top, piece.bottom - piece.top)


_lock = threading.Lock()
_memory: OrderedDict[bytes, tuple[list[str], list[str]]] = OrderedDict()
_loaded: Any = None


def _reader() -> Any:
    """The text reader, loaded once; the caller holds the lock."""
    global _loaded
    if _loaded is None:
        from importlib.resources import files

        import rapidocr

        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        models = files("rapidocr").joinpath("models")
        _loaded = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                # By path: a model that is named only would be downloaded where it is missing.
                "Det.model_path": str(models.joinpath("PP-OCRv6_det_small.onnx")),
                "Rec.model_path": str(models.joinpath("PP-OCRv6_rec_small.onnx")),
                "Det.limit_side_len": SHORT_SIDE,
                "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
    return _loaded
