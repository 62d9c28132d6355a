"""A request of the Responses API as Chat Completions has it, and its refusals named back."""

from __future__ import annotations

import re
from typing import Any

from practice.wire.chat_request import ChatRequest
from practice.wire.errors import ApiError
from practice.wire.responses_request import (
    FunctionCall,
    FunctionOutput,
    InputImage,
    InputText,
    Message,
    NamedChoice,
    OutputRefusal,
    ResponsesRequest,
    SchemaFormat,
    Tool,
)


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


def renamed(problem: ApiError, given: ResponsesRequest, earlier: int = 0) -> ApiError:
    """Return a refusal of the chat request with the names of this one.

    `earlier` is how many of its items come from the responses before.
    """
    if problem.row in _ROWS:
        return ApiError(_ROWS[problem.row], **problem.words)
    if problem.param is None:
        return problem
    name = problem.param
    if place := re.fullmatch(r"messages\.?\[(\d+)\](.*)", name):
        number = _messages(given)[int(place[1])][0]
        where = "" if isinstance(given.input, str) else f"[{number}]"
        name = "instructions" if number is None else f"input{where}{place[2]}"
    elif name.startswith("input["):
        pass  # ours already
    else:
        word = re.match(r"\w+", name)
        if word and word[0] in _NAMES:
            name = _NAMES[word[0]] + name[word.end() :]
    if earlier and (place := re.fullmatch(r"input\[(\d+)\](.*)", name)):
        own = int(place[1]) - earlier
        name = f"input[{own}]{place[2]}" if own >= 0 else "previous_response_id"
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
            if item.call_id is None:
                raise ApiError("missing", param=f"input[{number}].call_id")
            said = item.output if isinstance(item.output, str) else _texts(item.output)
            result = {"role": "tool", "tool_call_id": item.call_id, "content": said}
            found.append((number, result))
    if not found:
        raise ApiError("empty_array", param="messages", limit=1)
    return found


def _texts(given: list[InputText]) -> list[dict[str, Any]]:
    return [{"type": "text", "text": part.text} for part in given]


def _content(message: Message, number: int) -> str | list[dict[str, Any]]:
    if isinstance(message.content, str):
        return message.content
    parts: list[dict[str, Any]] = []
    for part in message.content:
        if isinstance(part, InputImage):
            if part.image_url is None:
                where = f"input[{number}].content[{len(parts)}]"
                if part.file_id is not None:
                    raise ApiError("unsupported_parameter", param=f"{where}.file_id")
                raise ApiError("missing", param=f"{where}.image_url")
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
    kept = {"name", "description", "parameters", "strict"}
    return {"type": "function", "function": tool.model_dump(include=kept)}


def _choice(choice: Any) -> Any:
    if isinstance(choice, NamedChoice):
        return {"type": "function", "function": {"name": choice.name}}
    return choice


def _format(given: Any) -> dict[str, Any]:
    if isinstance(given, SchemaFormat):
        schema = given.model_dump(by_alias=True, exclude={"type"})
        return {"type": "json_schema", "json_schema": schema}
    return {"type": given.type}
