"""Memory and throughput of the bare engine by its number of slots: what `SLOTS` is chosen from."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from practice.process import weights
from practice.process.models import chosen

from .both_ways import PROMPT, TOKENS
from .figure import Figure

CLIENTS = 8


def figures() -> Iterator[Figure]:
    """For each number of slots: megabytes after a crowd, its tokens per second, one client's."""
    weights.fetch()
    for slots in (1, 2, 4, 8):
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            megabytes, crowd, alone = pool.apply_async(_measure, (slots,)).get(300)
        yield Figure(f"{slots} slots: memory of the engine's process", megabytes, "MB")
        yield Figure(f"{slots} slots: {CLIENTS} clients at once", crowd, "tokens/s")
        yield Figure(f"{slots} slots: one client", alone, "tokens/s")


def _measure(slots: int) -> tuple[float, float, float]:
    import psutil

    from practice.engine.llama import Engine

    engine = Engine(chosen().path, slots=slots)

    def call(n: int) -> None:
        request: dict[str, Any] = {
            "messages": [{"role": "user", "content": PROMPT.format(n=n)}],
            "max_tokens": TOKENS,
            "temperature": 0,
            "stream": True,
            "cache_prompt": False,
        }
        engine._server.handle_chat_completions(request, lambda _: False)

    call(0)
    began = time.perf_counter()
    call(1)
    alone = TOKENS / (time.perf_counter() - began)
    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(call, range(100, 100 + CLIENTS)))
    crowd = CLIENTS * TOKENS / (time.perf_counter() - began)
    return psutil.Process().memory_info().rss / 1e6, crowd, alone
