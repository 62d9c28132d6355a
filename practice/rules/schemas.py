"""JSON schemas that a caller sends: what is refused before the engine sees them.

Source: OpenAI guide "Structured outputs", section "Supported schemas". A strict schema forbids
further properties and requires every one it lists, and some words are not permitted in it. The
limits are the guide's own but for those that keep a schema from growing into a grammar that the
engine needs minutes for.
"""

from __future__ import annotations

import copy
import importlib.abc
import json
import sys
import warnings
from collections.abc import Iterator
from functools import cache
from typing import Any

from practice.rules import patterns
from practice.wire.errors import ApiError

MOST_CHARACTERS = 120_000  # in the names of properties and definitions, and in enum and const
MOST_LEVELS = 10
MOST_PROPERTIES = 5000
MOST_ENUM_VALUES = 1000
NOT_PERMITTED = (
    *("allOf", "oneOf", "not", "if", "then", "else"),
    *("dependentRequired", "dependentSchemas", "dependencies"),
)
"""Words that no strict schema may hold."""

# Not the guide's. The engine's work grows with the square of an object's optional properties:
# 3 s for 500, 11 s for 1,000 (2 cores, November 2026); 5,000 required ones take 0.7 s.
LONGEST = 1_000_000
MOST_OPTIONAL = 500
MOST_REPEATS = 200  # for minItems, maxLength and their kin: the engine unrolls them
LARGEST_NUMBER = 2**53  # what every JSON reader takes for an integer; the engine fails at 64 bits


def check(schema: dict[str, Any], *, strict: bool, what: str, name: str, param: str) -> None:
    """Raise ApiError when a schema is not one, is too large, or breaks the strict rules.

    `what` and `name` are named in the message: "response_format" or "function", and its name.
    """

    def refuse(reason: str) -> ApiError:
        return ApiError("schema", param=param, what=what, name=name, reason=reason)

    if len(json.dumps(schema)) > LONGEST:
        raise refuse(f"the schema is longer than {LONGEST} characters.")
    characters = properties = values = optional = 0
    for context, part, level in _parts(schema, (), 0):
        if level > MOST_LEVELS:
            raise refuse(f"{MOST_LEVELS} levels of nesting exceeded.")
        properties += len(_dict(part.get("properties")))
        if properties > MOST_PROPERTIES:
            raise refuse(f"{MOST_PROPERTIES} properties exceeded.")
        optional += len(_dict(part.get("properties")).keys() - set(_names(part))) ** 2
        if optional > MOST_OPTIONAL**2:
            raise refuse(f"In context={context}, {MOST_OPTIONAL} optional properties exceeded.")
        characters += sum(len(said) for said in _said(part))
        if characters > MOST_CHARACTERS:
            raise refuse(f"{MOST_CHARACTERS} characters of names and values exceeded.")
        values += len(part["enum"]) if isinstance(part.get("enum"), list) else 0
        if values > MOST_ENUM_VALUES:
            raise refuse(f"{MOST_ENUM_VALUES} enum values exceeded.")
        if reason := _impossible(part):
            raise refuse(f"In context={context}, {reason}.")
    try:
        with warnings.catch_warnings(action="ignore"):  # about patterns of other dialects
            _jsonschema().Draft202012Validator.check_schema(schema)
    except _jsonschema().SchemaError as problem:
        reason = problem.message[:200]
        raise refuse(f"In context={tuple(problem.absolute_path)}, {reason}.") from None
    except (RecursionError, OverflowError):
        raise refuse("it is nested too deeply, or a pattern in it repeats too often.") from None
    if strict:
        _strict(schema, refuse)
    for context, part, _ in _parts(schema, (), 0):
        if "$ref" in part and not _leads_somewhere(schema, part):
            raise refuse(f"In context={context}, '$ref' {part['$ref']!r:.100} leads nowhere.")


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Return whether a value is valid against a checked schema."""
    return bool(_jsonschema().Draft202012Validator(schema).is_valid(value))


class _PassedOver(importlib.abc.MetaPathFinder):
    """Says that a package is not installed."""

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> None:
        if fullname == "rfc3987_syntax":
            raise ModuleNotFoundError(f"{fullname} is passed over", name=fullname)


@cache
def _jsonschema() -> Any:
    """The package jsonschema, imported late: most requests have no schema."""
    # jsonschema always loads the checkers of string formats that are installed, and the one for
    # internationalised addresses builds its grammar then: 1.0 s of 1.3 s and 30 MB (2 cores,
    # November 2026; no submodule goes without). No format is checked here, and jsonschema asks
    # for that package in a `try`, so it is told that it is absent: while it is imported, no longer.
    finder = _PassedOver()
    sys.meta_path.insert(0, finder)
    try:
        import jsonschema
    finally:
        sys.meta_path.remove(finder)
    return jsonschema


def for_engine(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a checked schema as the engine follows it: with its patterns written anew."""
    schema = copy.deepcopy(schema)
    plain: dict[str, str] = {}
    for _, part, _ in _parts(schema, (), 0):
        if isinstance(part.get("pattern"), str):
            part["pattern"] = patterns.for_engine(part["pattern"])
        reference = part.get("$ref")
        # The engine knows neither the whole schema by "#" nor a name with "/" in it ("~1").
        if isinstance(reference, str) and (reference == "#" or "~" in reference):
            name = plain.setdefault(reference, f"part {len(plain)} of the schema")
            part["$ref"] = f"#/$defs/{name}"
    named = {name: _target(schema, reference) for reference, name in plain.items()}
    if "#" in plain:
        whole = {
            word: said for word, said in schema.items() if word not in ("$defs", "definitions")
        }
        named[plain["#"]] = whole
    return schema | {"$defs": _dict(schema.get("$defs")) | named} if named else schema


def _impossible(part: dict[str, Any]) -> str | None:
    """Say what in a sub-schema the engine cannot take; None when there is nothing.

    A minimum above its maximum, for one, makes llama.cpp allocate memory until the system kills
    the process (19 GB in 30 seconds, November 2026).
    """
    for word in ("minItems", "maxItems", "minLength", "maxLength"):
        limit = part.get(word, 0)
        # JSON has one kind of number, so that 2.0 is allowed here, but the engine wants 2.
        if isinstance(limit, bool) or not isinstance(limit, int):
            return f"'{word}' has to be an integer"
        if limit > MOST_REPEATS:
            return f"'{word}' above {MOST_REPEATS} is not possible"
    for word in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
        bound = part.get(word, 0)
        if isinstance(bound, int | float) and abs(bound) > LARGEST_NUMBER:
            return f"'{word}' beyond {LARGEST_NUMBER} is not possible"
    for low, high in (
        ("minItems", "maxItems"),
        ("minLength", "maxLength"),
        ("minimum", "maximum"),
        ("exclusiveMinimum", "maximum"),
        ("minimum", "exclusiveMaximum"),
        ("exclusiveMinimum", "exclusiveMaximum"),
    ):
        least, most = part.get(low), part.get(high)
        if isinstance(least, int | float) and isinstance(most, int | float) and least > most:
            return f"'{low}' is above '{high}'"
    if isinstance(part.get("pattern"), str):
        try:
            patterns.for_engine(part["pattern"])
        except patterns.Impossible as problem:
            return f"'pattern' cannot be followed: {problem}"
    return None


def _leads_somewhere(schema: dict[str, Any], part: dict[str, Any]) -> bool:
    """Whether a ``$ref`` reaches a sub-schema of this schema that is no mere reference again.

    The root itself (``#``) is OpenAI's way to write a recursive schema.
    """
    seen: set[str] = set()
    while isinstance(part, dict) and "$ref" in part:
        reference = part["$ref"]
        if not isinstance(reference, str) or reference in seen:
            return False
        seen.add(reference)
        part = _target(schema, reference)
    return isinstance(part, dict)


def _target(schema: dict[str, Any], reference: str) -> Any:
    """What a ``$ref`` names within a schema; None where there is no such part."""
    if reference == "#":
        return schema
    if not reference.startswith("#/"):
        return None
    found: Any = schema
    for step in reference[2:].split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, dict) or name not in found:
            return None
        found = found[name]
    return found


def _strict(schema: dict[str, Any], refuse: Any) -> None:
    if schema.get("type") != "object":
        kind = schema.get("type")
        raise refuse(f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{kind}\"'.")
    if "anyOf" in schema:
        raise refuse("In context=(), 'anyOf' is not permitted.")
    for context, part, _ in _parts(schema, (), 0):
        for word in NOT_PERMITTED:
            if word in part:
                raise refuse(f"In context={context}, '{word}' is not permitted.")
        if part.get("type") != "object" and "properties" not in part:
            continue
        if part.get("additionalProperties") is not False:
            raise refuse(
                f"In context={context}, 'additionalProperties' is required to be supplied and to "
                "be false."
            )
        missing = [key for key in _dict(part.get("properties")) if key not in _names(part)]
        if missing:
            raise refuse(
                f"In context={context}, 'required' is required to be supplied and to be an array "
                f"including every key in properties. Missing '{missing[0]}'."
            )


def _names(part: dict[str, Any]) -> list[str]:
    """The required names of a sub-schema."""
    required = part.get("required")
    return (
        [name for name in required if isinstance(name, str)] if isinstance(required, list) else []
    )


def _said(part: dict[str, Any]) -> Iterator[str]:
    """What the guide counts the characters of."""
    for group in ("properties", "$defs", "definitions"):
        yield from _dict(part.get(group))
    enum = part.get("enum")
    for value in [*(enum if isinstance(enum, list) else ()), part.get("const")]:
        if isinstance(value, str):
            yield value


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _parts(
    schema: Any, context: tuple[str, ...], level: int
) -> Iterator[tuple[tuple[str, ...], dict[str, Any], int]]:
    """Every sub-schema with where it stands and how deep it is nested."""
    if not isinstance(schema, dict):
        return
    yield context, schema, level
    if level > MOST_LEVELS:
        return
    for group in ("properties", "$defs", "definitions"):
        for name, part in _dict(schema.get(group)).items():
            deeper = level + (group == "properties")
            yield from _parts(part, (*context, group, name), deeper)
    for word in ("anyOf", "oneOf", "allOf", "prefixItems"):
        options = schema.get(word)
        for number, part in enumerate(options if isinstance(options, list) else []):
            yield from _parts(part, (*context, word, str(number)), level + 1)
    for word in ("items", "additionalProperties", "not"):
        yield from _parts(schema.get(word), (*context, word), level + 1)
