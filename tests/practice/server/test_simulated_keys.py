"""The names of simulations are public, so they open nothing: only errors come for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import httpx2
import pytest
from openai import OpenAI

from practice.process.config import SIMULATION_HEADER
from practice.process.launcher import Service
from practice.process.models import chosen
from practice.server.app import create_app
from practice.simulated import cards

MODEL = chosen().id
KEY = "practice-" + "k" * 32
BODIES: dict[str, dict[str, Any]] = {
    "/v1/chat/completions": {
        "model": MODEL,
        "messages": [{"role": "user", "content": "Hi"}],
        "max_completion_tokens": 5,
    },
    "/v1/responses": {
        "model": MODEL,
        "input": "Hi",
        "max_output_tokens": 16,
    },
}


class Engine:
    """Notes that it was reached, and says one word."""

    slots, context, decides_tools = 4, 2048, False

    def __init__(self) -> None:
        self.reached = 0

    async def stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        self.reached += 1
        yield {"choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}]}
        yield {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}


def asked(engine: Engine, key: str, *, any_host: bool = False, **headers: str) -> list[int]:
    """The statuses of each endpoint for a key, and of one more try with the SDK's header."""
    app = create_app(engine, key=KEY, any_host=any_host)  # type: ignore[arg-type]

    async def ask() -> list[int]:
        transport = httpx2.ASGITransport(app=app)
        sent = {"authorization": f"Bearer {key}", **headers}
        async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:80") as web:
            found = [(await web.get("/v1/models", headers=sent)).status_code]
            for path, body in BODIES.items():
                for more in ({}, {"x-stainless-retry-count": "3"}):
                    answer = await web.post(path, json=body, headers=sent | more)
                    found.append(answer.status_code)
        return found

    return asyncio.run(ask())


def test_the_key_itself_opens_everything() -> None:
    engine = Engine()
    assert asked(engine, KEY) == [200] * 5
    assert engine.reached == 4


@pytest.mark.parametrize("any_host", [False, True])
@pytest.mark.parametrize("name", sorted(cards.deck()))
def test_a_simulation_in_the_key_s_place_is_an_error_and_reaches_nothing(
    name: str, any_host: bool
) -> None:
    engine = Engine()
    statuses = asked(engine, name, any_host=any_host)
    assert all(status >= 400 for status in statuses), statuses
    assert engine.reached == 0
    if any_host:  # in a class the keys are people's
        assert statuses == [401] * 5


@pytest.mark.parametrize(
    "key", [KEY[:-1], KEY + "x", KEY[:20], "p", "simulate-", "simulate-anything", "simulate-slow-"]
)
def test_what_only_looks_like_a_key_opens_nothing(key: str) -> None:
    engine = Engine()
    assert asked(engine, key) == [401] * 5
    assert engine.reached == 0


@pytest.mark.parametrize("any_host", [False, True])
def test_beside_the_key_a_simulation_is_played(any_host: bool) -> None:
    engine = Engine()
    refused = asked(engine, KEY, any_host=any_host, **{SIMULATION_HEADER: "simulate-no-credit"})
    assert refused == [200, 429, 429, 429, 429]
    assert engine.reached == 0
    busy = asked(engine, KEY, any_host=any_host, **{SIMULATION_HEADER: "simulate-busy-twice"})
    assert busy == [200, 503, 200, 503, 200]
    unknown = asked(Engine(), KEY, any_host=any_host, **{SIMULATION_HEADER: "simulate-nothing"})
    assert unknown == [200] * 5


def test_over_http_and_the_sdk(service: Service) -> None:
    client = OpenAI(api_key="simulate-refusal", base_url=service.base_url, max_retries=0)
    with pytest.raises(Exception, match="401"):
        client.chat.completions.create(**BODIES["/v1/chat/completions"])
