"""How many of the short tasks in `tasks.toml`, and of the receipts, a practice model gets right.

Each model runs in a service and a folder of its own, asked over HTTP through the SDK at
temperature 0, one task after the other. All models stand in one table, one column each.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from openai import APIError, OpenAI

from practice.process import launcher, weights

from . import receipts, tasks
from .figure import Figure
from .scoring import Reply, right

SHOWN = 80
"""Characters of a wrong reply in the list of failed tasks."""


@dataclass
class Result:
    """What one model made of the tasks."""

    model: str
    replies: dict[str, Reply] = field(default_factory=dict)
    right: dict[str, bool] = field(default_factory=dict)
    tokens: int = 0
    seconds: float = 0.0
    receipts: dict[str, str] = field(default_factory=dict)

    def share(self, chosen: Sequence[tasks.Task]) -> str:
        """The tasks that came out right among these, as "3/4"."""
        return f"{sum(self.right[task.id] for task in chosen)}/{len(chosen)}"


def figures(models: Sequence[Path] = (), *, show: bool = False) -> Iterator[Figure]:
    """Print the table, and with `show` the failed tasks; the share right for each model.

    `models` are GGUF files; without one, the model in force is measured.
    """
    todo = tasks.load()
    found = []
    for model in [path.expanduser().absolute() for path in models] or [weights.fetch()]:
        print(f"  asking {model.name} ...", flush=True)
        found.append(measure(model, todo))
    print("\n".join(["", *table(todo, found), ""]))
    if show:
        print("\n".join(line for result in found for line in failed(todo, result)))
    for result in found:
        share = 100 * sum(result.right.values()) / len(todo)
        yield Figure(f"{result.model[:48]}: tasks right", share, "%")


def measure(model: Path, todo: Sequence[tasks.Task]) -> Result:
    """Start a service with this model, put the tasks to it, and read the receipts."""
    result = Result(model.stem)
    with _in_force(model):
        service = launcher.ensure_running()
        client = OpenAI(api_key=service.key, base_url=service.base_url, timeout=120)
        for task in todo:
            began = time.perf_counter()
            try:
                reply, tokens = tasks.ask(client, service.model, task)
            except APIError as error:  # a refused request is a wrong reply, not the end of it all
                reply, tokens = Reply(str(error), "error"), 0
            result.seconds += time.perf_counter() - began
            result.tokens += tokens
            result.replies[task.id] = reply
            result.right[task.id] = right(reply, task.expect)
        for figure in receipts.figures():
            result.receipts[figure.what] = f"{figure.value:.1f} {figure.unit}"
    return result


def table(todo: Sequence[tasks.Task], found: Sequence[Result]) -> list[str]:
    """The lines of the table: kinds by language, all tasks, speed, receipts."""
    rows: list[tuple[str, list[str]]] = [("", [result.model for result in found])]
    for kind in tasks.KINDS:
        for language in tasks.LANGUAGES:
            chosen = [task for task in todo if (task.kind, task.language) == (kind, language)]
            if chosen:
                rows.append((f"{kind}, {language}", [result.share(chosen) for result in found]))
    for language in tasks.LANGUAGES:
        chosen = [task for task in todo if task.language == language]
        rows.append((f"all, {language}", [result.share(chosen) for result in found]))
    rows.append(("all", [result.share(todo) for result in found]))
    speeds = [f"{result.tokens / (result.seconds or 1):.1f}" for result in found]
    rows.append(("tokens/s, prompts included", speeds))
    rows.append(("seconds", [f"{result.seconds:.0f}" for result in found]))
    for what in found[0].receipts:
        rows.append((what, [result.receipts.get(what, "-") for result in found]))
    first = max(len(name) for name, _ in rows)
    widths = [max(len(cells[n]) for _, cells in rows) for n in range(len(found))]
    return [
        "  ".join([name.ljust(first), *(c.rjust(w) for c, w in zip(cells, widths, strict=True))])
        for name, cells in rows
    ]


def failed(todo: Sequence[tasks.Task], result: Result) -> list[str]:
    """The failed tasks of a model, each with the beginning of its reply."""
    wrong = [task.id for task in todo if not result.right[task.id]]
    lines = [f"{result.model}: {len(wrong)} tasks not right"]
    for id in wrong:
        reply = result.replies[id]
        said = " ".join(f"{name}({arguments})" for name, arguments in reply.calls) or reply.text
        lines.append(f"  {id:28} [{reply.finish_reason}] {' '.join(said.split())[:SHOWN]}")
    return lines


@contextlib.contextmanager
def _in_force(model: Path) -> Iterator[None]:
    """A service of our own with this model, in a folder of its own; it ends here."""
    with (
        tempfile.TemporaryDirectory() as home,
        _environment({"FIRST_CALL_HOME": home, "PRACTICE_MODEL": str(model)}),
    ):
        try:
            yield
        finally:
            launcher.stop()


@contextlib.contextmanager
def _environment(chosen: Mapping[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in chosen}
    os.environ |= chosen
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
