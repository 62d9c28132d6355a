"""A picture file, checked as OpenAI checks it, and what it costs.

`decode` gives a picture ready to be looked at, or raises `ImageProblem` with the code and message
of the 400 that the API answers. `tokens` says what a picture costs.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import math
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from PIL import Image, ImageOps

from practice.data import load

MAX_BYTES: int = load("pictures.toml")["most_bytes"]
"""Bytes of one picture file."""
MAX_PIXELS = 64_000_000
"""Checked before anything is decoded: a file of a few kilobytes may claim a billion pixels."""
SIDE = 2048
"""Pixels of the longer side that is kept; more adds nothing that the eye could read."""

_FORMATS: dict[str, str] = {
    name: mime.partition("/")[2].upper() for name, mime in load("pictures.toml")["formats"].items()
}
"""Pillow's name -> ours. MPO is a JPEG with a second picture inside, as many phones write it."""

_READ = tuple(name for name in _FORMATS if name != "MPO")  # one opens as a JPEG

_turn = threading.Lock()
_changed = threading.Condition()
_decoding = 0
"""Pixels of all pictures that are being decoded."""
_LARGE = 4_000_000
"""Pixels: memory of that size is worth giving back at once."""

_COST = load("pictures.toml")["cost"]
CLASSES: dict[str, dict[str, Any]] = _COST["classes"]
"""What a picture costs, by model class."""
_PATCH: int = _COST["patch"]
_TILE, _TILE_FIT, _TILE_SHORTER = 512, 2048, 768


class ImageProblem(Exception):
    """A picture that is refused: `code` and `message` of the 400 answer."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)


@dataclass(frozen=True)
class Picture:
    """A decoded picture.

    `image` is RGB, upright, and at most SIDE pixels long; `width` and `height` are those of the
    file, as a viewer shows it.
    """

    image: Image.Image = field(repr=False)
    format: str
    width: int
    height: int
    detail: str = "auto"


def decode(raw: bytes, *, detail: str = "auto") -> Picture:
    """Return the picture in the bytes of a file, whatever its name. Raises ImageProblem."""
    if not raw:
        raise ImageProblem("empty_image_file", "The image file is empty (0 bytes).")
    if len(raw) > MAX_BYTES:
        raise too_many_bytes()
    try:
        image = Image.open(io.BytesIO(raw), formats=_READ)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise _too_many_pixels("more than a hundred million pixels") from problem
    except Exception as problem:  # on broken bytes the decoders raise whatever they like
        raise unsupported() from problem
    pixels = image.width * image.height
    if pixels > MAX_PIXELS:
        raise _too_many_pixels(f"{image.width} x {image.height} pixels")
    if image.format != "MPO" and getattr(image, "is_animated", False):
        raise unsupported(" Animated images are not supported.")
    with _room(pixels):
        try:
            upright, width, height = _upright(image)
        except Exception as problem:
            raise ImageProblem(
                "image_parse_error",
                "You uploaded an unsupported image. Please make sure your image is valid."
                " It is damaged, or only a part of the file arrived.",
            ) from problem
    return Picture(upright, _FORMATS[str(image.format)], width, height, detail)


@contextlib.contextmanager
def _room(pixels: int) -> Iterator[None]:
    """Wait until so many pixels may be decoded beside those under way, first come first served.

    A picture takes up to 8 bytes a pixel while it is made smaller: half a gigabyte for all of them
    together, however many requests bring one.
    """
    global _decoding
    with _turn, _changed:
        _changed.wait_for(lambda: _decoding + pixels <= MAX_PIXELS)
        _decoding += pixels
    try:
        yield
    finally:
        if pixels >= _LARGE:
            _give_back()
        with _changed:
            _decoding -= pixels
            _changed.notify_all()


def _give_back() -> None:
    """Hand freed memory back to the system: the C library of Linux keeps it otherwise."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)


def tokens(width: int, height: int, detail: str = "auto", model_class: str = _COST["class"]) -> int:
    """Return what a picture of this size (pixels) costs with a model of a class.

    Raises ImageProblem where it has more patches than the API takes.
    """
    w, h = float(max(width, 1)), float(max(height, 1))
    prices = CLASSES[model_class]
    if "tile" in prices:
        return _tiled(w, h, detail, prices)
    patches = _patches(w, h, **prices[detail])
    if patches > _COST["most_patches"]:
        raise ImageProblem(
            "image_too_large",
            f"The image has {patches} patches of {_PATCH} x {_PATCH} pixels; at most"
            f" {_COST['most_patches']} are accepted.",
        )
    # In whole numbers, so that 300 patches are 360 tokens and not 361.
    return -(-patches * int(prices["hundredths"]) // 100)


def _tiled(w: float, h: float, detail: str, prices: dict[str, Any]) -> int:
    if detail == "low":
        return int(prices["low"])
    factor = min(1, _TILE_FIT / max(w, h))
    factor = min(factor, _TILE_SHORTER / min(w, h))  # never enlarged
    tiles = _across(w * factor, _TILE) * _across(h * factor, _TILE)
    return int(prices["base"] + tiles * prices["tile"])


def _patches(w: float, h: float, side: float = math.inf, patches: float = math.inf) -> int:
    """How many patches a picture has when it is no longer than `side` and fits the budget."""
    factor = min(1.0, side / max(w, h))
    w, h = w * factor, h * factor
    if _across(w) * _across(h) > patches:
        factor = math.sqrt(_PATCH**2 * patches / (w * h))
        across, down = w * factor / _PATCH, h * factor / _PATCH
        if across >= 1 and down >= 1:
            factor *= min(math.floor(across) / across, math.floor(down) / down)
        w, h = w * factor, h * factor
    return int(min(_across(w) * _across(h), patches))


def _across(length: float, unit: int = _PATCH) -> int:
    return max(1, math.ceil(round(length / unit, 6)))  # 33.0000001 patches are 33


def _upright(image: Image.Image) -> tuple[Image.Image, int, int]:
    """Decode; return it in RGB, upright and small enough, with the upright size of the file."""
    width, height = image.size
    turned = image.getexif().get(0x0112, 1) in (5, 6, 7, 8)  # the tag Orientation
    image.draft("RGB", (SIDE, SIDE))  # a JPEG is decoded at 1/2, 1/4 or 1/8: less memory and time
    image.load()
    if max(image.size) > SIDE:
        image.thumbnail((SIDE, SIDE), reducing_gap=2.0)
    image = ImageOps.exif_transpose(image)
    return _rgb(image), *((height, width) if turned else (width, height))


def _rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):  # 16-bit grey, which convert() would cut off at 255
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        image = Image.new("RGBA", layer.size, "white")
        image.alpha_composite(layer)
    return image.convert("RGB")


def unsupported(more: str = "") -> ImageProblem:
    return ImageProblem(
        "invalid_image_format",
        "You uploaded an unsupported image. Please make sure your image has one of the following"
        f" formats: ['png', 'jpeg', 'gif', 'webp'].{more}",
    )


def too_many_bytes() -> ImageProblem:
    return ImageProblem(
        "image_file_too_large", f"The image is larger than {MAX_BYTES // 1_000_000} MB."
    )


def _too_many_pixels(size: str) -> ImageProblem:
    return ImageProblem(
        "image_too_large",
        f"The image has {size}; at most {MAX_PIXELS // 1_000_000} million are accepted.",
    )
