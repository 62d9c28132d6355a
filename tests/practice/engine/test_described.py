"""A schema in the words of a request in JSON mode: found, and kept to."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from openai import OpenAI

from practice.engine import described
from practice.engine.plan import planned
from practice.process.launcher import Service
from practice.process.models import chosen
from practice.wire.chat_request import ChatRequest

MODEL = chosen().id

PERSON = {
    "properties": {
        "name": {"title": "Name", "type": "string"},
        "age": {"title": "Age", "type": "integer"},
    },
    "required": ["name", "age"],
    "title": "Person",
    "type": "object",
}
FOO = '{"properties": {"foo": {"type": "array", "items": {"type": "string"}}}, "required": ["foo"]}'
GENIUS = (
    "As a genius expert, your task is to understand the content and provide the parsed objects in "
    "json that match the following json_schema:\n\n%s\n\nMake sure to return an instance of the "
    "JSON, not the schema itself"
)


def asking(*said: tuple[str, str]) -> ChatRequest:
    body = {
        "model": MODEL,
        "messages": [{"role": role, "content": text} for role, text in said],
        "response_format": {"type": "json_object"},
        "temperature": 0,
    }
    return ChatRequest.model_validate(body)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ([("system", GENIUS % json.dumps(PERSON, indent=2)), ("user", "Jo is 25.")], PERSON),
        ([("user", f"Jo is 25. JSON by this schema: ```{json.dumps(PERSON)}```")], PERSON),
        # A prompt that explains with another schema, and with data, what a schema is.
        (
            [
                ("system", f"For {FOO} write JSON like {{'foo': ['a']}}, {{'a'}}, not"),
                ("user", f'{{"properties": {{"foo": ["bar"]}}}}. Schema: {json.dumps(PERSON)}'),
            ],
            PERSON,
        ),
        ([("user", json.dumps({"name": "person", "schema": PERSON}))], PERSON),
        ([("user", 'Reply in JSON with the keys "a" and "b", like {"a": 1, "b": {}}.')], None),
        ([("user", '{"properties": {"foo": ["bar"]}} is no schema in JSON')], None),
        ([("user", 'JSON {"type": "array", "properties": {"a": {"type": "string"}}}')], None),
        ([("user", 'JSON {"type": "object", "properties": {"a": {"type": "magic"}}}')], None),
        ([("user", "JSON " + "{" * 50_000)], None),
        ([("user", "JSON"), ("assistant", json.dumps(PERSON)), ("user", "Again.")], None),
    ],
)
def test_the_last_schema_of_an_object_is_found(said: Any, found: Any) -> None:
    request = asking(*said)
    assert described.schema(request) == found
    wanted = asyncio.run(planned(request)).request["response_format"]
    assert wanted["type"] == ("json_schema" if found else "json_object")


def test_a_schema_in_the_prompt_gives_data(service: Service) -> None:
    """The model of 135 million parameters copies the schema when it is not held to it."""
    request = asking(("system", GENIUS % json.dumps(PERSON)), ("user", "Maria is 34 years old."))
    with OpenAI(api_key=service.key, base_url=service.base_url, timeout=60) as client:
        reply = client.chat.completions.create(**request.model_dump(exclude_none=True))
    assert json.loads(reply.choices[0].message.content or "") == {"name": "Maria", "age": 34}
