"""What the eye says about a picture, and that the kit's own pictures show what they claim."""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
import threading
import weakref
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from PIL import Image

from practice.eye import reader as eye
from practice.eye import request
from practice.eye.image import Picture, decode
from practice.wire.chat_request import ChatRequest
from tools.pictures import accuracy
from tools.pictures import draw as pictures


def _picture(path: str) -> Picture:
    return decode((pictures.PICTURES / path).read_bytes())


def _plain(colour: str) -> Picture:
    return Picture(Image.new("RGB", (60, 40), colour), "PNG", 60, 40)


def test_a_receipt_is_read_line_by_line() -> None:
    said = eye.describe([_picture("receipts/receipt-01.png")])
    assert said.startswith("Picture 1: PNG, 420 × 472 pixels. Main colours: white, black. Text")
    lines = said.splitlines()
    assert lines[1] == "Shop: GREEN MARKET"
    assert [line for line in lines if line.endswith("0")][:4] == [
        "Apples 2.40",
        "Bread 3.10",
        "Milk 1.50",
        "Total: 7.00",
    ]
    assert lines[-1] == eye.LIMITS


def test_a_turned_receipt_keeps_its_lines() -> None:
    said = eye.text(_picture("receipts/receipt-03.png"))
    assert "Pancakes 13.00\nCoffee 2.75\nOmelette 9.25" in said


def test_both_languages_are_read() -> None:
    said = eye.text(_picture("menu.png"))
    for chinese, english, price in pictures.MENU:
        assert f"{chinese} {english} ¥{price}" in said


def test_the_sign_and_the_chart() -> None:
    said = eye.describe([_picture("sign.png"), _picture("chart.png")])
    assert "light blue, dark green" in said
    assert "GREEN MARKET" in said
    for day, count in pictures.CHART.items():
        assert day in said.partition("Picture 2")[2]
        assert str(count) in said.partition("Picture 2")[2]
    assert said.count(eye.LIMITS) == 1


def test_no_text() -> None:
    assert eye.describe([_plain("white")]) == (
        f"Picture 1: PNG, 60 × 40 pixels. Main colours: white. No text found.\n\n{eye.LIMITS}"
    )
    assert eye.text(_picture("receipts/receipt-12.png")) == ""


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ("white", "white"),
        ("black", "black"),
        ("#d02020", "red"),
        ("maroon", "dark red"),
        ("royalblue", "blue"),
        ("navy", "dark blue"),
        ("#eeeeee", "white"),
        ("gray", "grey"),
        ("seagreen", "green"),
        ("gold", "yellow"),
        ("skyblue", "light blue"),
    ],
)
def test_colour_names(colour: str, name: str) -> None:
    assert eye.colours(_plain(colour).image) == [name]


def test_tiny_and_long_pictures() -> None:
    for size in ((1, 1), (2, 2048), (2048, 2)):
        assert eye.text(Picture(Image.new("RGB", size, "white"), "PNG", *size)) == ""


def test_many_threads_at_once_and_each_picture_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    really = eye._read

    def counted(image: Image.Image) -> Any:
        read.append(1)
        return really(image)

    monkeypatch.setattr(eye, "_read", counted)
    monkeypatch.setattr(eye, "_known", {})
    picture = _picture("sign.png")
    with ThreadPoolExecutor(6) as pool:
        said = set(pool.map(lambda _: eye.describe([picture]), range(6)))
    assert len(said) == len(read) == 1


def test_endless_text_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eye, "text", lambda _: "a line of a long page\n" * 500)
    said = eye.describe([_plain("white")])
    assert len(said) < eye.MOST_TEXT + 300
    assert "\n…\n" in said


def test_it_is_quiet_and_loads_nothing_from_outside() -> None:
    """In a process of its own: warnings are errors, nothing is printed, no network is asked for."""
    code = """
import sys
def refuse(event, arguments):
    if event.startswith("socket."):
        raise OSError("network")
sys.addaudithook(refuse)
from pathlib import Path
from practice.eye import reader as eye
assert "rapidocr" not in sys.modules and "onnxruntime" not in sys.modules
from practice.eye.image import decode
said = eye.text(decode(Path(sys.argv[1]).read_bytes()))
assert "GREEN MARKET" in said, said
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(pictures.PICTURES / "sign.png")],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_committed_pictures_are_those_of_the_answers() -> None:
    found = accuracy.known_answers()
    assert len(found) >= 12
    assert {path.name for path, _ in found} == {
        path.name for path in pictures.ANSWERS.parent.glob("*.png")
    }
    wrong = []  # the sums that are not the total
    for (path, answer), drawn in zip(found, pictures.RECEIPTS, strict=True):
        picture = decode(path.read_bytes())
        assert picture.format == "PNG"
        assert path.stat().st_size < 60_000
        assert (answer["shop"], answer["date"], answer["total"]) == (
            drawn.shop,
            drawn.date,
            drawn.total,
        )
        missing = abs(sum(item["price"] for item in answer["items"]) - answer["total"]) > 0.005
        wrong += [(answer["shop"], bool(answer["fails"]))] if missing else []
    assert wrong == [("PIZZA PRONTO", True)]
    assert sum(bool(answer["fails"]) for _, answer in found) == 2
    assert {answer["currency"] for _, answer in found} == {"EUR", "USD", "GBP", "CNY"}


def test_the_worked_example_is_none_of_the_receipts() -> None:
    shown = json.loads(pictures.EXAMPLE.with_suffix(".json").read_text("utf-8"))
    said = eye.text(decode(pictures.EXAMPLE.read_bytes()))
    assert f"Shop: {shown['shop']}" in said
    assert shown["shop"] not in {answer["shop"] for _, answer in accuracy.known_answers()}


def test_score() -> None:
    _, answer = accuracy.known_answers()[4]
    whole = len(accuracy.fields(answer, None))
    assert whole == 5 + len(answer["items"]) == 8
    assert accuracy.score(answer, answer) == (8, 8)
    assert accuracy.score(answer, None) == (0, 8)
    copy = json.loads(json.dumps(answer))
    assert accuracy.score(answer, copy | {"shop": "green tea shop"}) == (8, 8)
    assert accuracy.score(answer, {"total": "48", "currency": "cny", "items": []}) == (2, 8)
    assert accuracy.score(answer, {"total": None, "shop": "TEA", "items": "none"}) == (0, 8)
    # A price that was read once counts for one of two items that cost the same.
    twice = answer | {"items": [{"name": "Tea", "price": 4.0}, {"name": "Rice", "price": 4.0}]}
    right = accuracy.fields(twice, {"items": [{"name": "Rice", "price": 4.0}]})
    assert [name for name, yes in right.items() if yes] == ["price of Tea"]


def _asked(question: str, *urls: str) -> ChatRequest:
    parts = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    content = [{"type": "text", "text": question}, *parts]
    return ChatRequest.model_validate(
        {"model": "m", "messages": [{"role": "user", "content": content}]}
    )


def _url(path: str) -> str:
    raw = (pictures.PICTURES / path).read_bytes()
    return f"data:image/png;base64,{base64.b64encode(raw).decode()}"


def test_a_request_gets_the_names_in_its_language() -> None:
    for question, name in (("Which animal?", ": cat ("), ("这是什么动物?", ": cat 猫 (")):
        seen = asyncio.run(request.seen(_asked(question, _url("cat.jpg"))))
        assert name in seen.facts
        assert seen.texts == {0: f"{question}\n\n{seen.facts}"}
        assert seen.tokens == 180  # 451 x 300 pixels: 15 x 10 patches


def test_pictures_have_threads_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The usage page works in the loop's: it must not wait for pictures."""
    names = []
    monkeypatch.setattr(
        eye, "describe", lambda *_, **__: names.append(threading.current_thread().name) or ""
    )
    asyncio.run(request.seen(_asked("?", _url("sign.png"))))
    assert names[0].startswith("eye")


def test_the_text_of_twenty_receipts_fits() -> None:
    receipt = _picture("receipts/receipt-03.png")
    said = eye.describe([receipt] * 20)
    assert said.count("SUNRISE DINER") == 20
    assert said.count("…") == 20
    assert len(said) < 5000
    assert "…" not in eye.describe([receipt] * 2)


def test_no_more_than_two_pictures_are_held() -> None:
    kept: list[weakref.ref[Image.Image]] = []

    def many() -> Iterator[Picture]:
        for colour in ("red", "green", "blue", "white"):
            assert len([one for one in kept if one() is not None]) <= 1  # the one before
            image = Image.new("RGB", (60, 40), colour)
            kept.append(weakref.ref(image))
            yield Picture(image, "PNG", 60, 40)
            del image

    assert "Picture 4" in eye.describe(many())
