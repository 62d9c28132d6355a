"""What the engine does by itself, and that the service answers as the API does.

Each line of what was measured about the engine (llama.cpp in xllamacpp), and its test:

- same text at temperature 0, whatever else runs and after a restart:
  test_service_crowd.py test_32_clients_..., test_the_same_text_..., test_service_repeats.py
- it works beside Python: here test_others_are_answered_while_it_writes
- a callback stops it; a plain request goes on after its client left: test_faults.py
  test_the_engine_rests_..., test_clients_that_leave_...
- errors come back in three ways: here test_three_ways_of_failing
- what it refuses well (JSON, no messages, too long a prompt, bad schema, `n`, top_logprobs alone),
  what it answers with 500 (image parts, a missing role), and what it takes though the API does not
  (roles, no messages, null content, temperature, top_p, models, five stops, json_schema without
  schema, max_tokens 0): the table in test_service_errors.py; test_service.py test_too_long_a_prompt;
  test_service_pictures.py
- malformed tools end in a 500: here test_malformed_tools
- `error.code` is a number and `param` absent: test_service_errors.py test_refused compares both
- its list of models shows a path: here test_no_path_is_shown
- `tool_choice` gives plain text: test_service_tools.py test_choices_of_the_caller
- json_schema is enforced: test_service.py test_strict_schema_..., and patterns: test_patterns.py
- its own /v1/responses ignores text.format and tools: test_service_responses.py
  test_structured_output, test_a_function_is_called_...
- port 0 picks a free one, so that two run side by side: test_faults.py test_two_users_...
- malformed requests neither crash nor hang it: test_abuse.py test_no_request_makes_a_500
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import openai
import pytest
from openai import OpenAI

from conftest import ROOT
from practice.engine.llama import Engine, EngineError
from practice.process import state
from practice.process.launcher import Service
from practice.process.models import chosen

MODEL = chosen().id

RECURSION = "What is recursion in programming? Answer in one sentence."


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[OpenAI]:
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0, timeout=60) as one:
        yield one


def create(client: OpenAI, text: str = RECURSION, **more: Any) -> Any:
    options = {"model": MODEL, "temperature": 0, "max_completion_tokens": 40} | more
    messages: Any = [{"role": "user", "content": text}]
    return client.chat.completions.create(messages=messages, **options)


def test_every_test_named_above_exists() -> None:
    folder = ROOT / "tests"
    names = re.findall(r"\btest_\w+(?:\.py)?", __doc__ or "")
    source = "".join(file.read_text("utf-8") for file in folder.rglob("test_*.py"))
    assert len(names) > 20
    for name in names:
        found = any(folder.rglob(name)) if name.endswith(".py") else f"def {name}" in source
        assert found, name


def test_others_are_answered_while_it_writes(service: Service, client: OpenAI) -> None:
    port = int(service.base_url.rsplit(":", 1)[1].removesuffix("/v1"))
    stream = create(
        client, "Tell the long history of Rome.", max_completion_tokens=600, stream=True
    )
    next(stream)
    waits = []
    for _ in range(10):
        began = time.monotonic()
        assert state.health(port, 5.0)
        waits.append(time.monotonic() - began)
    assert next(stream).choices[0].finish_reason is None  # it was writing all the time
    stream.close()
    assert sorted(waits)[5] < 1.0  # with the interpreter locked, the whole reply: 7 seconds


class Failing:
    """Stands for the engine's server object; fails in the way it is given."""

    def __init__(self, way: Callable[[Callable[[Any], bool]], Any]) -> None:
        self._way = way

    def handle_chat_completions(self, _: dict[str, Any], callback: Callable[[Any], bool]) -> Any:
        return self._way(callback)


def raised(problem: Exception) -> Callable[[Callable[[Any], bool]], Any]:
    def way(_: Callable[[Any], bool]) -> Any:
        raise problem

    return way


ERROR = {"error": {"code": 400, "message": "no", "type": "invalid_request_error"}}
WAYS: dict[str, tuple[Callable[[Callable[[Any], bool]], Any], int]] = {
    "a dict is returned": (lambda _: ERROR, 400),
    "a dict is handed over": (lambda callback: callback(ERROR) and None, 400),
    "a list is handed over": (lambda callback: callback([ERROR]) and None, 400),
    "ValueError": (raised(ValueError("no")), 500),
    "RuntimeError": (raised(RuntimeError("no")), 500),
}


@pytest.mark.parametrize("way", WAYS)
def test_three_ways_of_failing(way: str) -> None:
    fails, status = WAYS[way]
    engine = Engine.__new__(Engine)
    engine._server = Failing(fails)
    engine._pool = ThreadPoolExecutor(1)

    async def ask() -> None:
        async with contextlib.aclosing(engine.stream({})) as chunks, asyncio.timeout(10):
            async for _ in chunks:
                pass

    with pytest.raises(EngineError, match="no") as caught:
        asyncio.run(ask())
    assert caught.value.status == status
    engine.close()


@pytest.mark.parametrize(
    ("tools", "param"),
    [
        ([{}], "tools[0].type"),
        ([{"type": "function"}], "tools[0].function"),
        ([{"type": "function", "function": {}}], "tools[0].function.name"),
        ([{"type": "function", "function": "f"}], "tools[0].function"),
        ([{"type": "magic", "function": {"name": "f"}}], "tools[0].type"),
        (["f"], "tools[0]"),
        ({"type": "function"}, "tools"),
        ([], "tools"),
        (
            [{"type": "function", "function": {"name": "f", "parameters": "x"}}],
            "tools[0].function.parameters",
        ),
        (
            [{"type": "function", "function": {"name": "f", "parameters": {"type": "x"}}}],
            "tools[0].function.parameters",
        ),
        (
            [{"type": "function", "function": {"name": "f", "parameters": {"properties": 1}}}],
            "tools[0].function.parameters",
        ),
    ],
)
def test_malformed_tools(client: OpenAI, tools: Any, param: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        create(client, tools=tools)
    assert caught.value.param == param
    assert caught.value.type == "invalid_request_error"


def test_no_path_is_shown(client: OpenAI, service: Service) -> None:
    file = chosen().path
    listed = client.models.with_raw_response.list().text
    reply = client.chat.completions.with_raw_response.create(
        model=MODEL,
        messages=[{"role": "user", "content": "Hi"}],
        max_completion_tokens=2,
    )
    for text in (listed, reply.text, json.dumps(dict(reply.headers))):
        assert file.name not in text
        assert str(file.parent) not in text
    assert json.loads(reply.text)["model"] == MODEL
