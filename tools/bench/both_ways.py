"""A service and its own engine, asked through HTTP and directly, in one process of their own.

That process also has addresses at which it calls the engine directly and answers with the times it
took. Both sides send the same request; each carries its own first words, so that no prompt is
answered from the engine's cache.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from openai import OpenAI

from practice.process.models import chosen

TOKENS = 60
KEY = "bench"
# The model answers this with more than 60 tokens, so every reply is exactly 60 long.
PROMPT = "Visit {n}. Tell me about the history of the city of Rome in five long sentences."

Times = tuple[float, float]  # seconds to the first token, and of the whole reply


def served(client: OpenAI, n: int, *, stream: bool = True) -> Times:
    """The times of one reply through the service; without a stream, both are the whole."""

    def run(mark: Callable[[], None]) -> None:
        reply: Any = client.chat.completions.create(
            model=chosen().id,
            messages=[{"role": "user", "content": PROMPT.format(n=n)}],
            max_completion_tokens=TOKENS,
            temperature=0,
            stream=stream,
        )
        for chunk in reply if stream else ():
            if chunk.choices and chunk.choices[0].delta.content:
                mark()
        if not stream and reply.usage.completion_tokens != TOKENS:
            raise RuntimeError("a reply had another length")

    return timed(run)


def direct(client: OpenAI, n: int) -> Times:
    """The times of one reply from the engine itself."""
    first, whole = client.get(f"/direct/{n}", cast_to=list[float])
    return first, whole


def direct_crowd(client: OpenAI, clients: int, n: int) -> float:
    """Seconds of `clients` replies at once from the engine itself."""
    (seconds,) = client.get(f"/direct/{n}/{clients}", cast_to=list[float])
    return seconds


def timed(run: Callable[[Callable[[], None]], None]) -> Times:
    """Run, and return the seconds until it marked the first token, and until its end."""
    first: list[float] = []
    began = time.perf_counter()
    run(lambda: first.append(time.perf_counter() - began) if not first else None)
    whole = time.perf_counter() - began
    return (first or [whole])[0], whole


@contextlib.contextmanager
def service() -> Iterator[OpenAI]:
    """Start the process and yield a client of it."""
    context = multiprocessing.get_context("spawn")
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    process = context.Process(target=_serve, args=(listener,), daemon=True)
    process.start()
    try:
        base_url = f"http://127.0.0.1:{port}/v1"
        client = OpenAI(api_key=KEY, base_url=base_url, max_retries=5, timeout=240)
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

    from practice.engine.llama import Engine
    from practice.server.app import create_app

    engine = Engine(chosen().path)

    def call(n: int) -> Times:
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

        return timed(run)

    def crowd(n: int, clients: int) -> float:
        began = time.perf_counter()
        with ThreadPoolExecutor(clients) as pool:
            list(pool.map(call, range(n, n + clients)))
        return time.perf_counter() - began

    async def one(request: Request) -> JSONResponse:
        return JSONResponse(await asyncio.to_thread(call, int(request.path_params["n"])))

    async def many(request: Request) -> JSONResponse:
        n, clients = (int(request.path_params[name]) for name in ("n", "clients"))
        return JSONResponse([await asyncio.to_thread(crowd, n, clients)])

    app = create_app(engine, key=KEY)
    app.routes.append(Route("/v1/direct/{n}", one))
    app.routes.append(Route("/v1/direct/{n}/{clients}", many))
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run([listener])
