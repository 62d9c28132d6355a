"""Turn a picture into the content part that goes into a message."""

import base64
import io
import warnings
from pathlib import Path
from typing import Any, Literal

from openai.types.chat import ChatCompletionContentPartImageParam

from practice.data import load

from .errors import FirstCallError

MIME: dict[str, str] = load("pictures.toml")["formats"]
"""The formats that models take, by Pillow's names, and the type that the data URL says."""

READ = (*(name for name in MIME if name != "MPO"), "BMP", "TIFF")
"""The formats that are tried; an MPO opens as a JPEG. Some others run other programs."""

MAX_BYTES: int = load("pictures.toml")["most_bytes"]
MAX_PIXELS = 20_000_000
MAX_PIXELS_SHRUNK = 100_000_000
"""More than this is refused before it is decoded: 100 million pixels take 300 MB."""


def image_part(
    source: str | Path,
    *,
    detail: Literal["auto", "low", "high", "original"] = "auto",
    shrink: int | None = None,
) -> ChatCompletionContentPartImageParam:
    """Return the content part for the picture at ``source``.

    ``source`` is a file, or an http(s) or data URL, which is passed on as it is. A file
    becomes a base64 data URL; ``shrink`` makes its longer side at most that many pixels
    first, which saves tokens. Raises FirstCallError for a file that models cannot take.
    """
    text = str(source)
    if text.startswith(("http://", "https://", "data:")):
        if shrink is not None:
            raise FirstCallError(
                "Only a file can be shrunk, not an address.", "Download the picture first."
            )
        return {"type": "image_url", "image_url": {"url": text, "detail": detail}}
    raw, mime = _file(Path(source), shrink)
    url = f"data:{mime};base64,{base64.b64encode(raw).decode()}"
    return {"type": "image_url", "image_url": {"url": url, "detail": detail}}


def _file(path: Path, shrink: int | None) -> tuple[bytes, str]:
    """Return the bytes to send for the file at ``path``, and their MIME type."""
    from PIL import Image, UnidentifiedImageError  # late: few lessons need it

    name = path.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise FirstCallError(
            f"{name} cannot be read ({error.strerror or 'unknown reason'}).",
            "Check the file's name and the folder that the notebook is in.",
        ) from error
    if not raw:
        raise FirstCallError(f"{name} is empty (0 bytes).", "Save or download it again.")
    if b"<svg" in raw[:1000].lower():
        raise FirstCallError(
            f"{name} is an SVG drawing, which models do not read.", "Export it as PNG."
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(raw), formats=READ)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_big(name, "a hundred million pixels or more") from error
    except UnidentifiedImageError as error:
        raise FirstCallError(
            f"{name} is not a picture that can be read, whatever its name says.",
            "Save it as PNG, JPEG, WEBP or GIF.",
        ) from error
    pixels = picture.width * picture.height
    if pixels > (MAX_PIXELS if shrink is None else MAX_PIXELS_SHRUNK):
        raise _too_big(name, f"{pixels / 1e6:.0f} million pixels")
    if shrink is None and len(raw) > MAX_BYTES:
        raise _too_big(name, f"{len(raw) / 1e6:.0f} MB")
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        raise FirstCallError(f"{name} moves, and models take still pictures.", "Save one frame.")
    if shrink is None and picture.format not in MIME:
        raise FirstCallError(
            f"{name} is {picture.format}, which models do not read.",
            "Save it as PNG or JPEG, or give shrink=1024, which does that too.",
        )
    try:
        picture.load()
    except (OSError, SyntaxError, ValueError) as error:
        raise FirstCallError(
            f"{name} is damaged or only a part of a picture.", "Save or download it again."
        ) from error
    if shrink is None:
        return raw, MIME[str(picture.format)]
    return _shrunk(picture, shrink)


def _shrunk(picture: Any, side: int) -> tuple[bytes, str]:
    """Return ``picture`` (Pillow's) with its longer side at most ``side``, and its MIME type."""
    from PIL import ImageOps

    if side < 1:
        raise FirstCallError("shrink is a number of pixels.", "Give 1024, for example.")
    photo = picture.format in ("JPEG", "MPO")
    small = ImageOps.exif_transpose(picture).convert("RGB" if photo else "RGBA")
    small.thumbnail((side, side))
    out = io.BytesIO()
    small.save(out, "JPEG" if photo else "PNG", quality=85)
    return out.getvalue(), "image/jpeg" if photo else "image/png"


def _too_big(name: str, size: str) -> FirstCallError:
    return FirstCallError(f"{name} is too big ({size}).", "Give shrink=1024, or make it smaller.")
