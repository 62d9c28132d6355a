"""`python3 kit.py test --live [lesson …]`: the lessons against the provider in .env.

Each call is a real one and costs money. Prints what became of each cell, then calls, tokens and
list price of each lesson; stops at `--budget` dollars, or at `--tokens` where no price is known.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion

from helpers import connect, current_model
from helpers.connection.settings import settings_of
from helpers.cost import dollars, list_price
from helpers.errors import FirstCallError
from tools.dialects.matrix import run_at
from tools.live.meter import Meter, Spent
from tools.notebooks.lesson import NOTEBOOKS, sources
from tools.notebooks.rules import LessonError

BUDGET = 0.5
"""Dollars: some times what all lessons cost at the list price of a small model."""
TOKENS = 300_000


def main(arguments: list[str] | None = None, notebooks: Path = NOTEBOOKS) -> int:
    """Run the lessons; return 1 where a cell failed or the budget was spent."""
    parser = argparse.ArgumentParser(prog="kit.py test --live", description=__doc__)
    parser.add_argument("lessons", nargs="*", metavar="lesson", help="such as 02; none: all")
    parser.add_argument("--budget", type=float, default=BUDGET, help="dollars (default: 0.50)")
    parser.add_argument("--tokens", type=int, default=TOKENS, help="default: 300,000")
    chosen = parser.parse_args(arguments)
    try:
        names = [source.stem for source in sources(chosen.lessons)]
        client = connect()
        its = settings_of(client)
        if its.mode == "practice" or its.api_key is None:
            print("There is no key in .env, so nothing can be live.", file=sys.stderr)
            return 1
        model = current_model(client)
    except (LessonError, FirstCallError) as error:
        print(error, file=sys.stderr)
        return 1

    def price(name: str, usage: CompletionUsage) -> float | None:
        reply = ChatCompletion.model_construct(model=name, usage=usage, choices=[])
        return list_price(reply, client)

    def is_over(spent: Spent) -> bool:
        return spent.dollars >= chosen.budget or (
            spent.unknown > 0 and spent.tokens_in + spent.tokens_out >= chosen.tokens
        )

    failed = 0
    key = its.api_key.get_secret_value()
    with Meter(its.base_url, key, price, is_over) as meter:
        for name in names:
            before = replace(meter.spent)
            notebook = notebooks / f"{name}.ipynb"
            cells = run_at(notebook, its.provider, meter.base_url, meter.key, model)
            print(f"{name} · {_line(meter.spent.since(before))}")
            for cell in cells:
                if cell.state != "ran":
                    print(f"  cell {cell.number} {cell.state}: {cell.reason}")
            print(f"  {sum(cell.state == 'ran' for cell in cells)} of {len(cells)} cells ran")
            failed += sum(cell.state == "failed" for cell in cells)
            if is_over(meter.spent):
                print(f"Stopped: the budget is spent. In all: {_line(meter.spent)}")
                return 1
        print(f"In all: {_line(meter.spent)}")
    return 1 if failed else 0


def _line(spent: Spent) -> str:
    price = dollars(spent.dollars)
    if spent.unknown:
        price += f" and {spent.unknown} calls without a known price"
    return f"{spent.calls} calls · {spent.tokens_in} tokens in · {spent.tokens_out} out · {price}"


if __name__ == "__main__":
    sys.exit(main())
