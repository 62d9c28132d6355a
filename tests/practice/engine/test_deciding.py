"""Which call of a model that knows tools is taken, and what it is asked for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest

from practice.engine import deciding
from practice.engine.llama import knows_tools
from practice.engine.plan import Plan, planned
from practice.wire.chat_request import ChatRequest
from practice.wire.pieces import Piece, Usage


def tool(name: str, description: str, **properties: Any) -> dict[str, Any]:
    parameters = {
        "type": "object",
        "properties": properties,
        "required": [*properties],
        "additionalProperties": False,
    }
    function = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": function}


WEATHER = tool("get_weather", "Get the weather", city={"type": "string"})
COUNT = tool("count", "Count to a number", to={"type": "integer"})
LIGHT = tool("light", "打开或关闭灯", state={"enum": ["on", "off"]})


class Engine:
    """Says what it is told, a few characters at a time, and keeps what it was asked."""

    slots, context, decides_tools = 4, 2048, True

    def __init__(self, *said: str, finish: str = "stop") -> None:
        self.said, self.finish = list(said), finish
        self.asked: list[dict[str, Any]] = []
        self.chunks = 0

    async def stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        self.asked.append(request)
        text = self.said.pop(0)
        for place in range(0, len(text), 5):
            self.chunks += 1
            delta = {"content": text[place : place + 5]}
            yield {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
        yield {"choices": [{"index": 0, "delta": {}, "finish_reason": self.finish}]}
        yield {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4}}


def request(*said: Any, **more: Any) -> ChatRequest:
    messages = [{"role": "user", "content": m} if isinstance(m, str) else m for m in said]
    body = {"model": "m", "messages": messages, "tools": [WEATHER, COUNT, LIGHT], "temperature": 0}
    return ChatRequest.model_validate(body | more)


def decided(engine: Engine, asked: ChatRequest) -> Plan:
    async def both() -> Plan:
        plan = await planned(asked, decides=True)
        assert plan.function is None
        return await deciding.decided(engine, asked, plan)  # type: ignore[arg-type]

    return asyncio.run(both())


def text(plan: Plan) -> str:
    return "".join(piece.text for piece in plan.written if isinstance(piece, Piece))


def call(name: str, /, **arguments: Any) -> str:
    return json.dumps({"name": name, "arguments": arguments}, ensure_ascii=False)


OSLO = call("get_weather", city="Oslo")


@pytest.mark.parametrize(
    ("question", "said", "name"),
    [
        ("Is it sunny in Oslo?", OSLO, "get_weather"),
        ("Is it sunny in Oslo?", f"```json\n{OSLO}\n```", "get_weather"),
        ("Is it sunny in Oslo?", f"<tool_call>\n{OSLO}\n</tool_call>", "get_weather"),
        ("广州今天天气怎么样？", call("get_weather", city="广州"), "get_weather"),
        ("What is the weather?", OSLO, None),  # it asks back instead
        ("Tell me a joke.", call("count", to=12345), None),
        ("Count to 7", call("count", to=7), "count"),
        ("Count to seven", call("count", to=7), "count"),
        ("请打开灯", call("light", state="on"), "light"),  # no word of it can stand in the question
        ("Tell me a joke.", call("light", state="on"), None),
        ("Say hello to Anna", call("hello", to="Anna"), None),  # there is no such function
    ],
)
def test_a_call_about_what_was_said_is_taken(question: str, said: str, name: str | None) -> None:
    engine = Engine(said)
    plan = decided(engine, request(question))
    assert plan.function == name
    assert len(engine.asked) == 1
    assert (
        json.dumps(WEATHER["function"]["parameters"]) in engine.asked[0]["messages"][0]["content"]
    )
    if name is not None:
        written = said[said.index("{") : said.rindex("}") + 1]
        assert json.loads(text(plan)) == json.loads(written)["arguments"]
        assert plan.written[-1] == Usage(9, 4)
        assert plan.written[-2] == Piece(0, finish_reason="tool_calls")


def test_words_end_the_deciding_at_once() -> None:
    engine = Engine("Recursion is a function that calls itself, and so on, for a long time.")
    plan = decided(engine, request("What is recursion?"))
    assert (plan.function, plan.written, engine.chunks) == (None, (), 1)


def test_arguments_that_break_the_schema_are_written_under_it() -> None:
    engine = Engine(call("count", to="up to 7"), call("count", to=7))
    plan = decided(engine, request("Count to 7"))
    assert (plan.function, json.loads(text(plan))) == ("count", {"to": 7})
    schema = engine.asked[1]["response_format"]["json_schema"]["schema"]
    assert schema["anyOf"][0]["properties"]["name"] == {"const": "count"}
    assert len(schema["anyOf"]) == 1


def test_required_and_named_are_forced() -> None:
    engine = Engine(OSLO)
    plan = decided(engine, request("Say hello.", tool_choice="required"))
    assert plan.function == "get_weather"
    schema = engine.asked[0]["response_format"]["json_schema"]["schema"]
    assert [c["properties"]["name"]["const"] for c in schema["anyOf"]] == [
        "get_weather",
        "count",
        "light",
    ]
    named = {"type": "function", "function": {"name": "count"}}
    plan = decided(Engine(call("count", to=1)), request("Hello.", tool_choice=named, n=2))
    assert plan.function == "count"
    ends = [p for p in plan.written if isinstance(p, Piece) and p.finish_reason]
    assert ends == [Piece(0, finish_reason="stop"), Piece(1, finish_reason="stop")]
    engine = Engine()
    assert decided(engine, request("Hello.", tool_choice="none")).function is None
    assert engine.asked == []


def test_references_move_with_their_schema() -> None:
    node = {"type": "object", "properties": {"to": {"$ref": "#/$defs/City"}}, "required": ["to"]}
    one = tool("go", "Go")
    one["function"]["parameters"] = node | {"$defs": {"City": {"type": "string"}}}
    engine = Engine(call("go", to="Oslo"))
    decided(engine, request("To Oslo", tools=[WEATHER, one], tool_choice="required"))
    schema = engine.asked[0]["response_format"]["json_schema"]["schema"]
    assert schema["$defs"]["f1"]["properties"]["to"] == {"$ref": "#/$defs/f1/$defs/City"}


def test_a_cut_call_says_length() -> None:
    plan = decided(Engine('{"name": "get_weather", "argum', finish="length"), request("In Oslo?"))
    assert plan.function is None  # nothing of it can be shown yet
    plan = decided(Engine(OSLO[:-6], finish="length"), request("In Oslo?"))
    assert plan.function == "get_weather"
    assert plan.written[-2] == Piece(0, finish_reason="length")
    named = {"type": "function", "function": {"name": "count"}}
    plan = decided(Engine('{"na', finish="length"), request("Hello.", tool_choice=named))
    assert (plan.function, text(plan)) == ("count", "")


def test_loops_end() -> None:
    """The model sees its calls and their results; it does not make one of them again."""
    made = {"id": "c1", "type": "function"}
    made |= {"function": {"name": "get_weather", "arguments": '{"city": "Oslo"}'}}
    there = {"role": "assistant", "tool_calls": [made]}
    back = {"role": "tool", "tool_call_id": "c1", "content": "sunny"}
    asked = ("The weather in Oslo and Paris?", there, back)
    engine = Engine(OSLO)
    assert decided(engine, request(*asked)).function is None
    said = [m["content"] for m in engine.asked[0]["messages"]]
    assert (
        said[2]
        == '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Oslo"}}\n</tool_call>'
    )
    assert said[3] == "<tool_response>\nsunny\n</tool_response>"
    assert decided(Engine(call("get_weather", city="Paris")), request(*asked)).function is not None
    engine = Engine()
    often = (asked[0], *(there, back) * deciding.MOST_CALLS)
    assert decided(engine, request(*often)).function is None
    assert engine.asked == []
    assert decided(Engine(OSLO), request(*often, "And in Oslo?")).function == "get_weather"


@pytest.mark.parametrize(
    ("template", "knows"),
    [("{% if tools %}{{ tools }}{% endif %}", True), ("{{ messages }}", False)],
)
def test_a_template_that_mentions_tools(tmp_path: Path, template: str, knows: bool) -> None:
    model = tmp_path / "model.gguf"
    raw, number = template.encode(), (8).to_bytes(4, "little")
    head = b"GGUF tokenizer.chat_template" + number + len(raw).to_bytes(8, "little")
    model.write_bytes(head + raw + b" and the tools of another key")
    assert knows_tools(model) is knows
    model.write_bytes(b"GGUF tools")
    assert not knows_tools(model)
