"""Tokens per second on a quiet machine, and while one busy process per core wants the CPU."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator

from openai import OpenAI

from practice.process import launcher
from practice.process.models import chosen

from .figure import Figure, median

ROUNDS = 4
TOKENS = 60
AT_LEAST = {"small": 30.0, "standard": 15.0}
"""Tokens per second that are promised with every core taken, on two cores that write 30 alone."""


def figures() -> Iterator[Figure]:
    """Tokens per second of 60-token replies through the running service."""
    service = launcher.ensure_running()
    client = OpenAI(api_key=service.key, base_url=service.base_url, timeout=120)
    _speed(client, service.model, 0)
    quiet = median(_speed(client, service.model, n) for n in range(1, 1 + ROUNDS))
    yield Figure("one client, quiet machine", quiet, "tokens/s")
    with _busy(os.cpu_count() or 1):
        loaded = median(_speed(client, service.model, n) for n in range(50, 50 + ROUNDS))
    least = AT_LEAST.get(chosen().choice)
    yield Figure("one client, a busy process on every core", loaded, "tokens/s", at_least=least)
    yield Figure("of it left on busy cores", loaded / quiet, "", at_least=0.5)


def _speed(client: OpenAI, model: str, n: int) -> float:
    """Tokens per second from the first token to the last one of a reply."""
    stream = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": f"Visit {n}. Tell the long history of Rome."}],
        max_completion_tokens=TOKENS,
        temperature=0,
        stream=True,
    )
    times = [time.perf_counter() for c in stream if c.choices and c.choices[0].delta.content]
    return (len(times) - 1) / (times[-1] - times[0])


@contextlib.contextmanager
def _busy(count: int) -> Iterator[None]:
    """Processes that do nothing but use the CPU."""
    spinners = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for spinner in spinners:
            spinner.kill()
            spinner.wait()
