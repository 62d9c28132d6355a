"""The request of POST /v1/chat/completions, field by field, as strict pydantic models.

Source: OpenAI API reference, "Create chat completion". What pydantic finds wrong is put into the
API's own words by `refusal()`; rules that look at more than one field stand in rules.py.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pydantic
from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from practice.wire.errors import ApiError

# pydantic puts the tags of unions into the path of a field. They start with this sign, which no
# field does, so that they can be left out again.
_TAG = "~"


class Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class TextPart(Wire):
    type: Literal["text"]
    text: str


class ImageUrl(Wire):
    url: str
    detail: Literal["auto", "low", "high", "original"] = "auto"


class ImagePart(Wire):
    type: Literal["image_url"]
    image_url: ImageUrl


class RefusalPart(Wire):
    type: Literal["refusal"]
    refusal: str


def text_or_parts(value: Any) -> str:
    return _TAG + ("parts" if isinstance(value, list) else "text")


def _part_type(value: Any) -> str | None:
    return tag_from(value, "type")


def tag_from(value: Any, field: str) -> str | None:
    """The tag for an object whose `field` says what it is; None where there is no such word."""
    word = value.get(field) if isinstance(value, dict) else getattr(value, field, None)
    return _TAG + word if isinstance(word, str) else None


TextParts = Annotated[list[TextPart], Field(min_length=1)]
AnyPart = Annotated[
    Annotated[TextPart, Tag("~text")] | Annotated[ImagePart, Tag("~image_url")],
    Discriminator(_part_type),
]
TextContent = Annotated[
    Annotated[str, Tag("~text")] | Annotated[TextParts, Tag("~parts")],
    Discriminator(text_or_parts),
]
UserContent = Annotated[
    Annotated[str, Tag("~text")]
    | Annotated[Annotated[list[AnyPart], Field(min_length=1)], Tag("~parts")],
    Discriminator(text_or_parts),
]
AssistantPart = Annotated[
    Annotated[TextPart, Tag("~text")] | Annotated[RefusalPart, Tag("~refusal")],
    Discriminator(_part_type),
]
AssistantContent = Annotated[
    Annotated[str, Tag("~text")]
    | Annotated[Annotated[list[AssistantPart], Field(min_length=1)], Tag("~parts")],
    Discriminator(text_or_parts),
]


class SystemMessage(Wire):
    role: Literal["system", "developer"]
    content: TextContent
    name: str | None = None


class UserMessage(Wire):
    role: Literal["user"]
    content: UserContent
    name: str | None = None


class CalledFunction(Wire):
    name: str
    arguments: str


class ToolCall(Wire):
    id: str
    type: Literal["function"]
    function: CalledFunction


class AssistantMessage(Wire):
    role: Literal["assistant"]
    content: AssistantContent | None = None
    refusal: str | None = None
    name: str | None = None
    tool_calls: Annotated[list[ToolCall], Field(min_length=1)] | None = None
    # Replies carry these two; a learner appends the whole reply to the history.
    annotations: list[Any] | None = None
    audio: dict[str, Any] | None = None
    function_call: CalledFunction | None = None


class ToolMessage(Wire):
    role: Literal["tool"]
    content: TextContent
    tool_call_id: str


class FunctionMessage(Wire):
    role: Literal["function"]
    content: str | None
    name: str


def _role(value: Any) -> str | None:
    return tag_from(value, "role")


Message = Annotated[
    Annotated[SystemMessage, Tag("~system")]
    | Annotated[SystemMessage, Tag("~developer")]
    | Annotated[UserMessage, Tag("~user")]
    | Annotated[AssistantMessage, Tag("~assistant")]
    | Annotated[ToolMessage, Tag("~tool")]
    | Annotated[FunctionMessage, Tag("~function")],
    Discriminator(_role),
]

Name = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]+$", min_length=1, max_length=64)]


class Function(Wire):
    name: Name
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class Tool(Wire):
    type: Literal["function"]
    function: Function


class NamedFunction(Wire):
    name: str


class NamedChoice(Wire):
    type: Literal["function"]
    function: NamedFunction


def word_or_object(value: Any) -> str:
    return _TAG + ("object" if isinstance(value, dict) else "word")


ToolChoice = Annotated[
    Annotated[Literal["none", "auto", "required"], Tag("~word")]
    | Annotated[NamedChoice, Tag("~object")],
    Discriminator(word_or_object),
]


class PlainFormat(Wire):
    type: Literal["text", "json_object"]


class JsonSchema(Wire):
    # The API calls the field `schema`, a name that pydantic keeps for itself.
    name: Name
    schema_: dict[str, Any] | None = Field(None, alias="schema")
    description: str | None = None
    strict: bool | None = None


class SchemaFormat(Wire):
    type: Literal["json_schema"]
    json_schema: JsonSchema


ResponseFormat = Annotated[
    Annotated[PlainFormat, Tag("~text")]
    | Annotated[PlainFormat, Tag("~json_object")]
    | Annotated[SchemaFormat, Tag("~json_schema")],
    Discriminator(_part_type),
]


class StreamOptions(Wire):
    include_usage: bool | None = None
    include_obfuscation: bool | None = None


def _text_or_list(value: Any) -> str:
    return _TAG + ("list" if isinstance(value, list) else "text")


Stop = Annotated[
    Annotated[str, Tag("~text")]
    | Annotated[Annotated[list[str], Field(min_length=1, max_length=4)], Tag("~list")],
    Discriminator(_text_or_list),
]
Penalty = Annotated[float, Field(ge=-2, le=2)]


class ChatRequest(Wire):
    """A request whose every field has the right type and range."""

    model: str
    messages: Annotated[list[Message], Field(min_length=1, max_length=2048)]
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    stop: Stop | None = None
    seed: Annotated[int, Field(ge=-(2**63), le=2**63 - 1)] | None = None
    n: Annotated[int, Field(ge=1, le=128)] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    response_format: ResponseFormat | None = None
    logprobs: bool | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=20)] | None = None
    presence_penalty: Penalty | None = None
    frequency_penalty: Penalty | None = None
    logit_bias: dict[str, Annotated[float, Field(ge=-100, le=100)]] | None = None
    tools: Annotated[list[Tool], Field(min_length=1, max_length=128)] | None = None
    tool_choice: ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = (
        None
    )
    # Taken as the API takes them; they change nothing here.
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    metadata: dict[str, str] | None = None
    store: bool | None = None
    service_tier: Literal["auto", "default", "flex", "priority", "scale"] | None = None
    verbosity: Literal["low", "medium", "high"] | None = None


def parse(body: bytes) -> ChatRequest:
    """Return the request that a body holds. Raises ApiError."""
    try:
        return ChatRequest.model_validate(load_json(body))
    except pydantic.ValidationError as problem:
        raise refusal(problem.errors(include_url=False)[0]) from None


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


def refusal(problem: Any) -> ApiError:
    """Put the first thing that pydantic found wrong into the API's words."""
    param = path(problem["loc"])
    kind, got, limits = problem["type"], problem["input"], problem.get("ctx", {})
    if kind == "missing":
        return ApiError("no_model") if param == "model" else ApiError("missing", param=param)
    if kind == "extra_forbidden":
        return ApiError("unknown_parameter", param=param)
    if kind == "union_tag_invalid":
        field = _tag_field(problem)
        supported = [tag.strip("'~ ") for tag in limits["expected_tags"].split(",")]
        return ApiError(
            "invalid_value",
            param=f"{param}.{field}",
            got=_quoted(limits["tag"].removeprefix(_TAG)),
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
        elif not step.startswith(_TAG):
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
