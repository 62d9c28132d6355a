"""Where a picture comes from: a data URL, or an address on the web.

`load` gives a picture ready to be looked at, or raises `ImageProblem` with the code and message
of the 400 that the API answers.
"""

from __future__ import annotations

import base64
import binascii
import re

from practice.eye.image import MAX_BYTES, ImageProblem, Picture, decode, too_many_bytes, unsupported


def load(url: str, *, detail: str = "auto", allow_loopback: bool = True) -> Picture:
    """Return the picture at a data URL or an http(s) URL. Blocks for at most a few seconds.

    `allow_loopback` lets a URL name this computer, which is where the kit's own pictures are.
    Raises ImageProblem.
    """
    scheme = url[:8].partition(":")[0].strip().lower()
    if scheme == "data":
        raw = _from_data(url.strip())
    elif scheme in ("http", "https"):
        from practice.eye.fetch import download  # late: most pictures come within the request

        raw = download(url.strip(), limit=MAX_BYTES, allow_loopback=allow_loopback)
    else:
        raise ImageProblem(
            "invalid_image_url",
            "Invalid image URL. Expected an http(s) URL or a base64-encoded data URL with an image"
            " MIME type (e.g. 'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU=').",
        )
    return decode(raw, detail=detail)


def _from_data(url: str) -> bytes:
    head, comma, body = url.partition(",")
    if not comma or not head.lower().endswith(";base64"):
        raise _bad_base64()
    if len(body) > MAX_BYTES * 4 // 3 + 1000:
        raise too_many_bytes()
    mime = head[5:].partition(";")[0].strip().lower()
    if mime and not mime.startswith("image/") and mime != "application/octet-stream":
        raise unsupported(f" The data URL says {mime[:50]!r}.")
    try:
        raw = base64.b64decode(re.sub(r"\s", "", body), validate=True)
    except (binascii.Error, ValueError) as problem:
        raise _bad_base64() from problem
    if not raw:
        raise _bad_base64()
    return raw


def _bad_base64() -> ImageProblem:
    return ImageProblem(
        "invalid_base64",
        "Invalid base64 image_url. Expected 'data:image/png;base64,' (or jpeg, webp, gif) and then"
        " the file in base64.",
    )
