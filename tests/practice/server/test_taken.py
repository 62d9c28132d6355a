"""What the API takes and programs of others send: it is taken here, too."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from openai import OpenAI

from practice.process import config
from practice.process.launcher import Service
from practice.rules import requests as rules
from practice.wire import base, chat_request, responses_request
from practice.wire.errors import ApiError

HELLO: list[Any] = [{"role": "user", "content": "Is it sunny?"}]
CALL = {"id": "c1", "type": "function", "function": {"name": "w", "arguments": "{}"}}
RESULT = {"role": "tool", "tool_call_id": "c1", "content": "sunny"}
ANSWERED: list[Any] = [*HELLO, {"role": "assistant", "content": None, "tool_calls": [CALL]}, RESULT]


def parsed(**body: Any) -> chat_request.ChatRequest:
    sent = {"model": config.MODEL_ID, "messages": HELLO} | body
    asked = chat_request.parse(json.dumps(sent).encode())
    rules.check(asked, slots=4, context=2048)
    return asked


TAKEN: dict[str, dict[str, Any]] = {
    "name on a tool message": {"messages": [*ANSWERED[:2], {**RESULT, "name": "w"}]},
    "index of a call": {
        "messages": [
            HELLO[0],
            {"role": "assistant", "content": None, "tool_calls": [{**CALL, "index": 0}]},
            RESULT,
        ]
    },
    "no calls": {"messages": [*HELLO, {"role": "assistant", "content": "Yes", "tool_calls": []}]},
    "strict beside the function": {
        "tools": [{"type": "function", "strict": True, "function": {"name": "w"}}]
    },
}


@pytest.mark.parametrize("case", TAKEN)
def test_taken(case: str) -> None:
    parsed(**TAKEN[case])


def test_a_clients_own_keys_are_ignored_and_noted(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "_seen", set())
    message = {
        "role": "user",
        "content": [{"type": "text", "text": "Hi", "cached": 1}],
        "sender": 1,
    }
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            asked = parsed(messages=[message])
    assert chat_request.question(asked) == "Hi"
    assert sorted(record.args for record in caplog.records) == [("cached",), ("sender",)]
    item = {"role": "user", "content": "Hi", "sender": "me\nyou"}
    body = json.dumps({"model": config.MODEL_ID, "input": [item]}).encode()
    responses_request.parse(body)
    # However many there are, the log stays short, and a name cannot write a line of its own.
    parsed(messages=[{**message, **{f"x{n}\n": n for n in range(1000)}}])
    assert len(caplog.records) == 50
    assert all("\n" not in record.getMessage() for record in caplog.records)


def test_an_unknown_parameter_is_still_refused() -> None:
    for body in (
        {"sender": "me"},
        {"tools": [{"type": "function", "x": 1, "function": {"name": "w"}}]},
    ):
        with pytest.raises(ApiError) as caught:
            parsed(**body)
        assert caught.value.code == "unknown_parameter"


def test_the_way_back_with_a_name(service: Service) -> None:
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0) as client:
        reply = client.chat.completions.create(
            model=config.MODEL_ID,
            messages=[*ANSWERED[:2], {**RESULT, "name": "w"}],
            max_completion_tokens=8,
        )
    assert reply.choices[0].message.content
