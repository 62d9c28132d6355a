"""Requests that nobody would write, against the parser and the rules: refused, never a crash.

A third of them are valid requests with something changed: a field gone, added, or of another type,
in any depth. A third hold a JSON schema made up at random. The others are valid requests with
bytes changed. The numbers of a run
depend on the seed alone, so that whatever is found can be found again.
"""

from __future__ import annotations

import asyncio
import copy
import json
import random
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psutil

from practice.engine.plan import planned
from practice.process.models import chosen
from practice.rules import requests as rules
from practice.wire import chat_request as wire
from practice.wire import responses_request as responses_wire
from practice.wire import translation
from practice.wire.errors import ApiError

from .figure import Figure

COUNT = 100_000
CHAT, RESPONSES = "/v1/chat/completions", "/v1/responses"
TAKEN = 200

_MODEL = chosen().id


@dataclass
class Found:
    """What a run of requests gave."""

    statuses: Counter[int] = field(default_factory=Counter)
    crashes: list[tuple[str, bytes, str]] = field(default_factory=list)
    slowest: tuple[float, bytes] = (0.0, b"")


def figures() -> Iterator[Figure]:
    """Inputs per second, what they were answered, and the memory they took."""
    process = psutil.Process()
    warm_up = run(2_000, seed=1)
    before, began = process.memory_info().rss, time.perf_counter()
    found = run(COUNT, seed=2)
    seconds = time.perf_counter() - began
    grown = (process.memory_info().rss - before) / 1e6
    tracemalloc.start()
    run(2_000, seed=3)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    for path, body, problem in (warm_up.crashes + found.crashes)[:5]:
        print(f"        {path} {body[:300]!r}: {problem}")
    yield Figure("inputs a second", COUNT / seconds, "inputs/s")
    for status, count in sorted(found.statuses.items()):
        yield Figure(f"answered {status}", count, "inputs")
    yield Figure("not answered but crashed", len(found.crashes), "inputs", at_most=0)
    yield Figure("the slowest input", 1000 * found.slowest[0], "ms", at_most=1000)
    yield Figure("memory of the process, grown by", grown, "MB", at_most=50)
    yield Figure("memory in use at once, at most", peak, "MB", at_most=50)


def run(count: int, *, seed: int) -> Found:
    """Check `count` requests."""
    found = Found()
    for path, body in requests(count, seed=seed):
        began = time.perf_counter()
        try:
            found.statuses[answer(path, body)] += 1
        except Exception as problem:
            found.crashes.append((path, body, f"{type(problem).__name__}: {problem}"[:300]))
        found.slowest = max(found.slowest, (time.perf_counter() - began, body))
    return found


def answer(path: str, body: bytes) -> int:
    """Return the status of a request, TAKEN for one that would go to the engine.

    Raises whatever is not an answer of the API.
    """
    try:
        if path == CHAT:
            asked = wire.parse(body)
            _plan(asked)
        else:
            given = responses_wire.parse(body)
            try:
                _plan(translation.as_chat(given))
            except ApiError as problem:
                raise translation.renamed(problem, given) from problem
    except ApiError as problem:
        json.dumps(problem.body()).encode("ascii")
        if problem.status >= 500:
            raise RuntimeError(f"answered {problem.status}") from problem
        return problem.status
    return TAKEN


def _plan(asked: wire.ChatRequest) -> None:
    """What happens to a request before the engine sees it, and that the engine can be told."""
    rules.check(asked, context=2048)
    if not any(wire.parts(message) for message in asked.messages):  # tests/test_images.py
        json.dumps(asyncio.run(planned(asked)).request, ensure_ascii=False).encode()


# --- making them -----------------------------------------------------------------------------


def requests(count: int, *, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield paths and bodies."""
    chance = random.Random(seed)  # noqa: S311 (nothing here is secret)
    bodies = [(CHAT, body) for body in _CHAT_BODIES] + [(RESPONSES, b) for b in _RESPONSES_BODIES]
    with_schema = [(path, body) for path, body in bodies if _schemas(body)]
    for _ in range(count):
        kind = chance.randrange(3)
        path, given = chance.choice(with_schema if kind == 0 else bodies)
        body = copy.deepcopy(given)
        if kind == 0:
            schema = chance.choice(_schemas(body))
            schema.clear()
            schema.update(_schema(chance, 5))
        elif kind == 1:
            for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
                _change(body, chance)
        written = json.dumps(body, ensure_ascii=chance.random() < 0.5)
        raw = written.encode("utf-8", "surrogatepass")
        yield path, raw if kind < 2 else _damaged(raw, chance)


def _schemas(value: Any) -> list[dict[str, Any]]:
    """The JSON schemas in a body."""
    found = []
    for name, part in value.items() if isinstance(value, dict) else enumerate(value):
        if name in ("schema", "parameters") and isinstance(part, dict):
            found.append(part)
        elif isinstance(part, dict | list):
            found += _schemas(part)
    return found


def _change(body: dict[str, Any], chance: random.Random) -> None:
    """Change one thing somewhere in a body."""
    place: Any = body
    while True:
        inner = list(place.values() if isinstance(place, dict) else place)
        deeper = [value for value in inner if isinstance(value, dict | list) and value]
        if not deeper or chance.random() < 0.25:
            break
        place = chance.choice(deeper)
    action = chance.choice(("replace", "replace", "replace", "remove", "add", "double", "schema"))
    keys = list(place) if isinstance(place, dict) else list(range(len(place)))
    key = chance.choice(keys) if keys else None
    if action == "schema" or key is None:
        value: Any = _schema(chance, 4)
        action = "add" if key is None else "replace"
    else:
        value = copy.deepcopy(place[key] if action == "double" else chance.choice(_VALUES))
    if action == "replace":
        place[key] = value
    elif action == "remove":
        del place[key]
    elif isinstance(place, list):
        place.insert(chance.randrange(len(place) + 1), value)
    else:
        place[chance.choice(_NAMES)] = value


def _schema(chance: random.Random, depth: int) -> Any:
    """A JSON schema, more or less."""
    if depth == 0 or (depth < 5 and chance.random() < 0.1):
        return copy.deepcopy(chance.choice(_VALUES))
    schema: dict[str, Any] = {}
    for word in chance.sample(_SCHEMA_WORDS, chance.randrange(1, 5)):
        if word in ("properties", "$defs"):
            names = chance.sample(("a", "b", "价", "a b", ""), chance.randrange(3))
            schema[word] = {name: _schema(chance, depth - 1) for name in names}
        elif word in ("anyOf", "allOf", "prefixItems"):
            schema[word] = [_schema(chance, depth - 1) for _ in range(chance.randrange(3))]
        elif word in ("items", "not", "if"):
            schema[word] = _schema(chance, depth - 1)
        elif word == "$ref":
            schema[word] = chance.choice(("#", "#/$defs/a", "#/properties/a", "#/", "x", "#/$defs"))
        elif word == "pattern":
            signs = chance.choices(_PATTERN_SIGNS, k=chance.randrange(8))
            schema[word] = "".join(signs)
        elif word == "type":
            schema[word] = chance.choice(("object", "array", "string", "integer", ["null"], "x"))
        elif word == "enum":
            schema[word] = copy.deepcopy(chance.sample(_VALUES, 2))
        else:
            limits = (0, 1, 2, 3, 4, 200) if chance.random() < 0.9 else _NO_LIMITS
            schema[word] = chance.choice(limits)
    return schema


def _damaged(body: bytes, chance: random.Random) -> bytes:
    """The same bytes, but for a few."""
    data = bytearray(body)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        at = chance.randrange(len(data) + 1)
        action = chance.randrange(4)
        if action == 0 and data:
            data[at % len(data)] = chance.randrange(256)
        elif action == 1:
            del data[at : at + chance.randrange(1, 20)]
        elif action == 2:
            data[at:at] = chance.choice(_BYTES)
        else:
            data[at:at] = data[chance.randrange(len(data) + 1) :][: chance.randrange(1, 40)]
    return bytes(data)


def _deep(levels: int) -> Any:
    value: Any = {}
    for _ in range(levels):
        value = [{"a": value}]
    return value


_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 5, 129, 1.5, -0.0, 2**31, 2**53 + 1, 2**63, -(2**63) - 1, 10**40,
    1e308, float("nan"), float("inf"), "", "a", "json", "\0", "\ud800", "😀", "٣", "a\r\nb: c",
    "x" * 5_000, [], {}, [[]], [None], ["a"] * 5, {"type": "object"}, {"type": "text", "text": ""},
    {"role": "user", "content": "Hi"}, {"type": "function"}, {"$ref": "#"}, _deep(30), _deep(90),
    _MODEL, "practice-text-only", "practice-reasoning", "gpt-4", "required", "user",
)  # fmt: skip
_NO_LIMITS = (201, -1, 2.5, True, 10**20, "1", None)
_NAMES = (
    "model", "messages", "content", "role", "type", "text", "name", "n", "stop", "x", "", "\0",
    "max_tokens", "temperature", "tools", "tool_choice", "response_format", "schema", "strict",
    "stream", "logprobs", "logit_bias", "seed", "detail", "refusal", "tool_calls", "__class__",
)  # fmt: skip
_SCHEMA_WORDS = (
    "type", "properties", "required", "items", "anyOf", "allOf", "$defs", "$ref", "enum", "const",
    "pattern", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum", "not", "if",
    "exclusiveMinimum", "exclusiveMaximum", "additionalProperties", "prefixItems", "format",
)  # fmt: skip
_PATTERN_SIGNS = (
    "a", "b", "^", "$", ".", "*", "+", "?", "(", ")", "[", "]", "|", "\\", "\\d", "\\w", "{2}",
    "{0,9}", "{999999999999}", "(?:", "(?i)", "(?=", "-", '"', "\n", "价", "\ud800",
)  # fmt: skip
_BYTES = (
    b"{", b"}", b"[", b"]", b'"', b",", b":", b"\\", b"\\u", b"\\ud800", b"\xff", b"\xc3", b"\x00",
    b"null", b"true", b"1e999", b"-", b"9" * 50, b"9" * 5_000, b"[" * 500, b'{"a":' * 300, b"//",
    b"NaN", b"\xef\xbb\xbf", b"\r\n",
)  # fmt: skip

_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"a": {"type": "string", "pattern": "^a+$"}, "b": {"$ref": "#/$defs/n"}},
    "required": ["a", "b"],
    "additionalProperties": False,
    "$defs": {"n": {"type": "integer", "minimum": 0, "maximum": 9}},
}
_PICTURE = "data:image/png;base64,iVBORw0KGgo="
_CALL = {"id": "call_1", "type": "function", "function": {"name": "f", "arguments": '{"a": 1}'}}
_USER = {"role": "user", "content": "What is the weather in Oslo? Reply in JSON."}

_CHAT_BODIES: list[dict[str, Any]] = [
    {"model": _MODEL, "messages": [_USER]},
    {
        "model": _MODEL,
        "messages": [
            {"role": "developer", "content": [{"type": "text", "text": "Be brief."}]},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Hi"},
                    {"type": "image_url", "image_url": {"url": _PICTURE, "detail": "low"}},
                ],
            },
            {"role": "assistant", "content": "Hello.", "refusal": None, "annotations": []},
            {"role": "user", "content": "Go on.", "name": "learner"},
        ],
    },
    {
        "model": _MODEL,
        "messages": [_USER],
        "temperature": 0.5,
        "top_p": 0.9,
        "max_completion_tokens": 20,
        "stop": ["a", "b"],
        "seed": 7,
        "n": 2,
        "stream": True,
        "stream_options": {"include_usage": True},
        "logprobs": True,
        "top_logprobs": 2,
        "presence_penalty": 1,
        "frequency_penalty": -1,
        "logit_bias": {"10": 5},
        "user": "u",
        "metadata": {"a": "b"},
        "store": False,
    },
    {
        "model": _MODEL,
        "messages": [_USER],
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "x", "strict": True, "schema": _SCHEMA},
        },
    },
    {"model": _MODEL, "messages": [_USER], "response_format": {"type": "json_object"}},
    {
        "model": _MODEL,
        "messages": [
            _USER,
            {"role": "assistant", "content": None, "tool_calls": [_CALL]},
            {"role": "tool", "tool_call_id": "call_1", "content": '{"weather": "rain"}'},
        ],
        "tools": [
            {
                "type": "function",
                "function": {"name": "f", "description": "weather", "parameters": _SCHEMA},
            }
        ],
        "tool_choice": {"type": "function", "function": {"name": "f"}},
        "parallel_tool_calls": True,
    },
]
_RESPONSES_BODIES: list[dict[str, Any]] = [
    {"model": _MODEL, "input": "What is the weather in Oslo?"},
    {
        "model": _MODEL,
        "instructions": "Be brief. Reply in JSON.",
        "input": [
            {"role": "user", "content": [{"type": "input_text", "text": "Hi"}]},
            {
                "type": "message",
                "role": "assistant",
                "content": [{"type": "output_text", "text": "Hello.", "annotations": []}],
            },
            {"type": "function_call", "call_id": "c", "name": "f", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c", "output": "rain"},
            {"role": "user", "content": [{"type": "input_image", "image_url": _PICTURE}]},
        ],
        "tools": [{"type": "function", "name": "f", "parameters": _SCHEMA, "strict": True}],
        "tool_choice": "auto",
        "text": {"format": {"type": "json_schema", "name": "x", "schema": _SCHEMA}},
        "max_output_tokens": 20,
        "temperature": 0,
        "reasoning": {"effort": "none"},
        "include": ["message.output_text.logprobs"],
        "top_logprobs": 2,
        "stream": True,
        "store": False,
        "metadata": {"a": "b"},
    },
]
