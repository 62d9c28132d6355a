"""From a parsed request to the answer: one line of work for every endpoint that writes text.

`Desk.answer` reads in the order of the work: check, plan, write, dress. Who may ask and where is
the business of app.py; how a reply looks is that of the Form.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, contextmanager
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from practice.engine import deciding, writing
from practice.engine.llama import WAITING, Engine
from practice.engine.plan import Plan, planned
from practice.ledger.ledger import Call, Ledger
from practice.rules import requests as rules
from practice.server.events import EventStream
from practice.simulated import answers as simulation
from practice.simulated import cards
from practice.wire.chat_request import ChatRequest, question
from practice.wire.errors import ApiError
from practice.wire.pieces import Form, FormOf, Piece, Usage, identifier

# Plausible limits, the same for everybody: practice mode counts no requests.
_LIMITS = {
    "x-ratelimit-limit-requests": "500",
    "x-ratelimit-limit-tokens": "200000",
    "x-ratelimit-remaining-requests": "499",
    "x-ratelimit-remaining-tokens": "199900",
    "x-ratelimit-reset-requests": "120ms",
    "x-ratelimit-reset-tokens": "30ms",
}

Pieces = AsyncGenerator[Piece | Usage]


def headers() -> dict[str, str]:
    """The headers that every answer of the API has."""
    return {
        "x-request-id": identifier("req_", 32),
        "openai-version": "2020-10-01",
        "openai-organization": "practice",
        "openai-processing-ms": "1",
    }


class Desk:
    """Takes requests, has the engine write the replies, and writes down what they used.

    Pictures of others may not come from this computer: `for_others`.
    """

    def __init__(self, engine: Engine, *, for_others: bool = False) -> None:
        self._for_others = for_others
        self._engine = engine
        self._under_way = 0

    async def answer(
        self,
        request: Request,
        key: str,
        asked: ChatRequest,
        form_of: FormOf,
        ledger: Ledger | None,
    ) -> Response:
        """Return the answer to a parsed request: checked, planned, written, dressed.

        `key` is the simulation that came beside the key or in its place, else empty; `form_of`
        gives the dress. The call goes into `ledger`; without one nothing is counted and no credit
        runs out. Raises ApiError.
        """
        began = time.perf_counter()
        card = cards.find(key=key, model=asked.model, message=question(asked))
        if card is not None:
            _play(card, request, key, asked)
        card = cards.awake(card, asked.reasoning_effort)
        asked = cards.resolved(asked, card)
        self._check(asked, request, ledger)
        sent = headers() | _LIMITS
        if card is not None:
            sent["x-practice-simulated"] = card.name
            if card.html is not None:
                return HTMLResponse(card.html, headers=sent)
            await asyncio.sleep(card.delay)
        call = Call(request.url.path, asked.model, bool(asked.stream), card.name if card else None)
        with self._place():
            plan = await self._planned(asked)
            if simulation.replaces(card):
                plan = plan.only_counting()
            elif self._engine.decides_tools:
                plan = await deciding.decided(self._engine, asked, plan)
        # From one place to the next nobody else comes in between: nothing is waited for.
        pieces = self._written(plan, card, call, ledger)
        first = await anext(pieces)  # decides whether this is a reply or an error
        form = form_of(asked.model, plan.function)
        sent["openai-processing-ms"] = _milliseconds(began)
        if asked.stream:
            events = _events(form, first, pieces, card)
            return EventStream(events, headers=sent)
        reply = await _whole(form, first, pieces, card, request)
        if reply is None:
            return Response(status_code=499)  # nobody reads it
        sent["openai-processing-ms"] = _milliseconds(began)
        return JSONResponse(reply, headers=sent)

    async def count(self, asked: ChatRequest) -> int:
        """Return the tokens of a request's prompt. Costs nothing. Raises ApiError."""
        rules.check(asked, context=self._engine.context)
        with self._place():
            plan = (await self._planned(asked)).only_counting()
            async with aclosing(writing.pieces(self._engine, plan)) as pieces:
                return max([piece.prompt async for piece in pieces if isinstance(piece, Usage)])

    async def _planned(self, asked: ChatRequest) -> Plan:
        """How to answer a checked request. Raises ApiError for a bad picture."""
        decides, loopback = self._engine.decides_tools, not self._for_others
        return await planned(asked, decides=decides, allow_loopback=loopback)

    def _check(self, asked: ChatRequest, request: Request, ledger: Ledger | None) -> None:
        """Raise ApiError for what the rules or the ledger refuse."""
        rules.check(asked, context=self._engine.context)
        if ledger is not None and (state := ledger.credit().state) != "unused":
            raise ApiError("practice_credit", state=state, page=f"{request.base_url}usage")

    @contextmanager
    def _place(self) -> Iterator[None]:
        """A place among the requests under way. Raises ApiError when all are taken."""
        if self._under_way >= WAITING:
            busy = ApiError("overloaded")
            busy.headers["retry-after"] = "2"
            raise busy
        self._under_way += 1
        try:
            yield
        finally:
            self._under_way -= 1

    async def _written(
        self, plan: Plan, card: cards.Card | None, call: Call, ledger: Ledger | None
    ) -> Pieces:
        """Yield the reply's pieces, its usage last, and write the call down."""
        with self._place():
            try:
                real = writing.pieces(self._engine, plan)
                pieces = simulation.pieces(card, real, limit=plan.limit)
                async with aclosing(pieces):
                    async for piece in pieces:
                        call.see(piece)
                        yield piece
            finally:
                if ledger is not None and call.seen:
                    ledger.record(call)


async def _whole(
    form: Form, first: Piece | Usage, pieces: Pieces, card: cards.Card | None, request: Request
) -> dict[str, Any] | None:
    """Return the reply in one object, or None as soon as its reader has left."""
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
                return None
            piece = await _next(pieces)
    return form.whole(found, usage, card.refusal if card else None)


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
        return await anext(pieces)
    except StopAsyncIteration:
        return None


def _play(card: cards.Card, request: Request, key: str, asked: ChatRequest) -> None:
    """Raise the ApiError that a card stands for, if it stands for one."""
    problem = cards.error(card, model=asked.model, key=key, retries=_retries(request))
    if problem is not None:
        raise problem


def _milliseconds(began: float) -> str:
    return str(round(1000 * (time.perf_counter() - began)))


def _retries(request: Request) -> int:
    """How often the client has tried this call again, as the SDK says."""
    said = request.headers.get("x-stainless-retry-count", "0")
    return int(said) if said.isdecimal() and len(said) < 5 else 0
