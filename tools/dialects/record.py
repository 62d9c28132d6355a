"""docs/PROVIDERS.md: what each provider takes, and every lesson against every dialect."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from helpers.connection.dialect import changes
from helpers.connection.providers import Provider, all_providers
from practice.process.files import write_whole
from tools.dialects.matrix import Cell, dialects
from tools.notebooks.lesson import ROOT

PAGE = ROOT / "docs" / "PROVIDERS.md"
RESULTS = Path(__file__).with_name("results.json")

HEAD = """# Providers

Made by `python3 kit.py test --dialect all --write` from `helpers/connection/providers.toml` and \
`tools/dialects/results.json`. Do not edit it by hand: a test compares.

A lesson runs unchanged at each of these providers. Where one spells something otherwise, \
`connect()` puts it right on the way and says so; `client_changes()` shows the request as it was \
written and as it went out.

## What each takes

`?`: it varies by model, or is not confirmed.

"""

MATRIX = """
## Every lesson at every provider

Each provider was played on this computer by a stand-in that refuses what the table above says it \
refuses, in front of the practice model. So this shows that the kit keeps to the table, not that \
the table is true: `python3 kit.py check-key` asks the real provider. Providers that are played \
alike share a column. A number is the cells that ran; every cell that was skipped is listed below.

"""

ABILITIES = {
    "images": "images",
    "image_urls": "images by address",
    "json_object": "json_object",
    "json_schema": "json_schema",
    "json_while_streaming": "JSON in a stream",
    "tools": "tools",
    "responses": "Responses",
}
MARKS = {True: "yes", False: "no", None: "?"}

Results = dict[str, dict[str, list[list[Any]]]]
"""By lesson and dialect: what became of each code cell."""


def stored() -> Results:
    """Return the results of the last runs."""
    found: Results = json.loads(RESULTS.read_text("utf-8")) if RESULTS.exists() else {}
    return found


def store(lesson: str, dialect: str, cells: Iterable[Cell]) -> None:
    """Keep the result of a run, in the place of an older one."""
    results = stored()
    results.setdefault(lesson, {})[dialect] = [list(cell) for cell in cells]
    # A line for each run, so that a change of one is read as one.
    runs = {
        name: ",\n".join(
            f"    {json.dumps(played)}: {json.dumps(cells, ensure_ascii=False)}"
            for played, cells in sorted(by_dialect.items())
        )
        for name, by_dialect in sorted(results.items())
    }
    text = ",\n".join(f"  {json.dumps(name)}: {{\n{lines}\n  }}" for name, lines in runs.items())
    write_whole(RESULTS, f"{{\n{text}\n}}\n", mode=0o644)


def page(results: Results) -> str:
    """Return the text of the page."""
    rows = [row for row in all_providers().values() if row.id != "practice"]
    heads = ["provider", "default model", *ABILITIES.values(), "thinks first"]
    heads += ["changed on the way", "checked"]
    lines = [HEAD + _table(heads, [_facts(row) for row in rows]) + MATRIX]
    groups = dialects()
    names = {first: ", ".join(row.name for row in rows) for first, rows in groups.items()}
    lessons = [(name, runs) for name, runs in sorted(results.items())]
    body = [[name, *(_cell(runs.get(first)) for first in groups)] for name, runs in lessons]
    lines.append(_table(["lesson", *names.values()], body))
    lines.append("\n## Cells that were skipped\n\n")
    for name, runs in lessons:
        for first in groups:
            found = Counter(reason for _, state, reason in runs.get(first, []) if state != "ran")
            for reason, count in found.items():
                cells = "1 cell" if count == 1 else f"{count} cells"
                lines.append(f"- {name}, {names[first]}: {cells}, {reason}\n")
    return "".join(lines)


def write() -> None:
    """Write the page anew from the stored results."""
    write_whole(PAGE, page(stored()), mode=0o644)


def _facts(row: Provider) -> list[str]:
    """Return the cells of a provider."""
    model = f"`{row.model}`" if row.model else "yours to name"
    abilities = [MARKS[getattr(row, name)] for name in ABILITIES]
    abilities.append({"no": "no", "default": "by default", None: "?"}.get(row.thinking, "always"))
    return [row.name, model, *abilities, "; ".join(changes(row)) or "nothing", str(row.checked)]


def _cell(cells: list[list[Any]] | None) -> str:
    """Return a run in a few words."""
    if cells is None:
        return ""
    states = Counter(state for _, state, _ in cells)
    others = [f"{states[state]} {state}" for state in ("skipped", "failed") if states[state]]
    return ", ".join([str(states["ran"]), *others])


def _table(heads: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)
