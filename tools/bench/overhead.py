"""What HTTP, validation and the SDK add to the bare engine: one engine object, asked both ways.

The engine and the service live in a process of their own, as they do for a learner. That process
also has an address at which it calls the engine directly and answers with the times it took. Both
sides send the same request; each carries its own first words, so that no prompt is answered from
the engine's cache. Runs alternate, so a slow moment of the machine hits both sides.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

from openai import OpenAI

from practice import config, weights

from .figure import Figure, median

ROUNDS = 12
TOKENS = 60
KEY = "bench"
# The model answers this with more than 60 tokens, so every reply is exactly 60 long.
PROMPT = "Visit {n}. Tell me about the history of the city of Rome in five long sentences."

Times = tuple[float, float]  # seconds to the first token, and of the whole reply


def figures() -> Iterator[Figure]:
    """Seconds of a reply and of its first token, direct and through the service."""
    weights.fetch()
    with _service() as client:
        for n in range(2):  # both sides once before anything counts: caches, imports, connections
            _direct(client, 900 + n)
            _served(client, 910 + n)
        direct: list[Times] = []
        served: list[Times] = []
        for n in range(ROUNDS):
            if n % 2:
                direct.append(_direct(client, 2 * n))
            served.append(_served(client, 2 * n + 1))
            if not n % 2:
                direct.append(_direct(client, 2 * n))
    alone, through = median(d[1] for d in direct), median(s[1] for s in served)
    first_token = median(s[0] for s in served) - median(d[0] for d in direct)
    yield Figure(f"engine alone: {TOKENS}-token reply", alone, "s")
    yield Figure(f"through the service: {TOKENS}-token reply", through, "s")
    yield Figure("added to the whole reply", 100 * (through / alone - 1), "%", at_most=5)
    yield Figure("added to the first token", 1000 * first_token, "ms", at_most=15)


def _served(client: OpenAI, n: int) -> Times:
    def run(mark: Callable[[], None]) -> None:
        stream = client.chat.completions.create(
            model=config.MODEL_ID,
            messages=[{"role": "user", "content": PROMPT.format(n=n)}],
            max_completion_tokens=TOKENS,
            temperature=0,
            stream=True,
        )
        for chunk in stream:
            if chunk.choices and chunk.choices[0].delta.content:
                mark()

    return _timed(run)


def _direct(client: OpenAI, n: int) -> Times:
    first, whole = client.get(f"/direct/{n}", cast_to=list[float])
    return first, whole


def _timed(run: Callable[[Callable[[], None]], None]) -> Times:
    first: list[float] = []
    began = time.perf_counter()
    run(lambda: first.append(time.perf_counter() - began) if not first else None)
    return first[0], time.perf_counter() - began


@contextlib.contextmanager
def _service() -> Iterator[OpenAI]:
    context = multiprocessing.get_context("spawn")
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    process = context.Process(target=_serve, args=(listener,), daemon=True)
    process.start()
    try:
        base_url = f"http://127.0.0.1:{port}/v1"
        client = OpenAI(api_key=KEY, base_url=base_url, max_retries=5, timeout=60)
        client.models.list()
        yield client
    finally:
        process.terminate()
        process.join(10)


def _serve(listener: socket.socket) -> None:
    """The other process: the real service, and the direct way beside it."""
    import asyncio

    import uvicorn
    from starlette.requests import Request
    from starlette.responses import JSONResponse
    from starlette.routing import Route

    from practice.app import create_app
    from practice.engine import Engine

    engine = Engine(config.model_path())

    def call(n: str) -> Times:
        request = {
            "messages": [{"role": "user", "content": PROMPT.format(n=n)}],
            "max_tokens": TOKENS,
            "temperature": 0,
            "stream": True,
            # As the service asks at temperature 0, so that the same text comes back every time.
            "cache_prompt": False,
        }

        def run(mark: Callable[[], None]) -> None:
            def hand_over(chunk: Any) -> bool:
                for one in chunk if isinstance(chunk, list) else [chunk]:
                    if any(choice["delta"].get("content") for choice in one.get("choices", [])):
                        mark()
                return False

            engine._server.handle_chat_completions(request, hand_over)

        return _timed(run)

    async def direct(request: Request) -> JSONResponse:
        return JSONResponse(await asyncio.to_thread(call, request.path_params["n"]))

    app = create_app(engine, key=KEY)
    app.routes.append(Route("/v1/direct/{n}", direct))
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run([listener])
