"""What to do for each finish_reason.

https://platform.openai.com/docs/api-reference/chat/object#choices-finish_reason
"""

from typing import Literal, NamedTuple

from openai.types.chat.chat_completion import Choice
from openai.types.chat.chat_completion_chunk import Choice as ChunkChoice

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
