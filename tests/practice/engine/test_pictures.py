"""What a model that can answer from facts is told about pictures, and after several results."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest

from conftest import ROOT
from practice.engine import pictures, tools
from practice.engine.plan import Plan, planned
from practice.eye import reader
from practice.wire.chat_request import ChatRequest

RAW = base64.b64encode((ROOT / "notebooks" / "pictures" / "sign.png").read_bytes()).decode()
SIGN = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{RAW}"}}


def plan(*before: dict[str, str], decides: bool, **more: Any) -> Plan:
    asked = [{"type": "text", "text": "When is it open?"}, SIGN]
    body = {"model": "m", "messages": [*before, {"role": "user", "content": asked}], **more}
    return asyncio.run(planned(ChatRequest.model_validate(body), decides=decides))


def test_the_facts_stand_in_the_prompt_and_the_question_after_them() -> None:
    found = plan(decides=True)
    assert found.facts == ""
    system, user = found.request["messages"]
    assert system["role"] == "system"
    assert user["content"].startswith("Picture 1: PNG, 640 × 400 pixels.")
    assert user["content"].endswith(
        "8:00 - 20:00\n(End of picture 1)\n\nQuestion: When is it open?"
    )
    assert reader.LIMITS not in user["content"]


def test_each_picture_has_an_end_and_no_odds() -> None:
    request = ChatRequest.model_validate(
        {"model": "m", "messages": [{"role": "user", "content": "Which?"}]}
    )
    seen = f"Which?\n\nPicture 1: a cat (76 %).\n\nPicture 2: No text.\n\n{reader.LIMITS}"
    wanted = (
        "Picture 1: a cat.\n(End of picture 1)\n\n"
        "Picture 2: No text.\n(End of picture 2)\n\nQuestion: Which?"
    )
    assert pictures.noted(request, {0: seen}) == {0: wanted}


def test_a_system_message_of_the_caller_stays_the_only_one() -> None:
    own = {"role": "system", "content": "Be brief."}
    assert plan(own, decides=True).request["messages"][0] == own
    assert len(plan(own, decides=True).request["messages"]) == 2


@pytest.mark.parametrize("more", [{}, {"response_format": {"type": "json_object"}}])
def test_a_small_model_gets_the_question_first(more: dict[str, Any]) -> None:
    found = plan(decides=bool(more), **more)
    assert found.request["messages"][-1]["content"].startswith("When is it open?\n\nPicture 1")
    assert bool(found.facts) is not bool(more)


def test_the_results_of_all_calls_since_the_question_are_said() -> None:
    call = {"id": "c", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    there = {"role": "assistant", "tool_calls": [call]}
    body: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "A and B?"}]}
    for result in ("one", "two"):
        body["messages"] += [there, {"role": "tool", "tool_call_id": "c", "content": result}]
    said = tools.result_messages(ChatRequest.model_validate(body))
    assert said is not None
    assert said[-1]["content"] == "Question: A and B?\nResult: one; two"
