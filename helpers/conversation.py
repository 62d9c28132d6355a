"""A conversation: the API remembers nothing, so the history is sent along each time."""

from typing import Any

from openai import OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam

from .calls import complete
from .cost import Meter

Messages = list[ChatCompletionMessageParam]


class Conversation:
    """Keeps the messages of a chat and sends them all with each new one.

    ``max_turns`` and ``max_tokens`` bound the history: where it is longer, the oldest turns
    are left out before the next call, never the system message. ``max_tokens`` goes by the
    token count of the last reply, so it holds from the second call on. ``params`` go to
    every call. ``messages``, ``last`` (the last reply) and ``total`` (tokens and price of
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
        self.max_turns = max_turns
        self.max_tokens = max_tokens
        self.meter = meter
        self.params = params
        self.total = Meter()
        self.last: ChatCompletion | None = None
        self.messages: Messages = []
        self._tokens_per_character = 0.0
        if system is not None:
            self.messages.append({"role": "system", "content": system})

    def say(self, text: str, **params: Any) -> str:
        """Send ``text`` with the history before it and return the answer's text.

        Both are then part of the history. ``params`` are for this call alone. Raises what
        ``ask()`` raises; the history is then as it was before.
        """
        history = self._trimmed([*self.messages, {"role": "user", "content": text}])
        reply = complete(self.client, history, meter=self.meter, **{**self.params, **params})
        answer = reply.choices[0].message.content or ""
        self.messages = [*history, {"role": "assistant", "content": answer}]
        self.last = reply
        self.total.add(reply)
        if reply.usage is not None:
            self._tokens_per_character = reply.usage.prompt_tokens / max(1, _characters(history))
        return answer

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
