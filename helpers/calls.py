"""Ask one question, and show a stream as it arrives."""

from collections.abc import Iterable
from typing import Any

from openai import OpenAI, OpenAIError, Stream
from openai.types.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionContentPartParam,
    ChatCompletionMessageParam,
)

from .connection.session import current_model
from .cost import Meter, session_meter
from .errors import FirstCallError
from .explanations import as_first_call_error, not_a_reply


def ask(
    client: OpenAI,
    prompt: str | Iterable[ChatCompletionContentPartParam],
    *,
    system: str | None = None,
    meter: Meter | None = None,
    **params: Any,
) -> ChatCompletion:
    """Ask one question without any history and return the whole reply.

    ``prompt`` is a text, or a list of content parts where pictures go along. ``params`` go
    to ``client.chat.completions.create()``; the model is ``current_model()`` unless given.
    Raises FirstCallError, with the SDK's error as its cause, and BudgetError.
    """
    messages: list[ChatCompletionMessageParam] = []
    if system is not None:
        messages.append({"role": "system", "content": system})
    content = prompt if isinstance(prompt, str) else list(prompt)
    messages.append({"role": "user", "content": content})
    return complete(client, messages, meter=meter, **params)


def complete(
    client: OpenAI,
    messages: Iterable[ChatCompletionMessageParam],
    *,
    meter: Meter | None = None,
    **params: Any,
) -> ChatCompletion:
    """Send ``messages`` and return the whole reply: what ``ask`` does after writing them.

    Raises FirstCallError, with the SDK's error as its cause, and BudgetError.
    """
    if params.pop("stream", False):
        raise FirstCallError(
            "This helper returns a whole reply, so it cannot stream.",
            "Call client.chat.completions.create(..., stream=True) and show_stream() it.",
        )
    meter = meter or session_meter()
    meter.check()
    try:
        params.setdefault("model", current_model())
        reply = client.chat.completions.create(messages=list(messages), **params)
    except (OpenAIError, UnicodeEncodeError) as error:
        raise as_first_call_error(error) from error
    if not isinstance(reply, ChatCompletion):  # a web page arrives as a str
        raise not_a_reply()
    meter.add(reply)
    return reply


def show_stream(stream: Stream[ChatCompletionChunk]) -> str:
    """Print the text of ``stream`` as it arrives and return it whole.

    ``stream`` is what ``create(..., stream=True)`` returned. A stream that ends without a
    finish_reason is said in one line. Interrupting the cell closes the stream, which also
    stops the generation, and goes on as KeyboardInterrupt. Raises FirstCallError where the
    connection breaks, with the SDK's error as its cause.
    """
    if not hasattr(stream, "close"):
        raise not_a_reply()
    pieces: list[str] = []
    ended = False
    try:
        with stream:  # closes it however the loop ends
            for chunk in stream:
                # The last chunk may carry only usage; with n above 1 the first choice is shown.
                for choice in chunk.choices[:1]:
                    if choice.index == 0:
                        piece = choice.delta.content or choice.delta.refusal or ""
                        print(piece, end="", flush=True)
                        pieces.append(piece)
                        ended = ended or choice.finish_reason is not None
    except OpenAIError as error:
        print()
        raise as_first_call_error(error) from error
    print()
    if not ended:
        print("[the stream was cut: no finish_reason arrived, so the text may be incomplete]")
    return "".join(pieces)
