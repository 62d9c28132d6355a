"""The pictures of a request, put into words for a model that sees none."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from practice.wire import chat_request as wire
from practice.wire.chat_request import ChatRequest
from practice.wire.errors import ApiError

if TYPE_CHECKING:
    from practice.eye.image import Picture


def _step_back() -> None:
    """Let the engine's threads go first. Elsewhere a thread has no priority of its own."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 5)


_pool = ThreadPoolExecutor(8, thread_name_prefix="eye", initializer=_step_back)
"""Of its own: pictures that wait for each other must not keep the ledger or a page waiting."""
_CHINESE = re.compile("[\u4e00-\u9fff]")


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
    if not (numbers := _with_pictures(request)):
        return Seen()
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_pool, _look, request, numbers, allow_loopback)


def _with_pictures(request: ChatRequest) -> list[int]:
    """The numbers of the messages that hold pictures."""
    return [
        number
        for number, message in enumerate(request.messages)
        if any(isinstance(part, wire.ImagePart) for part in wire.parts(message))
    ]


def _look(request: ChatRequest, numbers: list[int], allow_loopback: bool) -> Seen:
    """Read the pictures of these messages, one at a time."""
    from practice.eye import reader  # heavy, and most requests have no picture

    texts, facts = {}, ""
    costs: list[int] = []
    for number in numbers:
        said = wire.text(request.messages[number])
        pictures = _pictures(request, number, costs, allow_loopback)
        facts = reader.describe(pictures, chinese=bool(_CHINESE.search(said)))
        texts[number] = f"{said}\n\n{facts}"
    return Seen(facts, texts, sum(costs))


def _pictures(
    request: ChatRequest, number: int, costs: list[int], allow_loopback: bool
) -> Iterator[Picture]:
    """The pictures of a message, each loaded when it is asked for; `costs` gets their tokens."""
    from practice.eye import image, source

    for place, part in enumerate(wire.parts(request.messages[number])):
        if not isinstance(part, wire.ImagePart):
            continue
        detail = part.image_url.detail
        try:
            picture = source.load(part.image_url.url, detail=detail, allow_loopback=allow_loopback)
            costs.append(image.tokens(picture.width, picture.height, detail))
        except image.ImageProblem as problem:
            raise _bad_image(problem, f"messages[{number}].content[{place}]") from problem
        yield picture


def _bad_image(problem: Any, where: str) -> ApiError:
    error = ApiError("image", param=f"{where}.image_url", reason=problem.message)
    error.code = problem.code
    return error
