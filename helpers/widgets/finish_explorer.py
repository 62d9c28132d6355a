"""The widgets of the finish_reason explorer. What is asked is the business of ``exploring.py``."""

import threading
import time
from html import escape
from typing import Any

import ipywidgets as widgets
from openai import OpenAI

from ..errors import FirstCallError
from ..views.display import BOX, PAUSE, status
from .exploring import Seen, explore


class Explorer:
    """A slider, a field, a button, and the reply with its finish_reason."""

    def __init__(self, client: OpenAI, question: str, **params: Any) -> None:
        self.client, self.question, self.params = client, question, params
        wide = {"style": {"description_width": "9em"}, "layout": widgets.Layout(width="34em")}
        self.limit = widgets.IntSlider(
            value=10,
            min=1,
            max=60,
            description="Token limit:",
            tooltip="The most tokens that the reply may have",
            continuous_update=False,
            **wide,
        )
        self.stop = widgets.Text(
            description="Stop text:",
            placeholder="none",
            tooltip="The reply ends before this text",
            continuous_update=False,
            **wide,
        )
        self.run = widgets.Button(description="Run", tooltip="Ask the model with these settings")
        self.page = widgets.HTML(self._page("Nothing has been asked yet.", ""))
        question_line = widgets.HTML(f"<b>Question:</b> {escape(question)}")
        self.box = widgets.VBox([question_line, self.limit, self.stop, self.run, self.page])
        self.worker: threading.Thread | None = None
        self.free = threading.Lock()
        self.run.on_click(lambda _: self.start())

    def start(self) -> None:
        """Ask in a thread of its own, so that the page is drawn meanwhile."""
        if self.free.acquire(blocking=False):
            self.worker = threading.Thread(target=self._ask, daemon=True)
            self.worker.start()

    def _ask(self) -> None:
        self.run.disabled = True
        shown, seen = 0.0, Seen("", None, "")
        try:
            settings = {"limit": self.limit.value, "stop": self.stop.value, **self.params}
            for seen in explore(self.client, self.question, **settings):
                if time.monotonic() - shown > PAUSE:
                    self.page.value = self._page("finish_reason: None so far", seen.text)
                    shown = time.monotonic()
            self.page.value = self._page(
                f"finish_reason: {seen.reason!r}. {seen.meaning}", seen.text
            )
        except FirstCallError as error:
            self.page.value = self._page(str(error), seen.text)
        finally:
            self.free.release()
            self.run.disabled = False

    def _page(self, said: str, text: str) -> str:
        """Return the line of status and the reply."""
        reply = f'<div style="{BOX}; white-space: pre-wrap; min-height: 4em">{escape(text)}</div>'
        return status(said) + reply
