"""Replies and chunks on the wire, with every field of the SDK's types and no other.

Source: OpenAI API reference, "The chat completion object" and "The chat completion chunk object".
"""

from __future__ import annotations

import secrets
import string
import time
from typing import Any

from practice.chat import Piece, Usage

FINGERPRINT = "fp_practice"
_LETTERS = string.ascii_letters + string.digits


def identifier(prefix: str, length: int = 29) -> str:
    """A random identifier such as ``chatcmpl-…``."""
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


class Reply:
    """The reply to one request: joined at the end, or chunk by chunk."""

    def __init__(self, model: str, function: str | None) -> None:
        self.function = function
        self.call_id = identifier("call_", 24)
        self._common = {
            "id": identifier("chatcmpl-"),
            "created": int(time.time()),
            "model": model,
            "service_tier": "default",
            "system_fingerprint": FINGERPRINT,
        }

    def whole(self, pieces: list[Piece], usage: Usage, refusal: str | None = None) -> Any:
        """The reply in one object."""
        numbers = sorted({piece.index for piece in pieces})
        choices = [self._choice([p for p in pieces if p.index == n], refusal) for n in numbers]
        return self._common | {
            "object": "chat.completion",
            "choices": choices,
            "usage": usage.wire(),
        }

    def _choice(self, pieces: list[Piece], refusal: str | None) -> dict[str, Any]:
        text = "".join(piece.text for piece in pieces)
        tokens = [token for piece in pieces for token in piece.logprobs or ()]
        message: dict[str, Any] = {
            "role": "assistant",
            "content": text,
            "refusal": refusal,
            "annotations": [],
        }
        if refusal is not None:
            message["content"] = None
        if self.function is not None:
            message["content"] = None
            message["tool_calls"] = [self._call(text)]
        return {
            "index": pieces[0].index,
            "message": message,
            "logprobs": {"content": tokens, "refusal": None} if tokens else None,
            "finish_reason": next((p.finish_reason for p in pieces if p.finish_reason), None),
        }

    def _call(self, arguments: str) -> dict[str, Any]:
        function = {"name": self.function, "arguments": arguments}
        return {"id": self.call_id, "type": "function", "function": function}

    def opening(self, index: int, *, with_usage: bool) -> Any:
        """The first chunk of a choice: who speaks, and which function is called."""
        delta: dict[str, Any] = {"role": "assistant", "content": "", "refusal": None}
        if self.function is not None:
            delta["content"] = None
            delta["tool_calls"] = [{"index": 0, **self._call("")}]
        return self._chunk(index, delta, None, None, with_usage)

    def chunk(self, piece: Piece, *, with_usage: bool, refusal: str | None = None) -> Any:
        """The chunk for a piece; its delta is empty when only the finish reason is new."""
        delta: dict[str, Any] = {}
        if refusal is not None:
            delta["refusal"] = refusal
        elif piece.text and self.function is not None:
            delta["tool_calls"] = [{"index": 0, "function": {"arguments": piece.text}}]
        elif piece.text:
            delta["content"] = piece.text
        return self._chunk(piece.index, delta, piece.logprobs, piece.finish_reason, with_usage)

    def _chunk(
        self,
        index: int,
        delta: dict[str, Any],
        tokens: list[dict[str, Any]] | None,
        finish_reason: str | None,
        with_usage: bool,
    ) -> Any:
        choice = {
            "index": index,
            "delta": delta,
            "logprobs": {"content": tokens, "refusal": None} if tokens else None,
            "finish_reason": finish_reason,
        }
        # With include_usage, every chunk but the last says `usage: null` (API reference).
        usage = {"usage": None} if with_usage else {}
        return self._common | {"object": "chat.completion.chunk", "choices": [choice]} | usage

    def closing(self, usage: Usage) -> Any:
        """The chunk that holds the usage and no choice."""
        return self._common | {
            "object": "chat.completion.chunk",
            "choices": [],
            "usage": usage.wire(),
        }
