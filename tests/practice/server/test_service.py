"""The practice service through the official SDK, over real HTTP, on the real model."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from practice.process.launcher import Service
from practice.process.models import chosen

MODEL = chosen().id

RECURSION = "What is recursion in programming? Answer in one sentence."


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[OpenAI]:
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0, timeout=120) as one:
        yield one


def user(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


def create(client: OpenAI, text: str = "Say hello.", **more: Any) -> Any:
    """A short call at temperature 0; `more` overrides."""
    options = {
        "model": MODEL,
        "messages": user(text),
        "temperature": 0,
        "max_completion_tokens": 8,
    }
    return client.chat.completions.create(**(options | more))


def fields(value: Any, expected: set[str], known: Any) -> None:
    """Exactly these fields, and none that the SDK's type does not have."""
    assert set(value) == expected
    assert expected <= set(known.model_fields)


def test_a_real_answer(client: OpenAI) -> None:
    reply = create(client, RECURSION, max_completion_tokens=60)
    assert "function calls itself" in reply.choices[0].message.content
    assert reply.choices[0].finish_reason == "stop"
    assert reply.usage.prompt_tokens == 42
    assert reply.usage.completion_tokens == 25
    assert reply.usage.total_tokens == 67


def test_reply_has_every_field_and_no_other(client: OpenAI) -> None:
    raw = client.chat.completions.with_raw_response.create(
        model=MODEL, messages=user("Hi"), max_completion_tokens=3, temperature=0
    )
    body = json.loads(raw.text)
    ChatCompletion.model_validate(body, strict=True)
    fields(
        body,
        {
            "id",
            "object",
            "created",
            "model",
            "choices",
            "usage",
            "service_tier",
            "system_fingerprint",
        },
        ChatCompletion,
    )
    assert set(body["choices"][0]) == {"index", "message", "logprobs", "finish_reason"}
    message = body["choices"][0]["message"]
    assert set(message) == {"role", "content", "refusal", "annotations"}
    assert body["id"].startswith("chatcmpl-")
    for name in ("x-request-id", "openai-processing-ms", "x-ratelimit-remaining-requests"):
        assert raw.headers[name]


def test_stream_says_the_same_as_a_plain_reply(client: OpenAI) -> None:
    whole = create(client, RECURSION, max_completion_tokens=20)
    chunks = list(
        create(
            client,
            RECURSION,
            max_completion_tokens=20,
            stream=True,
            stream_options={"include_usage": True},
        )
    )
    for chunk in chunks:
        ChatCompletionChunk.model_validate(chunk.model_dump(), strict=True)
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[0].choices[0].delta.content == ""
    assert chunks[-1].choices == []
    assert chunks[-1].usage == whole.usage
    assert all(chunk.usage is None for chunk in chunks[:-1])
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks[:-1])
    assert text == whole.choices[0].message.content
    reasons = [chunk.choices[0].finish_reason for chunk in chunks[:-1]]
    assert reasons[-1] == "length"
    assert set(reasons[:-1]) == {None}


def test_stop_is_obeyed_and_left_out(client: OpenAI) -> None:
    reply = create(
        client, "Write a numbered list of five fruits.", stop=["3"], max_completion_tokens=60
    )
    assert reply.choices[0].message.content == "1. Bananas\n2. Apples\n"
    assert reply.choices[0].finish_reason == "stop"


@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
def test_both_names_of_the_limit(client: OpenAI, limit: str) -> None:
    reply = client.chat.completions.create(
        model=MODEL, messages=user("Tell me about Rome."), temperature=0, **{limit: 3}
    )
    assert reply.usage.completion_tokens == 3
    assert reply.choices[0].finish_reason == "length"


def test_n_choices(client: OpenAI) -> None:
    reply = create(client, "Name a colour.", n=3, temperature=1, seed=7)
    assert [choice.index for choice in reply.choices] == [0, 1, 2]
    indexes = {c.choices[0].index for c in create(client, n=3, stream=True)}
    assert indexes == {0, 1, 2}


def test_logprobs(client: OpenAI) -> None:
    plain = create(client, logprobs=True).choices[0].logprobs.content
    assert len(plain) == 8
    assert all(token.top_logprobs == [] and token.logprob <= 0 for token in plain)
    top = create(client, logprobs=True, top_logprobs=3).choices[0].logprobs.content
    assert len(top) == 8
    assert all(len(token.top_logprobs) == 3 for token in top)
    assert set(top[0].to_dict()) == {"token", "logprob", "bytes", "top_logprobs"}


def test_developer_messages_count_as_system(client: OpenAI) -> None:
    texts = []
    for role in ("system", "developer"):
        messages = [{"role": role, "content": "You are a helpful assistant."}]
        messages += user("What is the capital of France?")
        texts.append(create(client, messages=messages).choices[0].message.content)
    assert texts[0] == texts[1]
    assert "Paris" in texts[0]


def test_the_context_window_ends_a_reply(client: OpenAI) -> None:
    # Nearly all of the slot's 2,048 tokens, so that few are left for the reply.
    long = "The sea is wide. " * 398 + "Tell me about the sea."
    reply = create(client, long, max_completion_tokens=500)
    assert reply.choices[0].finish_reason == "length"
    assert reply.usage.completion_tokens < 100
    assert reply.usage.total_tokens == 2048


def test_too_long_a_prompt(client: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        create(client, "hi " * 3000)
    assert caught.value.code == "context_length_exceeded"
    assert caught.value.param == "messages"
    assert "2048 tokens" in str(caught.value)


def test_a_stream_that_is_left_stops_the_engine(client: OpenAI) -> None:
    for _ in range(6):  # more than there are slots
        stream = create(
            client, "Tell the long history of Rome.", max_completion_tokens=1500, stream=True
        )
        next(iter(stream))
        stream.close()
    began = time.monotonic()
    create(client, "Say hello.", max_completion_tokens=2)
    # Had the six gone on, this would have waited 20 seconds and more.
    assert time.monotonic() - began < 10


def test_a_plain_call_that_is_left_stops_the_engine(service: Service) -> None:
    hasty = OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0, timeout=0.7)
    for _ in range(5):
        with pytest.raises(openai.APITimeoutError):
            create(hasty, "Tell the long history of Rome.", max_completion_tokens=1500)
    patient = hasty.with_options(timeout=60)
    began = time.monotonic()
    create(patient, "Say hello.", max_completion_tokens=2)
    assert time.monotonic() - began < 10


def test_a_rate_limit_says_in_headers_what_its_message_says(client: OpenAI) -> None:
    with pytest.raises(openai.RateLimitError) as caught:
        create(client, "simulate-rate-limit")
    headers = caught.value.response.headers
    assert "Limit 3, Used 3" in caught.value.message
    assert headers["x-ratelimit-limit-requests"] == "3"
    assert headers["x-ratelimit-remaining-requests"] == "0"
    assert headers["retry-after"] == "1"
    assert headers["retry-after-ms"] == "1000"
    assert headers["x-ratelimit-reset-requests"] == "1s"
    assert headers["x-practice-simulated"] == "simulate-rate-limit"


def test_models(client: OpenAI) -> None:
    listed = list(client.models.list())
    assert listed[0].id == MODEL
    assert client.models.retrieve(MODEL) == listed[0]
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-nothing")


def test_json_mode(client: OpenAI) -> None:
    reply = create(
        client,
        messages=[
            {"role": "system", "content": "Extract the person's name and city. Reply in JSON."},
            *user("Maria Silva, 34, lives in Lisbon."),
        ],
        response_format={"type": "json_object"},
        max_completion_tokens=60,
    )
    assert json.loads(reply.choices[0].message.content)["name"] == "Maria Silva"


def test_strict_schema_through_parse(client: OpenAI) -> None:
    import pydantic

    class Person(pydantic.BaseModel):
        name: str
        age: int
        city: str

    reply = client.chat.completions.parse(
        model=MODEL,
        messages=user("Maria Silva, 34, lives in Lisbon. Who is it? Reply in JSON."),
        response_format=Person,
        temperature=0,
        max_completion_tokens=60,
    )
    assert reply.choices[0].message.parsed == Person(name="Maria Silva", age=34, city="Lisbon")


def test_json_cut_by_the_limit_is_no_json(client: OpenAI) -> None:
    reply = create(
        client,
        "Maria, 34, lives in Lisbon. Reply in JSON.",
        response_format={"type": "json_object"},
        max_completion_tokens=5,
    )
    assert reply.choices[0].finish_reason == "length"
    with pytest.raises(json.JSONDecodeError):
        json.loads(reply.choices[0].message.content)
