"""Cold start to the first token, the service's memory, and what `import helpers` costs."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

import psutil

from practice.process import weights
from practice.process.models import chosen

from .figure import Figure, median

ROUNDS = 3
SECONDS = {"small": 3.0}
"""A cold start may take so long with a model; 3.5 with the others. Memory: data/models.toml."""
PROGRAM = """
import sys
from helpers import connect, current_model
client = connect()
stream = client.chat.completions.create(
    model=current_model(), stream=True, temperature=0, max_completion_tokens=20,
    messages=[{"role": "user", "content": "What is recursion in programming?"}])
for chunk in stream:
    if chunk.choices and chunk.choices[0].delta.content:
        break
"""


def figures() -> Iterator[Figure]:
    """Seconds and megabytes of a service that was not running, with the weights cached."""
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {
            "FIRST_CALL_HOME": home,
            "FIRST_CALL_MODE": "practice",
            "PRACTICE_MODEL": str(weights.fetch()),
        }
        cold, memory = [], []
        bare = median(_seconds("import openai", environment) for _ in range(5))
        for _ in range(ROUNDS):
            began = time.perf_counter()
            _python(PROGRAM, environment)
            cold.append(time.perf_counter() - began - bare)
            memory.append(_service_memory(environment))
            _python("from practice.process import launcher; launcher.stop()", environment)
        ours = median(_seconds("import openai, helpers", environment) for _ in range(5))
    model = chosen()
    seconds = SECONDS.get(model.choice, 3.5)
    most = model.memory / 1e6
    beginning = "cold start to first token, beyond `import openai`"
    yield Figure(beginning, median(cold), "s", at_most=seconds)
    yield Figure("memory of the service after a reply", max(memory), "MB", at_most=most)
    yield Figure("`import helpers` beyond `import openai`", ours - bare, "s", at_most=1)


def _python(code: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        timeout=120,
    )
    return done.stdout


def _seconds(code: str, environment: dict[str, str]) -> float:
    began = time.perf_counter()
    _python(code, environment)
    return time.perf_counter() - began


def _service_memory(environment: dict[str, str]) -> float:
    """Resident megabytes (10^6 bytes) of the service that runs in this environment."""
    pid = _python("from practice.process import launcher; print(launcher.find().pid)", environment)
    return float(psutil.Process(int(pid)).memory_info().rss) / 1e6
