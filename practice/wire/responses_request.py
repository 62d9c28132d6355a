"""The request of POST /v1/responses, field by field; translation.py has it as a chat request.

Source: OpenAI API reference, "Create a model response". Text, pictures, structured output and
function tools are here; hosted tools are not.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pydantic
from pydantic import Discriminator, Field, Tag

from practice.wire.base import Lenient, Name, Unused, Wire, tag_from, text_or_parts, word_or_object
from practice.wire.errors import ApiError
from practice.wire.refusal import load_json, reworded


class InputText(Lenient):
    type: Literal["input_text"]
    text: str
    prompt_cache_breakpoint: Unused = None


class InputImage(Lenient):
    type: Literal["input_image"]
    image_url: str | None = None
    file_id: str | None = None
    detail: Literal["auto", "low", "high", "original"] | None = None
    prompt_cache_breakpoint: Unused = None


class OutputText(Lenient):
    type: Literal["output_text"]
    text: str
    annotations: list[Any] | None = None
    logprobs: list[Any] | None = None


class OutputRefusal(Lenient):
    type: Literal["refusal"]
    refusal: str


def _type(value: Any) -> str | None:
    return tag_from(value, "type")


Part = Annotated[
    Annotated[InputText, Tag("~input_text")]
    | Annotated[InputImage, Tag("~input_image")]
    | Annotated[OutputText, Tag("~output_text")]
    | Annotated[OutputRefusal, Tag("~refusal")],
    Discriminator(_type),
]
Content = Annotated[
    Annotated[str, Tag("~text")]
    | Annotated[Annotated[list[Part], Field(min_length=1)], Tag("~parts")],
    Discriminator(text_or_parts),
]


class Message(Lenient):
    type: Literal["message"] = "message"
    role: Literal["system", "developer", "user", "assistant"]
    content: Content
    # A reply sent back as part of the history carries these.
    id: str | None = None
    status: Literal["in_progress", "completed", "incomplete"] | None = None
    phase: Literal["commentary", "final_answer"] | None = None


class FunctionCall(Lenient):
    type: Literal["function_call"]
    call_id: str
    name: str
    arguments: str
    id: str | None = None
    status: Literal["in_progress", "completed", "incomplete"] | None = None
    namespace: str | None = None
    caller: Unused = None
    async_: bool | None = Field(None, alias="async")


OutputPart = Annotated[Annotated[InputText, Tag("~input_text")], Discriminator(_type)]
Output = Annotated[
    Annotated[str, Tag("~text")]
    | Annotated[Annotated[list[OutputPart], Field(min_length=1)], Tag("~parts")],
    Discriminator(text_or_parts),
]


class FunctionOutput(Lenient):
    type: Literal["function_call_output"]
    call_id: str | None
    output: Output
    id: str | None = None
    status: Literal["in_progress", "completed", "incomplete"] | None = None
    name: str | None = None
    namespace: str | None = None
    caller: Unused = None


class Reasoning(Lenient):
    """A reply's hidden reasoning, sent back: there is nothing in it to read here."""

    type: Literal["reasoning"]
    id: str
    summary: list[Any]
    content: list[Any] | None = None
    encrypted_content: str | None = None
    status: str | None = None


def _item_type(value: Any) -> str | None:
    """An item's type; a message may leave it out, and so may a reference to an earlier item."""
    if isinstance(value, dict) and value.get("type") is None:
        return "~message" if "role" in value else "~item_reference" if "id" in value else None
    return tag_from(value, "type")


Item = Annotated[
    Annotated[Message, Tag("~message")]
    | Annotated[FunctionCall, Tag("~function_call")]
    | Annotated[FunctionOutput, Tag("~function_call_output")]
    | Annotated[Reasoning, Tag("~reasoning")],
    Discriminator(_item_type),
]


def _text_or_items(value: Any) -> str:
    return "~items" if isinstance(value, list) else "~text"


Input = Annotated[
    Annotated[str, Tag("~text")]
    | Annotated[Annotated[list[Item], Field(min_length=1, max_length=2048)], Tag("~items")],
    Discriminator(_text_or_items),
]


class PlainFormat(Wire):
    type: Literal["text", "json_object"]


class SchemaFormat(Wire):
    type: Literal["json_schema"]
    name: Name
    schema_: dict[str, Any] = Field(alias="schema")
    description: str | None = None
    strict: bool | None = None


Format = Annotated[
    Annotated[PlainFormat, Tag("~text")]
    | Annotated[PlainFormat, Tag("~json_object")]
    | Annotated[SchemaFormat, Tag("~json_schema")],
    Discriminator(_type),
]


class Text(Wire):
    format: Format | None = None
    verbosity: Literal["low", "medium", "high"] | None = None


class Tool(Wire):
    type: Literal["function"]
    name: Name
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None
    # Who else may call it, and when: here nobody else does.
    allowed_callers: list[str] | None = None
    async_: bool | None = Field(None, alias="async")
    defer_loading: bool | None = None
    output_schema: Unused = None


AnyTool = Annotated[Annotated[Tool, Tag("~function")], Discriminator(_type)]


class NamedChoice(Wire):
    type: Literal["function"]
    name: str


ToolChoice = Annotated[
    Annotated[Literal["none", "auto", "required"], Tag("~word")]
    | Annotated[NamedChoice, Tag("~object")],
    Discriminator(word_or_object),
]


class ReasoningOptions(Wire):
    effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = None
    summary: Literal["auto", "concise", "detailed"] | None = None
    generate_summary: Literal["auto", "concise", "detailed"] | None = None
    context: Literal["auto", "current_turn", "all_turns"] | None = None
    mode: str | None = None


class StreamOptions(Wire):
    include_obfuscation: bool | None = None


class ResponsesRequest(Wire):
    """A request whose every field has the right type and range."""

    model: str
    input: Input
    instructions: str | None = None
    max_output_tokens: Annotated[int, Field(ge=16)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    top_logprobs: Annotated[int, Field(ge=0, le=20)] | None = None
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    text: Text | None = None
    tools: Annotated[list[AnyTool], Field(max_length=128)] | None = None
    tool_choice: ToolChoice | None = None
    parallel_tool_calls: bool | None = None
    reasoning: ReasoningOptions | None = None
    previous_response_id: str | None = None
    # Taken as the API takes them; they change nothing here.
    include: list[str] | None = None
    max_tool_calls: Annotated[int, Field(ge=1)] | None = None
    metadata: dict[str, str] | None = None
    prompt_cache_key: str | None = None
    prompt_cache_options: Unused = None
    prompt_cache_retention: Literal["in_memory", "24h"] | None = None
    access_programs: Unused = None
    background_options: Unused = None
    context_management: list[dict[str, Any]] | None = None
    image: Unused = None
    moderation: Unused = None
    safety_identifier: str | None = None
    service_tier: (
        Literal["auto", "default", "flex", "priority", "scale", "fast", "ultrafast"] | None
    ) = None
    store: bool | None = None
    truncation: Literal["auto", "disabled"] | None = None
    user: str | None = None
    # What this service does not have.
    background: bool | None = None
    conversation: Any = None
    prompt: Any = None


def parse(body: bytes, **default: Any) -> ResponsesRequest:
    """Return the request that a body holds, or `default` where it says nothing. Raises ApiError."""
    try:
        given = ResponsesRequest.model_validate(default | load_json(body))
    except pydantic.ValidationError as problem:
        raise reworded(problem.errors(include_url=False)[0]) from None
    if given.conversation:
        raise ApiError("conversation")
    for field in ("background", "prompt"):
        if getattr(given, field):
            raise ApiError("unsupported_parameter", param=field)
    return given
