"""Tool calls: which tool, which arguments, the way there and back, plain and streamed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest
from openai import OpenAI

from practice.engine import tools
from practice.process.launcher import Service
from practice.process.models import chosen
from practice.wire import chat_request as wire

MODEL = chosen().id


def tool(name: str, description: str, **properties: Any) -> dict[str, Any]:
    parameters = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    function = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": function}


WEATHER = tool("get_weather", "Get the current weather in a city.", city={"type": "string"})
TIME = tool("get_time", "Get the current time in a city.", city={"type": "string"})
PRICE = tool(
    "get_price",
    "Look up the price of a product.",
    product={"type": "string"},
    currency={"type": "string", "enum": ["EUR", "USD"]},
)
MULTIPLY = tool(
    "multiply", "Multiply two numbers: a times b.", a={"type": "number"}, b={"type": "number"}
)
ALL = [WEATHER, TIME, PRICE, MULTIPLY]

# What is asked, the tool that should answer (None: no tool), and its arguments.
ASKED: list[tuple[str, str | None, dict[str, Any]]] = [
    ("What is the weather in Paris?", "get_weather", {"city": "Paris"}),
    ("How is the weather in Oslo today?", "get_weather", {"city": "Oslo"}),
    ("What time is it in New York?", "get_time", {"city": "New York"}),
    ("Tell me the time in Tokyo.", "get_time", {"city": "Tokyo"}),
    ("Price of a lamp in USD?", "get_price", {"currency": "USD"}),
    ("Multiply 6 by 9.", "multiply", {"a": 6, "b": 9}),
    ("What is 12 times 7?", "multiply", {"a": 12, "b": 7}),
    ("What is recursion?", None, {}),
    ("Say hello.", None, {}),
    ("Write a poem about the sea.", None, {}),
]


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[OpenAI]:
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0, timeout=120) as one:
        yield one


def create(client: OpenAI, messages: Any, **more: Any) -> Any:
    if isinstance(messages, str):
        messages = [{"role": "user", "content": messages}]
    options = {"model": MODEL, "temperature": 0, "max_completion_tokens": 60}
    return client.chat.completions.create(messages=messages, **(options | more))


@pytest.mark.parametrize(("question", "name", "arguments"), ASKED)
def test_auto_chooses(
    client: OpenAI, question: str, name: str | None, arguments: dict[str, Any]
) -> None:
    choice = create(client, question, tools=ALL).choices[0]
    if name is None:
        assert choice.message.tool_calls is None
        assert choice.finish_reason in ("stop", "length")
        return
    assert choice.finish_reason == "tool_calls"
    assert choice.message.content is None
    [call] = choice.message.tool_calls
    assert call.function.name == name
    given = json.loads(call.function.arguments)
    schema = next(t for t in ALL if t["function"]["name"] == name)["function"]["parameters"]
    jsonschema.validate(given, schema)
    assert arguments.items() <= given.items()


def test_choices_of_the_caller(client: OpenAI) -> None:
    none = create(client, ASKED[0][0], tools=ALL, tool_choice="none").choices[0]
    assert none.message.tool_calls is None
    required = create(client, "Say hello.", tools=ALL, tool_choice="required").choices[0]
    assert required.message.tool_calls
    named = create(
        client,
        "What about Rome?",
        tools=ALL,
        tool_choice={"type": "function", "function": {"name": "get_time"}},
    ).choices[0]
    assert named.message.tool_calls[0].function.name == "get_time"
    assert named.finish_reason == "stop"  # as the API does when the caller names the function


def test_there_and_back(client: OpenAI) -> None:
    messages: list[Any] = [{"role": "user", "content": "What is the weather in Paris?"}]
    message = create(client, messages, tools=ALL).choices[0].message
    result = {"city": "Paris", "temperature": 18, "conditions": "light rain"}
    call = message.tool_calls[0]
    messages += [message, {"role": "tool", "tool_call_id": call.id, "content": json.dumps(result)}]
    answer = create(client, messages, tools=ALL).choices[0]
    assert answer.finish_reason == "stop"
    assert "rain" in answer.message.content


def test_streamed_deltas_make_the_same_call(client: OpenAI) -> None:
    plain = create(client, ASKED[0][0], tools=ALL).choices[0].message.tool_calls[0]
    chunks = list(create(client, ASKED[0][0], tools=ALL, stream=True))
    first = chunks[0].choices[0].delta.tool_calls[0]
    assert (first.index, first.function.name, first.function.arguments) == (0, "get_weather", "")
    assert first.id.startswith("call_")
    deltas = [d for c in chunks for d in c.choices[0].delta.tool_calls or ()]
    assert "".join(d.function.arguments for d in deltas) == plain.function.arguments
    assert chunks[-1].choices[0].finish_reason == "tool_calls"


def test_a_cut_call_says_length(client: OpenAI) -> None:
    choice = create(client, ASKED[0][0], tools=ALL, max_completion_tokens=2).choices[0]
    assert choice.finish_reason == "length"
    with pytest.raises(json.JSONDecodeError):
        json.loads(choice.message.tool_calls[0].function.arguments)


def test_a_function_without_parameters(client: OpenAI) -> None:
    ping = {"type": "function", "function": {"name": "ping", "description": "Ping the server."}}
    call = create(client, "Ping the server.", tools=[ping]).choices[0].message.tool_calls[0]
    assert json.loads(call.function.arguments) == {}


def test_no_shared_word_means_no_tool() -> None:
    request = wire.ChatRequest.model_validate(
        {"model": "m", "messages": [{"role": "user", "content": "Hello there"}], "tools": ALL}
    )
    assert tools.chosen(request) is None
