"""What HTTP, validation and the SDK add to the bare engine, in one process on one engine object.

Both sides send the same request; each request carries its own first words so that no prompt is
answered from the engine's cache. Runs alternate, so a slow moment of the machine hits both sides.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator

import uvicorn
from openai import OpenAI

from practice import config
from practice.app import create_app
from practice.engine import Engine

from .figure import Figure, median

ROUNDS = 12
TOKENS = 60
KEY = "bench"
# A prompt that the model answers with more than 60 tokens, so that every reply is exactly 60 long.
PROMPT = "Visit {n}. Tell me about the history of the city of Rome in five long sentences."


def figures() -> Iterator[Figure]:
    """Seconds of a reply and of its first token, direct and through the service."""
    with _Pair() as pair:
        for n in range(2):  # both sides once before anything counts: caches, imports, connections
            pair.direct(900 + n)
            pair.served(900 + n)
        direct, served = [], []
        for n in range(ROUNDS):
            first, second = (pair.direct, pair.served) if n % 2 else (pair.served, pair.direct)
            one, two = first(2 * n), second(2 * n + 1)
            direct.append(one if n % 2 else two)
            served.append(two if n % 2 else one)
    whole = median(s[1] for s in served) / median(d[1] for d in direct)
    first_token = median(s[0] for s in served) - median(d[0] for d in direct)
    yield Figure(f"engine alone: {TOKENS}-token reply", median(d[1] for d in direct), "s")
    yield Figure(f"through the service: {TOKENS}-token reply", median(s[1] for s in served), "s")
    yield Figure("added to the whole reply", 100 * (whole - 1), "%", at_most=5)
    yield Figure("added to the first token", 1000 * first_token, "ms", at_most=15)


class _Pair:
    """One engine, asked directly or through uvicorn and the SDK. Times are (first token, whole)."""

    def __enter__(self) -> _Pair:
        self.engine = Engine(config.model_path())
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        app = create_app(self.engine, key=KEY)
        self.server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
        self.thread = threading.Thread(target=self.server.run, args=([listener],), daemon=True)
        self.thread.start()
        self.client = OpenAI(
            api_key=KEY, base_url=f"http://127.0.0.1:{listener.getsockname()[1]}/v1", max_retries=3
        )
        self.client.models.list()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.should_exit = True
        self.thread.join(10)
        self.engine.close()

    def direct(self, n: int) -> tuple[float, float]:
        request = {
            "messages": [{"role": "user", "content": PROMPT.format(n=n)}],
            "max_tokens": TOKENS,
            "temperature": 0,
            "stream": True,
        }

        async def run(mark: Callable[[], None]) -> None:
            async for chunk in self.engine.stream(request):
                if any(choice["delta"].get("content") for choice in chunk.get("choices", [])):
                    mark()

        return _timed(lambda mark: asyncio.run(run(mark)))

    def served(self, n: int) -> tuple[float, float]:
        def run(mark: Callable[[], None]) -> None:
            stream = self.client.chat.completions.create(
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


def _timed(run: Callable[[Callable[[], None]], None]) -> tuple[float, float]:
    first: list[float] = []
    began = time.perf_counter()
    run(lambda: first.append(time.perf_counter() - began) if not first else None)
    return first[0], time.perf_counter() - began
