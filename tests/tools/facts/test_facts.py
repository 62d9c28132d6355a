"""`kit.py facts`: old facts, models past their day, web addresses that lead nowhere."""

from __future__ import annotations

import datetime
import io
import urllib.error
import urllib.request
from email.message import Message
from pathlib import Path

import pytest

from conftest import ROOT
from tools.facts import __main__ as command
from tools.facts import ages, web_links

TODAY = datetime.date(2026, 11, 24)


def test_facts_of_more_than_ninety_days_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(
        "# Prices. Checked 2026-08\n[x]\nchecked = 2026-11-01\n[y]\nchecked = 2026-08-26\n"
    )
    found = list(ages.facts(tmp_path, ["a.toml"]))
    assert [one.line for one in found] == [1, 3, 5]
    # The first of August is 115 days ago, the 26th exactly 90.
    assert ages.old(found, TODAY) == ["a.toml: checked 2026-08-01, 115 days ago (line 1)"]
    assert ages.old(found, datetime.date(2026, 11, 1)) == [
        "a.toml: checked 2026-08-01, 92 days ago (line 1)"
    ]


def test_every_data_file_about_the_outside_world_has_its_date() -> None:
    files = ["helpers/errors.toml", "practice/data/errors.toml", "practice/data/pictures.toml"]
    files += ["helpers/connection/models.toml", "helpers/connection/providers.toml"]
    assert {one.file for one in ages.facts(ROOT, files)} == set(files)


def test_a_model_that_is_offered_after_its_last_day_is_named(tmp_path: Path) -> None:
    models = tmp_path / "models.toml"
    models.write_text(
        '[[model]]\nprovider = "a"\nname = "x"\n[[model]]\nprovider = "a"\nname = "y"\n'
        "[last_days.a]\nx = 2026-11-23\ny = 2026-11-24\nz = 2020-01-01\n"
    )
    assert ages.past(models, TODAY) == ["models.toml: x of a had its last day on 2026-11-23"]


def test_addresses_end_where_the_sentence_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(
        "[a](https://a.org/x). See https://b.org/y_(z), <https://c.org/#part> and 见 https://d.org/。"
        " Not https://proxy.example/x.",
        "utf-8",
    )
    assert list(web_links.addresses(tmp_path, ["a.md", "tests/b.md"])) == [
        "https://a.org/x",
        "https://b.org/y_(z)",
        "https://c.org/",
        "https://d.org/",
    ]


def test_a_page_that_is_gone_is_named_and_a_shy_one_is_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def answer(request: urllib.request.Request, timeout: float) -> io.BytesIO:
        address = request.full_url
        if "down" in address:
            raise urllib.error.URLError("no route")
        if address[-3:].isdigit():
            raise urllib.error.HTTPError(address, int(address[-3:]), "", Message(), None)
        return io.BytesIO()

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    asked = ["https://a.org/404", "https://a.org/403", "https://a.org/", "https://down.org/"]
    assert web_links.broken(dict.fromkeys(asked, "a.md")) == [
        "a.md: https://a.org/404 answers 404",
        "a.md: https://down.org/ cannot be reached (URLError)",
    ]


def test_the_command_counts_what_it_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    code = command.main([])
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.partition(" ")[2].startswith("dated facts; ")
    assert (code == 0) == last.endswith(" 0 to look at again.")
