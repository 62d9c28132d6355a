"""Answers that the model would not give, said to be simulated; see data/cards.toml."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace

from practice.engine.plan import Plan
from practice.simulated.cards import Card
from practice.wire.pieces import Piece, Usage


def planned(card: Card | None, plan: Plan) -> Plan:
    """Return the plan for a request that plays a card.

    Where the card's answer takes the place of the model's, one token is enough to have the prompt
    read and counted.
    """
    if card is None or not _replaces(card):
        return plan
    request = {**plan.request, "max_tokens": 1, "n": 1}
    return replace(plan, request=request, function=None, facts="")


def pieces(
    card: Card | None, real: AsyncGenerator[Piece | Usage], *, limit: int
) -> AsyncGenerator[Piece | Usage]:
    """Return the pieces of the card's answer: the real ones where it changes none.

    `limit` is the completion tokens the caller allows: hidden reasoning uses them all up.
    """
    return real if card is None or not _replaces(card) else _instead(card, real, limit)


def _replaces(card: Card) -> bool:
    """Whether a card puts something in the place of the model's words."""
    return card.finish_reason is not None or card.refusal is not None or card.reasoning


async def _instead(
    card: Card, real: AsyncGenerator[Piece | Usage], limit: int
) -> AsyncGenerator[Piece | Usage]:
    """Yield the card's answer. The usage is the real one's, as far as there is one."""
    prompt = completion = 0
    async with aclosing(real):
        async for piece in real:
            if isinstance(piece, Usage):  # the prompt was really read, its tokens counted
                prompt, completion = piece.prompt, piece.completion
    if card.reasoning:
        yield Piece(0, finish_reason="length")
        yield Usage(prompt, limit, reasoning=limit)
        return
    if card.finish_reason is not None:
        yield Piece(0, card.content or "")
        yield Piece(0, finish_reason=card.finish_reason)
    else:
        yield Piece(0)
        yield Piece(0, finish_reason="stop")
    yield Usage(prompt, completion)
