"""The pictures of a request, put into words for a model that sees none."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from practice.wire import chat_request as wire
from practice.wire.chat_request import ChatRequest
from practice.wire.errors import ApiError


@dataclass(frozen=True)
class Seen:
    """What was in the pictures of a request."""

    facts: str = ""
    """About those of the last message that has any."""
    texts: dict[int, str] = field(default_factory=dict)
    """What stands for a message with pictures, by its number."""
    tokens: int = 0
    """What all of them cost."""


async def seen(request: ChatRequest, *, allow_loopback: bool = True) -> Seen:
    """Return what is in the pictures. Raises ApiError for one that cannot be read.

    `allow_loopback` lets an address name this computer.
    """
    numbers = _with_pictures(request)
    if not numbers:
        return Seen()
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_EYES, _look, request, numbers, allow_loopback)


_EYES = ThreadPoolExecutor(max_workers=4, thread_name_prefix="eye")
"""Threads of their own: slow pictures must not take those that the usage page needs."""


def _with_pictures(request: ChatRequest) -> list[int]:
    """The numbers of the messages that hold pictures."""
    return [
        number
        for number, message in enumerate(request.messages)
        if any(isinstance(part, wire.ImagePart) for part in wire.parts(message))
    ]


def _look(request: ChatRequest, numbers: list[int], allow_loopback: bool) -> Seen:
    """Read the pictures of these messages."""
    from practice.eye import image, reader, source  # heavy, and most requests have no picture

    texts, total, last = {}, 0, []
    for number in numbers:
        pictures = []
        for place, part in enumerate(wire.parts(request.messages[number])):
            if not isinstance(part, wire.ImagePart):
                continue
            try:
                picture = source.load(
                    part.image_url.url,
                    detail=part.image_url.detail,
                    allow_loopback=allow_loopback,
                )
            except image.ImageProblem as problem:
                raise _bad_image(problem, f"messages[{number}].content[{place}]") from problem
            total += image.tokens(picture.width, picture.height, part.image_url.detail)
            pictures.append(picture)
        last = pictures
        texts[number] = f"{wire.text(request.messages[number])}\n\n{reader.describe(pictures)}"
    return Seen(reader.describe(last), texts, total)


def _bad_image(problem: Any, where: str) -> ApiError:
    error = ApiError("image", param=f"{where}.image_url", reason=problem.message)
    error.code = problem.code
    return error
