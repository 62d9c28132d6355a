"""What HTTP, validation and the SDK add to the bare engine: one engine object, asked both ways.

Runs alternate, so a slow moment of the machine hits both sides.
"""

from __future__ import annotations

from collections.abc import Iterator

from practice.process import weights

from .both_ways import TOKENS, Times, direct, served, service
from .figure import Figure, median

ROUNDS = 16


def figures() -> Iterator[Figure]:
    """Seconds of a reply and of its first token, direct and through the service."""
    weights.fetch()
    with service() as client:
        for n in range(2):  # both sides once before anything counts: caches, imports, connections
            direct(client, 900 + n)
            served(client, 910 + n)
        alone: list[Times] = []
        through: list[Times] = []
        for n in range(100, 100 + 2 * ROUNDS, 2):
            if n % 4:
                alone.append(direct(client, n))
            through.append(served(client, n + 1))
            if not n % 4:
                alone.append(direct(client, n))
    whole, ours = median(times[1] for times in alone), median(times[1] for times in through)
    pairs = zip(through, alone, strict=True)
    first_token = median(ours[0] - theirs[0] for ours, theirs in pairs)
    yield Figure(f"engine alone: {TOKENS}-token reply", whole, "s")
    yield Figure(f"through the service: {TOKENS}-token reply", ours, "s")
    yield Figure("added to the whole reply", 100 * (ours / whole - 1), "%", at_most=5)
    yield Figure("added to the first token", 1000 * first_token, "ms", at_most=15)
