"""The words that the build writes into notebooks or looks for in them, by language."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path


def words(key: str, lang: str, **filled: object) -> str:
    """Return a text of texts.toml in a language (``en``, ``zh``), filled in."""
    return all_words()[key][lang].lstrip("\n").format(**filled)


@cache
def all_words() -> dict[str, dict[str, str]]:
    """Return every text by its name and its language."""
    return tomllib.loads(Path(__file__).with_name("texts.toml").read_text("utf-8"))
