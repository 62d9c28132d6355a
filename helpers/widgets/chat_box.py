"""The chat window: what was said, a field to type in, and a reply shown as it arrives.

What is sent and kept is the business of Conversation.
"""

import threading
import time
from html import escape
from typing import Any

from openai import OpenAI

from ..calls import StreamedReply
from ..conversation import Conversation, Messages
from ..cost import Meter
from ..errors import FirstCallError
from ..views.display import PAUSE, show_widget, status

FALLBACK = """No window here? Then chat in a cell of its own, one line after the other:
    from helpers import Conversation
    chat = Conversation(client, "You are a helpful assistant.")
    print(chat.say("What is the capital of Japan?"))"""

NEW = "A new chat. Nothing has been sent yet."


def chat_window(
    client: OpenAI, system: str | None = None, *, meter: Meter | None = None, **params: Any
) -> None:
    """Show a window to chat in. ``params`` go to every call; ``system`` opens each chat.

    Where widgets cannot be shown, the text says how to chat without them.
    """
    chat = Conversation(client, system, meter=meter, **params)
    show_widget(lambda: Window(chat).box, FALLBACK)


def how_it_ended(answer: StreamedReply, kept: int) -> str:
    """Return the line below the window: the tokens of a turn, its end, the messages kept."""
    end = "stopped by you" if answer.stopped else answer.finish_reason or "the stream was cut"
    used = answer.counted.usage if answer.counted else None
    tokens = f"{used.prompt_tokens:,} tokens in · {used.completion_tokens:,} out · " if used else ""
    return f"{tokens}{end} · {kept} messages kept"


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


class Window:
    """A page of what was said, a field to type in, and three buttons."""

    def __init__(self, chat: Conversation) -> None:
        from ipywidgets import HTML, Button, HBox, Layout, Text, VBox  # late: few lessons need it

        self.chat = chat
        self.page, self.status = HTML(), HTML()
        self.field = Text(
            description="You:",
            placeholder="Type here and press Enter",
            tooltip="What you say to the model",
            continuous_update=False,
            layout=Layout(width="40em", max_width="100%"),
        )
        self.send = Button(description="Send", tooltip="Send what you typed")
        self.stop = Button(description="Stop", tooltip="Stop this reply", disabled=True)
        self.new = Button(description="New chat", tooltip="Forget everything said so far")
        buttons = HBox([self.send, self.stop, self.new])
        self.box = VBox([self.page, self.field, buttons, self.status])
        self.worker: threading.Thread | None = None
        self.free = threading.Lock()
        self.send.on_click(lambda _: self._start(0.0))
        self.field.on_msg(self._entered)
        self.stop.on_click(lambda _: self.chat.halt.set())
        self.new.on_click(lambda _: self._clear())
        self._clear()

    def _clear(self) -> None:
        self.chat.clear()
        self.page.value, self.status.value = transcript([]), status(NEW)

    def _entered(self, _: object, said: dict[str, Any], __: object) -> None:
        if said.get("event") == "submit":
            self._start(0.3)  # the page says "Enter" just before it says what was typed

    def _start(self, wait: float) -> None:
        """Answer in a thread of its own, so that the Stop button is heard meanwhile."""
        if self.free.acquire(blocking=False):
            self.worker = threading.Thread(target=self._answer, args=(wait,), daemon=True)
            self.worker.start()

    def _answer(self, wait: float) -> None:
        time.sleep(wait)
        try:
            if text := self.field.value.strip():
                self._busy(True)
                self.status.value = status("Answering ...")
                answer = self._show_turn(text)
                note = how_it_ended(answer, len(self.chat.messages))
                self.field.value, self.status.value = "", status(note)
        except FirstCallError as error:
            self.status.value = status(str(error))  # what was typed stays in the field
        finally:
            self.page.value = transcript(self.chat.messages)
            self.free.release()
            self._busy(False)

    def _show_turn(self, text: str) -> StreamedReply:
        asked: Messages = [*self.chat.messages, {"role": "user", "content": text}]
        shown, answer = 0.0, StreamedReply()
        for answer in self.chat.stream(text):
            if time.monotonic() - shown > PAUSE:
                said: Messages = [*asked, {"role": "assistant", "content": answer.said}]
                self.page.value = transcript(said)
                shown = time.monotonic()
        return answer

    def _busy(self, busy: bool) -> None:
        self.send.disabled = self.new.disabled = self.field.disabled = busy
        self.stop.disabled = not busy
