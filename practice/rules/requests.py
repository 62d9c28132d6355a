"""What the API refuses that no single field shows. Pure functions, no I/O.

Source: OpenAI API reference, "Create chat completion", and captured answers (data/errors.toml).
"""

from __future__ import annotations

from practice.rules import models, schemas
from practice.wire import chat_request as wire
from practice.wire.chat_request import ChatRequest, parts, text
from practice.wire.errors import ApiError

MOST_PICTURES = 20
"""In one request: the eye needs a second for each, and takes it from everybody."""

LONGEST_TOKEN = 128
"""Characters. No vocabulary has longer ones but for runs of spaces."""


def check(request: ChatRequest, *, context: int) -> None:
    """Raise ApiError for the first rule that a well-formed request breaks.

    `context` is the tokens of prompt and reply together.
    """
    model = models.find(request.model)
    _size(request, context)
    _combinations(request)
    _model(request, model)
    _messages(request)
    _tools(request)
    _response_format(request)


def _size(request: ChatRequest, context: int) -> None:
    """Refuse what could not fit or would take minutes, before anything is done with it.

    The engine takes a minute and 2 GB to find out that 24 MB of text are too many tokens.
    """
    if sum(len(text(message)) for message in request.messages) > context * LONGEST_TOKEN:
        raise ApiError("context_length", limit=context, got="more")
    pictures = sum(
        isinstance(part, wire.ImagePart) for message in request.messages for part in parts(message)
    )
    if pictures > MOST_PICTURES:
        raise ApiError("too_many_pictures", param="messages", limit=MOST_PICTURES, got=pictures)


def _combinations(request: ChatRequest) -> None:
    if request.max_tokens is not None and request.max_completion_tokens is not None:
        raise ApiError("both_limits")
    if request.top_logprobs is not None and not request.logprobs:
        raise ApiError("needs", param="top_logprobs", other="logprobs")
    if request.stream_options is not None and not request.stream:
        raise ApiError("needs", param="stream_options", other="stream")


def _model(request: ChatRequest, model: models.Model) -> None:
    for field in model.refuses:
        value = getattr(request, field)
        if value is None:
            continue
        if field in ("temperature", "top_p"):
            if value != 1:
                raise ApiError("unsupported_value", param=field, got=f"{value:g}", limit=1)
        else:
            raise ApiError("unsupported_parameter", param=field)
    if not model.images:
        for number, message in enumerate(request.messages):
            if any(isinstance(part, wire.ImagePart) for part in parts(message)):
                raise ApiError("image_not_supported", param=f"messages[{number}].content")


def _messages(request: ChatRequest) -> None:
    """The order of tool calls and their results, and who may leave the content out."""
    open_calls: list[str] = []
    answering = False
    for number, message in enumerate(request.messages):
        if isinstance(message, wire.ToolMessage) and not isinstance(message, wire.FunctionMessage):
            if not answering or message.tool_call_id not in open_calls:
                raise ApiError(
                    "tool_without_call",
                    param=f"messages.[{number}].role",
                    ids=message.tool_call_id[:100],
                )
            open_calls.remove(message.tool_call_id)
            continue
        _all_answered(open_calls)
        answering = False
        if isinstance(message, wire.AssistantMessage):
            if message.content is None and not (
                message.tool_calls or message.refusal or message.function_call
            ):
                raise ApiError("null_content", param=f"messages.[{number}].content")
            open_calls = [call.id for call in message.tool_calls or ()]
            answering = bool(open_calls)
    _all_answered(open_calls)


def _all_answered(open_calls: list[str]) -> None:
    if open_calls:
        raise ApiError("call_without_tool", ids=", ".join(open_calls))


def _tools(request: ChatRequest) -> None:
    tools = request.tools or []
    old = request.function_call is not None
    names = ("function_call", "functions") if old else ("tool_choice", "tools")
    choice = request.tool_choice or request.function_call
    if choice is not None and choice != "none" and not tools:
        raise ApiError("tool_choice_without_tools", param=names[0], other=names[1])
    if isinstance(choice, wire.NamedChoice) and all(
        tool.function.name != choice.function.name for tool in tools
    ):
        name = choice.function.name
        raise ApiError("tool_choice_unknown", param=names[0], name=name, other=names[1])
    for number, tool in enumerate(tools):
        function = tool.function
        where = f"functions[{number}]" if request.functions else f"tools[{number}].function"
        if function.parameters is not None:
            schemas.check(
                function.parameters,
                strict=bool(function.strict),
                what="function",
                name=function.name,
                param=f"{where}.parameters",
            )


def _response_format(request: ChatRequest) -> None:
    wanted = request.response_format
    if isinstance(wanted, wire.PlainFormat) and wanted.type == "json_object":
        if not any("json" in text(message).lower() for message in request.messages):
            raise ApiError("json_word")
    elif isinstance(wanted, wire.SchemaFormat):
        if wanted.json_schema.schema_ is None:
            raise ApiError("missing", param="response_format.json_schema.schema")
        schemas.check(
            wanted.json_schema.schema_,
            strict=bool(wanted.json_schema.strict),
            what="response_format",
            name=wanted.json_schema.name,
            param="response_format",
        )
