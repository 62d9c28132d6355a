"""Tool calls from a model whose template knows tools: the model writes them, a rule takes them.

The prompt is that of the template: the tools with their descriptions and schemas, and the whole
conversation with its calls and results. The model talks or calls, as it likes. A call is taken when
its function exists and at least one of its arguments stands in the conversation: half a billion
parameters now and then call for nothing, with "London" or 12345 out of the air, and then, as where
a question leaves out what the tool needs, the reply comes in words. Arguments that break the schema
are written again under it. A tool without such an argument is called when it shares a word with
the question (tools.py). A call that has been answered is not made again.

Measured with `standard` on 44 messages, English and Chinese, 25 that ask for a tool:

- a choice of one name out of a list with "none", two wordings: 2 and 7 of 11 calls found, 16 and
  14 of 19 times silent
- "does the message ask to …?" by the odds of yes and no, best threshold: 30 of 44 right
- held to calls: all 25 with the right arguments, and 19 too many
- as it is now: one mistake until the run was cut off (not all 44 were reached), and 13 of 13 tasks
  of `bench quality`

Words cost the reading of two prompts, a call that of one.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from practice.engine import tools, writing
from practice.engine.llama import Engine
from practice.engine.plan import Plan
from practice.rules import schemas
from practice.wire import chat_request as wire
from practice.wire.chat_request import ChatRequest, Function, question
from practice.wire.pieces import Piece, Usage

MOST_CALLS = 8
"""Calls after one question; then the reply comes in words, so that every loop ends."""

_PROMPT = """# Tools

You may call one or more functions to assist with the user query.

You are provided with function signatures within <tools></tools> XML tags:
<tools>
%s
</tools>

For each function call, return a json object with function name and arguments within \
<tool_call></tool_call> XML tags:
<tool_call>
{"name": <function-name>, "arguments": <args-json-object>}
</tool_call>"""

_HEAD = re.compile(
    r'\s*(?:```\w*|<tool_call>)?\s*\{\s*"name"\s*:\s*"([^"]*)"\s*,\s*"arguments"\s*:\s*'
)
_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve half dozen hundred thousand "
    "一 二 两 三 四 五 六 七 八 九 十 百 千 半".split()
)


async def decided(engine: Engine, request: ChatRequest, plan: Plan) -> Plan:
    """Return the plan of a call that the model has written, or the given plan for words.

    Raises ApiError.
    """
    functions, free = _allowed(request)
    if not functions:
        return plan
    if free:
        if len(done := _calls(request)) >= MOST_CALLS:
            return plan
        found, usage = await _asked(engine, request, plan, functions, forced=False)
        name, arguments = _call("".join(piece.text for piece in found))
        function = next((f for f in functions if f.name == name), None)
        if function is None or not _wanted(request, function, arguments, done):
            return plan
        cut = found[-1].finish_reason == "length"
        if not cut and not _valid(arguments, function):
            found, usage = await _asked(engine, request, plan, [function], forced=True)
    else:
        found, usage = await _asked(engine, request, plan, functions, forced=True)
    name, arguments = _call("".join(piece.text for piece in found))
    name = name or functions[0].name  # cut before it
    # The API says "stop" where the caller named the function (API reference, tool_choice).
    ended = "stop" if isinstance(request.tool_choice, wire.NamedChoice) else "tool_calls"
    reason = ended if found[-1].finish_reason == "stop" else "length"
    written: list[Piece | Usage] = []
    for index in range(plan.request.get("n", 1)):
        parts = re.findall(r"\s*\S+", arguments)
        written += [Piece(index), *(Piece(index, part) for part in parts)]
        written.append(Piece(index, finish_reason=reason))
    return replace(plan, function=name, written=(*written, usage))


async def _asked(
    engine: Engine, request: ChatRequest, plan: Plan, functions: list[Function], *, forced: bool
) -> tuple[list[Piece], Usage]:
    """What the model writes when it may, or is forced to, call a function."""
    said = {k: v for k, v in plan.request.items() if k not in ("response_format", "stop")}
    said |= {"messages": _messages(request, functions), "n": 1}
    if forced:
        schema = {"type": "json_schema", "json_schema": {"schema": _schema(functions)}}
        said["response_format"] = schema
    found: list[Piece] = []
    usage = Usage(0, 0)
    asking = replace(plan, request=said, done="stop", facts="")
    async with aclosing(writing.pieces(engine, asking)) as pieces:
        async for piece in pieces:
            if isinstance(piece, Usage):
                usage = piece
                continue
            found.append(piece)
            if not forced and not _may_be_call("".join(one.text for one in found)):
                break  # words: they are written anew, without the tools before them
    return found, usage


def _allowed(request: ChatRequest) -> tuple[list[Function], bool]:
    """The functions that may be called, and whether none of them has to be."""
    functions = [tool.function for tool in request.tools or ()]
    choice = request.tool_choice or "auto"
    if choice == "none":
        return [], True
    if isinstance(choice, wire.NamedChoice):
        return [f for f in functions if f.name == choice.function.name], False
    return functions, choice == "auto"


def _messages(request: ChatRequest, functions: list[Function]) -> list[dict[str, str]]:
    """The conversation with its calls and results, in the words of the template."""
    shown = [{"type": "function", "function": f.model_dump(exclude_none=True)} for f in functions]
    listed = "\n".join(json.dumps(one, ensure_ascii=False) for one in shown)
    system, found = [], list[dict[str, str]]()
    for message in request.messages:
        said = wire.text(message)
        if isinstance(message, wire.SystemMessage):
            system.append(said)
        elif isinstance(message, wire.ToolMessage):
            found.append({"role": "user", "content": _tagged("tool_response", said)})
        elif isinstance(message, wire.AssistantMessage) and message.tool_calls:
            calls = [
                f'{{"name": "{c.function.name}", "arguments": {c.function.arguments}}}'
                for c in message.tool_calls
            ]
            text = "\n".join([*filter(None, [said]), *(_tagged("tool_call", c) for c in calls)])
            found.append({"role": "assistant", "content": text})
        else:
            found.append({"role": message.role, "content": said})
    head = "\n\n".join([*system, _PROMPT % listed])
    return [{"role": "system", "content": head}, *found]


def _tagged(tag: str, text: str) -> str:
    return f"<{tag}>\n{text}\n</{tag}>"


def _schema(functions: list[Function]) -> dict[str, Any]:
    """One schema for the calls of all functions; what refers to a place in it moves along."""
    calls, defined = [], {}
    for number, function in enumerate(functions):
        place = f"f{number}"
        defined[place] = _moved(tools.parameters(function), f"#/$defs/{place}")
        properties = {
            "name": {"const": function.name},
            "arguments": {"$ref": f"#/$defs/{place}"},
        }
        calls.append({"type": "object", "properties": properties, "required": [*properties]})
    return {"anyOf": calls, "$defs": defined}


def _moved(schema: Any, place: str) -> Any:
    if isinstance(schema, list):
        return [_moved(part, place) for part in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: place + part[1:]
        if key == "$ref" and isinstance(part, str) and part.startswith("#")
        else _moved(part, place)
        for key, part in schema.items()
    }


def _may_be_call(text: str) -> bool:
    return text.lstrip()[:1] in ("", "{", "`", "<")


def _call(text: str) -> tuple[str, str]:
    """The name and the arguments in what the model wrote; empty, or cut, as they are there."""
    head = _HEAD.match(text)
    if head is None:
        return "", ""
    rest = text[head.end() :]
    with contextlib.suppress(ValueError, RecursionError):
        return head[1], rest[: json.JSONDecoder().raw_decode(rest)[1]]
    return head[1], rest


def _valid(arguments: str, function: Function) -> bool:
    try:
        value = json.loads(arguments)
    except (ValueError, RecursionError):
        return False
    return schemas.fits(value, function.parameters or {"maxProperties": 0})


def _wanted(
    request: ChatRequest, function: Function, arguments: str, done: list[tuple[str, Any]]
) -> bool:
    """Whether a free call is taken: new, and about something that was said."""
    try:
        given = json.loads(arguments)
    except (ValueError, RecursionError):
        return True  # cut, or not yet right
    if (function.name, given) in done:
        return False
    values = list(_free(given, function.parameters))
    if not values:
        return tools.shares_a_word(question(request), function)
    said = " ".join(
        wire.text(message)
        for message in request.messages
        if not isinstance(message, wire.AssistantMessage)
    )
    return any(_grounded(value, said) for value in values)


def _free(value: Any, schema: Any) -> Iterator[Any]:
    """The words and numbers among the arguments that are no choice of the schema's."""
    schema = schema if isinstance(schema, dict) else {}
    if isinstance(value, dict):
        properties = schema.get("properties") or {}
        for key, part in value.items():
            yield from _free(part, properties.get(key))
    elif isinstance(value, list):
        for part in value:
            yield from _free(part, schema.get("items"))
    elif not (isinstance(value, bool) or value is None or "enum" in schema or "const" in schema):
        yield value


def _grounded(value: Any, said: str) -> bool:
    if isinstance(value, int | float):
        numbers = {float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?", said)}
        return value in numbers or -value in numbers or not _NUMBERS.isdisjoint(_spoken(said))
    return bool(tools.words(value) & tools.words(said))


def _spoken(text: str) -> list[str]:
    return re.findall(r"[a-z]+|[\u4e00-\u9fff]", text.lower())


def _calls(request: ChatRequest) -> list[tuple[str, Any]]:
    """The calls since the last question, as name and arguments."""
    found = []
    for message in reversed(request.messages):
        if isinstance(message, wire.UserMessage):
            break
        for call in (isinstance(message, wire.AssistantMessage) and message.tool_calls) or ():
            try:
                found.append((call.function.name, json.loads(call.function.arguments)))
            except (ValueError, RecursionError):
                found.append((call.function.name, None))
    return found
