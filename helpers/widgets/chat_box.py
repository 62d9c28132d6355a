"""The chat window: what was said, a field to type in, and a reply shown as it arrives.

What is sent and kept is the business of Conversation.
"""

import threading
import time
from html import escape
from typing import Any

from openai import OpenAI

from practice.process.language import gettext as _
from practice.process.language import marked

from ..calls import StreamedReply
from ..conversation import Conversation, Messages
from ..cost import Meter, tokens
from ..errors import FirstCallError
from ..views.display import PAUSE, show_widget, status
from ..views.messages import bubble

FALLBACK = marked("""No window here? Then chat in a cell of its own, one line after the other:
    from helpers import Conversation
    chat = Conversation(client, "You are a helpful assistant.")
    print(chat.say("What is the capital of Japan?"))""")

NEW = marked("A new chat. Nothing has been sent yet.")
BUSY = marked("The model is answering. Wait for the end, or press Stop.")
WAITING = "…"
NAMES = {"user": marked("You"), "assistant": marked("Model")}

SOON, LATE = 0.3, 3.0
"""Seconds from Enter to what was typed: usually, and on a busy computer at most."""

HEIGHT = "20em"
LINE = "1px solid var(--jp-border-color1, gray)"


def chat_window(
    client: OpenAI, system: str | None = None, *, meter: Meter | None = None, **params: Any
) -> None:
    """Show a window to chat in. ``params`` go to every call; ``system`` opens each chat.

    Where widgets cannot be shown, the text says how to chat without them.
    """
    chat = Conversation(client, system, meter=meter, **params)
    show_widget(lambda: Window(chat).box, _(FALLBACK))


def how_it_ended(answer: StreamedReply, kept: int) -> str:
    """Return the line below the window: the tokens of a turn, its end, the messages kept."""
    end = answer.finish_reason or _("the stream was cut")
    parts = [
        _("stopped by you") if answer.stopped else end,
        _("{kept} messages kept").format(kept=kept),
    ]
    if answer.counted and answer.counted.usage:
        used = answer.counted.usage
        parts.insert(0, tokens(used.prompt_tokens, used.completion_tokens))
    return " · ".join(parts)


def transcript(messages: Messages) -> str:
    """Return the conversation as HTML, every text escaped and the system message left out."""
    said = [
        bubble(role, [("", escape(str(message.get("content") or WAITING)))], name=_(NAMES[role]))
        for message in messages
        if (role := str(message["role"])) in NAMES
    ]
    style = "line-height: 1.4; padding: 4px 8px"
    return f'<div role="log" aria-live="polite" style="{style}">{"".join(said)}</div>'


class Window:
    """What was said, in a frame that scrolls; a field to type in; three buttons; a line of status.

    The field is never switched off and gets the focus back after each click: the next question
    can be typed while a reply arrives.
    """

    def __init__(self, chat: Conversation) -> None:
        from ipywidgets import HTML, Box, Button, HBox, Layout, Text, VBox  # late: few need it

        self.chat = chat
        self.page, self.status = HTML(layout=Layout(width="100%")), HTML()
        # From its end upwards, so that what is new is seen; the box stays while its page changes.
        paper = Layout(height=HEIGHT, overflow="auto", flex_flow="column-reverse", border=LINE)
        self.field = Text(
            description=_("You:"),
            placeholder=_("Type here and press Enter"),
            tooltip=_("What you say to the model"),
            continuous_update=False,
            style={"description_width": "3em"},
            layout=Layout(flex="1 1 16em", width="auto"),
        )
        narrow = Layout(width="auto")
        self.send = Button(description=_("Send"), tooltip=_("Send what you typed"), layout=narrow)
        self.stop = Button(
            description=_("Stop"), tooltip=_("Stop this reply"), disabled=True, layout=narrow
        )
        self.new = Button(
            description=_("New chat"), tooltip=_("Forget everything said so far"), layout=narrow
        )
        row = HBox([self.field, self.send, self.stop, self.new], layout=Layout(flex_flow="wrap"))
        frame = Layout(border=LINE, padding="8px", max_width="60em")
        self.box = VBox([Box([self.page], layout=paper), row, self.status], layout=frame)
        self.worker: threading.Thread | None = None
        self.free = threading.Lock()
        for button, do in (
            (self.send, lambda: self._start(0.0)),
            (self.stop, self.chat.halt.set),
            (self.new, self._clear),
        ):
            button.on_click(lambda _button, do=do: (do(), self.field.focus()))
        self.field.on_msg(self._entered)
        self._clear()

    def _clear(self) -> None:
        if not self.free.acquire(blocking=False):
            self.status.value = status(_(BUSY))
            return
        self.chat.clear()
        self.page.value, self.status.value = transcript([]), status(_(NEW))
        self.free.release()

    def _entered(self, _widget: object, said: dict[str, Any], _buffers: object) -> None:
        if said.get("event") == "submit":
            self._start(LATE)  # the page says "Enter" just before it says what was typed

    def _start(self, wait: float) -> None:
        """Answer in a thread of its own, so that the Stop button is heard meanwhile."""
        if not self.free.acquire(blocking=False):
            self.status.value = status(_(BUSY))
            return
        self.worker = threading.Thread(target=self._answer, args=(wait,), daemon=True)
        self.worker.start()

    def _answer(self, wait: float) -> None:
        end = time.monotonic() + wait
        time.sleep(min(wait, SOON))
        while not self.field.value and time.monotonic() < end:
            time.sleep(PAUSE / 2)
        text = self.field.value.strip()
        try:
            if text:
                self.field.value, self.stop.disabled = "", False
                self.status.value = status(_("Answering ..."))
                answer = self._show_turn(text)
                self.status.value = status(how_it_ended(answer, len(self.chat.messages)))
                if not answer.said:  # nothing of this turn is kept: let it be sent again
                    self.field.value = text
        except FirstCallError as error:
            self.field.value, self.status.value = text, status(str(error))
        finally:
            self.page.value = transcript(self.chat.messages)
            self.stop.disabled = True
            self.free.release()

    def _show_turn(self, text: str) -> StreamedReply:
        asked: Messages = [*self.chat.messages, {"role": "user", "content": text}]
        self.page.value = transcript([*asked, {"role": "assistant", "content": ""}])
        shown, answer = 0.0, StreamedReply()
        for answer in self.chat.stream(text):
            if time.monotonic() - shown > PAUSE:
                said: Messages = [*asked, {"role": "assistant", "content": answer.said}]
                self.page.value = transcript(said)
                shown = time.monotonic()
        return answer
