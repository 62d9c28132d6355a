"""The list of messages, drawn as a chat: a box for each message, with its role written out."""

from collections.abc import Iterable
from html import escape
from typing import Any

from openai.types.chat import ChatCompletionMessage, ChatCompletionMessageParam

from practice.process.language import gettext as _

from ..errors import FirstCallError
from .display import BOX, show

AnyMessage = ChatCompletionMessageParam | ChatCompletionMessage

MARGINS = {"user": "6px 0 6px auto", "assistant": "6px auto 6px 0"}
"""What you say stands on the right, what the model says on the left, the rest in the middle."""

TINTS = {"user": "43, 92, 158", "assistant": "31, 122, 85", "tool": "154, 91, 11"}
"""Each role's colour, as in the drawings of the lessons; so thin that any theme's text is read."""


def show_messages(messages: Iterable[AnyMessage]) -> None:
    """Show each message of a list: its role, its text, its pictures, its tool calls.

    Takes dictionaries, and the ``message`` of a reply. Where no notebook draws it, prints it.
    Raises FirstCallError for anything else.
    """
    said = [(str(one.get("role", _("no role"))), _parts(one)) for one in map(_plain, messages)]
    text = "\n".join(f"{role}: {' '.join(words for words, _ in parts)}" for role, parts in said)
    boxes = "".join(bubble(role, parts, item=True) for role, parts in said)
    label = _("messages")
    show(f'<div role="list" aria-label="{label}">{boxes}</div>', text or _("no messages"))


def _plain(message: AnyMessage) -> dict[str, Any]:
    """Return a message as a dictionary, whichever form it came in."""
    if isinstance(message, ChatCompletionMessage):
        return message.to_dict()
    if not isinstance(message, dict):
        raise FirstCallError(
            _("A value of the kind {kind} is not a message.").format(kind=type(message).__name__),
            _("Give a list of dictionaries; for a reply, put reply.choices[0].message into it."),
        )
    return dict(message)


def _parts(message: dict[str, Any]) -> list[tuple[str, str]]:
    """Return each thing that a message holds, as text and as HTML."""
    content = message.get("content")
    parts = content if isinstance(content, list | tuple) else [content]
    found = [_part(part) for part in parts if part]
    if message.get("refusal"):
        found.append(_text(_("refusal: {text}").format(text=message["refusal"])))
    for call in message.get("tool_calls") or ():
        tool = call.get("function") or call.get("custom") or {}
        asked = f"{tool.get('name')}({tool.get('arguments', tool.get('input', ''))})"
        found.append(_text(_("asks to run the tool {call}").format(call=asked)))
    return found or [_text(_("empty"))]


def _part(part: Any) -> tuple[str, str]:
    if not isinstance(part, dict):
        return _text(part)
    if part.get("type") != "image_url":
        return _text(part.get("text", f"[{part.get('type')}]"))  # sound and files are long
    image = part.get("image_url")
    url = escape(str(image.get("url") if isinstance(image, dict) else image))
    if not url.startswith("data:image/"):
        # Looking at it here would download it.
        return _("[a picture]"), _("[a picture at {url}]").format(url=url)
    look = "max-width: 100%; max-height: 120px"
    alt = escape(_("the picture in this message"))
    return _("[a picture]"), f'<img src="{url}" alt="{alt}" style="{look}">'


def _text(said: object) -> tuple[str, str]:
    return " ".join(str(said).split()), escape(str(said))


def bubble(role: str, parts: list[tuple[str, str]], *, name: str = "", item: bool = False) -> str:
    """Return the box of one message: ``name`` (or its role) and its ``parts``, as text and HTML.

    ``item`` makes it one of a list for screen readers.
    """
    # A table is as wide as its text.
    style = f"{BOX}; display: table; max-width: 80%; margin: {MARGINS.get(role, '6px auto')}"
    style += f"; background-color: rgba({TINTS.get(role, '106, 74, 156')}, 0.1)"
    inside = "\n".join(html for _, html in parts)
    kind = ' role="listitem"' if item else ""
    return (
        f'<div{kind} style="{style}; white-space: pre-wrap; '
        f'overflow-wrap: anywhere"><b>{escape(name or role)}</b><br>{inside}</div>'
    )
