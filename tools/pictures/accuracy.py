"""How much of the receipts somebody has read right."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .receipts import ANSWERS


def known_answers(answers: Path = ANSWERS) -> list[tuple[Path, dict[str, Any]]]:
    """Return each receipt's picture and its known answer (shop, date, currency, items, total).

    A receipt that cannot come out right has the reason in ``fails``; for the others it is None.
    """
    known = json.loads(answers.read_text("utf-8"))
    return [(answers.parent / name, answer) for name, answer in known.items()]


def score(answer: Mapping[str, Any], extracted: Mapping[str, Any] | None) -> tuple[int, int]:
    """Return (fields right, fields asked) for one receipt; see `fields`."""
    found = fields(answer, extracted)
    return sum(found.values()), len(found)


def fields(answer: Mapping[str, Any], extracted: Mapping[str, Any] | None) -> dict[str, bool]:
    """Return for each field of a receipt whether `extracted` has it right.

    The fields are shop, date, currency, total, the number of items and the price of each item.
    The shop may stand in one of its two languages; case and spaces do not count. None: nothing
    was extracted.
    """
    found = extracted or {}
    items = found.get("items")
    items = items if isinstance(items, list) else []
    right = {
        "shop": _same_shop(str(answer["shop"]), str(found.get("shop", ""))),
        "date": str(found.get("date", "")).strip() == answer["date"],
        "currency": str(found.get("currency", "")).strip().upper() == answer["currency"],
        "total": _same_amount(answer["total"], found.get("total")),
        "number of items": len(items) == len(answer["items"]),
    }
    prices = [item.get("price") for item in items if isinstance(item, dict)]
    for item in answer["items"]:
        # Each price that was read counts for one item only.
        same = [place for place, price in enumerate(prices) if _same_amount(item["price"], price)]
        right[f"price of {item['name']}"] = bool(same)
        if same:
            del prices[same[0]]
    return right


def _same_shop(known: str, said: str) -> bool:
    known, said = ("".join(text.split()).lower() for text in (known, said))
    latin = "".join(letter for letter in known if letter.isascii())
    other = "".join(letter for letter in known if not letter.isascii())
    return bool(said) and said in (known, latin, other)


def _same_amount(known: float, said: object) -> bool:
    try:
        return abs(float(str(said)) - known) < 0.005
    except ValueError:
        return False
