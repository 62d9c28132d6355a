"""The widgets of the chat window. What is said and kept is the business of ``chat.py``."""

import threading
import time
from typing import Any

from ipywidgets import HTML, Button, HBox, Layout, Text, VBox

from ..conversation import Messages
from ..errors import FirstCallError
from ..views.display import PAUSE, status
from .chat import Chat, transcript


class Window:
    """A page of what was said, a field to type in, and three buttons."""

    def __init__(self, chat: Chat) -> None:
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
        self.stop.on_click(lambda _: self.chat.stopped.set())
        self.new.on_click(lambda _: self._clear())
        self._clear()

    def _clear(self) -> None:
        self.chat.clear()
        self.page.value, self.status.value = transcript([]), status(self.chat.note)

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
                self._show_turn(text)
                self.field.value, self.status.value = "", status(self.chat.note)
        except FirstCallError as error:
            self.status.value = status(str(error))  # what was typed stays in the field
        finally:
            self.page.value = transcript(self.chat.messages)
            self.free.release()
            self._busy(False)

    def _show_turn(self, text: str) -> None:
        asked: Messages = [*self.chat.messages, {"role": "user", "content": text}]
        shown = 0.0
        for answer in self.chat.turn(text):
            if time.monotonic() - shown > PAUSE:
                self.page.value = transcript([*asked, {"role": "assistant", "content": answer}])
                shown = time.monotonic()

    def _busy(self, busy: bool) -> None:
        self.send.disabled = self.new.disabled = self.field.disabled = busy
        self.stop.disabled = not busy
