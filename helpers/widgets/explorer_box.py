"""The finish_reason explorer: move the token limit, set a stop text, see how the reply ends."""

import threading
import time
from collections.abc import Generator
from html import escape
from typing import Any

from openai import OpenAI
from openai.types.chat import ChatCompletionMessage
from openai.types.chat.chat_completion import Choice

from practice.process.language import gettext as _
from practice.process.language import marked

from ..calls import StreamedReply, stream_reply
from ..connection.settings import settings_of
from ..errors import FirstCallError
from ..finish_reason import finish_advice
from ..views.display import BOX, PAUSE, show_widget, status

QUESTION = marked("Write a numbered list of five fruits.")

FALLBACK = marked("""No window here? Then change the numbers of this call, and run it again:
    from helpers import ask
    reply = ask(client, "Write a numbered list of five fruits.", temperature=0,
        max_completion_tokens=10, stop=["3"])
    print(reply.choices[0].finish_reason)""")

NAME_HANDLES = """<script>(() => {
  const name = () => document.querySelectorAll(".widget-slider [role=slider]").forEach((handle) => {
    const label = handle.closest(".widget-slider").querySelector(".widget-label");
    if (label) handle.setAttribute("aria-label", label.textContent);
  });
  const watch = new MutationObserver(name);
  watch.observe(document.body, { childList: true, subtree: true });
  setTimeout(() => watch.disconnect(), 20000);
  name();
})();</script>"""
"""A slider of ipywidgets has a label that its handle does not know; the handle has the focus.

The widget is drawn some time after this, hence the watch, which ends by itself.
"""


def finish_explorer(client: OpenAI, question: str | None = None, **params: Any) -> None:
    """Show a slider for the token limit and a field for a stop text, and run what they say.

    ``question`` is a list of fruits where none is given; ``params`` go to every call. Where
    widgets cannot be shown, the text says how to do the same without them.
    """
    asked = question or _(QUESTION)
    show_widget(lambda: Explorer(client, asked, **params).box, _(FALLBACK), more=NAME_HANDLES)


def explore(
    client: OpenAI, question: str, *, limit: int, stop: str = "", **params: Any
) -> Generator[StreamedReply]:
    """Ask ``question`` and yield the reply as it grows.

    ``limit`` is the most tokens of the reply; an empty ``stop`` sets none; ``params`` go to
    the call. Raises FirstCallError when the call fails.
    """
    asked = {"temperature": 0} | params | {settings_of(client).provider.token_limit: limit}
    if stop:
        asked["stop"] = [stop]
    return stream_reply(client, [{"role": "user", "content": question}], **asked)


def meaning(reply: StreamedReply) -> str:
    """Return what finish_advice() says of the whole reply; the last chunk alone has no text."""
    if reply.cut:
        return _("The stream broke off: no chunk had a finish_reason.")
    said = ChatCompletionMessage(
        role="assistant", content=reply.text, refusal=reply.refusal or None
    )
    ended = Choice.model_construct(finish_reason=reply.finish_reason, message=said)
    return finish_advice(ended).what


class Explorer:
    """A slider, a field, a button, and the reply with its finish_reason."""

    def __init__(self, client: OpenAI, question: str, **params: Any) -> None:
        import ipywidgets as widgets  # late: few lessons need it

        self.client, self.question, self.params = client, question, params
        wide = {"style": {"description_width": "9em"}, "layout": widgets.Layout(width="34em")}
        self.limit = widgets.IntSlider(
            value=10,
            min=1,
            max=60,
            description=_("Token limit:"),
            tooltip=_("The most tokens that the reply may have"),
            continuous_update=False,
            **wide,
        )
        self.stop = widgets.Text(
            description=_("Stop text:"),
            placeholder=_("none"),
            tooltip=_("The reply ends before this text"),
            continuous_update=False,
            **wide,
        )
        self.run = widgets.Button(
            description=_("Run"), tooltip=_("Ask the model with these settings")
        )
        self.page = widgets.HTML(self._page(_("Nothing has been asked yet."), ""))
        head = _("Question:")
        question_line = widgets.HTML(f"<b>{head}</b> {escape(question)}")
        self.box = widgets.VBox([question_line, self.limit, self.stop, self.run, self.page])
        self.worker: threading.Thread | None = None
        self.free = threading.Lock()
        self.run.on_click(lambda _button: self.start())

    def start(self) -> None:
        """Ask in a thread of its own, so that the page is drawn meanwhile."""
        if self.free.acquire(blocking=False):
            self.worker = threading.Thread(target=self._ask, daemon=True)
            self.worker.start()

    def _ask(self) -> None:
        self.run.disabled = True
        shown, reply = 0.0, StreamedReply()
        try:
            settings = {"limit": self.limit.value, "stop": self.stop.value, **self.params}
            for reply in explore(self.client, self.question, **settings):
                if time.monotonic() - shown > PAUSE:
                    self.page.value = self._page(_("finish_reason: None so far"), reply.said)
                    shown = time.monotonic()
            ended = _("finish_reason: {reason!r}. {meaning}")
            ended = ended.format(reason=reply.finish_reason, meaning=meaning(reply))
            self.page.value = self._page(ended, reply.said)
        except FirstCallError as error:
            self.page.value = self._page(str(error), reply.said)
        finally:
            self.free.release()
            self.run.disabled = False

    def _page(self, said: str, text: str) -> str:
        """Return the line of status and the reply."""
        reply = f'<div style="{BOX}; white-space: pre-wrap; min-height: 4em">{escape(text)}</div>'
        return status(said) + reply
