"""Bodies that are not what the API takes: what pydantic finds wrong, in the API's own words."""

from __future__ import annotations

import re
from typing import Any

from practice.data import load
from practice.wire.base import TAG
from practice.wire.errors import ApiError

MOST_VALUES = 100_000
"""In a body. A million unknown fields would keep the service busy for seconds."""


def load_json(body: bytes) -> Any:
    """Return the JSON object of a body. Raises ApiError for anything else."""
    import pydantic_core

    # Each value but the first has a comma before it; a picture in base64 has none at all.
    if body.count(b",") > MOST_VALUES:
        raise ApiError("too_many_values", limit=MOST_VALUES)
    try:
        value = pydantic_core.from_json(body, allow_inf_nan=False)
    except ValueError:
        raise ApiError("invalid_json") from None
    if not isinstance(value, dict):
        raise ApiError("invalid_json")
    return value


def unsupported(field: str) -> list[str]:
    """What the API takes for a field and practice mode refuses; ``field`` without numbers."""
    return list(load("unsupported.toml").get(field, ()))


def _not_here(param: str, got: Any) -> ApiError | None:
    """The refusal of what only practice mode refuses, if this is it."""
    if got not in unsupported(re.sub(r"\[\d+\]", "", param)):
        return None
    return ApiError("not_here", param=param, got=_quoted(got))


def reworded(problem: Any) -> ApiError:
    """Put the first thing that pydantic found wrong into the API's words."""
    param = path(problem["loc"])
    kind, got, limits = problem["type"], problem["input"], problem.get("ctx", {})
    if kind == "missing":
        return ApiError("no_model") if param == "model" else ApiError("missing", param=param)
    if kind == "extra_forbidden":
        return ApiError("unknown_parameter", param=param)
    if kind == "union_tag_invalid":
        field = _tag_field(problem)
        if refused := _not_here(f"{param}.{field}", limits["tag"].removeprefix(TAG)):
            return refused
        supported = [tag.strip("'~ ") for tag in limits["expected_tags"].split(",")]
        return ApiError(
            "invalid_value",
            param=f"{param}.{field}",
            got=_quoted(limits["tag"].removeprefix(TAG)),
            supported=_listed(supported),
        )
    if kind == "union_tag_not_found":
        if not isinstance(got, dict):
            return _wrong_type(param, "an object", got)
        field = _tag_field(problem)
        if got.get(field) is None and field not in got:
            return ApiError("missing", param=f"{param}.{field}")
        return _wrong_type(f"{param}.{field}", "a string", got.get(field))
    if kind == "literal_error":
        if refused := _not_here(param, got):
            return refused
        return ApiError(
            "invalid_value",
            param=param,
            got=_quoted(got),
            supported=_listed([w.strip("' ") for w in limits["expected"].split(",")], " or "),
        )
    if kind == "less_than_equal":
        return ApiError(
            "above_max",
            param=param,
            kind=_number(param),
            limit=_plain(limits["le"]),
            got=_plain(got),
        )
    if kind == "greater_than_equal":
        return ApiError(
            "below_min",
            param=param,
            kind=_number(param),
            limit=_plain(limits["ge"]),
            got=_plain(got),
        )
    if kind == "too_short":
        return ApiError("empty_array", param=param, limit=limits["min_length"])
    if kind == "too_long":
        return ApiError("array_too_long", param=param, limit=limits["max_length"], got=len(got))
    if kind == "string_too_short":
        return ApiError("string_empty", param=param, limit=limits["min_length"])
    if kind == "string_too_long":
        return ApiError("string_too_long", param=param, limit=limits["max_length"], got=len(got))
    if kind == "string_pattern_mismatch":
        return ApiError("pattern", param=param, limit=limits["pattern"])
    if got is None and param.endswith(".content"):
        return ApiError("null_content", param=param)
    expected = "an array of objects" if param == "messages" else _EXPECTED.get(kind, "another type")
    return _wrong_type(param, expected, got)


_INTEGERS = {
    "n",
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "max_tool_calls",
    "seed",
    "top_logprobs",
}


_EXPECTED = {
    "string_type": "a string",
    "string_unicode": "a string",
    "int_type": "an integer",
    "int_from_float": "an integer",
    "int_parsing_size": "an integer",
    "float_type": "a decimal",
    "finite_number": "a decimal",
    "bool_type": "a boolean",
    "list_type": "an array",
    "dict_type": "an object",
    "model_type": "an object",
    "model_attributes_type": "an object",
}


def path(location: tuple[int | str, ...]) -> str:
    """A field's path as the API writes it: ``messages[0].content[1].text``."""
    written = ""
    for step in location:
        if isinstance(step, int):
            written += f"[{step}]"
        elif not step.startswith(TAG):
            step = step[:100]  # whoever sends a name of 1 MB knows it
            written += f".{step}" if written else step
    return written


def _tag_field(problem: Any) -> str:
    return "role" if "_role" in problem["ctx"]["discriminator"] else "type"


def _wrong_type(param: str, expected: str, got: Any) -> ApiError:
    return ApiError("invalid_type", param=param, expected=expected, got=_type_name(got))


def _type_name(value: Any) -> str:
    if value is None:
        return "null"
    names = {bool: "a boolean", int: "an integer", float: "a decimal", str: "a string"}
    return names.get(type(value), "an array" if isinstance(value, list) else "an object")


def _number(param: str) -> str:
    """The API's word for a field's kind of number."""
    return "integer" if param in _INTEGERS else "decimal"


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _quoted(value: Any) -> str:
    return f"'{str(value)[:100]}'"


def _listed(values: list[str], split: str | None = None) -> str:
    """The values as the API lists them: 'a', 'b', and 'c'."""
    if split is not None:  # pydantic joins the last two with " or "
        values = [word.strip("' ") for value in values for word in value.split(split)]
    quoted = [f"'{value}'" for value in values]
    if len(quoted) < 3:
        return " and ".join(quoted)
    return f"{', '.join(quoted[:-1])}, and {quoted[-1]}"
