"""The bounds of numbers, at their edges, for both ways to ask. (API reference, November 2026.)"""

from __future__ import annotations

import json
from typing import Any

import pytest

from practice.wire import chat_request, responses_request
from practice.wire.errors import ApiError

CHAT: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
RESPONSES: dict[str, Any] = {"model": "m", "input": "Hi"}

BOUNDS = [
    (CHAT, "temperature", 0, 2),
    (CHAT, "top_p", 0, 1),
    (CHAT, "presence_penalty", -2, 2),
    (CHAT, "frequency_penalty", -2, 2),
    (CHAT, "n", 1, 128),
    (RESPONSES, "temperature", 0, 2),
    (RESPONSES, "top_p", 0, 1),
]


def parse(body: dict[str, Any]) -> Any:
    parser = chat_request.parse if "messages" in body else responses_request.parse
    return parser(json.dumps(body).encode())


@pytest.mark.parametrize(("body", "name", "least", "most"), BOUNDS)
def test_edges_are_taken_and_what_lies_beyond_is_not(
    body: dict[str, Any], name: str, least: int, most: int
) -> None:
    for value in (least, most):
        assert getattr(parse(body | {name: value}), name) == value
    step = 1 if name == "n" else 0.001
    for value in (least - step, most + step):
        with pytest.raises(ApiError) as caught:
            parse(body | {name: value})
        problem = caught.value.body()["error"]
        assert caught.value.status == 400
        assert problem["param"] == name
        assert problem["code"] in ("decimal_below_min_value", "decimal_above_max_value") or (
            name == "n" and problem["code"].startswith("integer_")
        )


def test_a_response_has_at_least_16_tokens() -> None:
    assert parse(RESPONSES | {"max_output_tokens": 16}).max_output_tokens == 16
    with pytest.raises(ApiError):
        parse(RESPONSES | {"max_output_tokens": 15})
