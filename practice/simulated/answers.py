"""Answers that the model would not give, said to be simulated; see data/cards.toml."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from practice.simulated.cards import Card
from practice.wire.pieces import Piece, Usage


def replaces(card: Card | None) -> bool:
    """Whether a card puts something in the place of the model's words."""
    return card is not None and (
        card.finish_reason is not None or card.refusal is not None or card.reasoning
    )


def pieces(
    card: Card | None, real: AsyncGenerator[Piece | Usage], *, limit: int
) -> AsyncGenerator[Piece | Usage]:
    """Return the pieces of the card's answer: the real ones where it changes none.

    `limit` is the completion tokens the caller allows: hidden reasoning uses them all up.
    """
    return _instead(card, real, limit) if card is not None and replaces(card) else real


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
