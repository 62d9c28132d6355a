"""The HTTP application: routes, the key, who may ask, and how refusals are answered."""

from __future__ import annotations

import asyncio
import hmac
import logging
import os
import secrets
import urllib.parse
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from practice.engine.llama import Engine
from practice.ledger import page as usage
from practice.ledger.ledger import Ledger
from practice.ledger.memory import Kept
from practice.pages import render
from practice.process import config
from practice.process.models import chosen
from practice.rules import models
from practice.server import access
from practice.server.answering import Desk, headers
from practice.server.holders import ClassKeys, Holder, Keys, OneKey
from practice.simulated import cards
from practice.wire import chat_reply as replies
from practice.wire import chat_request as wire
from practice.wire import items, translation
from practice.wire import responses_reply as responses
from practice.wire import responses_request as responses_wire
from practice.wire.errors import ApiError, masked
from practice.wire.responses_request import ResponsesRequest

# No script, and nothing from anywhere else.
_PAGE_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
}

_log = logging.getLogger("practice.app")

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def create_app(
    engine: Engine,
    *,
    key: str,
    on_activity: Callable[[], None] = lambda: None,
    any_host: bool = False,
    for_others: bool = False,
    ledger: Ledger | None = None,
    class_keys: ClassKeys | None = None,
) -> Starlette:
    """Return the application that answers with `engine` to whoever sends `key`.

    `on_activity` is called at every request with a key. `for_others`: the key was chosen to be
    given to others, so that the usage page asks for it, and nobody reaches this computer's own
    services through it. `any_host` means so, too, and answers requests for other names than this
    computer's own. Without a `ledger` there is no usage page and no credit that can run out.
    `class_keys` are those of a class, in the place of `key` and `ledger`.
    """
    for_others = for_others or any_host or class_keys is not None
    keys: Keys = class_keys or OneKey(key, ledger)
    desk = Desk(engine, for_others=for_others)
    service = _Service(desk, keys, on_activity, for_others=for_others)
    check = access.own_pages_only if any_host else access.only_this_computer

    async def refused(request: Request, problem: Exception) -> Response:
        return _answer_error(request, problem)

    def guarded(handler: Handler) -> Handler:
        async def guard(request: Request) -> Response:
            check(request)
            try:
                answer = await handler(request)
            except Exception as problem:
                keys.note(request, problem)
                raise
            keys.note(request, None)
            return answer

        return guard

    async def index(_: Request) -> Response:
        text = render("index.html", model=chosen().name, usage=keys.has_pages)
        return HTMLResponse(text, headers=_PAGE_HEADERS)

    routes = [
        Route("/", guarded(index)),
        Route("/health", guarded(_health)),
        Route("/cards", guarded(_cards)),
        Route("/cards.json", guarded(_cards_json)),
        Route("/v1/models", guarded(service.models)),
        Route("/v1/models/{name:path}", guarded(service.model)),
        Route("/v1/chat/completions", guarded(service.completions), methods=["POST"]),
        Route("/v1/completions", guarded(service.old_completions), methods=["POST"]),
        Route("/v1/responses", guarded(service.responses), methods=["POST"]),
        Route("/v1/responses/input_tokens", guarded(service.input_tokens), methods=["POST"]),
        Route("/v1/responses/{name}/input_items", guarded(service.input_items)),
        Route("/v1/responses/{name}", guarded(service.response), methods=["GET", "DELETE"]),
    ]
    if keys.has_pages:
        routes += [
            Route("/usage", guarded(service.usage)),
            Route("/usage/credit", guarded(service.credit), methods=["POST"]),
        ]
    handlers: dict[Any, Any] = {ApiError: refused, HTTPException: refused, Exception: refused}
    return Starlette(routes=routes, exception_handlers=handlers)


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "ok", "model": chosen().id, "pid": os.getpid()})


async def _cards(_: Request) -> Response:
    return HTMLResponse(cards.page())


async def _cards_json(_: Request) -> Response:
    table = [{"name": card.name, "shows": card.shows} for card in cards.deck().values()]
    return JSONResponse({"cards": table})


class _Service:
    """The handlers that need the engine, or to know whose key was sent."""

    def __init__(
        self,
        desk: Desk,
        keys: Keys,
        on_activity: Callable[[], None],
        *,
        for_others: bool,
    ) -> None:
        self._desk = desk
        self._keys = keys
        self._on_activity = on_activity
        self._for_others = for_others
        self._secret = secrets.token_bytes(24)  # of the pages' own buttons

    async def models(self, request: Request) -> Response:
        self._authorised(request)
        listed = [model.wire() for model in models.listed().values()]
        return JSONResponse({"object": "list", "data": listed}, headers=headers())

    async def model(self, request: Request) -> Response:
        self._authorised(request)
        model = models.find(request.path_params["name"])
        return JSONResponse(model.wire(), headers=headers())

    async def completions(self, request: Request) -> Response:
        holder, played = self._authorised(request, plays=True)
        asked = wire.parse(await access.body(request))
        form = partial(replies.Reply, asked)
        return await self._desk.answer(request, played, asked, form, holder.ledger)

    async def old_completions(self, request: Request) -> Response:
        self._authorised(request)
        raise ApiError("old_endpoint")

    async def responses(self, request: Request) -> Response:
        holder, played = self._authorised(request, plays=True)
        given = responses_wire.parse(await access.body(request))
        # Whoever gets an error in any case learns nothing of what is kept.
        card = cards.deck().get(played)
        earlier = [] if card and card.always_an_error else await self._earlier(given, holder)
        whole = items.joined(given, earlier)
        form = partial(responses.Written, given)
        if given.store is not False:
            form = partial(form, keep=partial(holder.memory.keep, items=items.kept(whole)))
        try:
            asked = translation.as_chat(whole)
            return await self._desk.answer(request, played, asked, form, holder.ledger)
        except ApiError as problem:
            raise translation.renamed(problem, whole, len(earlier)) from problem

    async def input_tokens(self, request: Request) -> Response:
        holder, _ = self._authorised(request)
        body = await access.body(request)
        given = responses_wire.parse(body, model=chosen().id)
        earlier = await self._earlier(given, holder)
        whole = items.joined(given, earlier)
        try:
            count = await self._desk.count(translation.as_chat(whole))
        except ApiError as problem:
            raise translation.renamed(problem, whole, len(earlier)) from problem
        found = {"object": "response.input_tokens", "input_tokens": count}
        return JSONResponse(found, headers=headers())

    async def _earlier(self, given: ResponsesRequest, holder: Holder) -> list[dict[str, Any]]:
        """The items of the conversation that a request goes on with."""
        name = given.previous_response_id
        if name is None:
            return []
        found = await holder.memory.find(name)
        if found is None:
            raise ApiError("previous_response", id=name[:100])
        return found.conversation

    async def response(self, request: Request) -> Response:
        """One that is kept: itself, or that it is deleted."""
        holder, _ = self._authorised(request)
        name = request.path_params["name"]
        if request.method == "DELETE":
            if not await holder.memory.forget(name):
                raise ApiError("response_not_found", id=name[:100])
            done = {"id": name, "object": "response", "deleted": True}
            return JSONResponse(done, headers=headers())
        return JSONResponse((await self._kept(name, holder)).response, headers=headers())

    async def input_items(self, request: Request) -> Response:
        holder, _ = self._authorised(request)
        kept = await self._kept(request.path_params["name"], holder)
        return JSONResponse(access.page_of(kept.items, request), headers=headers())

    async def _kept(self, name: str, holder: Holder) -> Kept:
        kept = await holder.memory.find(name)
        if kept is None:
            raise ApiError("response_not_found", id=name[:100])
        return kept

    async def usage(self, request: Request) -> Response:
        holder = self._page_holder(request)
        text = await asyncio.to_thread(self._keys.page, holder, self._token(holder))
        return HTMLResponse(text, headers=_PAGE_HEADERS)

    async def credit(self, request: Request) -> Response:
        holder = self._page_holder(request)
        access.own_button(request)
        sent = urllib.parse.parse_qs((await access.body(request)).decode("latin-1"))
        token = sent.get("token", [""])[0].encode("latin-1", "replace")
        if not hmac.compare_digest(token, self._token(holder).encode()):
            raise ApiError("page_token")
        action = usage.ACTIONS.get(sent.get("do", [""])[0])
        if action is None:
            raise ApiError("not_found", method="POST", path="/usage/credit")
        assert holder.ledger is not None, "the page is served with a ledger alone"
        await asyncio.to_thread(action[1], holder.ledger)
        return RedirectResponse("/usage", status_code=303)

    def _token(self, holder: Holder) -> str:
        """What the buttons of somebody's page send: another for each key."""
        return hmac.new(self._secret, holder.mark.encode(), "sha256").hexdigest()

    def _page_holder(self, request: Request) -> Holder:
        """Whose page a browser shall see. Who serves others is asked for a key."""
        if not self._for_others:
            return self._keys.owner
        holder = self._keys.find(access.password(request))
        if holder is None or holder.is_over:
            raise HTTPException(401, headers={"www-authenticate": 'Basic realm="usage"'})
        return holder

    def _authorised(self, request: Request, *, plays: bool = False) -> tuple[Holder, str]:
        """Return whose key a request has, and the simulation it asks for beside it, or "".

        Whoever has no key gets nothing but a refusal: of the simulations, those alone that are
        errors at every try work in the key's place, and in a class, where keys are people's, none.
        `plays`: the caller plays the simulation after it has read the request; else it is now.
        Raises ApiError when there is no key or a wrong one.
        """
        self._on_activity()
        scheme, _, sent = request.headers.get("authorization", "").partition(" ")
        sent = sent.strip()
        if scheme.lower() != "bearer" or not sent:
            raise ApiError("no_key")
        holder = self._keys.find(sent)
        if holder is not None:
            request.state.holder = holder
            if holder.is_over:
                raise ApiError("wrong_key", masked=masked(sent))
            asked = request.headers.get(config.SIMULATION_HEADER, "")
            return holder, asked if asked in cards.deck() else ""
        card = cards.deck().get(sent)
        if card is None or not card.always_an_error or self._for_others:
            raise ApiError("wrong_key", masked=masked(sent))
        if not plays:  # nothing in it can be at fault but the key
            raise cards.played(card, key=sent)
        return self._keys.owner, sent


def _answer_error(request: Request, problem: Exception) -> Response:
    """The answer for a refusal, and for what should not have happened."""
    if isinstance(problem, HTTPException) and problem.status_code == 401:
        return Response("This page asks for the key of the service.", 401, problem.headers)
    if isinstance(problem, HTTPException):
        row = "method_not_allowed" if problem.status_code == 405 else "not_found"
        problem = ApiError(row, method=request.method, path=request.url.path[:200])
    if not isinstance(problem, ApiError):
        _log.error("a request failed", exc_info=problem)
        problem = ApiError("server_error")
    return JSONResponse(problem.body(), problem.status, headers() | problem.headers)
