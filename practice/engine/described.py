"""A schema that stands in the words of a request in JSON mode.

Libraries with a JSON mode put the schema into the prompt and ask for a ``json_object``. Small
models then copy the schema now and then instead of filling it in. Measured with `standard` over 20
prompts (the words of three libraries and plain ones, five schemas, English and Chinese): as asked
18 came out as data, with the sentence "Reply with the values, not with the schema." 19, held to the
schema 20. So the engine is held to it. Who sends a schema in JSON mode and wants a schema back gets
data, too; that is what `response_format` "text" is for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from practice.rules import schemas
from practice.wire import chat_request as wire
from practice.wire.chat_request import ChatRequest
from practice.wire.errors import ApiError

MOST_TRIES = 100
"""Braces of a text that are tried: one with thousands of them would take long."""


def schema(request: ChatRequest) -> dict[str, Any] | None:
    """Return the last usable schema of an object in the system's and the user's texts.

    The last, because some prompts explain with another schema what one is.
    """
    for message in reversed(request.messages):
        if not isinstance(message, wire.SystemMessage | wire.UserMessage):
            continue
        for found in reversed(list(_objects(wire.text(message)))):
            inner = found.get("schema", found)
            if isinstance(inner, dict) and _usable(inner):
                return inner
    return None


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects in a text that stand in no other one."""
    decoder, place = json.JSONDecoder(), 0
    for _ in range(MOST_TRIES):
        if (place := text.find("{", place)) < 0:
            return
        try:
            found, place = decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            place += 1
        else:
            yield found


def _usable(found: dict[str, Any]) -> bool:
    properties = found.get("properties")
    if found.get("type", "object") != "object" or not isinstance(properties, dict):
        return False
    # {"properties": {"foo": ["bar"]}} is data: an example of how not to do it.
    if not properties or not all(isinstance(part, dict) for part in properties.values()):
        return False
    try:
        schemas.check(found, strict=False, what="prompt", name="schema", param="messages")
    except ApiError:
        return False
    return True
