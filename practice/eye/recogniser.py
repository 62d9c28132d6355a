"""What is probably in a photograph, by a classifier that knows the 1,000 classes of ImageNet.

EfficientNet-Lite0 runs in the onnxruntime that the text reader needs anyway; tools/pictures/
classifier.py makes its file. It was trained on photographs alone, and is sure of itself before a
drawing ("envelope", 0.78) or a page ("menu", 0.92), too. So it is asked only about what looks
like a photograph, and tells only what it is sure of.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from practice.data import load
from practice.eye import runtime

MODEL = Path(__file__).with_name("models") / "efficientnet-lite0.onnx"

CERTAIN = 0.45
"""Of the first place, or of its kind ("dog") in all: less is not told.

Measured in November 2026 on 34 free photographs from packages, each also as a JPEG of quality 75:
at 0.45 it names 11 of them, all rightly (cats and cheetahs, a lion, a cup of coffee, motorcycles, a
bus, a tripod, a banister); at 0.4 it also takes a shop front for a jigsaw puzzle, at 0.3 a rocket
for a drilling rig and a retina for a lampshade. Of 129 drawings, each as PNG and JPEG (all pictures
of this kit and its notebooks, screenshots, charts, icons, logos), two are named: the drawing of a
crate (crate, 0.49, rightly) and one icon after JPEG (weighing scale, 0.51). `is_drawn` sorts out
244 of the 258, and two scanned pages have too much TEXT.
"""
TOLD = 0.05
"""What is less probable is not told, not even in the third place."""
MOST = 3
TEXT = 80
"""Letters; more on a picture make it a document. A bus in the street has 67."""
FLAT = 0.85
"""Of the neighbouring pixels are of the same colour in a drawing, or its four commonest colours
cover as much. Of 34 photographs 3 are as even (the moon, a brick wall, a clock on white)."""

_SIDE = 224


@dataclass(frozen=True)
class Guess:
    """What may be in a picture, in two languages, and how probable that is."""

    english: str
    chinese: str
    probability: float


def guesses(image: Image.Image, text: str = "") -> list[Guess]:
    """Return what is probably in an RGB picture, the most probable first; [] where unsure.

    `text` is what was read from it. The lock of the runtime is held by the caller.
    """
    if len("".join(text.split())) > TEXT or is_drawn(image):
        return []
    known = load("imagenet.toml")
    sure = _probabilities(image)
    ranked = sorted(range(len(sure)), key=lambda place: -sure[place])
    if ranked[0] in known["never"]:
        return []
    found = []
    for place in ranked[:MOST]:
        english, chinese = known["classes"][str(place)]
        found.append(Guess(english, chinese, sure[place]))
    for kind in known["kinds"]:
        members = [place for first, last in kind["runs"] for place in range(first, last + 1)]
        whole = sum(sure[place] for place in members)
        if ranked[0] in members and whole >= CERTAIN:
            found = [Guess(kind["en"], kind["zh"], whole), *found[: MOST - 1]]
    if found[0].probability < CERTAIN:
        return []
    return [guess for guess in found if guess.probability >= TOLD]


def is_drawn(image: Image.Image) -> bool:
    """Return whether an RGB picture has the even surfaces of drawings, print and screens."""
    import numpy

    few = image.resize((256, 256), Image.Resampling.NEAREST)  # a mean would be a new colour
    pixels = numpy.asarray(few).astype(numpy.int16)
    same = numpy.abs(pixels[:, 1:] - pixels[:, :-1]).max(axis=2) <= 2
    if same.mean() > FLAT:
        return True
    coarse = pixels >> 4
    _, areas = numpy.unique(
        coarse[..., 0] * 256 + coarse[..., 1] * 16 + coarse[..., 2], return_counts=True
    )
    return bool(numpy.sort(areas)[-4:].sum() > FLAT * areas.sum())


def _probabilities(image: Image.Image) -> list[float]:
    """For each class, the mean of two views: the middle as a square, and all of it."""
    import numpy

    width, height = image.size
    side = 0.875 * min(width, height)
    middle = (
        (width - side) / 2,
        (height - side) / 2,
        (width + side) / 2,
        (height + side) / 2,
    )
    total: Any = 0
    for box in (middle, None):
        view = image.resize((_SIDE, _SIDE), Image.Resampling.BICUBIC, box=box)
        pixels = (numpy.asarray(view, dtype=numpy.float32) - 127) / 128
        (answer,) = _loaded().run(None, {"image": pixels.transpose(2, 0, 1)[None]})
        raised = numpy.exp(answer[0] - answer[0].max())
        total = total + raised / raised.sum()
    return [float(value) for value in total / 2]


@cache
def _loaded() -> Any:
    """The classifier, loaded once; the lock is held."""
    return runtime.model(MODEL)
