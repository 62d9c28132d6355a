"""The ledger and the usage page: what is counted, the credit's states, and broken files."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI

from helpers import connect, explain, usage_page
from practice.ledger import page as usage
from practice.ledger.ledger import Call, Credit, Ledger
from practice.process.launcher import Service
from practice.process.models import chosen
from practice.wire.pieces import Piece, Usage

MODEL = chosen().id


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    one = Ledger(tmp_path / "ledger.sqlite3")
    yield one
    one.close()


def call(prompt: int = 100, completion: int = 20, **more: Any) -> Call:
    one = Call("/v1/chat/completions", MODEL, False, None, **more)
    one.see(Piece(0, "Hello", finish_reason="stop"))
    one.see(Usage(prompt, completion))
    return one


def drain(ledger: Ledger) -> None:
    """Wait until all is written."""
    ledger._pool.submit(lambda: None).result(10)


def rows(ledger: Ledger) -> list[tuple[Any, ...]]:
    return ledger.read(("SELECT * FROM calls ORDER BY at", ()))[0]


def test_a_call_is_written_down_with_its_list_price(ledger: Ledger) -> None:
    ledger.record(call(1000, 100))
    (row,) = rows(ledger)
    # gpt-5.4-mini: $0.75 and $4.50 a million tokens in November 2026.
    assert row[3:7] == (1000, 100, pytest.approx(0.00075 + 0.00045), "stop")
    assert ledger.credit().spent == pytest.approx(0.0012)


def test_a_call_that_was_left_has_no_tokens_and_costs_nothing(ledger: Ledger) -> None:
    one = Call("/v1/responses", MODEL, True, None)
    one.see(Piece(0, "Hel"))
    ledger.record(one)
    (row,) = rows(ledger)
    assert row[3:7] == (None, None, None, "left by the client")
    assert ledger.credit().spent == 0


def test_the_credit_survives_a_restart(tmp_path: Path) -> None:
    first = Ledger(tmp_path / "a")
    first.record(call(1_000_000, 0))
    first.close()
    second = Ledger(tmp_path / "a")
    assert len(rows(second)) == 1
    assert second.credit().left == pytest.approx(4.25)
    second.close()


def test_the_three_states(ledger: Ledger) -> None:
    assert ledger.credit().state == "unused"
    ledger.use_up()
    assert ledger.credit().state == "used up"
    ledger.top_up()
    assert ledger.credit().state == "unused"
    ledger.expire()
    assert ledger.credit().state == "expired"
    assert ledger.credit().left == 5


def test_spending_uses_it_up(ledger: Ledger) -> None:
    ledger.record(call(7_000_000, 0))
    assert len(rows(ledger)) == 1
    assert ledger.credit().state == "used up"
    assert ledger.credit().left == 0


def test_credit_runs_out_by_the_clock() -> None:
    assert Credit(5, 0, time.time() + 60).state == "unused"
    assert Credit(5, 0, time.time() - 60).state == "expired"


@pytest.mark.parametrize("content", [b"not a database at all, but long enough" * 100, b"SQLite"])
def test_a_broken_file_is_set_aside(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "ledger.sqlite3"
    file.write_bytes(content)
    ledger = Ledger(file)
    ledger.record(call())
    assert len(rows(ledger)) == 1
    assert ledger.trouble is None
    ledger.close()
    (aside,) = tmp_path.glob("*.broken-*")
    assert aside.read_bytes() == content


def test_a_folder_that_cannot_be_written_is_said_and_hurts_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ledger = Ledger(tmp_path / "file" / "ledger.sqlite3")
    ledger.record(call())
    assert rows(ledger) == []
    assert "unable to open" in ledger.trouble or "exists" in ledger.trouble
    assert ledger.credit().state == "unused"
    assert "Not everything is here" in usage.usage_page(ledger, "token")
    ledger.use_up()
    ledger.close()


def test_a_full_disk_is_said_and_comes_right_again(ledger: Ledger) -> None:
    assert rows(ledger) == []
    assert ledger._file is not None
    ledger._file.execute("PRAGMA max_page_count = 1")  # as SQLite meets a full disk
    for _ in range(200):
        ledger.record(call())
        drain(ledger)
        if ledger.trouble:
            break
    assert ledger.trouble == "database or disk is full"
    written = len(rows(ledger))  # opened again, without the limit
    ledger.record(call())
    assert len(rows(ledger)) == written + 1
    assert ledger.trouble is None


@pytest.mark.parametrize("readable", [True, False])
def test_a_locked_ledger_answers_quickly_and_loses_nothing(
    ledger: Ledger, readable: bool, tmp_path: Path
) -> None:
    ledger.record(call())
    assert len(rows(ledger)) == 1
    if not readable:
        ledger.close()
        ledger.__init__(tmp_path / "ledger.sqlite3")  # type: ignore[misc]
    other = sqlite3.connect(tmp_path / "ledger.sqlite3", isolation_level=None)
    if not readable:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        drain(ledger)
        ledger._pool.submit(ledger._close).result(10)
    other.execute("BEGIN EXCLUSIVE")
    for _ in range(40):
        ledger.record(call())
    began = time.monotonic()
    for _ in range(2):  # reading does not make the warning go away
        page = usage.usage_page(ledger, "token")
        assert "database is locked" in page
        assert "Not written down yet, but kept: 40\n" in page
        assert "Lost" not in page
    ledger.use_up()  # a button
    assert time.monotonic() - began < 8
    other.execute("ROLLBACK")
    other.close()
    time.sleep(0.6)
    assert len(rows(ledger)) == 41
    assert "Not everything" not in usage.usage_page(ledger, "token")
    assert ledger.credit().spent == pytest.approx(41 * (0.000075 + 0.00009))


def test_the_page_says_what_was_lost(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("practice.ledger.ledger.MOST_WAITING", 3)
    assert rows(ledger) == []
    other = sqlite3.connect(tmp_path / "ledger.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for _ in range(5):
        ledger.record(call())
    drain(ledger)
    other.execute("ROLLBACK")
    other.close()
    time.sleep(0.6)
    assert len(rows(ledger)) == 3
    for _ in range(3):
        page = usage.usage_page(ledger, "token")
        assert "Lost since the service began: 2\ncalls" in page
        assert "Not written down yet" not in page


def test_a_ledger_that_ends_while_locked_tries_once_more(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one = Ledger(tmp_path / "l")
    drain(one)
    other = sqlite3.connect(tmp_path / "l", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for _ in range(3):
        one.record(call())
    drain(one)
    other.execute("ROLLBACK")
    one.close()
    assert other.execute("SELECT count(*) FROM calls").fetchone() == (3,)
    other.close()
    assert len(caplog.records) == 1  # and the log says it once


def test_a_clock_that_jumps_breaks_nothing(ledger: Ledger) -> None:
    ledger.record(call(at=time.time() + 10 * 365 * 86_400))
    ledger.record(call(at=0.0))
    ledger.record(call(at=1e15))
    assert "Usage" in usage.usage_page(ledger, "token")


def test_two_services_of_one_user_share_a_file(tmp_path: Path) -> None:
    one, other = Ledger(tmp_path / "l"), Ledger(tmp_path / "l")
    for _ in range(20):
        one.record(call(100_000, 0))
        other.record(call(100_000, 0))
    one.close()
    other.close()
    file = sqlite3.connect(tmp_path / "l")
    assert file.execute("SELECT count(*) FROM calls").fetchone() == (40,)
    assert file.execute("SELECT spent FROM credit").fetchone()[0] == pytest.approx(40 * 0.075)
    file.close()


def test_the_page_escapes_what_it_shows(ledger: Ledger) -> None:
    one = call()
    one.model = "<script>alert(1)</script>"
    ledger.record(one)
    page = usage.usage_page(ledger, "token")
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


# Over real HTTP.


def fetch(address: str, form: dict[str, str] | None = None, **headers: str) -> tuple[int, str]:
    data = urllib.parse.urlencode(form).encode() if form else None
    request = urllib.request.Request(address, data, headers)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def press(address: str, action: str, **headers: str) -> tuple[int, str]:
    """Press a button of the usage page, as its browser would."""
    return fetch(f"{address}/credit", {"do": action, "token": token(address)}, **headers)


def token(address: str) -> str:
    return re.findall(r'name="token" value="([^"]{30,})"', fetch(address)[1])[0]


def today(page: str) -> list[int]:
    """Calls, tokens in and tokens out of today, as the page shows them."""
    part = page.split("<h2>Today</h2>")[1].split("<h2>")[0]
    return [int(found.replace(",", "")) for found in re.findall(r'"n">([\d,]+)</td>', part)[:3]]


def test_the_page_counts_what_the_replies_say(service: Service) -> None:
    address = service.base_url.removesuffix("/v1") + "/usage"
    before = today(fetch(address)[1])
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0) as client:
        reply = client.chat.completions.create(
            model=MODEL,
            messages=[{"role": "user", "content": "Hi"}],
            max_completion_tokens=5,
        )
    assert reply.usage is not None
    after = today(fetch(address)[1])
    used = [1, reply.usage.prompt_tokens, reply.usage.completion_tokens]
    assert [new - old for new, old in zip(after, before, strict=True)] == used


def test_streams_are_counted_too(service: Service) -> None:
    address = service.base_url.removesuffix("/v1") + "/usage"
    before = today(fetch(address)[1])
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0) as client:
        chat = client.chat.completions.create(
            model=MODEL,
            messages=[{"role": "user", "content": "Hi"}],
            max_completion_tokens=5,
            stream=True,
            stream_options={"include_usage": True},
        )
        used = [chunk.usage for chunk in chat][-1]
        assert used is not None
        for event in client.responses.create(
            model=MODEL, input="Hi", max_output_tokens=16, stream=True
        ):
            last = event
    assert last.type in ("response.completed", "response.incomplete")
    other = last.response.usage
    assert other is not None
    after = today(fetch(address)[1])
    counted = [new - old for new, old in zip(after, before, strict=True)]
    tokens_in = used.prompt_tokens + other.input_tokens
    assert counted == [2, tokens_in, used.completion_tokens + other.output_tokens]


def test_used_up_credit_refuses_until_it_is_topped_up(service: Service) -> None:
    address = service.base_url.removesuffix("/v1") + "/usage"
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0) as client:

        def ask() -> Any:
            return client.responses.create(model=MODEL, input="Hi", max_output_tokens=16).status

        try:
            for action, state in (("use-up", "used up"), ("expire", "expired")):
                status, page = press(address, action)
                assert status == 200
                assert f"State: <b>{state}</b>" in page
                with pytest.raises(openai.RateLimitError) as caught:
                    ask()
                assert caught.value.code == "credit_balance_exhausted"
                assert caught.value.type == "insufficient_quota"
                assert address in caught.value.message
                assert "usage_page()" in explain(caught.value)
        finally:
            status, page = press(address, "top-up")
        assert "<b>5.00 of 5.00 dollars left</b>" in page
        assert ask() in ("completed", "incomplete")


def test_a_call_is_seen_in_the_credit_and_the_first_page_leads_to_it(service: Service) -> None:
    address = service.base_url.removesuffix("/v1")
    press(f"{address}/usage", "top-up")
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0) as client:
        client.responses.create(model=MODEL, input="Hi", max_output_tokens=16)
    assert "<b>4.99 of 5.00 dollars left</b>" in fetch(f"{address}/usage")[1]
    status, page = fetch(f"{address}/")
    assert status == 200
    for name in ("usage", "cards", "health"):
        assert f'href="/{name}"' in page
        assert fetch(f"{address}/{name}")[0] == 200


def test_other_pages_cannot_use_the_buttons(service: Service) -> None:
    address = service.base_url.removesuffix("/v1") + "/usage"
    assert press(address, "use-up", Origin="http://example.com")[0] == 403
    assert press(address, "use-up", Origin="null")[0] == 403
    assert press(address, "use-up", **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert press(address, "use-up", **{"Sec-Fetch-Site": "same-site"})[0] == 403
    for form in (
        {"do": "use-up"},
        {"do": "use-up", "token": "x" * 32},
        {"do": "use-up", "token": "é"},
    ):
        assert fetch(f"{address}/credit", form)[0] == 403
    assert press(address, "steal")[0] == 404
    assert "dollars left</b>" in fetch(address)[1]
    assert "State: " not in fetch(address)[1]  # neither used up nor expired
    assert press(address, "top-up", **{"Sec-Fetch-Site": "same-origin"})[0] == 200


def test_the_ledger_is_this_user_s_alone(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        for number in range(2):
            one = Ledger(tmp_path / "home" / "ledger.sqlite3")
            one.record(call())
            drain(one)
            made = sorted((tmp_path / "home").iterdir())
            assert len(made) == 3  # with -shm and -wal
            if os.name == "posix":
                assert {stat.S_IMODE(file.stat().st_mode) for file in made} == {0o600}, number
            if number == 0:
                for file in made:  # as an earlier version left them
                    file.chmod(0o644)
    finally:
        os.umask(before)


def test_the_notebook_says_where_the_page_is(
    service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    connect()
    capsys.readouterr()
    usage_page()
    address = capsys.readouterr().out.split()[-1]
    assert address == service.base_url.removesuffix("/v1") + "/usage"
    assert "<h1>Usage</h1>" in fetch(address)[1]
