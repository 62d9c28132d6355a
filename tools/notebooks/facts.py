"""Facts that a lesson takes from the data, so that its text cannot fall behind.

A markdown cell writes ``{{practice.name}}``; the build puts the default practice model's in.
"""

from __future__ import annotations

import re

from practice.process.models import default_model
from tools.notebooks.rules import LessonError
from tools.notebooks.texts import words


MILLIONS = {"en": 1, "zh": 100}
"""How many of them the language counts in: 494 million are 4.94 亿."""


def filled(text: str, lang: str) -> str:
    """Return a markdown text with its facts put in. Raises LessonError for an unknown one."""
    known = practice_facts(lang)

    def fact(found: re.Match[str]) -> str:
        if found[1] not in known:
            raise LessonError(f"There is no fact {found[0]}. There are: {', '.join(known)}.")
        return known[found[1]]

    return re.sub(r"\{\{\s*([\w.]+)\s*\}\}", fact, text)


def practice_facts(lang: str) -> dict[str, str]:
    """Return what is known of the model that the stored outputs come from, in a language."""
    model = default_model()
    speaks = [words(language.lower(), lang) for language in model.languages]
    return {
        "practice.name": model.name,
        "practice.parameters": words("parameters", lang, number=model.parameters / MILLIONS[lang]),
        "practice.size": f"{model.runs.size / 1e6:,.0f} MB",
        "practice.languages": words("and", lang).join(speaks),
    }
