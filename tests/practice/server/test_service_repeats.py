"""The same request gives the same text, whatever was asked before it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from practice.engine import plan as chat
from practice.process import config
from practice.wire.chat_request import ChatRequest


@pytest.mark.parametrize(
    ("given", "cached"),
    [
        ({"temperature": 0}, False),
        ({"temperature": 1, "seed": 7}, False),
        ({"temperature": 1}, True),
        ({}, True),
    ],
)
def test_a_repeatable_request_reads_its_prompt_afresh(given: dict[str, Any], cached: bool) -> None:
    """With the cache, "What is the temperature in Oslo?" had two answers: 64.4 and 32.8 degrees.

    The second came when the examples of practice/tools.py had been read just before.
    """
    body = {"model": config.MODEL_ID, "messages": [{"role": "user", "content": "Hi."}], **given}
    asked = asyncio.run(chat.plan(ChatRequest.model_validate(body)))
    assert asked.request["cache_prompt"] is cached
