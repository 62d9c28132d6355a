"""JSON schemas as the engine follows them, and what checking loads. (Refusals: test_service_errors.py.)"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openai import OpenAI

from practice.process.launcher import Service
from practice.process.models import chosen

MODEL = chosen().id

ROOT = Path(__file__).resolve().parents[3]


def test_no_checker_of_formats_is_loaded() -> None:
    """One of them takes a second to build its grammar; whoever wants it later still gets it."""
    code = (
        "import sys; from practice.rules import schemas; "
        "schemas.check({'type': 'object'}, strict=False, what='function', name='f', param='p'); "
        "assert 'jsonschema' in sys.modules and 'rfc3987_syntax' not in sys.modules; "
        "import rfc3987_syntax"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def tree(reference: str) -> dict[str, Any]:
    """A node with a name and, at most, one node below."""
    node = {
        "name": {"type": "string", "maxLength": 3},
        "next": {"anyOf": [{"$ref": reference}, {"type": "null"}]},
    }
    closed = {"required": list(node), "additionalProperties": False}
    return {"type": "object", "properties": node, **closed}


CLOSED: dict[str, Any] = {"type": "object", "additionalProperties": False}


def many(count: int) -> dict[str, Any]:
    names = [f"p{number}" for number in range(count)]
    closed = {"required": names, "additionalProperties": False}
    return {"type": "object", "properties": {name: {"type": "null"} for name in names}, **closed}


FOLLOWED: dict[str, dict[str, Any]] = {
    "the whole schema again": tree("#"),
    "the whole schema, beside definitions": {
        **tree("#"),
        "properties": {**tree("#")["properties"], "name": {"$ref": "#/$defs/x"}},
        "$defs": {"x": {"enum": ["a"]}},
    },
    "a slash in a name": {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/a~1b~0c"}},
        "required": ["a"],
        "additionalProperties": False,
        "$defs": {"a/b~c": {"enum": ["yes"]}},
    },
    "a slash in the name of a tree": {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/n~1n"}},
        "required": ["a"],
        "additionalProperties": False,
        "$defs": {"n/n": tree("#/$defs/n~1n")},
    },
}


@pytest.fixture(scope="module")
def client(service: Service) -> Any:
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0) as one:
        yield one


def write(client: OpenAI, schema: dict[str, Any], limit: int) -> Any:
    wanted: Any = {"name": "x", "strict": True, "schema": schema}
    return client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "Write JSON."}],
        response_format={"type": "json_schema", "json_schema": wanted},
        temperature=0,
        max_completion_tokens=limit,
    ).choices[0]


@pytest.mark.parametrize("case", FOLLOWED)
def test_references_are_followed(client: OpenAI, case: str) -> None:
    choice = write(client, FOLLOWED[case], 100)
    if choice.finish_reason == "stop":
        jsonschema.validate(json.loads(choice.message.content), FOLLOWED[case])
    else:  # small models write on and on
        assert choice.message.content.count('"next"') > 2


@pytest.mark.parametrize(
    "schema",
    [
        many(5000),
        {
            **CLOSED,
            "properties": {"a": {"enum": [f"{n:0119}" for n in range(1000)]}},
            "required": ["a"],
        },
        {**CLOSED, "properties": {"a": {"const": "b" * 119_999}}, "required": ["a"]},
    ],
    ids=["properties", "enum", "const"],
)
def test_the_guide_s_limits_are_no_burden(client: OpenAI, schema: dict[str, Any]) -> None:
    began = time.monotonic()
    assert write(client, schema, 5).finish_reason == "length"
    assert time.monotonic() - began < 20
