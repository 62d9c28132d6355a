"""POST /v1/responses through the official SDK, over real HTTP, on the real model."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import OpenAI
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import BaseModel, TypeAdapter

from practice.process.launcher import Service
from practice.process.models import chosen

MODEL = chosen().id

WEATHER = {
    "type": "function",
    "name": "get_weather",
    "description": "Get the weather of a city",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
        "additionalProperties": False,
    },
    "strict": True,
}


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[OpenAI]:
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0, timeout=120) as one:
        yield one


def create(client: OpenAI, said: Any = "Say hello.", **more: Any) -> Any:
    """A short call at temperature 0; `more` overrides."""
    options = {"model": MODEL, "temperature": 0, "max_output_tokens": 16}
    return client.responses.create(input=said, **(options | more))


def refused(client: OpenAI, said: Any = "Hi", **more: Any) -> openai.APIStatusError:
    with pytest.raises(openai.APIStatusError) as caught:
        create(client, said, **more)
    return caught.value


# What the published description requires and the SDK 3.54.0 has no field for.
DESCRIBED = {"ResponseFunctionCallArgumentsDoneEvent": {"name"}}


def no_extra(value: Any) -> None:
    """No object in `value` has a field that the SDK's type does not know."""
    if isinstance(value, BaseModel):
        extra = set(value.model_extra or {}) - DESCRIBED.get(type(value).__name__, set())
        assert not extra, f"{type(value).__name__}: {extra}"
        for name in type(value).model_fields:
            no_extra(getattr(value, name))
    elif isinstance(value, list):
        for one in value:
            no_extra(one)


def test_a_real_answer_says_what_the_chat_says(client: OpenAI) -> None:
    asked = "What is the capital of Japan?"
    reply = create(client, asked, instructions="You are a helpful assistant.")
    chat = client.chat.completions.create(
        model=MODEL,
        messages=[
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": asked},
        ],
        temperature=0,
        max_completion_tokens=16,
    )
    assert reply.output_text == chat.choices[0].message.content
    assert reply.usage.input_tokens == chat.usage.prompt_tokens
    assert reply.usage.output_tokens == chat.usage.completion_tokens
    assert reply.usage.total_tokens == chat.usage.total_tokens
    assert reply.instructions == "You are a helpful assistant."


def test_every_field_is_of_the_sdk_s_type_and_no_other(client: OpenAI) -> None:
    raw = client.responses.with_raw_response.create(
        model=MODEL, input="Say hello.", max_output_tokens=64, temperature=0
    )
    body = json.loads(raw.text)
    no_extra(Response.model_validate(body))
    assert set(body) == set(
        "id object created_at completed_at status error incomplete_details instructions metadata "
        "model output parallel_tool_calls temperature tool_choice tools top_p background "
        "max_output_tokens max_tool_calls previous_response_id prompt_cache_key reasoning "
        "safety_identifier service_tier text top_logprobs truncation usage".split()
    )
    assert body["id"].startswith("resp_")
    assert body["object"] == "response"
    assert raw.headers["x-request-id"].startswith("req_")


def test_a_cut_reply_is_incomplete(client: OpenAI) -> None:
    reply = create(client, "Write a long story about a dog.")
    assert reply.status == "incomplete"
    assert reply.incomplete_details.reason == "max_output_tokens"
    assert reply.output[0].status == "incomplete"
    assert reply.usage.output_tokens == 16


def test_a_stream_has_every_event_in_order(client: OpenAI) -> None:
    events = list(create(client, "Say hello.", stream=True, max_output_tokens=64))
    kinds = [event.type for event in events]
    assert kinds[:4] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
    ]
    assert kinds[-4:] == [
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert set(kinds[4:-4]) == {"response.output_text.delta"}
    assert [event.sequence_number for event in events] == list(range(len(events)))
    text = "".join(event.delta for event in events if event.type == "response.output_text.delta")
    assert (
        text == events[-1].response.output_text == create(client, max_output_tokens=64).output_text
    )
    assert events[0].response.usage is None
    assert events[-1].response.usage.output_tokens > 3


def test_every_event_is_of_the_sdk_s_type(client: OpenAI) -> None:
    adapter: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
    for more in ({}, {"tools": [WEATHER]}, {"input": "simulate-refusal"}):
        options = {"input": "What is the weather in Oslo?"} | more
        with client.responses.with_streaming_response.create(
            model=MODEL, stream=True, temperature=0, **options
        ) as raw:
            lines = [line for line in raw.iter_lines() if line]
        pairs = list(zip(lines[::2], lines[1::2], strict=True))
        assert len(pairs) > 6
        for name, data in pairs:
            body = json.loads(data.removeprefix("data: "))
            assert name == f"event: {body['type']}"
            no_extra(adapter.validate_python(body))


def test_the_history_can_be_sent_back(client: OpenAI) -> None:
    history: list[Any] = [
        {"role": "developer", "content": "You are a helpful assistant."},
        {"role": "user", "content": [{"type": "input_text", "text": "My dog is Biscuit, 4."}]},
    ]
    first = create(client, history)
    history += [*first.output, {"role": "user", "content": "Thanks. Say bye."}]
    second = create(client, history)
    assert second.output_text
    assert second.usage.input_tokens > first.usage.input_tokens


def test_structured_output(client: OpenAI) -> None:
    class Person(BaseModel):
        name: str
        age: int

    reply = client.responses.parse(
        model=MODEL,
        input="Extract the person's name and age. Maria Silva, 34, lives in Lisbon.",
        text_format=Person,
        temperature=0,
    )
    assert reply.output_parsed == Person(name="Maria Silva", age=34)
    assert reply.text.format.type == "json_schema"
    loose = create(
        client,
        "Name and age as JSON: Maria Silva, 34.",
        text={"format": {"type": "json_object"}},
        max_output_tokens=100,
    )
    assert isinstance(json.loads(loose.output_text), dict)


def test_a_function_is_called_and_its_output_used(client: OpenAI) -> None:
    history: list[Any] = [{"role": "user", "content": "What is the weather in Oslo?"}]
    call = create(client, history, tools=[WEATHER], max_output_tokens=64).output[0]
    assert (call.type, call.name) == ("function_call", "get_weather")
    assert json.loads(call.arguments) == {"city": "Oslo"}
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "5 C"}
    reply = create(client, [*history, call, result], tools=[WEATHER], max_output_tokens=64)
    assert "5 C" in reply.output_text


def test_a_picture_is_read(client: OpenAI, tmp_path: Any) -> None:
    import base64

    from PIL import Image

    Image.new("RGB", (64, 64), (200, 0, 0)).save(tmp_path / "red.png")
    url = "data:image/png;base64," + base64.b64encode((tmp_path / "red.png").read_bytes()).decode()
    part = {"type": "input_image", "image_url": url}
    asked = [{"type": "input_text", "text": "Which colour?"}, part]
    reply = create(client, [{"role": "user", "content": asked}])
    assert "red" in reply.output_text


@pytest.mark.parametrize(
    ("said", "status", "reason", "kind"),
    [
        ("simulate-refusal", "completed", None, "refusal"),
        ("simulate-content-filter", "incomplete", "content_filter", "output_text"),
    ],
)
def test_simulations(client: OpenAI, said: str, status: str, reason: str | None, kind: str) -> None:
    reply = create(client, said)
    assert reply.status == status
    assert (reply.incomplete_details and reply.incomplete_details.reason) == reason
    assert reply.output[0].content[0].type == kind


def test_hidden_reasoning_leaves_no_message(client: OpenAI) -> None:
    reply = create(client, "simulate-reasoning", max_output_tokens=30)
    assert [item.type for item in reply.output] == ["reasoning"]
    assert reply.output_text == ""
    assert reply.usage.output_tokens_details.reasoning_tokens == 30


@pytest.mark.parametrize(
    ("said", "more", "code", "param", "words"),
    [
        ([], {}, "empty_array", "input", "empty array"),
        ("Hi", {"max_output_tokens": 5}, "integer_below_min_value", "max_output_tokens", ">= 16"),
        ("Hi", {"max_tokens": 5}, "unknown_parameter", "max_tokens", "max_tokens"),
        ("Hi", {"text": {"format": {"type": "json_object"}}}, None, "input", "'text.format'"),
        ([{"role": "robot", "content": "x"}], {}, "invalid_value", "input[0].role", "'robot'"),
        ([{"type": "foo"}], {}, "invalid_value", "input[0].type", "'foo'"),
        (
            "Hi",
            {"tools": [{"type": "web_search"}]},
            "unsupported_value",
            "tools[0].type",
            "web_search",
        ),
        ("Hi", {"background": True}, "unsupported_parameter", "background", "background"),
        (
            "Hi",
            {"previous_response_id": "resp_1"},
            "previous_response_not_found",
            "previous_response_id",
            "resp_1",
        ),
        ("x " * 4000, {}, "context_length_exceeded", "input", "2048"),
        (
            [{"role": "user", "content": [{"type": "text", "text": "x"}]}],
            {},
            "invalid_value",
            "input[0].content[0].type",
            "'text'",
        ),
        (
            [{"type": "function_call_output", "call_id": "call_1", "output": "x"}],
            {"instructions": "Be kind."},
            None,
            "input",
            "call_1",
        ),
        (
            [{"type": "function_call", "call_id": "call_1", "name": "f", "arguments": "{}"}],
            {},
            None,
            "input",
            "call_1",
        ),
        (
            [{"role": "user", "content": [{"type": "input_image", "image_url": "data:x"}]}],
            {"instructions": "Be kind."},
            "invalid_base64",
            "input[0].content[0].image_url",
            "",
        ),
    ],
)
def test_refusals_name_the_fields_of_this_endpoint(
    client: OpenAI, said: Any, more: dict[str, Any], code: str | None, param: str, words: str
) -> None:
    extra = {"extra_body": more} if "max_tokens" in more else more
    error = refused(client, said, **extra)
    assert error.status_code == 400
    assert (error.param, error.code) == (param, code)
    assert words in error.message
    assert "messages[" not in error.message
