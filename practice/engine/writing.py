"""The engine's chunks as the pieces of a reply, and its refusals in the API's words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from practice.engine.llama import Engine, EngineError
from practice.engine.plan import Plan
from practice.wire.errors import ApiError
from practice.wire.pieces import Piece, Usage

LONGEST = 300.0
"""Seconds after which a reply is given up, so that nothing waits for ever."""


async def pieces(engine: Engine, asked: Plan) -> AsyncGenerator[Piece | Usage]:
    """Yield the reply as it is written, and its usage last. Raises ApiError.

    Of many choices, as many are written side by side as the engine has slots; others who wait
    come in between.
    """
    if asked.written:
        for piece in asked.written:
            yield piece
        return
    wanted = asked.request.get("n", 1)
    if asked.facts:
        for index in range(wanted):
            yield Piece(index, asked.facts + "\n\n")
    until = asyncio.get_running_loop().time() + LONGEST
    prompt = completion = 0
    for begun in range(0, wanted, engine.slots):
        some = _some(asked.request, begun, min(engine.slots, wanted - begun))
        async with aclosing(engine.stream(some)) as chunks:
            while (chunk := await _next(chunks, until, engine, asked)) is not None:
                for choice in chunk["choices"]:
                    yield _piece(choice, asked, begun)
                if "usage" in chunk:  # of each part: the prompt counts once
                    prompt = chunk["usage"]["prompt_tokens"]
                    completion += chunk["usage"]["completion_tokens"]
    yield Usage(prompt + asked.picture_tokens, completion)


def _some(request: Mapping[str, Any], begun: int, count: int) -> dict[str, Any]:
    """The request for a part of the choices, with a seed of their own if there is one."""
    some = {**request, "n": count}
    if "seed" in some:
        some["seed"] = (some["seed"] + begun) & 0x7FFFFFFF
    return some


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


def _piece(choice: dict[str, Any], asked: Plan, begun: int) -> Piece:
    finish = choice["finish_reason"]
    tokens = (choice.get("logprobs") or {}).get("content")
    return Piece(
        begun + choice["index"],
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
