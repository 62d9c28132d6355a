"""From a checked request to the answer: one line of work for every endpoint that writes text.

Who may ask and where is the business of app.py; how a reply looks is that of the Form.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse

from practice.engine import plan as chat
from practice.engine import writing
from practice.engine.llama import WAITING, Engine
from practice.ledger.ledger import Call, Ledger
from practice.process import config
from practice.rules import requests as rules
from practice.simulated import answers as simulation
from practice.simulated import cards
from practice.wire import chat_request as wire
from practice.wire.errors import ApiError
from practice.wire.pieces import Form, Piece, Usage, identifier

# Plausible limits, the same for everybody: practice mode counts no requests.
_LIMITS = {
    "x-ratelimit-limit-requests": "500",
    "x-ratelimit-limit-tokens": "200000",
    "x-ratelimit-remaining-requests": "499",
    "x-ratelimit-remaining-tokens": "199900",
    "x-ratelimit-reset-requests": "120ms",
    "x-ratelimit-reset-tokens": "30ms",
}

Pieces = AsyncGenerator[tuple[str | None, Piece | Usage]]


def headers() -> dict[str, str]:
    """The headers that every answer of the API has."""
    return {
        "x-request-id": identifier("req_", 32),
        "openai-version": "2020-10-01",
        "openai-organization": "practice",
        "openai-processing-ms": "1",
    }


class Desk:
    """Takes requests, has the engine write the replies, and keeps the ledger.

    `ledger` None keeps none: then nothing is counted and no credit runs out.
    """

    def __init__(self, engine: Engine, ledger: Ledger | None) -> None:
        self._engine = engine
        self._ledger = ledger
        self._under_way = 0

    async def answer(
        self, request: Request, key: str, asked: wire.ChatRequest, form: Form
    ) -> Response:
        """Return the answer to `asked`, dressed by `form`. Raises ApiError.

        `key` is the simulation that came in the key's place, else empty.
        """
        began = time.perf_counter()
        card = self._checked(request, key, asked)
        sent = headers() | _LIMITS
        if card is not None:
            sent["x-practice-simulated"] = card.name
            if card.html is not None:
                return HTMLResponse(card.html, headers=sent)
            await asyncio.sleep(card.delay)
        if self._under_way >= WAITING:
            busy = ApiError("overloaded")
            busy.headers["retry-after"] = "2"
            raise busy
        self._under_way += 1
        pieces = self._pieces(asked, card, _call(request.url.path, asked, card))
        try:
            # The first piece decides whether this is a reply or an error.
            function, first = await anext(pieces)
        except BaseException:
            await pieces.aclose()
            raise
        form.begin(asked.model, function)
        sent["openai-processing-ms"] = str(round(1000 * (time.perf_counter() - began)))
        if asked.stream:
            events = _events(form, first, pieces, card)
            return StreamingResponse(events, media_type="text/event-stream", headers=sent)
        found: list[Piece] = []
        usage = Usage(0, 0)
        async with aclosing(pieces):
            piece: Piece | Usage | None = first
            while piece is not None:
                if isinstance(piece, Usage):
                    usage = piece
                else:
                    found.append(piece)
                if await request.is_disconnected():
                    return Response(status_code=499)  # nobody reads it
                piece = await _next(pieces)
        sent["openai-processing-ms"] = str(round(1000 * (time.perf_counter() - began)))
        return JSONResponse(form.whole(found, usage, card.refusal if card else None), headers=sent)

    def _checked(self, request: Request, key: str, asked: wire.ChatRequest) -> cards.Card | None:
        """Return the simulation that the request plays, if any. Raises ApiError."""
        card = cards.find(key=key, model=asked.model, message=wire.question(asked))
        if card is not None:
            problem = cards.error(card, model=asked.model, key=key, retries=_retries(request))
            if problem is not None:
                problem.headers["x-practice-simulated"] = card.name
                raise problem
            if asked.model == card.name:
                asked.model = config.MODEL_ID
        rules.check(asked, slots=self._engine.slots, context=self._engine.context)
        if self._ledger is not None and (state := self._ledger.credit().state) != "unused":
            raise ApiError("practice_credit", state=state, page=f"{request.base_url}usage")
        return card

    async def _pieces(self, asked: wire.ChatRequest, card: cards.Card | None, call: Call) -> Pieces:
        """Yield the function that is called, if any, with each piece of the reply."""
        try:
            plan = await chat.plan(asked)
            pieces = writing.pieces(self._engine, plan)
            if card is not None and simulation.replaces(card):
                limit = plan.request["max_tokens"]
                # One token is enough to have the prompt read and counted.
                plan.function, plan.facts = None, ""
                plan.request |= {"max_tokens": 1, "n": 1}
                pieces = simulation.pieces(card, pieces, limit=limit)
            async with aclosing(pieces):
                async for piece in pieces:
                    call.see(piece)
                    yield plan.function, piece
        finally:
            self._under_way -= 1
            if self._ledger is not None and call.seen:
                self._ledger.record(call)


async def _events(
    form: Form, first: Piece | Usage, pieces: Pieces, card: cards.Card | None
) -> AsyncGenerator[str]:
    """Yield the server-sent events of a reply, `first` being the piece that is already here."""
    refusal = card.refusal if card else None
    cut_after = card.cut_after if card else None
    piece: Piece | Usage | None = first
    sent = 0
    async with aclosing(pieces):
        for event in form.opening():
            yield event
        while piece is not None:
            for event in form.events(piece, refusal):
                yield event
            sent += 1
            if cut_after is not None and sent > cut_after:
                return
            try:
                piece = await _next(pieces)
            except ApiError as problem:  # too late for a status: the stream itself says it
                yield form.failure(problem)
                return
    for event in form.closing():
        yield event


async def _next(pieces: Pieces) -> Piece | Usage | None:
    """The next piece, or None at the end. (`anext` with a default fails in Python 3.11.)"""
    try:
        return (await anext(pieces))[1]
    except StopAsyncIteration:
        return None


def _call(endpoint: str, asked: wire.ChatRequest, card: cards.Card | None) -> Call:
    return Call(endpoint, asked.model, bool(asked.stream), card.name if card else None)


def _retries(request: Request) -> int:
    """How often the client has tried this call again, as the SDK says."""
    said = request.headers.get("x-stainless-retry-count", "0")
    return int(said) if said.isdecimal() and len(said) < 5 else 0
