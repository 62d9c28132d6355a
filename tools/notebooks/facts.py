"""Facts that a lesson takes from the data, so that its text cannot fall behind.

A markdown cell writes ``{{practice.name}}``; the build puts the default practice model's in.
"""

from __future__ import annotations

import re

from practice.process.models import default_model
from tools.notebooks.rules import LessonError


def filled(text: str) -> str:
    """Return a markdown text with its facts put in. Raises LessonError for an unknown one."""
    known = practice_facts()

    def fact(found: re.Match[str]) -> str:
        if found[1] not in known:
            raise LessonError(f"There is no fact {found[0]}. There are: {', '.join(known)}.")
        return known[found[1]]

    return re.sub(r"\{\{\s*([\w.]+)\s*\}\}", fact, text)


def practice_facts() -> dict[str, str]:
    """Return what is known of the model that the stored outputs come from."""
    model = default_model()
    return {
        "practice.name": model.name,
        "practice.parameters": f"{model.parameters} million",
        "practice.size": f"{model.runs.size / 1e6:,.0f} MB",
        "practice.languages": " and ".join(model.languages),
    }
