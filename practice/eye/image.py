"""A picture file, checked as OpenAI checks it, and what it costs.

`decode` gives a picture ready to be looked at, or raises `ImageProblem` with the code and message
of the 400 that the API answers. `tokens` says what a picture costs.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass, field

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

_PATCH = 32
_BUDGET = 1536
_HUNDREDTHS = 162
"""Of a token for a patch: in whole numbers, so that 300 patches are 486 tokens and not 487."""
_LOW_SIDE = 512


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
    try:
        upright, width, height = _upright(image)
    except Exception as problem:
        raise ImageProblem(
            "image_parse_error",
            "You uploaded an unsupported image. Please make sure your image is valid."
            " It is damaged, or only a part of the file arrived.",
        ) from problem
    return Picture(upright, _FORMATS[str(image.format)], width, height, detail)


def tokens(width: int, height: int, detail: str = "auto") -> int:
    """Tokens that a picture of this size (pixels) costs with a model of the gpt-5.4-mini class.

    The picture is cut into patches of 32 x 32 pixels. One that needs more than 1,536 of them, or
    is longer than 2,048 pixels, is first scaled down. Each patch counts 1.62 tokens. `low` scales
    to 512 pixels; the other values of `detail` cost the same.
    """
    side = _LOW_SIDE if detail == "low" else SIDE
    w, h = float(max(width, 1)), float(max(height, 1))
    if (longer := max(w, h)) > side:
        w, h = w * side / longer, h * side / longer
    if _patches(w) * _patches(h) > _BUDGET:
        factor = math.sqrt(_PATCH**2 * _BUDGET / (w * h))
        across, down = w * factor / _PATCH, h * factor / _PATCH
        if across >= 1 and down >= 1:
            factor *= min(math.floor(across) / across, math.floor(down) / down)
        w, h = w * factor, h * factor
    patches = min(_patches(w) * _patches(h), _BUDGET)
    return -(-patches * _HUNDREDTHS // 100)  # rounded up


def _patches(length: float) -> int:
    return max(1, math.ceil(round(length / _PATCH, 6)))  # 33.0000001 patches are 33


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
