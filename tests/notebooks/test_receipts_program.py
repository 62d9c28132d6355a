"""``receipts.py``, the program that lesson 07 writes for the learner to take home, in both languages."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

import httpx2
import jupytext
import openai
import pytest

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "notebooks" / "pictures" / "receipts"
GOOD = {
    "shop": "GREEN MARKET",
    "date": "2026-11-03",
    "currency": "EUR",
    "total": 7.0,
    "items": [{"name": "Apples", "price": 7.0}],
}


SUMS = {
    "en": "The items add up to 7.0, the total is 9.0.",
    "zh": "各项加起来是 7.0，合计是 9.0。",
}


@pytest.fixture(params=SUMS)
def lang(request: pytest.FixtureRequest) -> str:
    found: str = request.param
    return found


@pytest.fixture
def main(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lang: str) -> FunctionType:
    """The function ``main`` of the program, as the lesson has it in a language."""
    cells = jupytext.read(ROOT / "lessons" / "07_receipts.py", fmt="py:percent").cells
    (written,) = [
        cell.source
        for cell in cells
        if cell.source.startswith("%%writefile receipts.py\n") and cell.metadata["lang"] == lang
    ]
    program: dict[str, Any] = {"__name__": "receipts"}
    exec(compile(written.partition("\n")[2], "receipts.py", "exec"), program)
    monkeypatch.setenv("OPENAI_MODEL", "a-model")
    monkeypatch.chdir(tmp_path)
    found: FunctionType = program["main"]
    return found


def play(main: FunctionType, *answers: dict[str, Any] | int) -> list[str]:
    """Let the program's client give these answers; returns the system messages it will send."""
    left, sent = list(answers), []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(json.loads(request.content)["messages"][0]["content"])
        now = left.pop(0)
        if isinstance(now, int):
            return httpx2.Response(now, json={"error": {"message": "no"}})
        message = {"role": "assistant", "content": json.dumps(now)}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        whole = {"id": "1", "object": "chat.completion", "created": 1, "model": "a-model"}
        return httpx2.Response(200, json=whole | {"choices": [choice]})

    make: Callable[..., openai.OpenAI] = lambda **_: openai.OpenAI(  # noqa: E731
        api_key="a-key",
        max_retries=0,
        http_client=httpx2.Client(transport=httpx2.MockTransport(answer)),
    )
    main.__globals__["OpenAI"] = make
    return sent


def lines(path: str = "receipts.csv") -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_it_goes_on_where_it_stopped(main: FunctionType) -> None:
    play(main, GOOD, GOOD, GOOD)
    main(PICTURES, most=2)
    main(PICTURES, most=1)
    assert [line["picture"] for line in lines()] == [f"receipt-0{n}.png" for n in (1, 2, 3)]
    assert {line["shop"] for line in lines()} == {"GREEN MARKET"}
    assert {line["problem"] for line in lines()} == {""}


def test_the_second_try_says_what_was_wrong(main: FunctionType, lang: str) -> None:
    sent = play(main, GOOD | {"total": 9.0}, GOOD)
    main(PICTURES, most=1)
    assert SUMS[lang] in sent[1]
    assert lines()[0]["problem"] == ""


def test_what_stays_wrong_has_its_reason(main: FunctionType, lang: str) -> None:
    play(main, GOOD | {"total": 9.0}, GOOD | {"total": 9.0})
    main(PICTURES, most=1)
    (line,) = lines()
    assert (line["total"], line["problem"]) == ("9.0", SUMS[lang])


def test_a_wrong_key_ends_it_and_is_no_receipts_fault(main: FunctionType) -> None:
    play(main, GOOD, 401)
    with pytest.raises(openai.AuthenticationError):
        main(PICTURES, most=2)
    assert len(lines()) == 1
