"""Items of a Responses request as they are kept: each with an id, and content in parts."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from practice.wire.pieces import identifier
from practice.wire.responses_request import Item, Message, ResponsesRequest

_ITEMS: TypeAdapter[list[Any]] = TypeAdapter(list[Item])

_PREFIXES = {"message": "msg_", "function_call": "fc_", "function_call_output": "fco_"}


def joined(given: ResponsesRequest, earlier: list[dict[str, Any]]) -> ResponsesRequest:
    """Return the request with the items of the conversation before it in front of its own."""
    if not earlier:
        return given
    own = given.input
    if isinstance(own, str):
        own = [Message(role="user", content=own)]
    before = _ITEMS.validate_python(earlier)
    return given.model_copy(update={"input": [*before, *own]})


def kept(given: ResponsesRequest) -> list[dict[str, Any]]:
    """Return the items of a request as they are kept."""
    said: list[Any] = (
        [Message(role="user", content=given.input)]
        if isinstance(given.input, str)
        else list(given.input)
    )
    return [_whole(item.model_dump(by_alias=True, exclude_none=True)) for item in said]


def _whole(item: dict[str, Any]) -> dict[str, Any]:
    kind = item["type"]
    item.setdefault("id", identifier(_PREFIXES.get(kind, "item_"), 50))
    if kind == "message":
        item.setdefault("status", "completed")
        if isinstance(item["content"], str):
            part = "output_text" if item["role"] == "assistant" else "input_text"
            item["content"] = [{"type": part, "text": item["content"]}]
        for one in item["content"]:
            if one["type"] == "output_text":
                one.setdefault("annotations", [])
            elif one["type"] == "input_image":
                one.setdefault("detail", "auto")
    elif kind != "reasoning":
        item.setdefault("status", "completed")
    return item
