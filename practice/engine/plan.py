"""One chat request, from the checked wire form through the engine to the reply's pieces."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from practice.engine import tools
from practice.engine.llama import Engine, EngineError
from practice.rules import models, schemas
from practice.rules import requests as rules
from practice.wire import chat_request as wire
from practice.wire.chat_request import ChatRequest
from practice.wire.errors import ApiError

LONGEST = 300.0
"""Seconds after which a reply is given up, so that nothing waits for ever."""


@dataclass
class Piece:
    """What the engine wrote since the last piece, for one choice."""

    index: int
    text: str = ""
    logprobs: list[dict[str, Any]] | None = None
    finish_reason: str | None = None


@dataclass
class Usage:
    """Tokens of a request, as the engine counted them, plus those of its pictures."""

    prompt: int
    completion: int
    reasoning: int = 0

    def wire(self) -> dict[str, Any]:
        return {
            "prompt_tokens": self.prompt,
            "completion_tokens": self.completion,
            "total_tokens": self.prompt + self.completion,
            # OpenAI caches prompts of 1,024 tokens and more; nothing is cached here.
            "prompt_tokens_details": {"audio_tokens": 0, "cached_tokens": 0},
            "completion_tokens_details": {
                "accepted_prediction_tokens": 0,
                "audio_tokens": 0,
                "reasoning_tokens": self.reasoning,
                "rejected_prediction_tokens": 0,
            },
        }


@dataclass
class Plan:
    """What to ask the engine, and how to read its answer."""

    request: dict[str, Any]
    function: str | None = None
    """The function whose arguments the engine writes; None for a reply in words."""
    done: str = "stop"
    """The finish reason of an answer that is complete."""
    facts: str = ""
    """What the eye saw: stands in front of a reply in words."""
    picture_tokens: int = 0
    top_logprobs: int = 0


async def plan(request: ChatRequest) -> Plan:
    """Return how to answer a request. Looks at its pictures; raises ApiError for a bad one."""
    seen = _Seen("", {}, 0)
    if numbers := _with_pictures(request):
        seen = await asyncio.to_thread(_look, request, numbers)
    function = tools.chosen(request)
    if function is not None:
        named = isinstance(request.tool_choice, wire.NamedChoice)
        # The API says "stop" where the caller named the function (API reference, tool_choice).
        asked = Plan(
            tools.call_request(request, function), function.name, "stop" if named else "tool_calls"
        )
    else:
        asked = Plan({"messages": tools.result_messages(request) or _messages(request, seen.texts)})
        _format(request, asked)
        if "response_format" not in asked.request:
            asked.facts = seen.facts
    asked.picture_tokens, asked.top_logprobs = seen.tokens, request.top_logprobs or 0
    asked.request |= _parameters(request)
    return asked


async def pieces(engine: Engine, asked: Plan) -> AsyncGenerator[Piece | Usage]:
    """Yield the reply as it is written, and its usage last. Raises ApiError."""
    if asked.facts:
        for index in range(asked.request.get("n", 1)):
            yield Piece(index, asked.facts + "\n\n")
    until = asyncio.get_running_loop().time() + LONGEST
    async with aclosing(engine.stream(asked.request)) as chunks:
        while (chunk := await _next(chunks, until, engine, asked)) is not None:
            for choice in chunk["choices"]:
                yield _piece(choice, asked)
            if "usage" in chunk:
                used = chunk["usage"]
                yield Usage(used["prompt_tokens"] + asked.picture_tokens, used["completion_tokens"])


async def _next(
    chunks: AsyncGenerator[dict[str, Any]], until: float, engine: Engine, asked: Plan
) -> dict[str, Any] | None:
    """The engine's next chunk, None at its end. Raises ApiError, also when the time is up.

    The time limit is set around each wait: around all of them it would belong to the task that
    began, and streams are begun in one task and go on in another.
    """
    try:
        async with asyncio.timeout_at(until):
            return await anext(chunks)
    except StopAsyncIteration:
        return None
    except EngineError as problem:
        raise _translated(problem, engine, asked) from problem
    except TimeoutError as problem:
        raise ApiError("server_error") from problem


def _piece(choice: dict[str, Any], asked: Plan) -> Piece:
    finish = choice["finish_reason"]
    tokens = (choice.get("logprobs") or {}).get("content")
    return Piece(
        choice["index"],
        choice["delta"].get("content") or "",
        [_token(token, asked.top_logprobs) for token in tokens] if tokens else None,
        asked.done if finish == "stop" else finish,
    )


def _token(token: dict[str, Any], top: int) -> dict[str, Any]:
    """A token's probability without the number that only the engine knows."""
    plain = {name: token[name] for name in ("token", "logprob", "bytes")}
    alternatives = token.get("top_logprobs")
    if alternatives is None:
        return plain
    wanted = alternatives[: top if top > 0 else 0]
    return plain | {"top_logprobs": [_token(other, 0) for other in wanted]}


def _translated(problem: EngineError, engine: Engine, asked: Plan) -> ApiError:
    """The API's error for what the engine refused."""
    detail = problem.detail
    if detail.get("type") == "exceed_context_size_error":
        got = detail.get("n_prompt_tokens", "more")
        return ApiError("context_length", limit=engine.context, got=got)
    # What the engine makes of a schema fails as a server's error, and is the schema's.
    if problem.status < 500 or "response_format" in asked.request:
        return ApiError("engine", reason=str(detail.get("message", ""))[:200])
    return ApiError("server_error")


def _parameters(request: ChatRequest) -> dict[str, Any]:
    """The engine's settings; each has the API's default where the caller sets none."""
    limit = request.max_completion_tokens or request.max_tokens or models.default_limit()
    found: dict[str, Any] = {
        "temperature": 1.0 if request.temperature is None else request.temperature,
        "max_tokens": limit,
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


def _format(request: ChatRequest, asked: Plan) -> None:
    wanted = request.response_format
    if isinstance(wanted, wire.SchemaFormat):
        schema = {"schema": schemas.for_engine(wanted.json_schema.schema_ or {})}
        asked.request["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif wanted is not None and wanted.type == "json_object":
        asked.request["response_format"] = {"type": "json_object"}


def _messages(request: ChatRequest, texts: dict[int, str]) -> list[dict[str, str]]:
    """The messages as the model's template knows them: system, user and assistant, text only.

    `texts` replaces messages by number: those whose pictures have been put into words.
    """
    found = []
    for number, message in enumerate(request.messages):
        said = texts.get(number) or rules.text(message)
        if isinstance(message, wire.SystemMessage):
            found.append({"role": "system", "content": said})
        elif isinstance(message, wire.ToolMessage):
            found.append({"role": "user", "content": f"Result: {tools.plain(said)}"})
        elif isinstance(message, wire.FunctionMessage):
            found.append({"role": "user", "content": f"Result: {message.content or ''}"})
        elif not (isinstance(message, wire.AssistantMessage) and message.tool_calls):
            # A call itself is left out: the model would copy its form.
            found.append({"role": message.role, "content": said})
    return found


@dataclass
class _Seen:
    facts: str
    texts: dict[int, str]
    tokens: int


def _with_pictures(request: ChatRequest) -> list[int]:
    """The numbers of the messages that hold pictures."""
    return [
        number
        for number, message in enumerate(request.messages)
        if any(isinstance(part, wire.ImagePart) for part in rules.parts(message))
    ]


def _look(request: ChatRequest, numbers: list[int]) -> _Seen:
    """Read the pictures of these messages. Raises ApiError for one that cannot be read."""
    from practice.eye import image as images
    from practice.eye import reader as eye  # heavy, and most requests have no picture

    texts, total, last = {}, 0, []
    for number in numbers:
        pictures = []
        for place, part in enumerate(rules.parts(request.messages[number])):
            if not isinstance(part, wire.ImagePart):
                continue
            try:
                picture = images.load(part.image_url.url, detail=part.image_url.detail)
            except images.ImageProblem as problem:
                raise _bad_image(problem, f"messages[{number}].content[{place}]") from problem
            total += images.tokens(picture.width, picture.height, part.image_url.detail)
            pictures.append(picture)
        last = pictures
        texts[number] = f"{rules.text(request.messages[number])}\n\n{eye.describe(pictures)}"
    return _Seen(eye.describe(last), texts, total)


def _bad_image(problem: Any, where: str) -> ApiError:
    error = ApiError("image", param=f"{where}.image_url", reason=problem.message)
    error.code = problem.code
    return error
