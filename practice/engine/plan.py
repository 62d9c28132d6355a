"""What to ask the engine for a checked request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from practice.engine import described, pictures, tools
from practice.eye import request as eye
from practice.rules import models, schemas
from practice.wire import chat_request as wire
from practice.wire.chat_request import ChatRequest
from practice.wire.errors import ApiError
from practice.wire.pieces import Piece, Usage


@dataclass(frozen=True)
class Plan:
    """What to ask the engine, and how to read its answer."""

    request: Mapping[str, Any]
    limit: int
    """Completion tokens that the caller allows."""
    function: str | None = None
    """The function whose arguments the engine writes; None for a reply in words."""
    done: str = "stop"
    """The finish reason of an answer that is complete."""
    facts: str = ""
    """What the eye saw: stands in front of a reply in words."""
    picture_tokens: int = 0
    top_logprobs: int = 0
    written: tuple[Piece | Usage, ...] = ()
    """The reply where it is written already; then nothing is asked."""

    def only_counting(self) -> Plan:
        """Return the plan to have the prompt read and counted: one token is enough for that."""
        request = {**self.request, "max_tokens": 1, "n": 1}
        return replace(self, request=request, function=None, facts="")


async def planned(
    request: ChatRequest, *, decides: bool = False, allow_loopback: bool = True
) -> Plan:
    """Return how to answer a request. Looks at its pictures; raises ApiError for a bad one.

    Where the model `decides` on tools, the plan is the one for a reply in words (deciding.py), and
    what the eye saw stands in the prompt alone (pictures.py). `allow_loopback` lets a picture's
    address name this computer.
    """
    seen = await eye.seen(request, allow_loopback=allow_loopback)
    function = None if decides else tools.chosen(request)
    if function is not None:
        said = tools.call_request(request, function)
    else:
        said = _format(request)
        if decides and not said and seen.texts:
            texts = pictures.noted(request, seen.texts)
            messages = pictures.introduced(_messages(request, texts))
        else:
            messages = tools.result_messages(request) or _messages(request, seen.texts)
        said |= {"messages": messages}
    # The API says "stop" where the caller named the function (API reference, tool_choice).
    called = function is not None and not isinstance(request.tool_choice, wire.NamedChoice)
    return Plan(
        said | _parameters(request),
        limit=_limit(request),
        function=function.name if function else None,
        done="tool_calls" if called else "stop",
        facts="" if decides or "response_format" in said else seen.facts,
        picture_tokens=seen.tokens,
        top_logprobs=request.top_logprobs or 0,
    )


_LARGEST_LIMIT = 2**31 - 1
"""The engine has 32 bits for a limit, and wraps around beyond."""


def _limit(request: ChatRequest) -> int:
    """The caller's limit, or ours: a small model may never be done.

    The engine's own cure (DRY 0.8, base 1.75, from 8 tokens, over the last 512) made `small` end by
    itself for 1 of 4 prompts and changed the words of all, so it is not used.
    """
    asked = request.max_completion_tokens or request.max_tokens or models.default_limit()
    return min(asked, _LARGEST_LIMIT)


def _parameters(request: ChatRequest) -> dict[str, Any]:
    """The engine's settings; each has the API's default where the caller sets none."""
    found: dict[str, Any] = {
        "temperature": 1.0 if request.temperature is None else request.temperature,
        "max_tokens": _limit(request),
        "n": request.n or 1,
        "stream_options": {"include_usage": True},
    }
    # A prompt that the engine finds half read from an earlier call gives other rounding errors,
    # and now and then another word. Where the caller wants the same text again, read it afresh.
    found["cache_prompt"] = found["temperature"] > 0 and request.seed is None
    for name in ("top_p", "stop", "presence_penalty", "frequency_penalty"):
        if (value := getattr(request, name)) is not None:
            found[name] = value
    if request.seed is not None:
        found["seed"] = request.seed & 0x7FFFFFFF  # the engine takes 32 bits
    if request.logit_bias:
        found["logit_bias"] = _bias(request.logit_bias)
    if request.logprobs:
        # The engine gives nothing at all for 0 alternatives; `_token` cuts them off again.
        found |= {"logprobs": True, "top_logprobs": max(request.top_logprobs or 0, 1)}
    return found


def _bias(given: dict[str, float]) -> list[list[float]]:
    if not all(re.fullmatch("[0-9]{1,9}", token) for token in given):
        raise ApiError(
            "invalid_type", param="logit_bias", expected="token numbers as keys", got="a string"
        )
    return [[int(token), bias] for token, bias in given.items()]


def _format(request: ChatRequest) -> dict[str, Any]:
    """The engine's ``response_format``; nothing where the reply is plain text."""
    wanted = request.response_format
    if isinstance(wanted, wire.SchemaFormat):
        schema = {"schema": schemas.for_engine(wanted.json_schema.schema_ or {})}
        return {"response_format": {"type": "json_schema", "json_schema": schema}}
    if wanted is not None and wanted.type == "json_object":
        if (said := described.schema(request)) is not None:
            schema = {"schema": schemas.for_engine(said)}
            return {"response_format": {"type": "json_schema", "json_schema": schema}}
        return {"response_format": {"type": "json_object"}}
    return {}


def _messages(request: ChatRequest, texts: dict[int, str]) -> list[dict[str, str]]:
    """The messages as the model's template knows them: system, user and assistant, text only.

    `texts` replaces messages by number: those whose pictures have been put into words.
    """
    found = []
    for number, message in enumerate(request.messages):
        said = texts.get(number) or wire.text(message)
        if isinstance(message, wire.SystemMessage):
            found.append({"role": "system", "content": said})
        elif isinstance(message, wire.ToolMessage):
            found.append({"role": "user", "content": f"Result: {tools.plain(said)}"})
        elif not (
            isinstance(message, wire.AssistantMessage)
            and (message.tool_calls or message.function_call)
        ):
            # A call itself is left out: the model would copy its form.
            found.append({"role": message.role, "content": said})
    return found
