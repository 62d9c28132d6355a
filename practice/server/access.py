"""Who may ask, and how much: the Host and Origin, the password of a page, the size of a body."""

from __future__ import annotations

import asyncio
import base64

from starlette.requests import ClientDisconnect, Request

from practice.wire.errors import ApiError

LARGEST_BODY = 25_000_000
"""Bytes of a request: a picture of 15 MB and its base64 dress."""


LONGEST_BODY = 60
"""Seconds that a request may take to arrive."""


_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def only_this_computer(request: Request) -> None:
    """Refuse web pages: a foreign Origin, and a foreign Host (DNS rebinding)."""
    host = request.headers.get("host", "")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    origin = request.headers.get("origin")
    if name not in _LOOPBACK or (origin is not None and origin != f"http://{host}"):
        raise ApiError("host")


def password(request: Request) -> str:
    """The password of a browser's log-in box (HTTP Basic); empty when there is none."""
    scheme, _, sent = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(sent).decode().partition(":")[2]
    except ValueError:
        return ""


async def body(request: Request) -> bytes:
    """Return the body. Raises ApiError when it is larger than a request may be."""
    arrived = bytearray()
    try:
        async with asyncio.timeout(LONGEST_BODY):
            async for chunk in request.stream():
                arrived += chunk
                if len(arrived) > LARGEST_BODY:
                    raise ApiError("body_too_large", limit=LARGEST_BODY // 1_000_000)
    except TimeoutError:
        raise ApiError("body_too_slow", limit=LONGEST_BODY) from None
    except ClientDisconnect:  # nobody reads the answer
        raise ApiError("invalid_json") from None
    return bytes(arrived)
