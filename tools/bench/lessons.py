"""How many tokens a learner uses for the lessons: each notebook run once, its exercises solved.

`kit.py plan` reckons with these numbers; they stand in tools/plan/figures.toml.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tools.notebooks.execution import CELL_SECONDS, clean_environment

from .figure import Figure

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
_TOTAL = (
    "SELECT total(prompt_tokens), total(completion_tokens), count(*) FROM calls "
    "WHERE simulated IS NULL"
)


def figures() -> Iterator[Figure]:
    """Tokens sent and written in each lesson, and calls; what is simulated costs nothing."""
    from practice.process import launcher, models

    lessons = sorted(NOTEBOOKS.glob("0*.ipynb"))
    weights = models.chosen().path
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        own = {"FIRST_CALL_HOME": home, "PRACTICE_MODEL": str(weights)}
        kept = {name: os.environ.get(name) for name in own}
        os.environ |= own
        try:
            before = (0.0, 0.0, 0.0)
            for lesson in lessons:
                # The second one holds the exercises, solved, and the cells that they need.
                for notebook in (lesson, lesson.parent / "solutions" / lesson.name):
                    if notebook.exists():
                        _run(notebook, home)
                now = _total(Path(home))
                names = ("tokens sent", "tokens written", "calls")
                for what, new, old in zip(names, now, before, strict=True):
                    yield Figure(f"{lesson.stem}: {what}", new - old, "")
                before = now
        finally:
            launcher.stop()
            for name, value in kept.items():
                os.environ.pop(name)
                os.environ |= {name: value} if value is not None else {}


def _run(notebook: Path, home: str) -> None:
    environment = clean_environment("en") | {
        "IPYTHONDIR": f"{home}/ipython",
        "FIRST_CALL_PROGRESS": f"{home}/progress.sqlite3",
    }
    NotebookClient(
        nbformat.read(notebook, 4),
        timeout=5 * CELL_SECONDS,
        kernel_name="python3",
        allow_errors=True,  # a cell that fails has used its tokens, too
        resources={"metadata": {"path": str(notebook.parent)}},
    ).execute(env=environment)


def _total(home: Path) -> tuple[float, float, float]:
    with sqlite3.connect(home / "ledger.sqlite3") as file:
        sent, written, calls = file.execute(_TOTAL).fetchone()
    file.close()
    return sent, written, calls
