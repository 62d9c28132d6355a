"""Many clients at once: throughput against the bare engine in the same run, and waiting times."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from openai import OpenAI

from practice.process import weights

from .both_ways import TOKENS, Times, direct_crowd, served, service
from .figure import Figure, median

CROWDS = (8, 32)
ROUNDS = 2


def figures() -> Iterator[Figure]:
    """Tokens per second with 8 and 32 clients, streaming and not, and the wait for a token."""
    weights.fetch()
    with service() as client:
        served(client, 1)
        for clients in CROWDS:
            alone, streamed, whole, waits = [], [], [], []
            for number in range(ROUNDS):
                n = 10_000 * clients + 1000 * number
                alone.append(direct_crowd(client, clients, n))
                seconds, times = _crowd(client, clients, n + 300, stream=True)
                streamed.append(seconds)
                waits += [first for first, _ in times]
                whole.append(_crowd(client, clients, n + 600, stream=False)[0])
            bare = clients * TOKENS / median(alone)
            yield Figure(f"{clients} clients: the engine alone", bare, "tokens/s")
            for name, found in (("streaming", streamed), ("not streaming", whole)):
                ratio = median(alone) / median(found)
                what = f"{clients} clients, {name}: share of that through the service"
                yield Figure(what, ratio, "", at_least=0.9)
            yield Figure(f"{clients} clients: first token, median", median(waits), "s")
            yield Figure(f"{clients} clients: first token, the last one", max(waits), "s")


def _crowd(client: OpenAI, clients: int, n: int, *, stream: bool) -> tuple[float, list[Times]]:
    """Seconds of `clients` replies at once, and the times of each."""
    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        times = list(pool.map(lambda m: served(client, m, stream=stream), range(n, n + clients)))
    return time.perf_counter() - began, times
