"""What to do for each finish_reason.

https://platform.openai.com/docs/api-reference/chat/object#choices-finish_reason
"""

from collections.abc import Iterable
from typing import Any, Literal, NamedTuple

from openai import OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionMessageParam
from openai.types.chat.chat_completion import Choice
from openai.types.chat.chat_completion_chunk import Choice as ChunkChoice

from .calls import complete
from .cost import Meter
from .errors import FirstCallError

Action = Literal[
    "use", "continue", "raise the limit", "run the tools", "rephrase", "accept", "wait", "look"
]


class Advice(NamedTuple):
    """One word for a program, what happened for a person, and what to do."""

    action: Action
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.action}: {self.what} {self.do}"


ADVICE: dict[str | None, Advice] = {
    "stop": Advice("use", "The model ended by itself or at a stop sequence.", "Use the reply."),
    "length": Advice(
        "continue",
        "The reply was cut, at the token limit or at the end of the context window.",
        "Call continue_reply(), raise the token limit, or ask for less.",
    ),
    "tool_calls": Advice(
        "run the tools",
        "The model asks you to run a tool.",
        "Run it, append its result as a message with the role tool, and call again.",
    ),
    "function_call": Advice(
        "run the tools",
        "The model asks for a function in the older, deprecated form.",
        "Declare tools instead of functions.",
    ),
    "content_filter": Advice(
        "rephrase", "A content filter took out a part of the reply.", "Say it in other words."
    ),
    None: Advice(
        "wait", "The stream has not ended.", "Read on until a chunk carries a finish_reason."
    ),
}
"""What to do for each value that the API documents."""

HIDDEN = Advice(
    "raise the limit",
    "The token limit was used up before any text could be seen, usually by hidden reasoning.",
    "Raise the token limit, or lower reasoning_effort.",
)
REFUSED = Advice(
    "accept", "The model declined to answer.", "Show message.refusal, or ask something else."
)


def finish_advice(choice: Choice | ChunkChoice) -> Advice:
    """Return what to do with ``choice``, from its finish_reason, its text and its refusal."""
    said = choice.message if isinstance(choice, Choice) else choice.delta
    if said.refusal:
        return REFUSED
    if isinstance(choice, Choice) and choice.finish_reason == "length" and not said.content:
        return HIDDEN
    unknown = Advice(
        "look",
        f"finish_reason is {choice.finish_reason!r}, which OpenAI does not document.",
        "Look at the reply and at the provider's documentation.",
    )
    return ADVICE.get(choice.finish_reason, unknown)


SEAM = 12
"""Characters that a model must repeat at a seam to be taken for a repetition, not for chance."""


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
        if finish_advice(choice) == HIDDEN:
            raise FirstCallError(HIDDEN.what, HIDDEN.do)
        text += _new_part(text, choice.message.content or "")
        if choice.finish_reason != "length" or not left:
            break
        further: list[ChatCompletionMessageParam] = [
            {"role": "assistant", "content": text},
            {"role": "user", "content": "Continue from where you stopped."},
        ]
        reply = complete(client, so_far + further, meter=meter, **params)
    return text


def _new_part(text: str, piece: str) -> str:
    """Return ``piece`` without its beginning where that repeats the end of ``text``."""
    for size in range(min(len(text), len(piece)), SEAM - 1, -1):
        if text.endswith(piece[:size]):
            return piece[size:]
    return piece
