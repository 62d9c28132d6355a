"""The eye: what this computer can tell about a picture without a vision model.

It states size, format, main colours, the text it reads (English and Chinese) and what a photograph
probably shows. The reader, RapidOCR, is loaded at the first picture; its models are part of its
wheel, so nothing is downloaded.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from practice.eye import recogniser, runtime
from practice.eye.image import Picture
from practice.eye.recogniser import Guess

LIMITS = (
    "(The eye of practice mode reads text and colours, and guesses what is in a photograph."
    " It sees nothing else.)"
)
"""Ends every description."""

LARGEST = 1280
"""Pixels of the longer side when text is looked for; more takes longer and read no better."""
SMALLEST = 8
"""Pixels of the shorter side: no letter is smaller, and the reader takes long over thin strips."""
MOST_TEXT = 1500
"""Characters of one picture's text that are told: the model's whole context is 2,048 tokens."""
ALL_TEXT = 2000
"""The same for all pictures of a message together: twenty receipts still fit."""
CERTAIN = 0.7
"""Lines that the reader is less sure of are left out: it sees letters in noise."""
REMEMBERED = 64
"""Pictures whose text is kept: a conversation sends its pictures again with every message."""

_COLOURS = {
    "black": (0, 0, 0),
    "dark grey": (70, 70, 70),
    "grey": (135, 135, 135),
    "light grey": (220, 220, 220),
    "white": (255, 255, 255),
    "dark red": (130, 15, 20),
    "red": (220, 30, 35),
    "pink": (250, 165, 185),
    "light pink": (255, 215, 212),
    "orange": (245, 135, 25),
    "brown": (120, 72, 35),
    "light brown": (205, 170, 125),
    "light yellow": (255, 250, 205),
    "beige": (235, 215, 180),
    "yellow": (245, 220, 50),
    "dark green": (15, 85, 40),
    "green": (45, 160, 70),
    "light green": (150, 220, 150),
    "turquoise": (50, 185, 185),
    "light blue": (150, 200, 240),
    "blue": (35, 95, 210),
    "dark blue": (15, 30, 95),
    "purple": (120, 45, 150),
}

_known: dict[bytes, tuple[str, list[Guess]]] = {}
_reader: Any = None


def describe(pictures: Iterable[Picture], *, chinese: bool = False) -> str:
    """Return what the eye sees in these pictures, as plain text. Blocks; safe in threads.

    Of many, no more than two are held at a time. With `chinese`, things are named in
    both languages.
    """
    seen = [_one(number, picture, chinese) for number, picture in enumerate(pictures, 1)]
    most = min(MOST_TEXT, ALL_TEXT // max(1, len(seen)))
    return "\n\n".join([*(f"{facts} {_told(found, most)}" for facts, found in seen), LIMITS])


def text(picture: Picture) -> str:
    """Return the text in a picture, top to bottom, one line per line; empty where there is none."""
    return _seen(picture)[0]


def things(picture: Picture) -> list[Guess]:
    """Return what is probably in a picture; empty for a drawing, a document, or where unsure."""
    return _seen(picture)[1]


def _seen(picture: Picture) -> tuple[str, list[Guess]]:
    """The text and the things in a picture; looked for once, and remembered."""
    if not runtime.is_here():
        return "", []
    image = picture.image
    key = hashlib.sha256(repr(image.size).encode() + image.tobytes()).digest()
    with runtime.LOCK:
        if key not in _known:
            if len(_known) >= REMEMBERED:
                del _known[next(iter(_known))]
            found = "\n".join(_lines(_read(image)))
            _known[key] = found, recogniser.guesses(image, found)
        return _known[key]


def colours(image: Image.Image) -> list[str]:
    """Return the names of up to three main colours of an RGB picture, the largest area first."""
    small = image.copy()
    # Nearest: a mean of ink and paper would be a colour that is not there.
    small.thumbnail((200, 200), Image.Resampling.NEAREST)
    few = small.quantize(12, method=Image.Quantize.FASTOCTREE).convert("RGB")
    areas: dict[str, int] = {}
    for count, colour in few.getcolors() or []:
        assert isinstance(colour, tuple)  # an RGB picture
        name = _name(colour[:3])
        areas[name] = areas.get(name, 0) + count
    whole = small.width * small.height
    ranked = sorted(areas, key=lambda name: -areas[name])
    return [name for name in ranked if areas[name] >= 0.02 * whole][:3] or ranked[:1]


def _one(number: int, picture: Picture, chinese: bool) -> tuple[str, str]:
    """The facts about a picture, and the text in it."""
    facts = (
        f"Picture {number}: {picture.format}, {picture.width} × {picture.height} pixels."
        f" Main colours: {', '.join(colours(picture.image))}."
    )
    if guesses := things(picture):
        told = [
            f"{guess.english}{f' {guess.chinese}' * chinese} ({100 * guess.probability:.0f} %)"
            for guess in guesses
        ]
        facts += f" It is probably a photograph of: {', '.join(told)}."
    return facts, text(picture)


def _told(found: str, most: int) -> str:
    if not runtime.is_here():
        return "Its text was not read: onnxruntime is not installed on this computer."
    if not found:
        return "No text found."
    if len(found) > most:
        found = found[:most].rpartition("\n")[0] + "\n…"
    return f"Text read from it:\n{found}"


def _name(colour: tuple[int, ...]) -> str:
    red, green, blue = colour

    def far(name: str) -> float:
        r, g, b = _COLOURS[name]
        # The usual weights of what people see, which depend a little on the red.
        mean = (red + r) / 2
        return (
            (2 + mean / 256) * (red - r) ** 2
            + 4 * (green - g) ** 2
            + (2 + (255 - mean) / 256) * (blue - b) ** 2
        )

    return min(_COLOURS, key=far)


@dataclass(frozen=True)
class _Word:
    """A piece of text with the middle of its left and right edge, and its height, in pixels."""

    text: str
    left: tuple[float, float]
    right: tuple[float, float]
    height: float


def _read(image: Image.Image) -> list[_Word]:
    """The words in an RGB picture. The lock is held."""
    import numpy

    if min(image.size) < SMALLEST:
        return []
    if max(image.size) > LARGEST:
        image = image.copy()
        image.thumbnail((LARGEST, LARGEST), reducing_gap=2.0)
    pixels = numpy.ascontiguousarray(numpy.asarray(image)[:, :, ::-1])  # it expects BGR
    found = _loaded()(pixels)
    if found.boxes is None or found.txts is None:
        return []
    words = []
    for box, said, score in zip(found.boxes, found.txts, found.scores, strict=True):
        if score < CERTAIN or not said.strip():
            continue
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = (map(float, corner) for corner in box)
        left, right = ((ax + dx) / 2, (ay + dy) / 2), ((bx + cx) / 2, (by + cy) / 2)
        words.append(_Word(said.strip(), left, right, (abs(dy - ay) + abs(cy - by)) / 2))
    return words


def _lines(words: list[_Word]) -> list[str]:
    """Join words that share a baseline, left to right; lines from top to bottom.

    A receipt has its prices far right of the names, and a photo is never quite straight: all
    words are seen along the picture's common slope.
    """
    slopes = sorted(
        ((word.right[1] - word.left[1]) / wide, wide)
        for word in words
        if (wide := word.right[0] - word.left[0]) > 2 * word.height
    )
    slope, half = 0.0, sum(wide for _, wide in slopes) / 2
    for tilt, wide in slopes:
        slope, half = tilt, half - wide
        if half <= 0:
            break

    def level(word: _Word) -> float:
        x, y = (word.left[0] + word.right[0]) / 2, (word.left[1] + word.right[1]) / 2
        return y - slope * x

    lines: list[list[_Word]] = []
    for word in sorted(words, key=level):
        if lines and _beside(lines[-1], word, level(word) - level(lines[-1][-1])):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [" ".join(w.text for w in sorted(line, key=lambda w: w.left[0])) for line in lines]


def _beside(line: list[_Word], word: _Word, lower: float) -> bool:
    """Whether a word stands on a line: about as high, and over nobody else's place."""
    if lower > 0.5 * min(word.height, line[-1].height):
        return False
    return all(
        min(word.right[0], other.right[0]) - max(word.left[0], other.left[0]) < word.height
        for other in line
    )


def _loaded() -> Any:
    """The reader, loaded once."""
    global _reader
    if _reader is None:
        runtime.prepare()
        import rapidocr

        models = Path(rapidocr.__file__).with_name("models")
        _reader = rapidocr.RapidOCR(
            params={
                "Global.log_level": "critical",
                # By path: a model that is only named is downloaded where it is missing.
                "Det.model_path": str(models / "PP-OCRv6_det_small.onnx"),
                "Rec.model_path": str(models / "PP-OCRv6_rec_small.onnx"),
                # It looks for words upside down, and turns short ones that are not ("Fri").
                "Global.use_cls": False,
                # Small pictures are looked at as they are, not blown up: half the time.
                "Det.limit_type": "max",
                "Det.limit_side_len": LARGEST,
                "EngineConfig.onnxruntime.intra_op_num_threads": runtime.THREADS,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            }
        )
        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
    return _reader
