"""The same request gives the same text, whatever was asked before it."""

from __future__ import annotations

import asyncio
from dataclasses import FrozenInstanceError
from typing import Any

import pytest
from pydantic import ValidationError

from practice.engine.plan import planned
from practice.process.models import chosen
from practice.simulated import cards
from practice.wire.chat_request import ChatRequest

MODEL = chosen().id


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

    The second came when the examples of practice/engine/tools.py had been read just before.
    """
    body = {"model": MODEL, "messages": [{"role": "user", "content": "Hi."}], **given}
    asked = asyncio.run(planned(ChatRequest.model_validate(body)))
    assert asked.request["cache_prompt"] is cached


def test_a_checked_request_and_its_plan_stay_as_they_are() -> None:
    said = {"role": "user", "content": "Hi."}
    asked = ChatRequest.model_validate({"model": "simulate-refusal", "messages": [said]})
    resolved = cards.resolved(asked, cards.deck()["simulate-refusal"])
    assert (asked.model, resolved.model) == ("simulate-refusal", MODEL)
    with pytest.raises(ValidationError):
        resolved.model = "another"
    with pytest.raises(ValidationError):
        resolved.messages[0].content = "Ho."
    plan = asyncio.run(planned(resolved))
    with pytest.raises(FrozenInstanceError):
        plan.facts = "another"  # type: ignore[misc]
    stand_in = plan.only_counting()
    assert (stand_in.request["max_tokens"], stand_in.limit) == (1, plan.limit)
    assert plan.request["max_tokens"] == plan.limit > 1
