"""The `pattern` of a JSON schema: what the engine is told, that it obeys, and what is refused."""

from __future__ import annotations

import json
import re
import sys

import pytest
from openai import OpenAI

from practice.process.launcher import Service
from practice.process.models import chosen
from practice.rules import patterns, schemas

MODEL = chosen().id

# Each of these llama.cpp alone leaves out, or breaks the JSON with.
OBEYED = [
    r"^\d{4}-\d{2}-\d{2}$",
    r"^\d+(\.\d+)?$",
    r"^[A-Z]{3}-\d{4}$",
    r"^[\^\\\-\]]{3}$",
    r"^.{12}$",
    r"^[^a]{3}$",
    r'^"\n\\$',
    "^价格：[0-9]{3}元$",
    "^(cat|dog)s?$",
    "^A-[0-9]{1,3}$|^B$",
    r"^\S{1,9}$",
]


@pytest.mark.parametrize("pattern", OBEYED)
def test_the_engine_obeys(service: Service, pattern: str) -> None:
    schema = {
        "type": "object",
        "properties": {"value": {"type": "string", "pattern": pattern}},
        "required": ["value"],
        "additionalProperties": False,
    }
    with OpenAI(
        api_key=service.key, base_url=service.base_url, max_retries=0, timeout=60
    ) as client:
        reply = client.chat.completions.create(
            model=MODEL,
            messages=[{"role": "user", "content": "Give me a value. Reply in JSON."}],
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "x", "strict": True, "schema": schema},
            },
            temperature=0,
            max_completion_tokens=60,
        )
    assert reply.choices[0].finish_reason == "stop"
    assert re.search(pattern, json.loads(reply.choices[0].message.content or "")["value"])


PLAIN = "[ -!#-\\x5B\\x5D-\ud7ff\ue000-\U0010ffff]"
WRITTEN = {
    "": f"^{PLAIN}*$",
    r"^\d\w$": "^[0-9][0-9A-Z_a-z]$",
    "^[^:]$": PLAIN.replace("-\\x5B", "-9;-\\x5B").join("^$"),
    r"^(?:ab|c)+?x{2}$": r"^((ab|c)){1,}(x){2}$",
    r"^[\]a-]*$": r"^[\x5Da\x2D]{0,}$",
    '^"$': '^\\\\"$',
    "^a{0}b$": "^b$",
    r"^\$\.$": r"^\$\.$",
    "^a|b$": f"^(a{PLAIN}*|{PLAIN}*b)$",
    "^[a-c_]$": "^[a-c_]$",
    r"^[^\d]$": PLAIN.replace("-\\x5B", "-/:-\\x5B").join("^$"),
    "^a*?b{,3}?$": "^(a){0,}(b){0,3}$",
    "^(?P<name>a)(?:b)(?#c)$": "^(a)b$",
}


@pytest.mark.parametrize("pattern", WRITTEN)
def test_written_anew(pattern: str) -> None:
    assert patterns.for_engine(pattern) == WRITTEN[pattern]


# Patterns are read with a parser that is private to Python and may change with any version. The
# two tables hold every kind of part that it knows, and were right with 3.11.7, 3.12.1 and 3.13.0;
# 3.14 is expected to be as 3.13. Run this file with a newer one, and when it passes, put it here.
COVERED = [(3, 11), (3, 12), (3, 13), (3, 14)]


def test_this_python_is_covered() -> None:
    assert sys.version_info[:2] in COVERED


# The first five kept the engine busy for 20 seconds and more, in which nobody was answered.
IMPOSSIBLE = {
    "^(a?){200}$": "may be empty",
    "^(a{0,200}){0,200}$": "may be empty",
    "^((a{0,20}){0,20}){0,20}$": "may be empty",
    "^" + "a?" * 500 + "$": "more than 30",
    "^" + "(a|" * 31 + "b" + ")*" * 31 + "$": "may be empty|more than 30",
    "^(x[0-9]{50}){5}$": "more than 200 times",
    "^a{0,99999999999999999999}$": "not a regular expression",
    "(" * 5000: "not a regular expression",
    "^[a$": "not a regular expression",
    "^(?=a)$": "look-around",
    r"^(a)\1$": "back references",
    r"\bword\b": "anchors in the middle",
    r"^(?<!a)b$": "look-around",
    "^(?P<n>a)(?P=n)$": "back references",
    "^(a)(?(1)b|c)$": "back references",
    "^a++b$": "not possible",
    "^(?>a)b$": "not possible",
    "(?i)a": "flags",
    "(?i:a)": "flags",
    "^[\n\t]$": "JSON writes as itself",
    "^\ud800$": "surrogate",
}


@pytest.mark.parametrize("pattern", IMPOSSIBLE, ids=lambda pattern: repr(pattern[:20]))
def test_impossible(pattern: str) -> None:
    with pytest.raises(patterns.Impossible, match=IMPOSSIBLE[pattern]):
        patterns.for_engine(pattern)


def test_only_patterns_are_written_anew() -> None:
    schema = {
        "properties": {"pattern": {"type": "string", "pattern": r"^\d$"}},
        "const": {"pattern": r"\d"},
    }
    written = schemas.for_engine(schema)
    assert written["properties"]["pattern"]["pattern"] == "^[0-9]$"
    assert written["const"] == schema["const"]
    assert schema["properties"]["pattern"]["pattern"] == r"^\d$"
