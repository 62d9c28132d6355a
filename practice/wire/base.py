"""What the requests of both endpoints are made of."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

# pydantic puts the tags of unions into the path of a field. They start with this sign, which no
# field does, so that they can be left out again.
TAG = "~"


class Wire(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


Name = Annotated[str, Field(pattern=r"^[a-zA-Z0-9_-]+$", min_length=1, max_length=64)]


def tag_from(value: Any, field: str) -> str | None:
    """The tag for an object whose `field` says what it is; None where there is no such word."""
    word = value.get(field) if isinstance(value, dict) else getattr(value, field, None)
    return TAG + word if isinstance(word, str) else None


def text_or_parts(value: Any) -> str:
    return TAG + ("parts" if isinstance(value, list) else "text")


def word_or_object(value: Any) -> str:
    return TAG + ("object" if isinstance(value, dict) else "word")
