"""Try finish_reason out: move the token limit, set a stop text, and see how the reply ends."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from openai import OpenAI, OpenAIError

from .cost import Meter, session_meter
from .explaining import as_first_call_error, not_a_reply
from .finishing import finish_advice
from .session import current_model, current_settings
from .showing import show_widget
from .talking import Messages

QUESTION = "List five fruits, one per line."

FALLBACK = """No window here? Then change the numbers of this call, and run it again:
    from helpers import ask
    reply = ask(client, "List five fruits, one per line.", temperature=0,
        max_completion_tokens=10, stop=["3"])
    print(reply.choices[0].finish_reason)"""


class Seen(NamedTuple):
    """What is known of a reply so far; ``reason`` is None until it has ended."""

    text: str
    reason: str | None
    meaning: str


def finish_explorer(client: OpenAI, question: str = QUESTION) -> None:
    """Show a slider for the token limit and a field for a stop text, and run what they say."""

    def box() -> Any:
        from .explorerbox import Explorer  # late: it needs ipywidgets

        return Explorer(client, question).box

    show_widget(box, FALLBACK)


def explore(
    client: OpenAI, question: str, *, limit: int, stop: str = "", meter: Meter | None = None
) -> Iterator[Seen]:
    """Ask ``question`` and yield the reply as it grows, and at the end why it ended.

    ``limit`` is the most tokens of the reply; an empty ``stop`` sets none. Raises
    FirstCallError when the call fails.
    """
    meter = meter or session_meter()
    meter.check()
    messages: Messages = [{"role": "user", "content": question}]
    params: dict[str, Any] = {current_settings().provider.token_limit: limit}
    if stop:
        params["stop"] = [stop]
    text, reason = "", None
    try:
        stream = client.chat.completions.create(
            model=current_model(),
            messages=messages,
            temperature=0,
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
                    reason = choice.finish_reason or reason
                    meaning = finish_advice(choice).what if reason else ""
                    yield Seen(text, reason, meaning)
    except (OpenAIError, UnicodeEncodeError) as error:
        raise as_first_call_error(error) from error
    if reason is None and not text:  # a web page, for example, is a stream without chunks
        raise not_a_reply()
    if reason is None:
        yield Seen(text, None, "The stream broke off: no chunk had a finish_reason.")
