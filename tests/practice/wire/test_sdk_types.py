"""Every field that the SDK's own request types have is known here: the next SDK shows itself.

Known means: taken, or named in data/unsupported.toml and refused in words.
"""

from __future__ import annotations

import types
import typing
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, TypedDict, Union, get_args, get_origin

import pydantic
import pytest
import typing_extensions
from openai.types.chat import completion_create_params as chat_params
from openai.types.responses import response_create_params as responses_params

from practice.wire.chat_request import ChatRequest
from practice.wire.refusal import unsupported
from practice.wire.responses_request import ResponsesRequest


@dataclass
class Found:
    """What a type may be, all its unions and lists taken apart."""

    null: bool = False
    anything: bool = False
    text: bool = False
    words: set[Any] = field(default_factory=set)
    shapes: list[Any] = field(default_factory=list)


def taken_apart(kind: Any, found: Found | None = None, inside: bool = False) -> Found:
    found = found or Found()
    origin, parts = get_origin(kind), get_args(kind)
    if kind is type(None):
        found.null |= not inside
    elif kind in (Any, object, dict) or origin is dict:
        found.anything = True
    elif kind is str:
        found.text = True
    elif origin is Literal:
        found.words |= set(parts)
    elif origin in (Union, types.UnionType):
        for part in parts:
            taken_apart(part, found, inside)
    elif origin in (Annotated, typing_extensions.Required, typing_extensions.NotRequired):
        taken_apart(parts[0], found, inside)
    elif parts:  # a list, by whichever name
        for part in parts:
            taken_apart(part, found, True)
    elif typing_extensions.is_typeddict(kind) or is_model(kind):
        found.shapes.append(kind)
    return found


def is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, pydantic.BaseModel)


def fields(shape: Any) -> dict[str, Any]:
    if is_model(shape):
        return {about.alias or name: about.annotation for name, about in shape.model_fields.items()}
    return typing.get_type_hints(shape, include_extras=True)


def tags(shape: Any) -> dict[str, set[Any]]:
    """What each field that says what a shape is may hold."""
    known = fields(shape)
    return {name: taken_apart(known[name]).words for name in ("type", "role") if name in known}


def gaps(theirs: Any, ours: Any, path: str) -> list[str]:
    """What `theirs` takes and `ours` neither takes nor refuses in words."""
    theirs, ours = taken_apart(theirs), taken_apart(ours)
    found = []
    if theirs.null and not (ours.null or ours.anything):
        found.append(f"{path}: null")
    if not (ours.text or ours.anything):
        unknown = {word for word in theirs.words if isinstance(word, str)} - ours.words
        found += [f"{path}: {word}" for word in sorted(unknown - set(unsupported(path)))]
    if not ours.anything:
        for shape in theirs.shapes:
            found += shape_gaps(shape, ours.shapes, path)
    return found


def shape_gaps(theirs: Any, ours: list[Any], path: str) -> list[str]:
    said = tags(theirs)
    where = f"{path}.type" if path else "type"
    if said.get("type") and said["type"] <= set(unsupported(where)):
        return []
    fitting = [
        one
        for one in ours
        if all(
            not words or not said.get(name) or words & said[name]
            for name, words in tags(one).items()
        )
    ]
    if not fitting:
        return [f"{path}: {theirs.__name__} {said}"]
    tried = []
    for one in fitting:
        known, found = fields(one), []
        for name, kind in fields(theirs).items():
            inner = f"{path}.{name}" if path else name
            found += gaps(kind, known[name], inner) if name in known else [f"{inner}: unknown"]
        tried.append(found)
    return min(tried, key=len)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [
        (chat_params.CompletionCreateParamsNonStreaming, ChatRequest),
        (chat_params.CompletionCreateParamsStreaming, ChatRequest),
        (responses_params.ResponseCreateParamsNonStreaming, ResponsesRequest),
        (responses_params.ResponseCreateParamsStreaming, ResponsesRequest),
    ],
)
def test_every_field_of_the_sdk_is_known(theirs: Any, ours: Any) -> None:
    assert len(fields(theirs)) > 25
    assert shape_gaps(theirs, [ours], "") == []


def test_a_new_field_word_null_and_shape_are_found() -> None:
    class Inner(TypedDict, total=False):
        type: Literal["a"]
        more: int

    class Other(TypedDict, total=False):
        type: Literal["b"]

    class Theirs(TypedDict, total=False):
        word: Literal["x", "y"]
        null: int | None
        parts: list[Inner | Other]
        new: str

    class OurInner(pydantic.BaseModel):
        type: Literal["a"]

    class Ours(pydantic.BaseModel):
        word: Literal["x"]
        null: int
        parts: list[OurInner]

    # get_type_hints finds no classes of a function.
    for one, hints in (
        (Inner, {"type": Literal["a"], "more": int}),
        (Other, {"type": Literal["b"]}),
        (
            Theirs,
            {
                "word": Literal["x", "y"],
                "null": int | None,
                "parts": list[Inner | Other],
                "new": str,
            },
        ),
    ):
        one.__annotations__ = hints
    Ours.model_rebuild(_types_namespace=locals())
    assert shape_gaps(Theirs, [Ours], "") == [
        "word: y",
        "null: null",
        "parts.more: unknown",
        "parts: Other {'type': {'b'}}",
        "new: unknown",
    ]
