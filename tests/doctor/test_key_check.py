"""check-key: what it finds out at providers that are played on this computer, and what it says."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from doctor import check_key
from doctor.abilities import PROBES, Asker
from doctor.key_check import main
from helpers.connection import settings as settings_module
from helpers.connection.dialect import translated
from helpers.connection.providers import Provider, all_providers
from helpers.connection.settings import NAMES
from tools.dialects.stand_in import KEY, StandIn, refusal, thought

ROWS = [row for row in all_providers().values() if row.id != "practice"]


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings_module, "_last", None)


@pytest.fixture
def set_key(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    def set_up(provider: StandIn, name: str = "", key: str = KEY) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", key)
        monkeypatch.setenv("OPENAI_BASE_URL", provider.base_url)
        monkeypatch.setenv("OPENAI_MODEL", provider.model)
        if name:
            monkeypatch.setenv("PROVIDER", name)

    return set_up


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_it_finds_out_what_the_row_says(row: Provider) -> None:
    with StandIn(row) as provider:
        client = OpenAI(api_key=KEY, base_url=provider.base_url, max_retries=0)
        asker = Asker(client, provider.model)
        for probe in PROBES:
            probe(asker)
        client.close()
    found = asker.found.row
    if not row.as_written:
        assert found["token_limit"] == row.token_limit
    assert found["thinking"] == (row.thinking or "no")
    assert ("temperature" in found.get("refuses", ())) == ("temperature" in row.refuses)
    for name in ("json_object", "json_schema", "json_while_streaming"):
        if found.get(name) is not None:
            assert found[name] == (getattr(row, name) is not False), name
    assert (found.get("images") is False) == (row.images is False)
    assert all(len(line.said) < 200 for line in asker.found.lines)
    sent = sum(len(str(body["messages"])) for body in provider.asked)
    assert sent < 4000, "the smallest calls"
    assert len(provider.asked) < 16


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_provider_that_nobody_knows_takes_one_block_of_data(
    row: Provider, set_key: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    with StandIn(row) as provider:
        set_key(provider)
        assert main() == 0
    said = capsys.readouterr().out
    assert KEY not in said
    table = tomllib.loads(said[said.index("[mine]") :])
    made = Provider(id="mine", **table["mine"])
    body = {"model": made.model, "messages": [], "temperature": 0, "max_completion_tokens": 60}
    sent = translated(body, made)
    assert refusal(sent, row) is None
    assert thought(sent, row) < sent[made.token_limit], "a reply comes after the thinking"


def test_a_row_that_is_true_is_said_to_be(set_key: Any, capsys: pytest.CaptureFixture[str]) -> None:
    row = all_providers()["siliconflow"].model_copy(
        update={"json_object": True, "json_schema": True, "json_while_streaming": True}
    )
    with StandIn(row) as provider:
        set_key(provider, "siliconflow")
        check_key()
    said = capsys.readouterr().out
    assert "says otherwise of SiliconFlow" in said
    assert "  json_schema: not said there, true here" in said
    assert "token_limit" not in said
    assert "tokens in" in said


def test_what_ends_the_check_is_explained(
    set_key: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = all_providers()["deepseek"]
    wrong = "sk-" + "Wr0ng" * 8
    with StandIn(row) as provider:
        set_key(provider, "deepseek", key=wrong)
        assert main() == 1
        assert "DeepSeek does not know this API key" in (said := capsys.readouterr().out)
        assert wrong not in said
        set_key(provider, "deepseek")
        monkeypatch.setenv("OPENAI_MODEL", "gone")
        assert main() == 1
        assert "no model of this name" in capsys.readouterr().out
    assert main() == 1
    assert "Nothing answers at" in capsys.readouterr().out
    with StandIn(row, out_of_balance=True) as provider:
        set_key(provider, "deepseek")
        assert main() == 1
        assert "balance is used up" in capsys.readouterr().out
    with StandIn(row, web_page=True) as provider:
        set_key(provider, "deepseek")
        assert main() == 1
        assert "OPENAI_BASE_URL" in capsys.readouterr().out
    monkeypatch.setenv("OPENAI_API_KEY", "sk-...")
    assert main() == 1
    assert "example text" in capsys.readouterr().out
