"""A conversation: the API remembers nothing, so the history is sent along each time."""

import threading
from collections.abc import Generator, Iterable
from typing import Any

from openai import OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam

from practice.process.language import gettext as _

from .calls import StreamedReply, complete, stream_reply
from .cost import Meter, Reply
from .errors import FirstCallError
from .finish_reason import finish_advice
from .text.seam import new_part

Messages = list[ChatCompletionMessageParam]


class Conversation:
    """Keeps the messages of a chat and sends them all with each new one.

    ``max_turns`` and ``max_tokens`` bound the history: where it is longer, the oldest turns
    are left out before the next call, never the system message. ``max_tokens`` goes by the
    token count of the last reply, so it holds from the second call on. ``params`` go to
    every call. ``messages``, ``last`` (the last whole reply) and ``total`` (tokens and price of
    this conversation) are open to look at; the price also counts in ``meter``.
    """

    def __init__(
        self,
        client: OpenAI,
        system: str | None = None,
        *,
        max_turns: int | None = None,
        max_tokens: int | None = None,
        meter: Meter | None = None,
        **params: Any,
    ) -> None:
        self.client = client
        self.system = system
        self.max_turns = max_turns
        self.max_tokens = max_tokens
        self.meter = meter
        self.params = params
        self.halt = threading.Event()
        self.clear()

    def clear(self) -> None:
        """Begin anew: nothing was said but the system message."""
        self.total = Meter()
        self.last: ChatCompletion | None = None
        self.messages: Messages = []
        self._tokens_per_character = 0.0
        if self.system is not None:
            self.messages.append({"role": "system", "content": self.system})

    def say(self, text: str, **params: Any) -> str:
        """Send ``text`` with the history before it and return the answer's text.

        Both are then part of the history. ``params`` are for this call alone. Raises what
        ``ask()`` raises; the history is then as it was before.
        """
        history = self._with(text)
        reply = complete(self.client, history, meter=self.meter, **{**self.params, **params})
        answer = reply.choices[0].message.content or ""
        self.last = reply
        self._keep(history, answer, reply)
        return answer

    def stream(self, text: str, **params: Any) -> Generator[StreamedReply]:
        """Send ``text`` as ``say()`` does and yield the answer as it grows.

        Setting ``halt``, from another thread, ends it; what was written until then is kept.
        An answer without a word, ended or broken off at once, leaves the history as it was, as
        an error does.
        """
        self.halt.clear()
        history, answer = self._with(text), StreamedReply()
        options = {**self.params, **params}
        replies = stream_reply(self.client, history, meter=self.meter, halt=self.halt, **options)
        for answer in replies:
            yield answer
        if answer.said:
            self._keep(history, answer.said, answer.counted)

    def _with(self, text: str) -> Messages:
        """Return the history with a new question, as far as it may be sent."""
        return self._trimmed([*self.messages, {"role": "user", "content": text}])

    def _keep(self, history: Messages, answer: str, counted: Reply | None) -> None:
        """Make an answer part of the history; ``counted`` carries its tokens."""
        self.messages = [*history, {"role": "assistant", "content": answer}]
        if counted is None:
            return
        self.total.add(counted, self.client)
        if counted.usage is not None:
            sent = counted.usage.prompt_tokens
            self._tokens_per_character = sent / max(1, _characters(history))

    def _trimmed(self, messages: Messages) -> Messages:
        """Return ``messages`` without the oldest turns that are too many or too long."""
        while self._too_long(messages):
            # The second user message begins the second turn.
            asked = [at for at, message in enumerate(messages) if message["role"] == "user"]
            messages = messages[: asked[0]] + messages[asked[1] :]
        return messages

    def _too_long(self, messages: Messages) -> bool:
        """Tell whether a turn has to go. The last one always stays."""
        turns = sum(message["role"] == "user" for message in messages)
        tokens = _characters(messages) * self._tokens_per_character
        return turns > 1 and (
            (self.max_turns is not None and turns > self.max_turns)
            or (self.max_tokens is not None and tokens > self.max_tokens)
        )


def _characters(messages: Messages) -> int:
    """Return how long the texts of ``messages`` are together."""
    return sum(len(str(message.get("content") or "")) for message in messages)


def continue_reply(
    client: OpenAI,
    messages: Iterable[ChatCompletionMessageParam],
    reply: ChatCompletion,
    *,
    rounds: int = 3,
    meter: Meter | None = None,
    **params: Any,
) -> str:
    """Return the text of ``reply``, continued while its finish_reason is ``length``.

    ``messages`` are those that ``reply`` answered. At most ``rounds`` further calls are
    made, with ``params`` as in ``ask()``. What a model repeats at a seam is left out; the
    seam may still be rough. Raises FirstCallError when a limit leaves no text at all.
    """
    so_far = list(messages)
    text = ""
    for left in range(rounds, -1, -1):
        choice = reply.choices[0]
        advice = finish_advice(choice)
        if advice.action == "raise the limit":
            raise FirstCallError(advice.what, advice.do)
        text += new_part(text, choice.message.content or "")
        if choice.finish_reason != "length" or not left:
            break
        further: list[ChatCompletionMessageParam] = [
            {"role": "assistant", "content": text},
            {"role": "user", "content": _("Continue from where you stopped.")},
        ]
        reply = complete(client, so_far + further, meter=meter, **params)
    return text
