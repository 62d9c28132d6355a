"""Who may ask, and how much: the Host and Origin, the password of a page, the size of a body."""

from __future__ import annotations

import asyncio
import base64
import re
from typing import Any

from starlette.requests import ClientDisconnect, Request

from practice.wire.errors import ApiError

LARGEST_BODY = 25_000_000
"""Bytes of a request: a picture of 15 MB and its base64 dress."""


LONGEST_BODY = 60
"""Seconds that a request may take to arrive."""


_LOOPBACK = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::([0-9]{1,5}))?", re.IGNORECASE)


def only_this_computer(request: Request) -> None:
    """Refuse web pages: a foreign Origin, and a foreign Host (DNS rebinding). Raises ApiError."""
    named = _LOOPBACK.fullmatch(request.headers.get("host", ""))
    port = (request.scope.get("server") or ("", None))[1]
    if named is None or (named[1] is not None and int(named[1]) != (port or 80)):
        raise ApiError("host")
    own_pages_only(request)


def own_pages_only(request: Request) -> None:
    """Refuse web pages of other places, whatever name the service goes by. Raises ApiError."""
    hosts, origins = request.headers.getlist("host"), request.headers.getlist("origin")
    if len(hosts) != 1 or len(origins) > 1:
        raise ApiError("host")
    # A gateway may add the "s".
    if origins and origins[0] not in (f"http://{hosts[0]}", f"https://{hosts[0]}"):
        raise ApiError("host")


def own_button(request: Request) -> None:
    """Refuse a form that another page sends, as browsers tell it. Raises ApiError."""
    if any(
        site not in ("same-origin", "none") for site in request.headers.getlist("sec-fetch-site")
    ):
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


def page_of(items: list[dict[str, Any]], request: Request) -> dict[str, Any]:
    """The part of a list that a request asks for, newest first unless it says otherwise."""
    asked = request.query_params
    limit = asked.get("limit", "20")
    if not (limit.isdecimal() and limit.isascii() and 1 <= int(limit[:9]) <= 100):
        got = f"'{limit[:100]}'"
        raise ApiError("invalid_value", param="limit", got=got, supported="1 to 100")
    order = asked.get("order", "desc")
    if order not in ("asc", "desc"):
        supported = "'asc' and 'desc'"
        raise ApiError("invalid_value", param="order", got=f"'{order[:100]}'", supported=supported)
    listed = items if order == "asc" else items[::-1]
    names = [item["id"] for item in listed]
    begin = names.index(asked["after"]) + 1 if asked.get("after") in names else 0
    page = listed[begin : begin + int(limit)]
    return {
        "object": "list",
        "data": page,
        "first_id": page[0]["id"] if page else None,
        "last_id": page[-1]["id"] if page else None,
        "has_more": begin + len(page) < len(listed),
    }


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
