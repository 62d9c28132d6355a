"""Ask one question, and read a stream as it arrives."""

import contextlib
import json
import threading
from collections.abc import Generator, Iterable
from dataclasses import dataclass
from typing import Any

from openai import OpenAI, OpenAIError, Stream
from openai.types.chat import (
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionContentPartParam,
    ChatCompletionMessageParam,
)

from practice.process.language import gettext as _

from .connection.session import current_model
from .cost import Meter, session_meter
from .errors import FirstCallError
from .explanations import as_first_call_error, not_a_reply
from .text.lines import Typist


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
    to ``client.chat.completions.create()``; the model is ``current_model(client)`` unless
    given. Raises FirstCallError, with the SDK's error as its cause, and BudgetError.
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
            _("This helper returns a whole reply, so it cannot stream."),
            _("Call client.chat.completions.create(..., stream=True) and show_stream() it."),
        )
    meter = meter or session_meter(client)
    meter.check()
    try:
        if "model" not in params:
            params["model"] = current_model(client)
        reply = client.chat.completions.create(messages=list(messages), **params)
    except json.JSONDecodeError as error:  # a web page that is labelled as JSON
        raise not_a_reply(client) from error
    except (OpenAIError, UnicodeEncodeError) as error:
        raise as_first_call_error(error, client) from error
    if not isinstance(reply, ChatCompletion):  # a web page arrives as a str
        raise not_a_reply(client)
    meter.add(reply, client)
    return reply


# ---- streams


@dataclass
class StreamedReply:
    """A reply as far as it has arrived: its first choice, and at the end its tokens.

    ``stopped`` says that it was ended from here. A stream that has ended without a
    finish_reason and was not stopped is ``cut``.
    """

    text: str = ""
    refusal: str = ""
    finish_reason: str | None = None
    counted: ChatCompletionChunk | None = None
    """The chunk that carries the usage; it comes last, where it was asked for."""
    stopped: bool = False

    @property
    def said(self) -> str:
        """What there is to show: the text, or the refusal in its place."""
        return self.text or self.refusal

    @property
    def cut(self) -> bool:
        return self.finish_reason is None and not self.stopped


def read_stream(
    stream: Stream[ChatCompletionChunk],
    *,
    client: OpenAI | None = None,
    meter: Meter | None = None,
    halt: threading.Event | None = None,
) -> Generator[StreamedReply]:
    """Yield the reply so far after each chunk. It is one object, which grows.

    However the loop ends, the stream is closed, which also ends the generation; setting
    ``halt`` ends it from another thread. The usage, where it comes, is counted in ``meter``.
    Raises FirstCallError where the connection breaks, with the SDK's error as its cause, and
    where it is no stream of chunks: a web page, for example, is one without any.
    """
    if not hasattr(stream, "close"):  # a web page may also arrive as a str
        raise not_a_reply(client)
    so_far, chunks = StreamedReply(), 0
    try:
        with stream:
            for chunk in stream:
                if halt is not None and halt.is_set():
                    so_far.stopped = True
                    yield so_far
                    break
                chunks += 1
                # The chunk with the usage has no choice; with n above 1 the first one is read.
                for choice in chunk.choices[:1]:
                    if choice.index == 0:
                        so_far.text += choice.delta.content or ""
                        so_far.refusal += choice.delta.refusal or ""
                        so_far.finish_reason = choice.finish_reason or so_far.finish_reason
                if chunk.usage is not None:
                    so_far.counted = chunk
                    if meter is not None:
                        meter.add(chunk, client)
                yield so_far
    except json.JSONDecodeError as error:  # of what its lines call data
        raise not_a_reply(client) from error
    except (OpenAIError, UnicodeEncodeError) as error:
        raise as_first_call_error(error, client) from error
    if not chunks and not so_far.stopped:
        raise not_a_reply(client)


def stream_reply(
    client: OpenAI,
    messages: Iterable[ChatCompletionMessageParam],
    *,
    meter: Meter | None = None,
    halt: threading.Event | None = None,
    **params: Any,
) -> Generator[StreamedReply]:
    """Send ``messages`` and yield the reply as it grows: ``complete`` for streams.

    Raises what ``complete`` and ``read_stream`` raise.
    """
    meter = meter or session_meter(client)
    meter.check()
    try:
        if "model" not in params:
            params["model"] = current_model(client)
        options = {"stream_options": {"include_usage": True}} | params
        stream = client.chat.completions.create(messages=list(messages), stream=True, **options)
    except (OpenAIError, UnicodeEncodeError) as error:
        raise as_first_call_error(error, client) from error
    yield from read_stream(stream, client=client, meter=meter, halt=halt)


def show_stream(stream: Stream[ChatCompletionChunk]) -> str:
    """Print the text of ``stream`` as it arrives and return it whole.

    ``stream`` is what ``create(..., stream=True)`` returned. A stream that ends without a
    finish_reason is said in one line. Interrupting the cell closes the stream, which also
    stops the generation, and goes on as KeyboardInterrupt. Raises what ``read_stream`` raises.
    """
    so_far, shown, typist = StreamedReply(), 0, Typist()
    with contextlib.closing(read_stream(stream)) as replies:
        try:
            for so_far in replies:
                whole = so_far.text + so_far.refusal
                typist.write(whole[shown:])
                shown = len(whole)
        finally:  # also where the cell is interrupted, or the stream breaks off
            typist.flush()
            if shown:
                print()
    if so_far.cut:
        print(_("[the stream was cut: no finish_reason arrived, so the text may be incomplete]"))
    return so_far.text + so_far.refusal
