"""`bench receipts`: both editions are counted, each with its own words."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from helpers import image_part
from tools.bench import receipts
from tools.pictures.accuracy import known_answers


class Reader:
    """Stands in for the SDK's client: reads each receipt right but for the shops named `missed`."""

    def __init__(self, edition: receipts.Receipts, missed: str = "") -> None:
        self.answers = {
            image_part(path)["image_url"]["url"]: answer
            for path, answer in known_answers(edition.answers)
        }
        self.missed = missed
        self.said: list[str] = []
        self.chat = SimpleNamespace(completions=SimpleNamespace(create=self.create))

    def create(self, *, messages: list[Any], **request: Any) -> Any:
        text, picture = messages[-1]["content"]
        self.said += [messages[0]["content"], text["text"]]
        answer = dict(self.answers[picture["image_url"]["url"]])
        if self.missed and self.missed in answer["shop"]:
            answer["shop"] = "?"
        message = SimpleNamespace(content=json.dumps(answer))
        return SimpleNamespace(choices=[SimpleNamespace(message=message)])


@pytest.mark.parametrize("edition", receipts.EDITIONS, ids=lambda edition: str(edition.name))
def test_the_share_of_fields(edition: receipts.Receipts) -> None:
    reader: Any = Reader(edition)
    found = list(receipts._figures(reader, "m", edition))
    assert [figure.value for figure in found if figure.unit == "%"] == [100] * 4
    assert set(reader.said) == {edition.system, edition.user}
    shop = known_answers(edition.answers)[0][1]["shop"]
    head = next(receipts._figures(Reader(edition, shop), "m", edition))  # type: ignore[arg-type]
    assert head.what == f"{edition.name}, head: fields right"
    assert head.value == pytest.approx(100 * 47 / 48)


def test_the_lesson_says_the_same_words() -> None:
    lesson = (Path(__file__).parents[3] / "lessons" / "07_receipts.py").read_text("utf-8")
    for edition in receipts.EDITIONS:
        assert f'"{edition.system}"' in lesson
        assert f'"{edition.user}"' in lesson
