"""A reply, or any text, as a card: wrapped, so that no word is cut."""

from html import escape

from openai.types.chat import ChatCompletion, ChatCompletionMessage

from practice.process.language import gettext as _

from ..errors import FirstCallError
from ..text.lines import wrapped
from .display import BOX, show


def show_reply(reply: ChatCompletion | ChatCompletionMessage | str | None) -> None:
    """Show the text of a reply as a card whose lines end between words.

    ``reply`` is what ``create()`` returned, its message, or a text. Each choice has a card of
    its own. Where no notebook draws it, prints the text in lines of at most 88 characters.
    Raises FirstCallError for anything else.
    """
    texts = _texts(reply)
    style = f"{BOX}; max-width: 60em; margin: 4px 0; white-space: pre-wrap; overflow-wrap: anywhere"
    show(
        "".join(f'<div style="{style}">{escape(text)}</div>' for text in texts),
        "\n\n".join(wrapped(text) for text in texts),
    )


def _texts(reply: object) -> list[str]:
    """Return the text of each choice; an empty one says so."""
    if isinstance(reply, ChatCompletion):
        return [text for choice in reply.choices for text in _texts(choice.message)]
    if isinstance(reply, ChatCompletionMessage):
        reply = reply.content or reply.refusal
    if reply is not None and not isinstance(reply, str):
        raise FirstCallError(
            _("A value of the kind {kind} has no text to show.").format(kind=type(reply).__name__),
            _("Give the reply itself, or a text such as reply.choices[0].message.content."),
        )
    return [reply or _("(no text)")]
