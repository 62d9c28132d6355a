"""What the API takes and programs of others send: it is taken here, too."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import OpenAI

from practice.process.launcher import Service
from practice.process.models import chosen
from practice.rules import requests as rules
from practice.wire import base, chat_request, responses_request, translation
from practice.wire.errors import ApiError

MODEL = chosen().id

HELLO: list[Any] = [{"role": "user", "content": "Is it sunny?"}]
TOOL: dict[str, Any] = {"tools": [{"type": "function", "function": {"name": "w"}}]}
CALL = {"id": "c1", "type": "function", "function": {"name": "w", "arguments": "{}"}}
RESULT = {"role": "tool", "tool_call_id": "c1", "content": "sunny"}
ANSWERED: list[Any] = [*HELLO, {"role": "assistant", "content": None, "tool_calls": [CALL]}, RESULT]


def parsed(**body: Any) -> chat_request.ChatRequest:
    sent = {"model": MODEL, "messages": HELLO} | body
    asked = chat_request.parse(json.dumps(sent).encode())
    rules.check(asked, context=2048)
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
    "text alone": {"modalities": ["text"], "audio": {"format": "wav", "voice": "ash"}},
    "the prompt cache": {
        "prompt_cache_key": "k",
        "prompt_cache_retention": "24h",
        "prompt_cache_options": {"mode": "implicit", "ttl": "30m"},
        "messages": [
            {
                "role": "user",
                "content": [
                    {
                        "type": "text",
                        "text": "Hi",
                        "prompt_cache_breakpoint": {"mode": "explicit"},
                    }
                ],
            }
        ],
    },
    "fast": {"service_tier": "fast"},
    "a prediction": {"prediction": {"type": "content", "content": "Yes."}},
    "moderation": {"moderation": {"model": "omni-moderation-latest"}},
    "a function of old": {"functions": [{"name": "w"}], "function_call": {"name": "w"}},
    "null wherever it may be": dict.fromkeys(
        set(chat_request.ChatRequest.model_fields) - {"model", "messages"}
    ),
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
    body = json.dumps({"model": MODEL, "input": [item]}).encode()
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


RESPONSES: dict[str, dict[str, Any]] = {
    "reasoning": {"reasoning": {"context": "auto", "mode": "standard", "generate_summary": "auto"}},
    "context management": {"context_management": [{"type": "compaction"}]},
    "fast": {"service_tier": "fast"},
    "moderation": {"moderation": {"model": "omni-moderation-latest"}},
    "null wherever it may be": dict.fromkeys(
        set(responses_request.ResponsesRequest.model_fields) - {"model", "input"}
    ),
    "a tool with all": {
        "tools": [
            {
                "type": "function",
                "name": "w",
                "parameters": None,
                "strict": None,
                "allowed_callers": ["direct"],
                "async": False,
                "defer_loading": False,
                "output_schema": {},
            }
        ]
    },
    "a result in parts": {
        "input": [
            {
                "type": "function_call",
                "call_id": "c",
                "name": "w",
                "arguments": "{}",
                "async": True,
            },
            {
                "type": "function_call_output",
                "call_id": "c",
                "output": [{"type": "input_text", "text": "sunny"}],
            },
        ]
    },
}


def translated(**body: Any) -> chat_request.ChatRequest:
    sent = {"model": MODEL, "input": "Hi"} | body
    given = responses_request.parse(json.dumps(sent).encode())
    asked = translation.as_chat(given)
    rules.check(asked, context=2048)
    return asked


@pytest.mark.parametrize("case", RESPONSES)
def test_taken_by_responses(case: str) -> None:
    translated(**RESPONSES[case])


UNSUPPORTED: list[tuple[Any, dict[str, Any], str]] = [
    (parsed, {"modalities": ["text", "audio"]}, "modalities[1]"),
    (parsed, {"web_search_options": {}}, "web_search_options"),
    (parsed, {"tools": [{"type": "custom", "custom": {"name": "w"}}]}, "tools[0].type"),
    (
        parsed,
        {"messages": [{"role": "user", "content": [{"type": "file", "file": {}}]}]},
        "messages[0].content[0].type",
    ),
    (translated, {"tools": [{"type": "web_search"}]}, "tools[0].type"),
    (translated, {"input": [{"id": "msg_1"}]}, "input[0].type"),
    (
        translated,
        {"input": [{"role": "user", "content": [{"type": "input_image", "file_id": "f"}]}]},
        "input[0].content[0].file_id",
    ),
    (translated, {"background": True}, "background"),
]


@pytest.mark.parametrize(("take", "body", "param"), UNSUPPORTED)
def test_what_makes_no_sense_here_is_refused_in_words(
    take: Any, body: dict[str, Any], param: str
) -> None:
    with pytest.raises(ApiError) as caught:
        take(**body)
    assert caught.value.code in ("unsupported_parameter", "unsupported_value")
    assert caught.value.param == param
    assert "support" in caught.value.message


OLD = [
    {
        "name": "get_weather",
        "description": "Get the current weather in a city.",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    }
]
ASKED: list[Any] = [{"role": "user", "content": "What is the weather in Paris?"}]


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[OpenAI]:
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0) as one:
        yield one


def test_functions_as_before_there_were_tools(client: OpenAI) -> None:
    said: Any = {"model": MODEL, "functions": OLD, "temperature": 0}
    choice = client.chat.completions.create(messages=ASKED, **said).choices[0]
    assert choice.finish_reason == "function_call"
    assert choice.message.tool_calls is None
    assert choice.message.content is None
    call = choice.message.function_call
    assert call is not None
    assert call.name == "get_weather"
    assert json.loads(call.arguments)["city"] == "Paris"
    # The same in a stream.
    chunks = list(client.chat.completions.create(messages=ASKED, stream=True, **said))
    deltas = [c.choices[0].delta for c in chunks]
    assert all(delta.tool_calls is None for delta in deltas)
    calls = [delta.function_call for delta in deltas if delta.function_call]
    assert (calls[0].name, calls[0].arguments) == ("get_weather", "")
    assert "".join(part.arguments or "" for part in calls) == call.arguments
    assert chunks[-1].choices[0].finish_reason == "function_call"
    # And back: the result goes into a sentence.
    result = {"role": "function", "name": "get_weather", "content": '{"conditions": "light rain"}'}
    messages: Any = [*ASKED, choice.message, result]
    answer = client.chat.completions.create(messages=messages, **said).choices[0]
    assert answer.finish_reason == "stop"
    assert "rain" in (answer.message.content or "")


def test_a_choice_of_function(client: OpenAI) -> None:
    said: Any = {"model": MODEL, "functions": OLD, "max_completion_tokens": 20}
    hello: Any = [{"role": "user", "content": "Say hello."}]
    named = client.chat.completions.create(
        messages=hello, function_call={"name": "get_weather"}, **said
    ).choices[0]
    assert named.message.function_call
    assert named.finish_reason in ("stop", "length")
    none = client.chat.completions.create(messages=ASKED, function_call="none", **said).choices[0]
    assert none.message.function_call is None


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"function_call": "auto"}, "function_call"),
        ({"functions": OLD, "function_call": {"name": "x"}}, "function_call"),
        ({"functions": OLD, "tools": [{"type": "function", "function": OLD[0]}]}, "functions"),
        (
            {"functions": [{"name": "f", "parameters": {"minItems": True}}]},
            "functions[0].parameters",
        ),
    ],
)
def test_functions_are_checked_under_their_own_names(body: dict[str, Any], param: str) -> None:
    with pytest.raises(ApiError) as caught:
        parsed(**body)
    assert caught.value.param == param
    assert "tool" not in caught.value.message.replace("Tool choice", "").replace("'tools'", "")


def test_the_oldest_endpoint_names_the_new_one(client: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="v1/chat/completions"):
        client.completions.create(model=MODEL, prompt="Hi")


def test_a_limit_beyond_32_bits_is_none(client: OpenAI) -> None:
    """The engine would wrap around, and write 5 tokens."""
    hello: Any = [{"role": "user", "content": "Tell the long story of Rome."}]
    said: Any = {"model": MODEL, "messages": hello, "stream": True, "temperature": 0}
    for limit in (2**31, 2**32 + 5, 10**30):
        with client.chat.completions.create(max_completion_tokens=limit, **said) as stream:
            chunks = [chunk for chunk, _ in zip(stream, range(12), strict=False)]
        assert all(chunk.choices[0].finish_reason is None for chunk in chunks)


@pytest.mark.parametrize(
    "body",
    [
        {"x" * 1_000_000: 1},
        {"tools": [{"type": "function", "function": {"name": "w", "x" * 1_000_000: 1}}]},
        {"model": "x" * 1_000_000},
        {"response_format": {"type": "x" * 1_000_000}},
        {"tools": [{"type": "function", "function": {"name": "x" * 1_000_000}}]},
        {"tool_choice": {"type": "function", "function": {"name": "x" * 1_000_000}}, **TOOL},
        {"messages": [*ANSWERED, {**RESULT, "tool_call_id": "x" * 1_000_000}]},
        {
            "messages": [
                HELLO[0],
                {"role": "assistant", "tool_calls": [{**CALL, "id": "x" * 10**6}]},
            ]
        },
    ],
)
def test_what_a_request_said_is_not_sent_back_whole(body: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as caught:
        parsed(**body)
    assert len(json.dumps(caught.value.body())) < 10_000


def test_more_choices_than_slots(client: OpenAI) -> None:
    story: Any = [{"role": "user", "content": "Tell me a story."}]
    said: Any = {
        "model": MODEL,
        "messages": story,
        "max_completion_tokens": 12,
        "seed": 1,
    }
    reply = client.chat.completions.create(n=10, temperature=2, **said)
    assert [choice.index for choice in reply.choices] == list(range(10))
    assert reply.usage
    assert reply.usage.completion_tokens <= 120
    one = client.chat.completions.create(n=1, temperature=2, **said)
    assert one.usage
    assert reply.usage.prompt_tokens == one.usage.prompt_tokens  # read once, as far as it is paid
    texts = [choice.message.content for choice in reply.choices]
    assert len(set(texts)) > 4  # the second four are not the first again
    assert texts[:4] != texts[4:8]
    again = client.chat.completions.create(n=10, temperature=2, **said)
    assert [choice.message.content for choice in again.choices] == texts
    many = client.chat.completions.create(
        n=33, stream=True, **(said | {"max_completion_tokens": 1})
    )
    assert {chunk.choices[0].index for chunk in many} == set(range(33))


def test_the_way_back_with_a_name(service: Service) -> None:
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0) as client:
        reply = client.chat.completions.create(
            model=MODEL,
            messages=[*ANSWERED[:2], {**RESULT, "name": "w"}],
            max_completion_tokens=8,
        )
    assert reply.choices[0].message.content
