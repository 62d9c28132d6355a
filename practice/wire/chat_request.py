"""The request of POST /v1/chat/completions, field by field, as strict pydantic models.

Source: OpenAI API reference, "Create chat completion". What pydantic finds wrong is put into the
API's own words by refusal.py; rules that look at more than one field stand in rules/requests.py.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pydantic
from pydantic import Discriminator, Field, Tag

from practice.wire.base import (
    TAG,
    Lenient,
    Name,
    Unused,
    Wire,
    tag_from,
    text_or_parts,
    word_or_object,
)
from practice.wire.errors import ApiError
from practice.wire.refusal import load_json, reworded


class TextPart(Lenient):
    type: Literal["text"]
    text: str
    prompt_cache_breakpoint: Unused = None


class ImageUrl(Lenient):
    url: str
    detail: Literal["auto", "low", "high", "original"] = "auto"


class ImagePart(Lenient):
    type: Literal["image_url"]
    image_url: ImageUrl
    prompt_cache_breakpoint: Unused = None


class RefusalPart(Lenient):
    type: Literal["refusal"]
    refusal: str
    prompt_cache_breakpoint: Unused = None


def _part_type(value: Any) -> str | None:
    return tag_from(value, "type")


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


class SystemMessage(Lenient):
    role: Literal["system", "developer"]
    content: TextContent
    name: str | None = None


class UserMessage(Lenient):
    role: Literal["user"]
    content: UserContent
    name: str | None = None


class CalledFunction(Lenient):
    name: str
    arguments: str


class ToolCall(Lenient):
    id: str
    type: Literal["function"]
    function: CalledFunction
    # A stream's deltas carry it; clients that join them send it back.
    index: int | None = None


class AssistantMessage(Lenient):
    role: Literal["assistant"]
    content: AssistantContent | None = None
    refusal: str | None = None
    name: str | None = None
    tool_calls: list[ToolCall] | None = None
    # Replies carry these two; a learner appends the whole reply to the history.
    annotations: list[Any] | None = None
    audio: dict[str, Any] | None = None
    function_call: CalledFunction | None = None


class ToolMessage(Lenient):
    role: Literal["tool", "function"]
    content: TextContent
    tool_call_id: str
    name: str | None = None


class FunctionMessage(ToolMessage):
    """What a function gave back, as it was before there were tools: without the id of a call."""

    content: TextContent | None  # type: ignore[assignment]
    tool_call_id: str = ""
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


class Function(Wire):
    name: Name
    description: str | None = None
    parameters: dict[str, Any] | None = None
    strict: bool | None = None


class Tool(Wire):
    type: Literal["function"]
    function: Function
    # Where the Responses API has it; several clients write it here, too, to no effect.
    strict: bool | None = None


class NamedFunction(Wire):
    name: str


class NamedChoice(Wire):
    type: Literal["function"]
    function: NamedFunction


ToolChoice = Annotated[
    Annotated[Literal["none", "auto", "required"], Tag("~word")]
    | Annotated[NamedChoice, Tag("~object")],
    Discriminator(word_or_object),
]


FunctionChoice = Annotated[
    Annotated[Literal["none", "auto"], Tag("~word")] | Annotated[NamedFunction, Tag("~object")],
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
    return TAG + ("list" if isinstance(value, list) else "text")


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
    # What tools were called before there were tools; `parse` makes tools of them.
    functions: Annotated[list[Function], Field(min_length=1, max_length=128)] | None = None
    function_call: FunctionChoice | None = None
    reasoning_effort: Literal["none", "minimal", "low", "medium", "high", "xhigh", "max"] | None = (
        None
    )
    # Taken as the API takes them; they change nothing here.
    user: str | None = None
    safety_identifier: str | None = None
    prompt_cache_key: str | None = None
    prompt_cache_options: Unused = None
    prompt_cache_retention: Literal["in_memory", "24h"] | None = None
    modalities: list[Literal["text"]] | None = None
    audio: Unused = None
    moderation: Unused = None
    prediction: Unused = None
    metadata: dict[str, str] | None = None
    store: bool | None = None
    service_tier: (
        Literal["auto", "default", "flex", "priority", "scale", "fast", "ultrafast"] | None
    ) = None
    verbosity: Literal["low", "medium", "high"] | None = None
    # What needs the web.
    web_search_options: Unused = None


def parse(body: bytes) -> ChatRequest:
    """Return the request that a body holds. Raises ApiError."""
    try:
        given = ChatRequest.model_validate(load_json(body))
    except pydantic.ValidationError as problem:
        raise reworded(problem.errors(include_url=False)[0]) from None
    if given.web_search_options is not None:
        raise ApiError("unsupported_parameter", param="web_search_options")
    return _with_tools(given)


def _with_tools(given: ChatRequest) -> ChatRequest:
    """Return the request with its functions as the tools that they have become."""
    if given.functions is None:
        return given
    if given.tools is not None:
        raise ApiError("both", param="functions", other="tools")
    choice: Any = given.function_call
    if isinstance(choice, NamedFunction):
        choice = NamedChoice(type="function", function=choice)
    tools = [Tool(type="function", function=function) for function in given.functions]
    return given.model_copy(update={"tools": tools, "tool_choice": choice})


def parts(message: Any) -> list[Any]:
    """The content parts of a message; none where the content is plain text."""
    return message.content if isinstance(message.content, list) else []


def text(message: Any) -> str:
    """All the text of a message, its parts joined by line breaks."""
    if isinstance(message.content, str):
        return message.content
    return "\n".join(part.text for part in parts(message) if isinstance(part, TextPart))


def question(request: ChatRequest) -> str:
    """The text of the last user message."""
    for message in reversed(request.messages):
        if isinstance(message, UserMessage):
            return text(message)
    return ""
