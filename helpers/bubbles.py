"""The list of messages, drawn as a chat: a box for each message, with its role written out."""

import json
from collections.abc import Iterable
from html import escape
from typing import Any

from openai.types.chat import ChatCompletionMessage, ChatCompletionMessageParam

from .showing import BOX, show

AnyMessage = ChatCompletionMessageParam | ChatCompletionMessage

SIDES = {"user": "auto", "assistant": "0"}
"""The left margin: what you say stands on the right, what the model says on the left."""


def show_messages(messages: Iterable[AnyMessage]) -> None:
    """Show each message of a list: its role, its text, its pictures, its tool calls.

    Takes dictionaries, and the ``message`` of a reply. Where no notebook draws it, prints it.
    """
    said = [_plain(message) for message in messages]
    text = "\n".join(f"{_role(message)}: {_words(message)}" for message in said)
    boxes = "".join(_box(message) for message in said)
    show(f'<div role="list" aria-label="messages">{boxes}</div>', text or "no messages")


def _plain(message: AnyMessage) -> dict[str, Any]:
    """Return a message as a dictionary, whichever form it came in."""
    if isinstance(message, ChatCompletionMessage):
        return message.to_dict()
    return dict(message)


def _role(message: dict[str, Any]) -> str:
    return str(message.get("role", "no role"))


def _parts(message: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a message holds, as content parts; tool calls and refusals count as text."""
    content = message.get("content")
    found = [{"type": "text", "text": content}] if isinstance(content, str) else list(content or ())
    if message.get("refusal"):
        found.append({"type": "text", "text": f"refusal: {message['refusal']}"})
    for call in message.get("tool_calls") or ():
        function = call.get("function", {})
        asked = f"{function.get('name')}({function.get('arguments', '')})"
        found.append({"type": "text", "text": f"asks to run the tool {asked}"})
    return found


def _words(message: dict[str, Any]) -> str:
    """Return a message as one line of text."""
    words = (
        "[a picture]"
        if part.get("type") == "image_url"
        else str(part.get("text", json.dumps(part)))
        for part in _parts(message)
    )
    return " ".join(" ".join(words).split())


def _box(message: dict[str, Any]) -> str:
    role = _role(message)
    inside = "".join(_part(part) for part in _parts(message)) or "<i>empty</i>"
    margin = f"margin: 6px {'0' if role == 'user' else 'auto'} 6px {SIDES.get(role, 'auto')}"
    style = f"{BOX}; {margin}; width: fit-content; max-width: 80%; white-space: pre-wrap"
    return f'<div role="listitem" style="{style}"><b>{escape(role)}</b><br>{inside}</div>'


def _part(part: dict[str, Any]) -> str:
    if part.get("type") != "image_url":
        return escape(str(part.get("text", json.dumps(part, ensure_ascii=False)))) + "\n"
    url = str(part["image_url"].get("url", ""))
    if url.startswith("data:image/"):
        return (
            f'<img src="{escape(url)}" alt="the picture in this message" style="height: 120px">\n'
        )
    return f"[a picture at {escape(url)}]\n"  # looking at it here would download it
