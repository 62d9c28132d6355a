"""The receipts of both editions: what they say, and what must go wrong with some of them."""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType

import pytest

from tools.pictures import chinese
from tools.pictures import receipts as english
from tools.pictures.accuracy import known_answers, score

EDITIONS = pytest.mark.parametrize("edition", [english, chinese], ids=["en", "zh"])


@EDITIONS
def test_each_picture_has_its_answer(edition: ModuleType) -> None:
    known = known_answers(edition.ANSWERS)
    assert [path.name for path, _ in known] == [f"receipt-{n:02}.png" for n in range(1, 15)]
    assert {path for path, _ in known} == set(edition.ANSWERS.parent.glob("*.png"))
    for (_, answer), receipt in zip(known, edition.RECEIPTS, strict=True):
        assert (answer["shop"], answer["total"]) == (receipt.shop, receipt.total)
        assert answer["date"].startswith("2026-11-")
        assert answer["fails"] == (receipt.fails or None)
        assert score(answer, answer) == (5 + len(answer["items"]), 5 + len(answer["items"]))


@EDITIONS
def test_one_is_printed_wrongly_and_one_is_blurred(edition: ModuleType) -> None:
    known = {path.stem: answer for path, answer in known_answers(edition.ANSWERS)}
    wrong = [
        name
        for name, answer in known.items()
        if round(sum(item["price"] for item in answer["items"]), 2) != answer["total"]
    ]
    assert wrong == ["receipt-09"]
    assert [name for name, answer in known.items() if answer["fails"]] == [*wrong, "receipt-12"]


def test_the_chinese_ones_are_in_chinese_and_most_in_yuan() -> None:
    currencies = [receipt.currency for receipt in chinese.RECEIPTS]
    assert currencies.count("CNY") == 11
    for receipt in (*chinese.RECEIPTS, chinese.WORKED):
        assert not receipt.shop.isascii()
        assert not any(name.isascii() for name, _ in receipt.items)


def test_the_worked_example_has_its_answer() -> None:
    shown = json.loads(chinese.EXAMPLE.with_suffix(".json").read_text("utf-8"))
    assert (shown["shop"], shown["total"]) == (chinese.WORKED.shop, chinese.WORKED.total)


def test_the_eye_reads_chinese_receipts_and_the_menu() -> None:
    for name in ("01", "11"):
        path = chinese.ANSWERS.parent / f"receipt-{name}.png"
        receipt = chinese.RECEIPTS[int(name) - 1]
        read = _read(path)
        for words in (receipt.shop, receipt.date, receipt.currency, f"{receipt.total:.2f}"):
            assert words in read
    assert "饺子 22元" in _read(chinese.MENU_FILE)
    assert _read(chinese.ANSWERS.parent / "receipt-12.png") == ""


def _read(path: Path) -> str:
    from helpers import image_part
    from practice.eye import reader, source

    picture = source.load(image_part(path)["image_url"]["url"], detail="auto")
    return reader.text(picture)
