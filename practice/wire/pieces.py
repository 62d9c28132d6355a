"""A reply while it is written: its pieces, and what every form of it on the wire has."""

from __future__ import annotations

import json
import secrets
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from practice.wire.errors import ApiError


@dataclass(frozen=True)
class Piece:
    """What the engine wrote since the last piece, for one choice."""

    index: int
    text: str = ""
    logprobs: list[dict[str, Any]] | None = None
    finish_reason: str | None = None


@dataclass(frozen=True)
class Usage:
    """Tokens of a request, as the engine counted them, plus those of its pictures."""

    prompt: int
    completion: int
    reasoning: int = 0


class Form(Protocol):
    """How one reply looks on the wire: joined at the end, or as events while it is written."""

    def whole(self, pieces: list[Piece], usage: Usage, refusal: str | None) -> dict[str, Any]:
        """The reply in one object."""

    def opening(self) -> Iterator[str]:
        """The events before the first piece."""

    def events(self, piece: Piece | Usage, refusal: str | None) -> Iterator[str]:
        """The events for a piece."""

    def closing(self) -> Iterator[str]:
        """The events after the last piece."""

    def failure(self, problem: ApiError) -> str:
        """The event for what goes wrong when it is too late for a status."""


FormOf = Callable[[str, str | None], Form]
"""The form for the model's name and the function that is called, once they are known."""

_LETTERS = string.ascii_letters + string.digits


def identifier(prefix: str, length: int = 29) -> str:
    """A random identifier such as ``chatcmpl-…``."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


def event(value: dict[str, Any]) -> str:
    """A server-sent event with JSON in it."""
    return f"data: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}\n\n"
