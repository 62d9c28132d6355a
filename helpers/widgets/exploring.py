"""Ask with a token limit and a stop text, and see the reply grow and how it ends."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from openai import OpenAI, OpenAIError
from openai.types.chat import ChatCompletionMessage
from openai.types.chat.chat_completion import Choice

from ..connection.session import current_model, current_settings
from ..conversation import Messages
from ..cost import Meter, session_meter
from ..explanations import as_first_call_error, not_a_reply
from ..finish_reason import finish_advice


class Seen(NamedTuple):
    """What is known of a reply so far; ``reason`` is None until it has ended."""

    text: str
    reason: str | None
    meaning: str


def explore(
    client: OpenAI,
    question: str,
    *,
    limit: int,
    stop: str = "",
    meter: Meter | None = None,
    **params: Any,
) -> Iterator[Seen]:
    """Ask ``question`` and yield the reply as it grows, and at the end why it ended.

    ``limit`` is the most tokens of the reply; an empty ``stop`` sets none; ``params`` go to
    the call. Raises FirstCallError when the call fails.
    """
    meter = meter or session_meter()
    meter.check()
    messages: Messages = [{"role": "user", "content": question}]
    params = {"temperature": 0} | params | {current_settings().provider.token_limit: limit}
    if stop:
        params["stop"] = [stop]
    text, refusal, reason = "", "", None
    try:
        stream = client.chat.completions.create(
            model=current_model(),
            messages=messages,
            stream=True,
            stream_options={"include_usage": True},
            **params,
        )
        if not hasattr(stream, "close"):
            raise not_a_reply()
        with stream:
            for chunk in stream:
                if chunk.usage is not None:
                    meter.add(chunk)
                for choice in chunk.choices[:1]:
                    text += choice.delta.content or ""
                    refusal += choice.delta.refusal or ""
                    reason = choice.finish_reason or reason
                    yield Seen(text or refusal, reason, _meaning(reason, text, refusal))
    except (OpenAIError, UnicodeEncodeError) as error:
        raise as_first_call_error(error) from error
    if reason is None and not text + refusal:  # a web page, for example, is a stream without chunks
        raise not_a_reply()
    if reason is None:
        broken = "The stream broke off: no chunk had a finish_reason."
        yield Seen(text or refusal, None, broken)


def _meaning(reason: str | None, text: str, refusal: str) -> str:
    """Return what finish_advice() says of the whole reply; the last chunk alone has no text."""
    if reason is None:
        return ""
    said = ChatCompletionMessage(role="assistant", content=text, refusal=refusal or None)
    return finish_advice(Choice.model_construct(finish_reason=reason, message=said)).what
