"""Run a lesson against a provider that is played on this computer, and account for each cell."""

from __future__ import annotations

import ast
import os
import re
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError
from nbformat import NotebookNode

from helpers.connection.providers import Provider, all_providers
from practice.process import launcher
from tools.dialects.stand_in import KEY, StandIn, Upstream
from tools.notebooks.execution import CELL_SECONDS, clean_environment
from tools.notebooks.lesson import ROOT

FACT = "nbval-check-output"


class Cell(NamedTuple):
    """What became of a code cell: ``state`` is ran, skipped or failed."""

    number: int
    state: str
    reason: str = ""


class Need(NamedTuple):
    """A block of needs.toml."""

    ability: str
    pattern: str
    reason: str
    lesson: str = ""


@cache
def needs() -> tuple[Need, ...]:
    """Return what cells may need, from needs.toml."""
    text = files(__package__).joinpath("needs.toml").read_text("utf-8")
    return tuple(Need(**block) for block in tomllib.loads(text)["need"])


def lacking(source: str, lesson: str, row: Provider) -> str | None:
    """Return why a cell cannot work at the provider of ``row``; None where it can, or may."""
    abilities = row.model_dump() | {"exact_limits": not row.thinking_room}
    for need in needs():
        missing = abilities[need.ability] is False and lesson.startswith(need.lesson)
        if missing and re.search(need.pattern, source):
            return need.reason
    return None


def run(notebook: Path, row: Provider, upstream: Callable[[], Upstream] | None) -> list[Cell]:
    """Run the cells of a notebook against the provider of ``row``, played here.

    Facts (cells tagged nbval-check-output) have to be those that are stored.
    """
    with StandIn(row, upstream) as provider:
        return run_at(notebook, row, provider.base_url, KEY, provider.model)


def run_at(notebook: Path, row: Provider, base_url: str, key: str, model: str) -> list[Cell]:
    """Run the cells of a notebook at an address, with a key, and say what became of each."""
    content = nbformat.read(notebook, as_version=4)
    client = NotebookClient(
        content,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        coalesce_streams=True,
        resources={"metadata": {"path": str(notebook.parent)}},
    )
    with (
        tempfile.TemporaryDirectory() as profile,
        tempfile.TemporaryFile() as log,  # what the kernel itself says
    ):
        env = clean_environment("en") | {
            "OPENAI_API_KEY": key,
            "OPENAI_BASE_URL": base_url,
            "OPENAI_MODEL": model,
            "PROVIDER": row.id if row.id in all_providers() else "",
            "IPYTHONDIR": profile,
            "FIRST_CALL_PROGRESS": str(Path(profile) / "progress.sqlite3"),
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
        }
        del env["FIRST_CALL_MODE"]
        with client.setup_kernel(env=env, stderr=log):
            return list(_cells(client, notebook.stem, row))


def _cells(client: NotebookClient, lesson: str, row: Provider) -> Iterator[Cell]:
    """Run the code cells one by one."""
    missing: dict[str, str] = {}
    numbered = [(n, c) for n, c in enumerate(client.nb.cells) if c.cell_type == "code"]
    for number, (index, cell) in enumerate(numbered, start=1):
        stored = facts(cell)
        reason = lacking(cell.source, lesson, row) or _after(cell.source, missing)
        if reason is None:
            try:
                client.execute_cell(cell, index)
            except (CellExecutionError, CellTimeoutError) as error:
                plain = re.sub(r"\x1b\[[0-9;]*m", "", str(error)).strip().splitlines()
                yield Cell(number, "failed", plain[-1] if plain else type(error).__name__)
                continue
            missing = {name: why for name, why in missing.items() if name not in _set(cell.source)}
            if stored != facts(cell):
                yield Cell(number, "failed", f"another fact: {facts(cell)!r}, not {stored!r}")
            else:
                yield Cell(number, "ran")
        else:
            missing |= dict.fromkeys(_set(cell.source), reason)
            yield Cell(number, "skipped", reason)


def facts(cell: NotebookNode) -> str | None:
    """Return what a cell with a fact shows as text, without what differs from run to run."""
    if FACT not in cell.metadata.get("tags", []):
        return None
    shown = "".join(
        output.get("text", "") or output.get("data", {}).get("text/plain", "")
        for output in cell.outputs
    )
    for pattern, word in _sanitizers():
        shown = re.sub(pattern, word, shown)
    return shown.strip()


@cache
def _sanitizers() -> tuple[tuple[str, str], ...]:
    """Return the pairs of tests/sanitize.cfg, which nbval reads."""
    text = (ROOT / "tests" / "sanitize.cfg").read_text("utf-8")
    return tuple(re.findall(r"^regex: (.*)\nreplace: (.*)$", text, re.M))


def _after(source: str, missing: dict[str, str]) -> str | None:
    """Return the reason of the skipped cell that a cell builds on, or None."""
    read = {
        node.id
        for node in ast.walk(_parsed(source))
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    }
    return next((why for name, why in missing.items() if name in read), None)


def _set(source: str) -> set[str]:
    """Return the names that a cell gives a value, imports and functions included."""
    found = set()
    for node in ast.walk(_parsed(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return found


def _parsed(source: str) -> ast.AST:
    plain = "\n".join("pass" if line[:1] in "%!" else line for line in source.splitlines())
    return ast.parse(plain)


def dialects() -> dict[str, list[Provider]]:
    """Return the providers by the first that is played alike: one of each is run."""
    groups: dict[tuple[object, ...], list[Provider]] = {}
    for row in all_providers().values():
        if row.id != "practice":
            lacks = [need.ability for need in needs() if getattr(row, need.ability, True) is False]
            spelt = (row.as_written or row.token_limit, row.refuses, row.thinking_room)
            switch = sorted(row.thinking_off.items(), key=str)
            groups.setdefault((*lacks, *spelt, str(switch)), []).append(row)
    return {rows[0].id: rows for rows in groups.values()}


def upstream() -> Upstream:
    """Return the practice service, which is started where it does not run."""
    service = launcher.ensure_running()
    return Upstream(service.base_url, service.key, service.model)
