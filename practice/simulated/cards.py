"""Simulations, from data/cards.toml: answers that a learner cannot cause at home.

The name of a card works as a model name, as a word in the last user message, and in a header
beside the key. One that is an error at every try also works in the key's place.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import cache

from practice.data import load
from practice.pages import render
from practice.process import config
from practice.process.models import chosen
from practice.wire.chat_request import ChatRequest
from practice.wire.errors import ApiError, masked


@dataclass(frozen=True)
class Card:
    """One simulation. At most one of the kinds from `error` on is set."""

    name: str
    shows: str
    error: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    until_retry: int | None = None
    """The error ends when the SDK has tried this often again."""
    delay: float = 0.0
    """Seconds before a real answer."""
    cut_after: int | None = None
    """Chunks after which a stream breaks off."""
    finish_reason: str | None = None
    content: str | None = None
    refusal: str | None = None
    reasoning: bool = False
    html: str | None = None

    @property
    def always_an_error(self) -> bool:
        """Whether no request with this card ever reaches the model."""
        return self.error is not None and self.until_retry is None


@cache
def deck() -> dict[str, Card]:
    """Every card by name, in the table's order."""
    return {row["name"]: Card(**row) for row in load("cards.toml")["card"]}


def find(*, key: str, model: str, message: str) -> Card | None:
    """Return the card that a request plays, or None."""
    for name in (key, model):
        if name in deck():
            return deck()[name]
    for word in re.findall(rf"{config.SIMULATION}[a-z-]+", message):
        if word.rstrip("-") in deck():
            return deck()[word.rstrip("-")]
    return None


def awake(card: Card | None, effort: str | None) -> Card | None:
    """Return the card as it plays at this reasoning effort: with "none" nothing is thought."""
    return replace(card, reasoning=False) if card is not None and effort == "none" else card


def resolved(asked: ChatRequest, card: Card | None) -> ChatRequest:
    """Return the request for the practice model where a card came in the model's place."""
    if card is None or asked.model != card.name:
        return asked
    return asked.model_copy(update={"model": chosen().id})


def error(card: Card, *, model: str, key: str, retries: int) -> ApiError | None:
    """Return the error that a card stands for, or None when it stands for another answer.

    `retries` is how often the client has tried again, as the SDK says in a header.
    """
    if card.error is None or (card.until_retry is not None and retries >= card.until_retry):
        return None
    return played(card, model=model, key=key)


def played(card: Card, *, model: str = "", key: str) -> ApiError:
    """Return the error of a card that has one."""
    assert card.error is not None, "asked for a card that stands for an error"
    simulated = ApiError(card.error, model=model, masked=masked(key))
    simulated.message += f" {config.SIMULATED}"
    simulated.headers = {**card.headers, "x-practice-simulated": card.name}
    return simulated


def page() -> str:
    """The table of cards as a web page."""
    return render("cards.html", cards=deck().values())
