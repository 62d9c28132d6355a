"""What a reply has to be for a task to count as right: exact answers and plain mechanisms.

Each rule is a pure function of the reply and the expected value; a task may name several, and all
have to hold. No rule asks a model for its opinion.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

_AROUND = " \t\n\"'`*“”‘’「」.。!！"
"""What may stand around an exact answer: spaces, quotation marks, emphasis, a full stop."""


@dataclass(frozen=True)
class Reply:
    """The last reply of a task: its text, why it ended, and the calls as (name, arguments)."""

    text: str = ""
    finish_reason: str = "stop"
    calls: tuple[tuple[str, str], ...] = field(default=())


def right(reply: Reply, expect: Mapping[str, Any]) -> bool:
    """Return whether the reply keeps every rule of a task. Raises KeyError for an unknown rule."""
    return all(RULES[name](reply, wanted) for name, wanted in expect.items())


def contains_any(reply: Reply, wanted: Iterable[str]) -> bool:
    """At least one of the texts stands in the reply, in capitals or not."""
    return any(_holds(reply.text, text) for text in wanted)


def contains_all(reply: Reply, wanted: Iterable[str]) -> bool:
    """Every one of the texts stands in the reply, in capitals or not."""
    return all(_holds(reply.text, text) for text in wanted)


def not_contains(reply: Reply, unwanted: Iterable[str]) -> bool:
    """There is a reply, and none of the texts stands in it."""
    return bool(reply.text.strip()) and not contains_any(reply, unwanted)


def equals(reply: Reply, accepted: Iterable[str]) -> bool:
    """The whole reply is one of the texts, apart from capitals, quotation marks, a full stop."""
    return _bare(reply.text) in {_bare(text) for text in accepted}


def json_fields(reply: Reply, wanted: Mapping[str, Any]) -> bool:
    """The reply is one JSON object, and the named fields have these values."""
    return _fields(reply.text, wanted)


def tool(reply: Reply, wanted: Mapping[str, Any]) -> bool:
    """The reply is one call of this tool with these arguments."""
    if len(reply.calls) != 1:
        return False
    name, arguments = reply.calls[0]
    return name == wanted["name"] and _fields(arguments, wanted["arguments"])


def finish_reason(reply: Reply, wanted: str) -> bool:
    """The reply ended for this reason."""
    return reply.finish_reason == wanted


def lines(reply: Reply, wanted: int) -> bool:
    """The reply has this many lines; empty ones do not count."""
    return sum(bool(line.strip()) for line in reply.text.splitlines()) == wanted


RULES: dict[str, Callable[[Reply, Any], bool]] = {
    "contains_any": contains_any,
    "contains_all": contains_all,
    "not_contains": not_contains,
    "equals": equals,
    "json": json_fields,
    "tool": tool,
    "finish_reason": finish_reason,
    "lines": lines,
}


def _holds(text: str, wanted: str) -> bool:
    """Whether a text holds another; Latin words and numbers as a whole: 42 is not in 142 or 42.5.

    Chinese has no spaces between words, so there any place will do.
    """
    before = r"(?<![a-z0-9])(?<!\d\.)" if re.match("[a-z0-9]", wanted, re.I) else ""
    after = r"(?![a-z0-9])(?!\.\d)" if re.search("[a-z0-9]$", wanted, re.I) else ""
    return re.search(before + re.escape(wanted) + after, text, re.I) is not None


def _bare(text: str) -> str:
    return text.strip(_AROUND).casefold()


def _fields(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and all(
        _same(found.get(name), value) for name, value in wanted.items()
    )


def _same(found: Any, wanted: Any) -> bool:
    """Whether two values of JSON are equal; texts apart from capitals and outer spaces."""
    if isinstance(wanted, list):
        return (
            isinstance(found, list)
            and len(found) == len(wanted)
            and all(_same(one, other) for one, other in zip(found, wanted, strict=True))
        )
    if isinstance(wanted, dict):
        return (
            isinstance(found, dict)
            and found.keys() == wanted.keys()
            and all(_same(found[name], value) for name, value in wanted.items())
        )
    if isinstance(wanted, str):
        return isinstance(found, str) and _bare(found) == _bare(wanted)
    # In Python True is 1; in JSON it is not.
    return isinstance(found, bool) == isinstance(wanted, bool) and bool(found == wanted)
