"""30 learners at one practice service: at reading pace, and all of them at once.

Each has a key of their own. The service is a process as a teacher starts it; what it answers with
is the model that PRACTICE_MODEL chooses.
"""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from openai import OpenAI, OpenAIError

from practice.process import models, state, weights
from practice.roster import making

from .figure import Figure, median

LEARNERS = 30
MINUTES = 3
PACE = (20.0, 60.0)
"""Seconds between two calls of one learner who reads, types and looks at the answer."""

ASKED: tuple[tuple[str, int, dict[str, Any]], ...] = (
    ("What is a variable in programming? Answer in one sentence.", 60, {}),
    ("Name three fruits, numbered.", 40, {}),
    ("You are a kind teacher. Explain what a list is, in two sentences.", 80, {}),
    ("Write one line about the sea.", 30, {"temperature": 1.2}),
    ("Count from 1 to 5.", 10, {"stop": ["4"]}),
    ("Give a JSON object with the keys name and city.", 60, {"json": True}),
)
"""As lessons 02 to 06 ask: the question, the limit of tokens, and what else is set."""


@dataclass(frozen=True)
class Answer:
    """How one call went: seconds to the first token and to the end, and the error if any."""

    first: float
    whole: float
    error: str = ""


def figures() -> Iterator[Figure]:
    """Waiting times at the median and the 95th percentile, errors, and memory."""
    weights.fetch()
    name = models.chosen().choice or models.chosen().name
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        file = Path(folder, "keys.csv")
        keys = [one.key for one in making.make(file, [""] * LEARNERS) if not one.is_teacher]
        with socket.create_server((state.HOST, 0)) as free:
            port = free.getsockname()[1]
        process = _serve(file, port, folder)
        try:
            clients = [_client(key, port) for key in keys]
            yield from _told(f"{name}, reading pace", _paced(clients))
            yield from _told(f"{name}, all at once", _burst(clients))
            memory = psutil.Process(process.pid).memory_info().rss / 1e6
            yield Figure(f"{name}: memory of the service", memory, "MB")
            for client in clients:
                client.close()
        finally:
            process.terminate()
            process.wait(20)


def _serve(file: Path, port: int, home: str) -> subprocess.Popen[bytes]:
    """Start the service of the class and wait until it answers. Raises RuntimeError."""
    command = [sys.executable, "-m", "practice", "serve", "--class", str(file)]
    process = subprocess.Popen(
        [*command, "--port", str(port)],
        env=os.environ | {"FIRST_CALL_HOME": home, "PRACTICE_MODEL": str(models.chosen().path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    until = time.monotonic() + 120
    while state.health(port) is None:
        if process.poll() is not None or time.monotonic() > until:
            process.kill()
            raise RuntimeError("the service of the class did not start")
        time.sleep(0.2)
    return process


def _client(key: str, port: int) -> OpenAI:
    return OpenAI(api_key=key, base_url=f"http://{state.HOST}:{port}/v1", timeout=300)


def _told(what: str, answers: list[Answer]) -> Iterator[Figure]:
    good = [answer for answer in answers if not answer.error]
    yield Figure(f"{what}: calls", len(answers), "")
    yield Figure(f"{what}: errors", len(answers) - len(good), "", at_most=0)
    for name in ("first", "whole"):
        times = sorted(getattr(answer, name) for answer in good) or [float("nan")]
        label = "first token" if name == "first" else "whole answer"
        yield Figure(f"{what}: {label}, median", median(times), "s")
        worst = times[min(len(times) - 1, round(0.95 * len(times)))]
        yield Figure(f"{what}: {label}, 95th percentile", worst, "s")


def _paced(clients: list[OpenAI]) -> list[Answer]:
    """Each asks, reads for a while, and asks again, for some minutes."""
    found: list[Answer] = []
    lock = threading.Lock()
    end = time.monotonic() + 60 * MINUTES

    def learn(number: int) -> None:
        pace = random.Random(number)  # noqa: S311 (the same class every time)
        time.sleep(pace.uniform(0, PACE[1]))
        while time.monotonic() < end:
            answer = _ask(clients[number], number, pace.randrange(len(ASKED)))
            with lock:
                found.append(answer)
            time.sleep(pace.uniform(*PACE))

    with ThreadPoolExecutor(len(clients)) as pool:
        list(pool.map(learn, range(len(clients))))
    return found


def _burst(clients: list[OpenAI]) -> list[Answer]:
    """All press the button at once, the same cell."""
    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(lambda number: _ask(clients[number], number, 0), range(len(clients))))


def _ask(client: OpenAI, number: int, which: int) -> Answer:
    text, limit, more = ASKED[which]
    options: dict[str, Any] = {key: value for key, value in more.items() if key != "json"}
    if more.get("json"):
        options["response_format"] = {"type": "json_object"}
    began = time.perf_counter()
    first = 0.0
    try:
        stream: Any = client.chat.completions.create(
            model=models.chosen().id,
            messages=[{"role": "user", "content": f"I am learner {number}. {text}"}],
            max_completion_tokens=limit,
            stream=True,
            **options,
        )
        for chunk in stream:
            if not first and chunk.choices and chunk.choices[0].delta.content:
                first = time.perf_counter() - began
    except OpenAIError as error:
        return Answer(first, time.perf_counter() - began, type(error).__name__)
    return Answer(first or time.perf_counter() - began, time.perf_counter() - began)
