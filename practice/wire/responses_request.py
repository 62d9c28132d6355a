"""The request of POST /v1/responses, and the same request as Chat Completions has it.

Source: OpenAI API reference, "Create a model response". Text, pictures, structured output and
function tools are here; hosted tools are not, and no response is stored.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import pydantic
from pydantic import Discriminator, Field, Tag

from practice.wire.chat_request import (
    ChatRequest,
    Name,
    Wire,
    load_json,
    refusal,
    tag_from,
    text_or_parts,
    word_or_object,
)
from practice.wire.errors import ApiError


class InputText(Wire):
    type: Literal["input_text"]
    text: str


class InputImage(Wire):
    type: Literal["input_image"]
    image_url: str
    detail: Literal["auto", "low", "high", "original"] | None = None


class OutputText(Wire):
    type: Literal["output_text"]
    text: str
    annotations: list[Any] | None = None
    logprobs: list[Any] | None = None


class OutputRefusal(Wire):
    type: Literal["refusal"]
    refusal: str


def _type(value: Any) -> str | None:
    return tag_from(value, "type")


Part = Annotated[
    Annotated[InputText, Tag("~input_text")]
    | Annotated[InputImage, Tag("~input_image")]
    | Annotated[OutputText, Tag("~output_text")]
    | Annotated[OutputRefusal, Tag("~refusal")],
    Discriminator(_type),
]
Content = Annotated[
    Annotated[str, Tag("~text")]
    | Annotated[Annotated[list[Part], Field(min_length=1)], Tag("~parts")],
    Discriminator(text_or_parts),
]


class Message(Wire):
    type: Literal["message"] = "message"
    role: Literal["system", "developer", "user", "assistant"]
    content: Content
    # A reply sent back as part of the history carries these.
    id: str | None = None
    status: Literal["in_progress", "completed", "incomplete"] | None = None
    phase: Literal["commentary", "final_answer"] | None = None


class FunctionCall(Wire):
    type: Literal["function_call"]
    call_id: str
    name: str
    arguments: str
    id: str | None = None
    status: Literal["in_progress", "completed", "incomplete"] | None = None


class FunctionOutput(Wire):
    type: Literal["function_call_output"]
    call_id: str
    output: str
    id: str | None = None
    status: Literal["in_progress", "completed", "incomplete"] | None = None


class Reasoning(Wire):
    """A reply's hidden reasoning, sent back: there is nothing in it to read here."""

    type: Literal["reasoning"]
    id: str
    summary: list[Any]
    content: list[Any] | None = None
    encrypted_content: str | None = None
    status: str | None = None


def _item_type(value: Any) -> str | None:
    """An item's type; a message may leave it out."""
    if isinstance(value, dict) and "type" not in value and "role" in value:
        return "~message"
    return tag_from(value, "type")


Item = Annotated[
    Annotated[Message, Tag("~message")]
    | Annotated[FunctionCall, Tag("~function_call")]
    | Annotated[FunctionOutput, Tag("~function_call_output")]
    | Annotated[Reasoning, Tag("~reasoning")],
    Discriminator(_item_type),
]


def _text_or_items(value: Any) -> str:
    return "~items" if isinstance(value, list) else "~text"


Input = Annotated[
    Annotated[str, Tag("~text")]
    | Annotated[Annotated[list[Item], Field(min_length=1, max_length=2048)], Tag("~items")],
    Discriminator(_text_or_items),
]


class PlainFormat(Wire):
    type: Literal["text", "json_object"]


class SchemaFormat(Wire):
    type: Literal["json_schema"]
    name: Name
    schema_: dict[str, Any] = Field(alias="schema")
    description: str | None = None
    strict: bool | None = None


Format = Annotated[
    Annotated[PlainFormat, Tag("~text")]
    | Annotated[PlainFormat, Tag("~json_object")]
    | Annotated[SchemaFormat, Tag("~json_schema")],
    Discriminator(_type),
]


class Text(Wire):
    format: Format | None = None
    verbosity: Literal["low", "medium", "high"] | None = None


class Tool(Wire):
    type: Literal["function"]
    name: Name
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


AnyTool = Annotated[Annotated[Tool, Tag("~function")], Discriminator(_type)]


class NamedChoice(Wire):
    type: Literal["function"]
    name: str


ToolChoice = Annotated[
    Annotated[Literal["none", "auto", "required"], Tag("~word")]
    | Annotated[NamedChoice, Tag("~object")],
    Discriminator(word_or_object),
]


class ReasoningOptions(Wire):
    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    summary: Literal["auto", "concise", "detailed"] | None = None


class StreamOptions(Wire):
    include_obfuscation: bool | None = None


class ResponsesRequest(Wire):
    """A request whose every field has the right type and range."""

    model: str
    input: Input
    instructions: str | None = None
    max_output_tokens: Annotated[int, Field(ge=16)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=20)] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    text: Text | None = None
    tools: Annotated[list[AnyTool], Field(max_length=128)] | None = None
    tool_choice: ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    reasoning: ReasoningOptions | None = None
    previous_response_id: str | None = None
    # Taken as the API takes them; they change nothing here.
    include: list[str] | None = None
    max_tool_calls: Annotated[int, Field(ge=1)] | None = None
    metadata: dict[str, str] | None = None
    prompt_cache_key: str | None = None
    safety_identifier: str | None = None
    service_tier: Literal["auto", "default", "flex", "priority", "scale"] | None = None
    store: bool | None = None
    truncation: Literal["auto", "disabled"] | None = None
    user: str | None = None
    # What needs a memory that this service does not have.
    background: bool | None = None
    conversation: Any = None
    prompt: Any = None


def parse(body: bytes) -> ResponsesRequest:
    """Return the request that a body holds. Raises ApiError."""
    try:
        given = ResponsesRequest.model_validate(load_json(body))
    except pydantic.ValidationError as problem:
        raise refusal(problem.errors(include_url=False)[0]) from None
    if given.previous_response_id is not None:
        raise ApiError("previous_response", id=given.previous_response_id[:100])
    for field in ("background", "conversation", "prompt"):
        if getattr(given, field):
            raise ApiError("unsupported_parameter", param=field)
    return given


def as_chat(given: ResponsesRequest) -> ChatRequest:
    """Return the same request in the words of Chat Completions."""
    said: dict[str, Any] = {
        "model": given.model,
        "messages": [message for _, message in _messages(given)],
        "temperature": given.temperature,
        "top_p": given.top_p,
        "max_completion_tokens": given.max_output_tokens,
        "stream": given.stream,
        "parallel_tool_calls": given.parallel_tool_calls,
        "tools": [_tool(tool) for tool in given.tools or ()] or None,
        "tool_choice": _choice(given.tool_choice),
        "reasoning_effort": given.reasoning.effort if given.reasoning else None,
    }
    if given.text is not None and given.text.format is not None:
        said["response_format"] = _format(given.text.format)
    if "message.output_text.logprobs" in (given.include or ()):
        said |= {"logprobs": True, "top_logprobs": given.top_logprobs or 0}
    return ChatRequest.model_validate(said)


_ROWS = {
    "json_word": "json_word_input",
    "tool_without_call": "output_without_call",
    "call_without_tool": "call_without_output",
}
"""Rows of the error table that have other words here."""

_NAMES = {
    "max_completion_tokens": "max_output_tokens",
    "response_format": "text.format",
    "reasoning_effort": "reasoning.effort",
    "messages": "input",
}


def renamed(problem: ApiError, given: ResponsesRequest) -> ApiError:
    """Return a refusal of the chat request with the names of this one."""
    if problem.row in _ROWS:
        return ApiError(_ROWS[problem.row], **problem.words)
    if problem.param is None:
        return problem
    name = problem.param
    if place := re.fullmatch(r"messages\.?\[(\d+)\](.*)", name):
        number = _messages(given)[int(place[1])][0]
        where = "" if isinstance(given.input, str) else f"[{number}]"
        name = "instructions" if number is None else f"input{where}{place[2]}"
    else:
        word = re.match(r"\w+", name)
        if word and word[0] in _NAMES:
            name = _NAMES[word[0]] + name[word.end() :]
    problem.message = problem.message.replace(f"'{problem.param}'", f"'{name}'")
    problem.param = name
    return problem


def _messages(given: ResponsesRequest) -> list[tuple[int | None, dict[str, Any]]]:
    """The chat messages, each with the number of the item it comes from."""
    found: list[tuple[int | None, dict[str, Any]]] = []
    if given.instructions:
        found.append((None, {"role": "system", "content": given.instructions}))
    if isinstance(given.input, str):
        return [*found, (0, {"role": "user", "content": given.input})]
    for number, item in enumerate(given.input):
        if isinstance(item, Message):
            found.append((number, {"role": item.role, "content": _content(item, number)}))
        elif isinstance(item, FunctionCall):
            call = {"name": item.name, "arguments": item.arguments}
            calls = [{"id": item.call_id, "type": "function", "function": call}]
            if found and found[-1][1].get("tool_calls"):
                found[-1][1]["tool_calls"] += calls  # calls of one turn are one message there
            else:
                found.append((number, {"role": "assistant", "tool_calls": calls}))
        elif isinstance(item, FunctionOutput):
            result = {"role": "tool", "tool_call_id": item.call_id, "content": item.output}
            found.append((number, result))
    if not found:
        raise ApiError("empty_array", param="messages", limit=1)
    return found


def _content(message: Message, number: int) -> str | list[dict[str, Any]]:
    if isinstance(message.content, str):
        return message.content
    parts: list[dict[str, Any]] = []
    for part in message.content:
        if isinstance(part, InputImage):
            url = {"url": part.image_url, "detail": part.detail or "auto"}
            parts.append({"type": "image_url", "image_url": url})
        elif isinstance(part, OutputRefusal):
            parts.append({"type": "refusal", "refusal": part.refusal})
        else:
            parts.append({"type": "text", "text": part.text})
    # Only users send pictures, and only the model refuses; as text elsewhere it would be lost.
    allowed = {"user": ("text", "image_url"), "assistant": ("text", "refusal")}
    for place, built in enumerate(parts):
        if built["type"] not in allowed.get(message.role, ("text",)):
            raise ApiError(
                "invalid_value",
                param=f"input[{number}].content[{place}].type",
                got=f"'{message.content[place].type}'",
                supported="'output_text' and 'refusal'"
                if message.role == "assistant"
                else "'input_text'" + (" and 'input_image'" if message.role == "user" else ""),
            )
    return parts


def _tool(tool: Tool) -> dict[str, Any]:
    return {"type": "function", "function": tool.model_dump(exclude={"type"})}


def _choice(choice: Any) -> Any:
    if isinstance(choice, NamedChoice):
        return {"type": "function", "function": {"name": choice.name}}
    return choice


def _format(given: Any) -> dict[str, Any]:
    if isinstance(given, SchemaFormat):
        schema = given.model_dump(by_alias=True, exclude={"type"})
        return {"type": "json_schema", "json_schema": schema}
    return {"type": given.type}
