"""Replies and chunks on the wire, with every field of the SDK's types and no other.

Source: OpenAI API reference, "The chat completion object" and "The chat completion chunk object".
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from practice.wire.chat_request import ChatRequest
from practice.wire.errors import ApiError
from practice.wire.pieces import Piece, Usage, event, identifier

FINGERPRINT = "fp_practice"


class Reply:
    """A chat completion."""

    def __init__(self, asked: ChatRequest, model: str, function: str | None) -> None:
        options = asked.stream_options
        self._with_usage = bool(options and options.include_usage)
        self._opened: set[int] = set()
        self._function = function
        self._old = asked.functions is not None
        self._call_id = identifier("call_", 24)
        self._common = {
            "id": identifier("chatcmpl-"),
            "created": int(time.time()),
            "model": model,
            "service_tier": "default",
            "system_fingerprint": FINGERPRINT,
        }

    def whole(self, pieces: list[Piece], usage: Usage, refusal: str | None) -> dict[str, Any]:
        numbers = sorted({piece.index for piece in pieces})
        choices = [self._choice([p for p in pieces if p.index == n], refusal) for n in numbers]
        return self._common | {
            "object": "chat.completion",
            "choices": choices,
            "usage": _usage(usage),
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
        if self._function is not None:
            message["content"] = None
            message |= self._called(text)
        return {
            "index": pieces[0].index,
            "message": message,
            "logprobs": {"content": tokens, "refusal": None} if tokens else None,
            "finish_reason": next((self._finish(p) for p in pieces if p.finish_reason), None),
        }

    def _called(self, arguments: str) -> dict[str, Any]:
        """The call in a message: of a tool, or of a function as it was before there were tools."""
        function = {"name": self._function, "arguments": arguments}
        if self._old:
            return {"function_call": function}
        return {"tool_calls": [{"id": self._call_id, "type": "function", "function": function}]}

    def _finish(self, piece: Piece) -> str | None:
        old = self._old and piece.finish_reason == "tool_calls"
        return "function_call" if old else piece.finish_reason

    def opening(self) -> Iterator[str]:
        return iter(())

    def events(self, piece: Piece | Usage, refusal: str | None) -> Iterator[str]:
        if isinstance(piece, Usage):
            if self._with_usage:
                yield event(self._last(piece))
            return
        if piece.index not in self._opened:
            self._opened.add(piece.index)
            yield event(self._first(piece.index))
        if piece.text or piece.finish_reason or refusal:
            yield event(self._next(piece, refusal if not piece.finish_reason else None))

    def closing(self) -> Iterator[str]:
        yield "data: [DONE]\n\n"

    def failure(self, problem: ApiError) -> str:
        return event(problem.body())

    def _first(self, index: int) -> dict[str, Any]:
        """The first chunk of a choice: who speaks, and which function is called."""
        delta: dict[str, Any] = {"role": "assistant", "content": "", "refusal": None}
        if self._function is not None:
            delta["content"] = None
            delta |= self._called("")
            for number, call in enumerate(delta.get("tool_calls", ())):
                call["index"] = number
        return self._chunk(index, delta, None, None)

    def _next(self, piece: Piece, refusal: str | None) -> dict[str, Any]:
        """The chunk for a piece; its delta is empty when only the finish reason is new."""
        delta: dict[str, Any] = {}
        if refusal is not None:
            delta["refusal"] = refusal
        elif piece.text and self._function is not None and self._old:
            delta["function_call"] = {"arguments": piece.text}
        elif piece.text and self._function is not None:
            delta["tool_calls"] = [{"index": 0, "function": {"arguments": piece.text}}]
        elif piece.text:
            delta["content"] = piece.text
        return self._chunk(piece.index, delta, piece.logprobs, self._finish(piece))

    def _chunk(
        self,
        index: int,
        delta: dict[str, Any],
        tokens: list[dict[str, Any]] | None,
        finish_reason: str | None,
    ) -> dict[str, Any]:
        choice = {
            "index": index,
            "delta": delta,
            "logprobs": {"content": tokens, "refusal": None} if tokens else None,
            "finish_reason": finish_reason,
        }
        # With include_usage, every chunk but the last says `usage: null` (API reference).
        usage = {"usage": None} if self._with_usage else {}
        return self._common | {"object": "chat.completion.chunk", "choices": [choice]} | usage

    def _last(self, usage: Usage) -> dict[str, Any]:
        """The chunk that holds the usage and no choice."""
        return self._common | {
            "object": "chat.completion.chunk",
            "choices": [],
            "usage": _usage(usage),
        }


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "prompt_tokens": usage.prompt,
        "completion_tokens": usage.completion,
        "total_tokens": usage.prompt + usage.completion,
        # OpenAI caches prompts of 1,024 tokens and more; nothing is cached here.
        "prompt_tokens_details": {"audio_tokens": 0, "cached_tokens": 0},
        "completion_tokens_details": {
            "accepted_prediction_tokens": 0,
            "audio_tokens": 0,
            "reasoning_tokens": usage.reasoning,
            "rejected_prediction_tokens": 0,
        },
    }
