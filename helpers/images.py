"""Turn a picture into the content part that goes into a message."""

import base64
import io
import warnings
from pathlib import Path
from typing import Any, Literal

from openai.types.chat import ChatCompletionContentPartImageParam

from practice.data import load
from practice.process.language import gettext as _

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
                _("Only a file can be shrunk, not an address."), _("Download the picture first.")
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
            _("{name} cannot be read ({error}).").format(
                name=name, error=error.strerror or _("unknown reason")
            ),
            _("Check the file's name and the folder that the notebook is in."),
        ) from error
    if not raw:
        what = _("{name} is empty (0 bytes).").format(name=name)
        raise FirstCallError(what, _("Save or download it again."))
    if b"<svg" in raw[:1000].lower():
        what = _("{name} is an SVG drawing, which models do not read.").format(name=name)
        raise FirstCallError(what, _("Export it as PNG."))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(raw), formats=READ)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_big(name, _("a hundred million pixels or more")) from error
    except UnidentifiedImageError as error:
        what = _("{name} is not a picture that can be read, whatever its name says.")
        fix = _("Save it as PNG, JPEG, WEBP or GIF.")
        raise FirstCallError(what.format(name=name), fix) from error
    pixels = picture.width * picture.height
    if pixels > (MAX_PIXELS if shrink is None else MAX_PIXELS_SHRUNK):
        raise _too_big(name, _("{n:.0f} million pixels").format(n=pixels / 1e6))
    if shrink is None and len(raw) > MAX_BYTES:
        raise _too_big(name, f"{len(raw) / 1e6:.0f} MB")
    if picture.format != "MPO" and getattr(picture, "n_frames", 1) > 1:
        what = _("{name} moves, and models take still pictures.").format(name=name)
        raise FirstCallError(what, _("Save one frame."))
    if shrink is None and picture.format not in MIME:
        what = _("{name} is {format}, which models do not read.")
        fix = _("Save it as PNG or JPEG, or give shrink=1024, which does that too.")
        raise FirstCallError(what.format(name=name, format=picture.format), fix)
    try:
        picture.load()
    except (OSError, SyntaxError, ValueError) as error:
        what = _("{name} is damaged or only a part of a picture.").format(name=name)
        raise FirstCallError(what, _("Save or download it again.")) from error
    if shrink is None:
        return raw, MIME[str(picture.format)]
    return _shrunk(picture, shrink)


def _shrunk(picture: Any, side: int) -> tuple[bytes, str]:
    """Return ``picture`` (Pillow's) with its longer side at most ``side``, and its MIME type."""
    from PIL import ImageOps

    if side < 1:
        raise FirstCallError(_("shrink is a number of pixels."), _("Give 1024, for example."))
    photo = picture.format in ("JPEG", "MPO")
    small = ImageOps.exif_transpose(picture).convert("RGB" if photo else "RGBA")
    small.thumbnail((side, side))
    out = io.BytesIO()
    small.save(out, "JPEG" if photo else "PNG", quality=85)
    return out.getvalue(), "image/jpeg" if photo else "image/png"


def _too_big(name: str, size: str) -> FirstCallError:
    what = _("{name} is too big ({size}).").format(name=name, size=size)
    return FirstCallError(what, _("Give shrink=1024, or make it smaller."))
