"""The words of the Chinese edition, and where a text says them in another way."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

GLOSSARY = Path(__file__).resolve().parents[2] / "lessons" / "glossary.toml"


class Term(NamedTuple):
    """A term of lessons/glossary.toml, which explains the fields."""

    en: str
    zh: str
    other: tuple[str, ...]
    always: bool
    wire: str


@cache
def terms(path: Path = GLOSSARY) -> tuple[Term, ...]:
    """Return all terms."""
    rows = tomllib.loads(path.read_text("utf-8"))["term"]
    return tuple(
        Term(
            row["en"],
            row["zh"],
            tuple(row.get("not", ())),
            row.get("always", False),
            row.get("wire", ""),
        )
        for row in rows
    )


def renderings(chinese: str) -> Iterator[str]:
    """Yield, in plain words, each rendering in a Chinese text that the glossary forbids.

    What stands in code marks keeps its own words.
    """
    text = _bare(chinese)
    for term in terms():
        for pattern in term.other:
            if found := re.search(pattern, text):
                yield f"“{found[0]}” stands where the glossary has “{term.zh}” ({term.en})"


def missing(english: str, chinese: str) -> Iterator[str]:
    """Yield the terms that mean one thing only, stand in the English text, and have no twin."""
    text = _bare(english).lower()
    for term in terms():
        if not term.always or not re.search(rf"\b{re.escape(term.en.lower())}s?\b", text):
            continue
        words = [term.zh, *([term.wire] if term.wire else [])]
        if not any(word.lower() in chinese.lower() for word in words):
            yield f"the English has “{term.en}”, the Chinese has no “{term.zh}” (glossary)"


def _bare(text: str) -> str:
    """Return a text without code and without the addresses of its links."""
    text = re.sub(r"^(```|~~~).*?^\1|`[^`\n]*`", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"\]\([^)]*\)", "]", text)
