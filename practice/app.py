"""The HTTP application: routes, the key, who may ask, headers, and the stream of events."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
import time
from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import aclosing
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from practice import cards, chat, config, models, replies, rules, simulation, tools, wire
from practice.engine import WAITING, Engine
from practice.errors import ApiError, masked

LARGEST_BODY = 25_000_000
"""Bytes of a request: a picture of 15 MB and its base64 dress."""

_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

# Plausible limits, the same for everybody: practice mode counts no requests.
_LIMITS = {
    "x-ratelimit-limit-requests": "500",
    "x-ratelimit-limit-tokens": "200000",
    "x-ratelimit-remaining-requests": "499",
    "x-ratelimit-remaining-tokens": "199900",
    "x-ratelimit-reset-requests": "120ms",
    "x-ratelimit-reset-tokens": "30ms",
}

_log = logging.getLogger("practice.app")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def create_app(
    engine: Engine,
    *,
    key: str,
    on_activity: Callable[[], None] = lambda: None,
    any_host: bool = False,
) -> Starlette:
    """Return the application that answers with `engine` to whoever sends `key`.

    `on_activity` is called at every request with a key. `any_host` answers requests for other
    names than this computer's own, for a teacher who serves a class.
    """
    service = _Service(engine, key, on_activity)

    async def refused(request: Request, problem: Exception) -> Response:
        return _answer_error(request, problem)

    def guarded(handler: Handler) -> Handler:
        async def guard(request: Request) -> Response:
            if not any_host:
                _only_this_computer(request)
            return await handler(request)

        return guard

    routes = [
        Route("/health", guarded(_health)),
        Route("/cards", guarded(_cards)),
        Route("/cards.json", guarded(_cards_json)),
        Route("/v1/models", guarded(service.models)),
        Route("/v1/models/{name:path}", guarded(service.model)),
        Route("/v1/chat/completions", guarded(service.completions), methods=["POST"]),
    ]
    handlers: dict[Any, Any] = {ApiError: refused, HTTPException: refused, Exception: refused}
    return Starlette(routes=routes, exception_handlers=handlers)


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "ok", "model": config.MODEL_ID, "pid": os.getpid()})


async def _cards(_: Request) -> Response:
    return HTMLResponse(cards.page())


async def _cards_json(_: Request) -> Response:
    table = [{"name": card.name, "shows": card.shows} for card in cards.deck().values()]
    return JSONResponse({"cards": table})


class _Service:
    """The handlers that need the engine and the key."""

    def __init__(self, engine: Engine, key: str, on_activity: Callable[[], None]) -> None:
        self._engine = engine
        self._key = key.encode()
        self._on_activity = on_activity
        self._under_way = 0

    async def models(self, request: Request) -> Response:
        self._authorised(request)
        listed = [model.wire() for model in models.listed().values()]
        return JSONResponse({"object": "list", "data": listed}, headers=_headers())

    async def model(self, request: Request) -> Response:
        self._authorised(request)
        model = models.find(request.path_params["name"])
        return JSONResponse(model.wire(), headers=_headers())

    async def completions(self, request: Request) -> Response:
        began = time.perf_counter()
        key = self._authorised(request)
        asked, card = await self._request(request, key)
        headers = _headers() | _LIMITS
        if card is not None:
            headers["x-practice-simulated"] = card.name
            if card.html is not None:
                return HTMLResponse(card.html, headers=headers)
            await asyncio.sleep(card.delay)
        if self._under_way >= WAITING:
            busy = ApiError("overloaded")
            busy.headers["retry-after"] = "2"
            raise busy
        self._under_way += 1
        pieces = self._pieces(asked, card)
        try:
            # The first piece decides whether this is a reply or an error.
            function, first = await anext(pieces)
        except BaseException:
            await pieces.aclose()
            raise
        reply = replies.Reply(asked.model, function)
        refusal = card.refusal if card else None
        headers["openai-processing-ms"] = str(round(1000 * (time.perf_counter() - began)))
        if asked.stream:
            cut = card.cut_after if card else None
            with_usage = bool(asked.stream_options and asked.stream_options.include_usage)
            events = _events(reply, first, pieces, with_usage, refusal, cut)
            return StreamingResponse(events, media_type="text/event-stream", headers=headers)
        found: list[chat.Piece] = []
        usage = chat.Usage(0, 0)
        async with aclosing(pieces):
            piece: chat.Piece | chat.Usage | None = first
            while piece is not None:
                if isinstance(piece, chat.Usage):
                    usage = piece
                else:
                    found.append(piece)
                if await request.is_disconnected():
                    return Response(status_code=499)  # nobody reads it
                piece = await _next(pieces)
        headers["openai-processing-ms"] = str(round(1000 * (time.perf_counter() - began)))
        return JSONResponse(reply.whole(found, usage, refusal), headers=headers)

    async def _request(
        self, request: Request, key: str
    ) -> tuple[wire.ChatRequest, cards.Card | None]:
        """Return the checked request and the simulation it plays. Raises ApiError."""
        asked = wire.parse(await _body(request))
        card = cards.find(key=key, model=asked.model, message=tools.question(asked))
        if card is not None:
            problem = cards.error(card, model=asked.model, key=key, retries=_retries(request))
            if problem is not None:
                problem.headers["x-practice-simulated"] = card.name
                raise problem
            if asked.model == card.name:
                asked.model = config.MODEL_ID
        rules.check(asked, slots=self._engine.slots)
        return asked, card

    async def _pieces(
        self, asked: wire.ChatRequest, card: cards.Card | None
    ) -> AsyncGenerator[tuple[str | None, chat.Piece | chat.Usage]]:
        """Yield the function that is called, if any, with each piece of the reply."""
        try:
            plan = await chat.plan(asked)
            pieces = chat.pieces(self._engine, plan)
            if card is not None and simulation.replaces(card):
                limit = plan.request["max_tokens"]
                # One token is enough to have the prompt read and counted.
                plan.function, plan.facts = None, ""
                plan.request |= {"max_tokens": 1, "n": 1}
                pieces = simulation.pieces(card, pieces, limit=limit)
            async with aclosing(pieces):
                async for piece in pieces:
                    yield plan.function, piece
        finally:
            self._under_way -= 1

    def _authorised(self, request: Request) -> str:
        """Return the key of a request. Raises ApiError when there is none or a wrong one."""
        self._on_activity()
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        sent = sent.strip()
        if scheme.lower() != "bearer" or not sent:
            raise ApiError("no_key")
        # As bytes and in constant time; a header may hold any byte.
        right = hmac.compare_digest(sent.encode("utf-8", "surrogateescape"), self._key)
        if not right and sent not in cards.deck():
            raise ApiError("wrong_key", masked=masked(sent))
        return "" if right else sent


async def _events(
    reply: replies.Reply,
    first: chat.Piece | chat.Usage,
    pieces: AsyncGenerator[tuple[str | None, chat.Piece | chat.Usage]],
    with_usage: bool,
    refusal: str | None,
    cut_after: int | None,
) -> AsyncGenerator[str]:
    """Yield the server-sent events of a reply, `first` being the piece that is already here."""
    opened: set[int] = set()
    piece: chat.Piece | chat.Usage | None = first
    sent = 0
    async with aclosing(pieces):
        while piece is not None:
            if isinstance(piece, chat.Usage):
                if with_usage:
                    yield _event(reply.closing(piece))
            else:
                if piece.index not in opened:
                    opened.add(piece.index)
                    yield _event(reply.opening(piece.index, with_usage=with_usage))
                if piece.text or piece.finish_reason or refusal:
                    said = refusal if not piece.finish_reason else None
                    yield _event(reply.chunk(piece, with_usage=with_usage, refusal=said))
            sent += 1
            if cut_after is not None and sent > cut_after:
                return
            try:
                piece = await _next(pieces)
            except ApiError as problem:  # too late for a status: the stream itself says it
                yield _event(problem.body())
                return
    yield "data: [DONE]\n\n"


async def _next(
    pieces: AsyncGenerator[tuple[str | None, chat.Piece | chat.Usage]],
) -> chat.Piece | chat.Usage | None:
    """The next piece, or None at the end. (`anext` with a default fails in Python 3.11.)"""
    try:
        return (await anext(pieces))[1]
    except StopAsyncIteration:
        return None


def _event(value: Any) -> str:
    return f"data: {json.dumps(value, ensure_ascii=False, separators=(',', ':'))}\n\n"


async def _body(request: Request) -> bytes:
    """Return the body. Raises ApiError when it is larger than a request may be."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise ApiError("body_too_large", limit=LARGEST_BODY // 1_000_000)
    return bytes(body)


def _retries(request: Request) -> int:
    """How often the client has tried this call again, as the SDK says."""
    said = request.headers.get("x-stainless-retry-count", "0")
    return int(said) if said.isdecimal() and len(said) < 5 else 0


def _only_this_computer(request: Request) -> None:
    """Refuse web pages: a foreign Origin, and a foreign Host (DNS rebinding)."""
    host = request.headers.get("host", "")
    name = host if host.endswith("]") else host.rpartition(":")[0] or host
    origin = request.headers.get("origin")
    if name not in _LOOPBACK or (origin is not None and origin != f"http://{host}"):
        raise ApiError("host")


def _headers() -> dict[str, str]:
    """The headers that every answer of the API has."""
    return {
        "x-request-id": replies.identifier("req_", 32),
        "openai-version": "2020-10-01",
        "openai-organization": "practice",
        "openai-processing-ms": "1",
    }


def _answer_error(request: Request, problem: Exception) -> Response:
    """The answer for a refusal, and for what should not have happened."""
    if isinstance(problem, HTTPException):
        row = "method_not_allowed" if problem.status_code == 405 else "not_found"
        problem = ApiError(row, method=request.method, path=request.url.path[:200])
    if not isinstance(problem, ApiError):
        _log.error("a request failed", exc_info=problem)
        problem = ApiError("server_error")
    headers = _headers() | problem.headers
    return JSONResponse(problem.body(), problem.status, headers)
