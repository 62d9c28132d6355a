"""What the requests of both endpoints are made of."""

from __future__ import annotations

import logging
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

# pydantic puts the tags of unions into the path of a field. They start with this sign, which no
# field does, so that they can be left out again.
TAG = "~"


class Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Unused = dict[str, Any] | None
"""An object that the API takes and that changes nothing here."""


class Lenient(Wire):
    """A message, or a part of one: clients add keys of their own, which mean nothing here."""

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _say_what_is_ignored(cls, value: Any) -> Any:
        if isinstance(value, dict):
            for name in value:
                if name not in cls.model_fields:
                    _note(name[:100])
        return value


_MOST_SEEN = 50
_seen: set[str] = set()
_log = logging.getLogger("practice.wire")


def _note(name: str) -> None:
    """Write an unknown key into the log: each once, and no more than a few of them."""
    if name not in _seen and len(_seen) < _MOST_SEEN:
        _seen.add(name)
        _log.warning("a key inside a message is ignored: %a", name)


Name = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]+$", min_length=1, max_length=64)]


def tag_from(value: Any, field: str) -> str | None:
    """The tag for an object whose `field` says what it is; None where there is no such word."""
    word = value.get(field) if isinstance(value, dict) else getattr(value, field, None)
    return TAG + word if isinstance(word, str) else None


def text_or_parts(value: Any) -> str:
    return TAG + ("parts" if isinstance(value, list) else "text")


def word_or_object(value: Any) -> str:
    return TAG + ("object" if isinstance(value, dict) else "word")
