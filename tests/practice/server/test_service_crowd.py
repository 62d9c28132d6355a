"""Many at once: nobody gets another's answer, the first to come is the first served, and a limit.

And the same text for the same request, alone, in a crowd and after a restart.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openai
import pytest
import uvicorn
from openai import OpenAI

from practice.engine.llama import SLOTS, WAITING
from practice.process import launcher
from practice.process.launcher import Service
from practice.process.models import chosen
from practice.server import answering
from practice.server.app import create_app

MODEL = chosen().id

NUMBERS = range(100, 132)


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[OpenAI]:
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0, timeout=120) as one:
        yield one


def answer(client: OpenAI, text: str, *, stream: bool = False, **more: Any) -> str:
    """The text of a short reply."""
    options = {"temperature": 0, "max_completion_tokens": 8} | more
    messages: list[Any] = [{"role": "user", "content": text}]
    reply: Any = client.chat.completions.create(
        model=MODEL, messages=messages, stream=stream, **options
    )
    if not stream:
        return str(reply.choices[0].message.content)
    return "".join(chunk.choices[0].delta.content or "" for chunk in reply)


def test_32_clients_get_their_own_answers(client: OpenAI) -> None:
    """Half of them stream. Each answer is the one that its question has alone."""
    asked = [f"Repeat this number: {n}" for n in NUMBERS]
    with ThreadPoolExecutor(len(asked)) as pool:
        crowd = list(
            pool.map(lambda one: answer(client, one[1], stream=one[0] % 2 == 1), enumerate(asked))
        )
    assert len(set(crowd)) > 10  # answers that are all alike would prove nothing
    alone = [answer(client, one) for one in asked[::4]]
    assert crowd[::4] == alone


def test_a_seed_gives_the_same_text_in_a_crowd(client: OpenAI) -> None:
    def ask(seed: int, text: str = "Tell me about the sea.") -> str:
        return answer(client, text, temperature=1, seed=seed)

    alone = [ask(seed) for seed in (1, 2, 3)]
    assert len(set(alone)) > 1
    with ThreadPoolExecutor(9) as pool:
        assert list(pool.map(ask, [1, 2, 3] * 3)) == alone * 3


def test_the_same_text_after_a_restart(
    client: OpenAI, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another service, in a home of its own, says the same to the same requests."""
    asked = ["Tell me about the sea.", "Name three colours.", "What is the capital of Japan?"]
    before = [answer(client, one, max_completion_tokens=30) for one in asked]
    sampled = answer(client, asked[0], temperature=1, seed=7)
    monkeypatch.setenv("PRACTICE_MODEL", str(chosen().path))
    monkeypatch.setenv("FIRST_CALL_HOME", str(tmp_path))
    other = launcher.ensure_running()
    try:
        with OpenAI(api_key=other.key, base_url=other.base_url, max_retries=0) as again:
            assert answer(again, asked[0], temperature=1, seed=7) == sampled
            after = [answer(again, one, max_completion_tokens=30) for one in reversed(asked)]
    finally:
        launcher.stop()
    assert after == before[::-1]


def test_first_come_first_served(client: OpenAI) -> None:
    """Requests that wait for a slot are served in the order in which they came."""
    ended: list[int] = []

    def ask(n: int) -> None:
        answer(client, f"Tell me a story about the number {n}.", max_completion_tokens=24)
        ended.append(n)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(16)]
    for thread in threads:
        thread.start()
        time.sleep(0.03)
    for thread in threads:
        thread.join(120)
    assert len(ended) == 16
    # Those that are written side by side end in any order among themselves.
    assert max(abs(place - n) for place, n in enumerate(ended)) <= SLOTS


class Closed:
    """An engine whose replies wait for a door to open."""

    slots, context, decides_tools = SLOTS, 2048, False

    def __init__(self) -> None:
        self.door = asyncio.Event()
        self.arrived = 0

    async def stream(self, _: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        self.arrived += 1
        await self.door.wait()
        delta = {"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}
        yield {"choices": [delta]}
        yield {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}


@contextmanager
def served(engine: Any) -> Iterator[tuple[OpenAI, asyncio.AbstractEventLoop]]:
    """The real application around `engine`, over real HTTP."""
    server = uvicorn.Server(uvicorn.Config(create_app(engine, key="k"), port=0, log_level="error"))
    loops: list[asyncio.AbstractEventLoop] = []

    async def run() -> None:
        loops.append(asyncio.get_running_loop())
        await server.serve()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    base_url = f"http://127.0.0.1:{port}/v1"
    try:
        with OpenAI(api_key="k", base_url=base_url, max_retries=0, timeout=60) as one:
            yield one, loops[0]
    finally:
        server.should_exit = True
        thread.join(10)


def test_beyond_the_queue_comes_a_503_with_a_time_to_wait() -> None:
    engine = Closed()
    with served(engine) as (client, loop), ThreadPoolExecutor(WAITING) as pool:
        waiting = [pool.submit(answer, client, "Hi") for _ in range(WAITING)]
        until = time.monotonic() + 30
        while engine.arrived < WAITING:
            assert time.monotonic() < until
            time.sleep(0.01)
        with pytest.raises(openai.InternalServerError) as caught:
            answer(client, "One more.")
        loop.call_soon_threadsafe(engine.door.set)
        assert [one.result(30) for one in waiting] == ["Hi"] * WAITING
        assert (caught.value.status_code, caught.value.code) == (503, "server_is_overloaded")
        assert caught.value.response.headers["retry-after"] == "2"
        # The SDK waits and tries again by itself: there is room now.
        assert answer(client.with_options(max_retries=2), "One more.") == "Hi"


def test_a_refusal_takes_no_place_in_the_queue(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "WAITING", 1)
    engine = Closed()
    engine.door.set()
    with served(engine) as (client, _):
        for _ in range(3):
            with pytest.raises(openai.RateLimitError):
                answer(client, "simulate-no-credit")
            with pytest.raises(openai.BadRequestError):
                answer(client, "Hi", temperature=9)
        assert answer(client, "Hi") == "Hi"
