"""`python3 kit.py bench [group …]`: print every figure and fail when a limit is missed.

Groups run one after the other on an otherwise quiet machine. `class`, `install`, `lessons`,
`mutants`, `quality` and `slots` take minutes to hours, so they run only when they are named.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

GROUPS = {
    "start": "cold start, memory, import time",
    "overhead": "the service against the same engine called directly",
    "crowd": "8 and 32 clients at once against the same engine called directly",
    "load": "tokens per second alone and while other processes take every core",
    "fuzz": "100,000 malformed requests against the parser and the rules",
    "receipts": "fields of the kit's own receipts that practice mode reads right",
    "quality": "short tasks in English and Chinese that a practice model gets right",
    "class": "30 learners at one service, at reading pace and all at once",
    "lessons": "tokens that a learner uses for each lesson, exercises solved",
    "mutants": "small harmful changes that the tests do not notice",
    "slots": "memory and throughput by the number of slots (what SLOTS is chosen from)",
    "install": "fresh clone to first reply against plain pip (downloads packages)",
}
MODULES = {"class": "classroom"}  # a word of the language cannot be a module
ASKED_ONLY = {"class", "install", "lessons", "mutants", "quality", "slots"}


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="kit.py bench",
        description=__doc__.splitlines()[0],
        epilog="groups: " + "; ".join(f"{name}: {what}" for name, what in GROUPS.items()),
    )
    parser.add_argument("groups", nargs="*", metavar="group")
    quality = parser.add_argument_group("quality")
    quality.add_argument(
        "--model",
        action="append",
        type=Path,
        default=[],
        metavar="GGUF",
        help="a model to measure instead of the one in force; may be given several times",
    )
    quality.add_argument("--show", action="store_true", help="list the tasks that failed")
    chosen = parser.parse_args()
    names = chosen.groups or [name for name in GROUPS if name not in ASKED_ONLY]
    unknown = [name for name in names if name not in GROUPS]
    if unknown:
        parser.error(f"no group called {unknown[0]!r}; there are {', '.join(GROUPS)}")
    if (chosen.model or chosen.show) and "quality" not in names:
        parser.error("--model and --show belong to the group quality")
    if missing := [path for path in chosen.model if not path.is_file()]:
        parser.error(f"there is no file {missing[0]}")

    print(
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, "
        f"Python {platform.python_version()}"
    )
    missed = 0
    for name in names:
        print(f"\n{name}: {GROUPS[name]}", flush=True)
        options: dict[str, Any] = {}
        if name == "quality":
            options = {"models": chosen.model, "show": chosen.show}
        module = MODULES.get(name, name)
        for figure in import_module(f"tools.bench.{module}").figures(**options):
            print(figure.line(), flush=True)
            missed += not figure.kept
    print(f"\n{missed} limits missed" if missed else "\nevery limit kept")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
