"""How many fields of the kit's own receipts practice mode reads right, and how long one takes.

The English ones and the Chinese ones, with the words of lesson 07 in that language. Each picture
goes through the service as in the lesson: a picture in, a strict schema out. Once for the four
fields of the head, with no example; once with the items, after one worked example. The small model
often lists the total as one more item, so items of that name are left out.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openai import APIError, OpenAI

from helpers import image_part
from practice.process import launcher
from tools.pictures import chinese
from tools.pictures import receipts as english
from tools.pictures.accuracy import fields, known_answers

from .figure import Figure, median

HEAD = {
    "shop": {"type": "string"},
    "date": {"type": "string"},
    "currency": {"type": "string", "enum": ["EUR", "USD", "GBP", "CNY"]},
    "total": {"type": "number"},
}
ITEM = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "price": {"type": "number"}},
    "required": ["name", "price"],
    "additionalProperties": False,
}
ITEMS = {"items": {"type": "array", "items": ITEM, "maxItems": 10}}


@dataclass(frozen=True)
class Receipts:
    """The receipts of one edition, and what is said to the model about them."""

    name: str
    answers: Path
    example: Path
    system: str
    user: str


EDITIONS = (
    Receipts(
        "receipts",
        english.ANSWERS,
        english.EXAMPLE,
        "Read the receipt and reply in JSON.",
        "Here is the receipt.",
    ),
    Receipts(
        "receipts in Chinese",
        chinese.ANSWERS,
        chinese.EXAMPLE,
        "读小票，用 JSON 回复。",
        "这是小票。",
    ),
)


def figures() -> Iterator[Figure]:
    """Shares of fields right over the receipts that can come out right, and seconds for each."""
    service = launcher.ensure_running()
    client = OpenAI(api_key=service.key, base_url=service.base_url, timeout=120)
    for edition in EDITIONS:
        yield from _figures(client, service.model, edition)


def _figures(client: OpenAI, model: str, edition: Receipts) -> Iterator[Figure]:
    known = known_answers(edition.answers)
    readable = [(path, answer) for path, answer in known if answer["fails"] is None]
    shown = json.loads(edition.example.with_suffix(".json").read_text("utf-8"))
    # In the order in which they stand on the receipt.
    whole = {name: (HEAD | ITEMS)[name] for name in ("shop", "date", "currency", "items", "total")}
    for what, properties, example in (
        ("head", HEAD, None),
        ("head and items, one example", whole, shown),
    ):
        right: list[bool] = []
        rows = 0
        seconds = []
        for path, answer in readable:
            began = time.perf_counter()
            read = _read(client, model, edition, path, properties, example)
            seconds.append(time.perf_counter() - began)
            found = fields(answer, read)
            if "items" not in properties:
                found = {name: found[name] for name in properties}
            right += found.values()
            rows += all(found.values())
        name = f"{edition.name}, {what}"
        yield Figure(f"{name}: fields right", 100 * sum(right) / len(right), "%")
        yield Figure(f"{name}: all of one right", 100 * rows / len(readable), "%")
        yield Figure(f"{name}: one receipt", median(seconds), "s")


def _read(
    client: OpenAI,
    model: str,
    edition: Receipts,
    path: Path,
    properties: dict[str, Any],
    example: dict[str, Any] | None,
) -> dict[str, Any] | None:
    schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    messages: list[Any] = [{"role": "system", "content": edition.system}]
    if example is not None:
        reply = json.dumps({name: example[name] for name in properties}, ensure_ascii=False)
        messages += [
            _question(edition, edition.example),
            {"role": "assistant", "content": reply},
        ]
    messages.append(_question(edition, path))
    try:
        found = client.chat.completions.create(
            model=model,
            messages=messages,
            response_format={
                "type": "json_schema",
                "json_schema": {"name": "receipt", "strict": True, "schema": schema},
            },
            temperature=0,
            max_completion_tokens=300,
        )
        read: dict[str, Any] = json.loads(found.choices[0].message.content or "")
    except (APIError, ValueError):
        return None
    if "items" in read:
        read["items"] = [item for item in read["items"] if not _is_total(item["name"])]
    return read


def _is_total(name: str) -> bool:
    return name.strip().lower().startswith(("total", "合计"))


def _question(edition: Receipts, path: Path) -> dict[str, Any]:
    text = {"type": "text", "text": edition.user}
    return {"role": "user", "content": [text, image_part(path)]}
