"""What to do for each finish_reason. The texts are in finish_reason.toml."""

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal, NamedTuple

from openai.types.chat.chat_completion import Choice
from openai.types.chat.chat_completion_chunk import Choice as ChunkChoice

from practice.process.language import gettext as _

Action = Literal[
    "use", "continue", "raise the limit", "run the tools", "rephrase", "accept", "wait", "look"
]


class Advice(NamedTuple):
    """One word for a program, what happened for a person, and what to do."""

    action: Action
    what: str
    do: str

    def __str__(self) -> str:
        return _("{action}: {what} {do}").format(**self._asdict())


def finish_advice(choice: Choice | ChunkChoice) -> Advice:
    """Return what to do with ``choice``, from its finish_reason, its text and its refusal."""
    said = choice.message if isinstance(choice, Choice) else choice.delta
    reason = choice.finish_reason
    other = "unknown" if reason else "none"
    if said.refusal:
        other, reason = "refused", None
    elif isinstance(choice, Choice) and reason == "length" and not said.content:
        other, reason = "hidden", None
    block = _table()["reason"].get(reason) or _table()["other"][other]
    what, do = (_(block[key]).format(reason=reason) for key in ("what", "do"))
    return Advice(block["action"], what, do)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("finish_reason.toml").read_text("utf-8"))
