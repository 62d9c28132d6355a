"""A small chat window: a list of messages that grows, and a reply shown as it arrives."""

import threading
from collections.abc import Iterator
from html import escape
from typing import Any

from openai import OpenAI, OpenAIError

from ..connection.session import current_model
from ..conversation import Messages
from ..cost import Meter, session_meter
from ..explanations import as_first_call_error, not_a_reply
from ..views.display import show_widget

FALLBACK = """No window here? Then chat in a cell of its own, one line after the other:
    from helpers import Conversation
    chat = Conversation(client, "You are a helpful assistant.")
    print(chat.say("What is the capital of Japan?"))"""


class Chat:
    """The conversation behind the window; it knows nothing of widgets.

    ``messages`` is the whole history. ``stopped`` ends the reply under way when it is set.
    ``note`` says what the last turn was: its tokens, or what went wrong.
    """

    def __init__(
        self,
        client: OpenAI,
        system: str | None = None,
        *,
        meter: Meter | None = None,
        **params: Any,
    ) -> None:
        self.client, self.system, self.meter, self.params = client, system, meter, params
        self.stopped = threading.Event()
        self.clear()

    def clear(self) -> None:
        """Begin a new conversation."""
        self.messages: Messages = []
        self.note = "A new chat. Nothing has been sent yet."
        if self.system is not None:
            self.messages.append({"role": "system", "content": self.system})

    def turn(self, text: str) -> Iterator[str]:
        """Send ``text`` with the history and yield the answer so far, as it grows.

        A whole or a stopped answer becomes part of the history. After an error the history
        is as it was before, and FirstCallError is raised.
        """
        self.stopped.clear()
        meter = self.meter or session_meter()
        meter.check()
        asked: Messages = [
            *self.messages,
            {"role": "user", "content": text},
        ]
        answer, end, tokens = "", None, ""
        options = {"model": current_model(), "stream_options": {"include_usage": True}}
        try:
            stream = self.client.chat.completions.create(
                messages=asked, stream=True, **(options | self.params)
            )
            if not hasattr(stream, "close"):
                raise not_a_reply()
            with stream:  # closing it also stops the model
                for chunk in stream:
                    if self.stopped.is_set():
                        end = "stopped by you"
                        break
                    for choice in chunk.choices[:1]:
                        answer += choice.delta.content or choice.delta.refusal or ""
                        end = choice.finish_reason or end
                        yield answer
                    if chunk.usage is not None:
                        meter.add(chunk)
                        used = chunk.usage
                        tokens = (
                            f"{used.prompt_tokens:,} tokens in · {used.completion_tokens:,} out · "
                        )
        except (OpenAIError, UnicodeEncodeError) as error:
            raise as_first_call_error(error) from error
        if end is None and not answer:  # a web page, for example, is a stream without chunks
            raise not_a_reply()
        self.messages = [*asked, {"role": "assistant", "content": answer}]
        self.note = f"{tokens}{end or 'the stream was cut'} · {len(self.messages)} messages kept"


def chat_window(
    client: OpenAI, system: str | None = None, *, meter: Meter | None = None, **params: Any
) -> None:
    """Show a window to chat in. ``params`` go to every call; ``system`` opens each chat.

    Where widgets cannot be shown, the text says how to chat without them.
    """
    chat = Chat(client, system, meter=meter, **params)

    def window() -> Any:
        from .chat_window import Window  # late: it needs ipywidgets

        return Window(chat).box

    show_widget(window, FALLBACK)


def transcript(messages: Messages) -> str:
    """Return the conversation as HTML, every text escaped and the system message left out."""
    names = {"user": "You", "assistant": "Model"}
    said = [
        f"<p><b>{names[message['role']]}:</b> {escape(str(message.get('content') or ''))}</p>"
        for message in messages
        if message["role"] in names
    ]
    style = "white-space: pre-wrap; line-height: 1.4"
    return f'<div role="log" aria-live="polite" style="{style}">{"".join(said)}</div>'
