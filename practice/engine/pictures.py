"""What the eye saw, put before a model that can answer from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from practice.wire import chat_request as wire
from practice.wire.chat_request import ChatRequest

SYSTEM = (
    "You are a helpful assistant. The user shows you pictures; their text and colours are written "
    "out for you. Answer the question in one full sentence."
)


def noted(request: ChatRequest, texts: Mapping[int, str]) -> dict[int, str]:
    """Return the messages with pictures, by number: the facts first, then the question.

    `texts` has them as the eye gives them: the question, the facts, and what it cannot see.
    """
    from practice.eye.reader import LIMITS  # heavy, and most requests have no picture

    found = {}
    for number, text in texts.items():
        asked = wire.text(request.messages[number])
        facts = text.removeprefix(asked).strip().removesuffix(LIMITS).strip()
        found[number] = f"{facts}\n\nQuestion: {asked}" if asked else facts
    return found


def introduced(messages: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """Return a conversation about pictures with a system message, its own where it has one."""
    if any(message["role"] == "system" for message in messages):
        return [*messages]
    return [{"role": "system", "content": SYSTEM}, *messages]
