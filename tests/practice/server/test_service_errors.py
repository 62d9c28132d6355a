"""What the service refuses, and how: status, type, code, param and the sense of the message."""

from __future__ import annotations

import http.client
import json
import logging
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import openai
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openai import OpenAI

from practice.process.launcher import Service
from practice.process.models import chosen
from practice.rules import schemas
from practice.simulated import cards
from practice.wire import chat_request as wire
from practice.wire.errors import ApiError, rows

MODEL = chosen().id

HELLO = [{"role": "user", "content": "Hello"}]
IMAGE = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
DELETED = object()


def nested(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


def wide(count: int) -> dict[str, Any]:
    names = [f"p{number}" for number in range(count)]
    properties = {name: {"type": "string"} for name in names}
    closed = {"required": names, "additionalProperties": False}
    return {"type": "object", "properties": properties, **closed}


CLOSED: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}


def strict(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "x", "strict": True, "schema": schema}}


def loose(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}


def tool(parameters: dict[str, Any]) -> dict[str, Any]:
    return {"type": "function", "function": {"name": "f", "parameters": parameters}}


CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{}"}}

# What is wrong with the request: (status, code, param, words of the message).
REFUSED: dict[str, tuple[dict[str, Any], tuple[int, str | None, str | None, str]]] = {
    "no model": ({"model": DELETED}, (400, None, "", "model parameter")),
    "no messages": (
        {"messages": DELETED},
        (400, "missing_required_parameter", "messages", "'messages'"),
    ),
    "empty messages": ({"messages": []}, (400, "empty_array", "messages", "empty array")),
    "messages no list": ({"messages": "Hi"}, (400, "invalid_type", "messages", "got a string")),
    "unknown role": (
        {"messages": [{"role": "robot", "content": "Hi"}]},
        (400, "invalid_value", "messages[0].role", "'robot'. Supported values are: 'system'"),
    ),
    "no role": (
        {"messages": [{"content": "Hi"}]},
        (400, "missing_required_parameter", "messages[0].role", "role"),
    ),
    "null content": (
        {"messages": [{"role": "user", "content": None}]},
        (400, None, "messages[0].content", "got null"),
    ),
    "assistant without content": (
        {"messages": [{"role": "assistant", "content": None}]},
        (400, None, "messages.[0].content", "got null"),
    ),
    "unknown part": (
        {"messages": [{"role": "user", "content": [{"type": "audio"}]}]},
        (400, "invalid_value", "messages[0].content[0].type", "'audio'"),
    ),
    "unknown detail": (
        {
            "messages": [
                {
                    "role": "user",
                    "content": [{**IMAGE, "image_url": {"url": "data:", "detail": "huge"}}],
                }
            ]
        },
        (400, "invalid_value", "messages[0].content[0].image_url.detail", "'huge'"),
    ),
    "unknown parameter": ({"temprature": 1}, (400, "unknown_parameter", "temprature", "Unknown")),
    "temperature 9": (
        {"temperature": 9},
        (400, "decimal_above_max_value", "temperature", "<= 2, but got 9"),
    ),
    "temperature -1": (
        {"temperature": -1},
        (400, "decimal_below_min_value", "temperature", ">= 0, but got -1"),
    ),
    "temperature text": ({"temperature": "hot"}, (400, "invalid_type", "temperature", "a string")),
    "top_p 7": ({"top_p": 7}, (400, "decimal_above_max_value", "top_p", "<= 1")),
    "n 0": ({"n": 0}, (400, "integer_below_min_value", "n", ">= 1")),
    "n 129": ({"n": 129}, (400, "integer_above_max_value", "n", "<= 128")),
    "five stops": (
        {"stop": list("abcde")},
        (400, "array_above_max_length", "stop", "maximum length 4"),
    ),
    "limit 0": ({"max_tokens": 0}, (400, "integer_below_min_value", "max_tokens", ">= 1")),
    "both limits": (
        {"max_tokens": 5, "max_completion_tokens": 5},
        (400, "invalid_parameter_combination", "max_tokens", "same time"),
    ),
    "top_logprobs alone": ({"top_logprobs": 2}, (400, None, "top_logprobs", "logprobs")),
    "top_logprobs 21": (
        {"logprobs": True, "top_logprobs": 21},
        (400, "integer_above_max_value", "top_logprobs", "<= 20"),
    ),
    "stream_options alone": (
        {"stream_options": {"include_usage": True}},
        (400, None, "stream_options", "stream"),
    ),
    "json mode without json": (
        {"response_format": {"type": "json_object"}},
        (400, None, "messages", "must contain the word 'json'"),
    ),
    "json_schema without schema": (
        {"response_format": {"type": "json_schema", "json_schema": {"name": "x"}}},
        (400, "missing_required_parameter", "response_format.json_schema.schema", "schema"),
    ),
    "schema no schema": (
        {"response_format": strict({"type": "nothing"})},
        (400, None, "response_format", "Invalid schema for response_format 'x'"),
    ),
    "strict, open object": (
        {"response_format": strict({"type": "object", "properties": {}})},
        (400, None, "response_format", "'additionalProperties' is required"),
    ),
    "strict, optional property": (
        {
            "response_format": strict(
                {
                    "type": "object",
                    "properties": {"a": {"type": "string"}},
                    "additionalProperties": False,
                }
            )
        },
        (400, None, "response_format", "Missing 'a'"),
    ),
    "strict, no object": (
        {"response_format": strict({"type": "array", "items": {"type": "string"}})},
        (400, None, "response_format", "must be a JSON Schema of 'type: \"object\"'"),
    ),
    "schema too deep": (
        {
            "response_format": loose(nested(12)),
        },
        (400, None, "response_format", "levels of nesting"),
    ),
    "schema that explodes": (
        {"response_format": loose({"type": "string", "minLength": 1_000_000})},
        (400, None, "response_format", "minLength"),
    ),
    "least items above most": (
        {"response_format": loose({"type": "array", "minItems": 9, "maxItems": 3})},
        (400, None, "response_format", "In context=(), 'minItems' is above 'maxItems'"),
    ),
    "least length above most, deep down": (
        {
            "response_format": loose(
                {"properties": {"a": {"type": "string", "minLength": 2, "maxLength": 1}}}
            )
        },
        (400, None, "response_format", "('properties', 'a'), 'minLength' is above 'maxLength'"),
    ),
    "minimum above maximum": (
        {"response_format": loose({"type": "integer", "minimum": 5, "maximum": 4.5})},
        (400, None, "response_format", "'minimum' is above 'maximum'"),
    ),
    "exclusive bounds the wrong way round": (
        {
            "response_format": loose(
                {"type": "number", "exclusiveMinimum": 2, "exclusiveMaximum": 1}
            )
        },
        (400, None, "response_format", "'exclusiveMinimum' is above 'exclusiveMaximum'"),
    ),
    "bound beyond every JSON reader": (
        {"response_format": loose({"type": "integer", "maximum": 2**53 + 1})},
        (400, None, "response_format", "'maximum' beyond 9007199254740992"),
    ),
    "bound beyond 64 bits": (
        {"response_format": loose({"type": "integer", "exclusiveMinimum": -(10**40)})},
        (400, None, "response_format", "'exclusiveMinimum' beyond"),
    ),
    "limit that is no integer": (
        {"response_format": loose({"type": "string", "maxLength": 2.0})},
        (400, None, "response_format", "'maxLength' has to be an integer"),
    ),
    "limit that is true": (
        {"response_format": loose({"type": "array", "minItems": True})},
        (400, None, "response_format", "'minItems' has to be an integer"),
    ),
    "reference that leads nowhere": (
        {"response_format": loose({"properties": {"a": {"$ref": "#/$defs/none"}}})},
        (400, None, "response_format", "('properties', 'a'), '$ref' '#/$defs/none' leads nowhere"),
    ),
    "reference to itself": (
        {
            "response_format": loose(
                {
                    "$ref": "#/$defs/a",
                    "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}},
                }
            )
        },
        (400, None, "response_format", "leads nowhere"),
    ),
    "reference of the whole schema to itself": (
        {"response_format": loose({"$ref": "#"})},
        (400, None, "response_format", "'#' leads nowhere"),
    ),
    "5,001 properties": (
        {"response_format": loose(wide(5001))},
        (400, None, "response_format", "5000 properties exceeded"),
    ),
    "501 optional properties": (
        {"response_format": loose({"properties": wide(501)["properties"]})},
        (400, None, "response_format", "500 optional properties exceeded"),
    ),
    "names of 120,001 characters": (
        {"response_format": loose({"properties": {"a" * 60_000: {"const": "b" * 60_001}}})},
        (400, None, "response_format", "120000 characters of names and values exceeded"),
    ),
    "a million characters": (
        {"response_format": loose({"description": "a" * 1_000_000})},
        (400, None, "response_format", "longer than 1000000 characters"),
    ),
    "strict, anyOf at the root": (
        {"response_format": strict({**CLOSED, "anyOf": [CLOSED]})},
        (400, None, "response_format", "In context=(), 'anyOf' is not permitted"),
    ),
    **{
        f"strict, {word}": (
            {
                "response_format": strict(
                    {**CLOSED, "properties": {"a": {word: value}}, "required": ["a"]}
                )
            },
            (400, None, "response_format", f"('properties', 'a'), '{word}' is not permitted"),
        )
        for word, value in {
            "allOf": [CLOSED],
            "oneOf": [CLOSED],
            "not": {},
            "if": {},
            "then": {},
            "else": {},
            "dependentRequired": {},
            "dependentSchemas": {},
        }.items()
    },
    "strict tool, allOf": (
        {
            "tools": [
                {
                    "type": "function",
                    "function": {
                        "name": "f",
                        "strict": True,
                        "parameters": {**CLOSED, "allOf": [CLOSED]},
                    },
                }
            ]
        },
        (400, None, "tools[0].function.parameters", "In context=(), 'allOf' is not permitted"),
    ),
    "reference to another place": (
        {"response_format": loose({"$ref": "https://json-schema.org/draft/2020-12/schema"})},
        (400, None, "response_format", "leads nowhere"),
    ),
    "pattern that keeps the engine busy": (
        {"response_format": loose({"type": "string", "pattern": "^(a?){200}$"})},
        (400, None, "response_format", "'pattern' cannot be followed: repeating a part that may"),
    ),
    "pattern that counts too far, where the engine does not look": (
        {"response_format": loose({"if": {"pattern": "a{99999999999999999999}"}})},
        (400, None, "response_format", "repeats too often"),
    ),
    "enum of 1,001 values": (
        {"response_format": loose({"properties": {"a": {"enum": list(range(1001))}}})},
        (400, None, "response_format", "1000 enum values exceeded"),
    ),
    "parameters of a tool, too": (
        {"tools": [tool({"type": "array", "minItems": 9, "maxItems": 3})]},
        (400, None, "tools[0].function.parameters", "Invalid schema for function 'f'"),
    ),
    "tool choice without tools": ({"tool_choice": "auto"}, (400, None, "tool_choice", "tools")),
    "tool name with a space": (
        {"tools": [{"type": "function", "function": {"name": "a b"}}]},
        (400, "invalid_value", "tools[0].function.name", "pattern"),
    ),
    "tool choice of none such": (
        {
            "tools": [{"type": "function", "function": {"name": "f"}}],
            "tool_choice": {"type": "function", "function": {"name": "g"}},
        },
        (400, None, "tool_choice", "'g' not found"),
    ),
    "result without a call": (
        {"messages": [*HELLO, {"role": "tool", "content": "1", "tool_call_id": "call_1"}]},
        (400, None, "messages.[1].role", "must be a response to"),
    ),
    "call without a result": (
        {
            "messages": [
                *HELLO,
                {"role": "assistant", "content": None, "tool_calls": [CALL]},
                *HELLO,
            ]
        },
        (400, None, "messages", "call_1"),
    ),
    "image for a text model": (
        {
            "model": "practice-text-only",
            "messages": [{"role": "user", "content": [{"type": "text", "text": "?"}, IMAGE]}],
        },
        (400, "invalid_value", "messages[0].content", "image_url is only supported"),
    ),
    "stop for a reasoning model": (
        {"model": "practice-reasoning", "stop": "x"},
        (400, "unsupported_parameter", "stop", "not supported with this model"),
    ),
    "temperature for a reasoning model": (
        {"model": "practice-reasoning", "temperature": 0.5},
        (400, "unsupported_value", "temperature", "does not support 0.5"),
    ),
    "unknown model": (
        {"model": "gpt-nothing"},
        (404, "model_not_found", None, "`gpt-nothing` does not exist"),
    ),
    "retired model": ({"model": "gpt-4"}, (404, "model_not_found", None, "`gpt-4` does not exist")),
    "text that cannot fit": (
        {"messages": [{"role": "user", "content": "hello " * 50_000}]},
        (400, "context_length_exceeded", "messages", "maximum context length is 2048 tokens"),
    ),
    "21 pictures": (
        {"messages": [{"role": "user", "content": [IMAGE] * 21}]},
        (400, "invalid_value", "messages", "reads at most 20, but got 21"),
    ),
    "200,000 unknown fields": (
        {f"x{number}": 1 for number in range(200_000)},
        (413, None, None, "takes at most 100000"),
    ),
    "logit_bias of a token beyond all": (
        {"logit_bias": {"9" * 4000: 1}},
        (400, "invalid_type", "logit_bias", "token"),
    ),
    "logit_bias of another script's digits": (
        {"logit_bias": {"٣": 1}},
        (400, "invalid_type", "logit_bias", "token"),
    ),
    "logit_bias by word": (
        {"logit_bias": {"word": 1}},
        (400, "invalid_type", "logit_bias", "token"),
    ),
}


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[OpenAI]:
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0, timeout=60) as one:
        yield one


def post(service: Service, body: bytes, **headers: str) -> tuple[int, dict[str, Any], Any]:
    """Send raw bytes; return the status, the body and the headers."""
    address = urlsplit(service.base_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=60)
    sent = {"Authorization": f"Bearer {service.key}", "Content-Type": "application/json"}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request("POST", "/v1/chat/completions", body, sent)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, json.loads(body), answer.headers


@pytest.mark.parametrize("case", REFUSED)
def test_refused(service: Service, case: str) -> None:
    change, (status, code, param, words) = REFUSED[case]
    body = {"model": MODEL, "messages": HELLO, "max_completion_tokens": 2} | change
    if "max_tokens" in change and case != "both limits":
        del body["max_completion_tokens"]
    sent = {name: value for name, value in body.items() if value is not DELETED}
    got, answer, headers = post(service, json.dumps(sent).encode())
    error = answer["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert (got, error["code"], error["param"]) == (status, code, param), error
    assert words in error["message"]
    assert error["type"] == "invalid_request_error"
    assert headers["x-request-id"].startswith("req_")


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array", "minItems": 200, "maxItems": 200},
        {"type": "string", "minLength": 0, "maxLength": 0},
        {"type": "integer", "minimum": -(2**53), "maximum": 2**53},
        {"type": "number", "minimum": 1.5, "maximum": 1.5},
        {
            "properties": {"a": {"$ref": "#/$defs/b"}},
            "$defs": {"b": {"$ref": "#/$defs/c"}, "c": {}},
        },
        # A tree: a reference back to a named part, which the engine can follow.
        {"$ref": "#/$defs/n", "$defs": {"n": {"items": {"$ref": "#/$defs/n"}}}},
        {"$ref": "#/$defs/a~1b", "$defs": {"a/b": {"type": "string"}}},
    ],
)
def test_schemas_at_the_edge_are_taken(schema: dict[str, Any]) -> None:
    schemas.check(schema, strict=False, what="response_format", name="x", param="x")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"temperature": NaN}', b"[" * 100_000, b'{"a":1}x'],
)
def test_no_json(service: Service, body: bytes) -> None:
    status, answer, _ = post(service, body)
    assert status == 400
    assert "could not parse the JSON body" in answer["error"]["message"]


def test_a_body_beyond_the_limit(service: Service) -> None:
    status, answer, _ = post(service, b" " * 26_000_000)
    assert status == 413
    assert "25 MB" in answer["error"]["message"]


@pytest.mark.parametrize("key", ["wrong", "Schlüssel", "sk-\t", "0" * 500])
def test_wrong_key_is_refused_and_not_shown(service: Service, key: str) -> None:
    header = f"Bearer {key}".encode().decode("latin-1")
    status, answer, _ = post(service, b"{}", Authorization=header)
    assert status == 401
    assert answer["error"]["code"] == "invalid_api_key"
    assert key not in json.dumps(answer)


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic eDp5"])
def test_no_key(service: Service, header: str) -> None:
    status, answer, _ = post(service, b"{}", Authorization=header)
    assert (status, answer["error"]["code"]) == (401, None)
    assert "didn't provide an API key" in answer["error"]["message"]


def test_web_pages_cannot_use_it(service: Service) -> None:
    body = json.dumps({"model": MODEL, "messages": HELLO}).encode()
    assert post(service, body, Host="attacker.example")[0] == 403
    assert post(service, body, Origin="https://attacker.example")[0] == 403


def test_unknown_address_and_method(service: Service) -> None:
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0) as client:
        with pytest.raises(openai.NotFoundError, match="Invalid URL"):
            client.get("/nothing", cast_to=object)
        with pytest.raises(openai.APIStatusError) as caught:
            client.get("/chat/completions", cast_to=object)
    assert caught.value.status_code == 405


# Simulations


ERRORS = [card for card in cards.deck().values() if card.error and card.until_retry is None]


@pytest.mark.parametrize("way", ["key", "model", "word"])
@pytest.mark.parametrize("card", ERRORS, ids=lambda card: card.name)
def test_cards_of_errors(service: Service, card: cards.Card, way: str) -> None:
    key = card.name if way == "key" else service.key
    model = card.name if way == "model" else MODEL
    text = f"Please {card.name} now." if way == "word" else "Hello"
    row = rows()[str(card.error)]
    with (
        OpenAI(api_key=key, base_url=service.base_url, max_retries=0) as client,
        pytest.raises(openai.APIStatusError) as caught,
    ):
        client.chat.completions.create(model=model, messages=[{"role": "user", "content": text}])
    error = caught.value
    assert error.status_code == row["status"]
    assert error.type == row.get("type", "invalid_request_error")
    assert error.code == row.get("code")
    assert str(error).endswith("[simulated by practice mode]")
    assert error.response.headers["x-practice-simulated"] == card.name
    assert dict(card.headers).items() <= dict(error.response.headers).items()


def say(client: OpenAI, card: str, **more: Any) -> Any:
    options = {"max_completion_tokens": 20, "temperature": 0}
    return client.chat.completions.create(model=card, messages=HELLO, **(options | more))


def test_busy_twice_is_answered_by_the_third_try(service: Service) -> None:
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0) as client:
        with pytest.raises(openai.InternalServerError):
            say(client, "simulate-busy-twice")
        reply = say(client.with_options(max_retries=2), "simulate-busy-twice")
    assert reply.choices[0].message.content


def test_cards_that_answer(client: OpenAI) -> None:
    filtered = say(client, "simulate-content-filter").choices[0]
    assert filtered.finish_reason == "content_filter"
    assert filtered.message.content
    refused = say(client, "simulate-refusal").choices[0]
    assert (refused.finish_reason, refused.message.content) == ("stop", None)
    assert refused.message.refusal
    thought = say(client, "simulate-reasoning")
    assert thought.choices[0].finish_reason == "length"
    assert thought.choices[0].message.content == ""
    assert thought.usage.completion_tokens_details.reasoning_tokens == 20
    awake = say(client, "simulate-reasoning", reasoning_effort="none")
    assert awake.choices[0].message.content
    assert awake.usage.completion_tokens_details.reasoning_tokens == 0
    assert isinstance(say(client, "simulate-html"), str)


def test_cards_that_answer_in_a_stream(client: OpenAI) -> None:
    filtered = list(say(client, "simulate-content-filter", stream=True))
    assert filtered[-1].choices[0].finish_reason == "content_filter"
    refused = list(say(client, "simulate-refusal", stream=True))
    assert "".join(c.choices[0].delta.refusal or "" for c in refused).startswith("I'm sorry")
    cut = list(say(client, "simulate-cut-stream", stream=True, max_completion_tokens=40))
    assert len(cut) > 1
    assert all(chunk.choices[0].finish_reason is None for chunk in cut)


def test_a_slow_answer_times_out(client: OpenAI) -> None:
    with pytest.raises(openai.APITimeoutError):
        say(client.with_options(timeout=0.5), "simulate-slow")


def test_the_table_of_cards_is_served(service: Service) -> None:
    with OpenAI(api_key=service.key, base_url=service.base_url.removesuffix("v1")) as client:
        table: Any = client.get("/cards.json", cast_to=object)
        page: Any = client.get("/cards", cast_to=str)
    assert [card["name"] for card in table["cards"]] == list(cards.deck())
    assert all(name in page for name in cards.deck())


# Whatever is sent


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["role", "content", "type", "text", "name", "function", "schema", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
REQUESTS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(wire.ChatRequest.model_fields, ANYTHING)
    | {"messages": st.lists(ANYTHING, max_size=3) | ANYTHING, "model": st.just(MODEL)},
)


@settings(
    max_examples=400, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
@given(REQUESTS)
def test_any_request_is_taken_or_refused_with_400(request: dict[str, Any]) -> None:
    """The parser answers ApiError for what it does not take, and nothing else."""
    from practice.rules import requests as rules

    logging.disable(logging.CRITICAL)
    try:
        asked = wire.parse(json.dumps(request, allow_nan=True).encode())
        rules.check(asked, context=2048)
    except ApiError as refused:
        assert 400 <= refused.status < 500
        json.dumps(refused.body())
    finally:
        logging.disable(logging.NOTSET)
