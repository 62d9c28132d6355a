"""The rows of providers.toml and models.toml: whole, dated, and of one mind with each other."""

import datetime
from pathlib import Path

import pytest
from genai_prices import Usage, calc_price
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion

from helpers import SettingsError, all_providers, connect, show_models
from helpers.connection.models import Model, all_models
from helpers.connection.providers import Provider, provider_at
from helpers.connection.settings import NAMES
from helpers.cost import list_price

ROWS = [row for row in all_providers().values() if row.id != "practice"]
MIDDAY = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)  # off DeepSeek's peak hours


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_that_thinks_says_how_it_is_stopped(row: Provider) -> None:
    assert bool(row.thinking_off) == (row.thinking in ("default", "always"))
    assert bool(row.thinking_room) == (row.thinking == "always")
    if row.as_written:
        assert row.id in ("openai", "azure")
        assert not row.refuses
        assert not row.thinking_off


def test_nothing_is_changed_for_practice_mode_and_for_hosts_nobody_knows() -> None:
    assert all_providers()["practice"].as_written
    assert provider_at("https://gateway.school.example/v1").as_written


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_the_default_model_of_a_provider_is_described(row: Provider) -> None:
    described = {(model.provider, model.name): model for model in all_models()}
    if not row.model or row.id == "openrouter":  # which takes its names from everybody
        return
    model = described[row.id, row.model]
    assert (model.thinking, model.images) == (row.thinking, row.images)
    assert model.ends is None, "a default that is about to end"


@pytest.mark.parametrize("model", all_models(), ids=lambda model: model.name)
def test_prices_are_those_that_the_kit_counts_with(model: Model) -> None:
    row = all_providers()[model.provider]
    if not row.prices:
        return
    for price, tokens in zip(
        model.price, (Usage(input_tokens=1000), Usage(output_tokens=1000)), strict=True
    ):
        counted = calc_price(
            tokens, model.name, provider_id=row.prices, genai_request_timestamp=MIDDAY
        )
        assert float(counted.total_price) * 1000 == pytest.approx(price, rel=0.01)


def test_the_table_of_models(capsys: pytest.CaptureFixture[str]) -> None:
    show_models()
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("checked 2026-11-24")
    assert lines[1].split()[:2] == ["model", "PROVIDER"]
    assert len(lines) == 2 + len(all_models())
    luna = next(line for line in lines if line.startswith("gpt-6-luna"))
    assert luna.split() == "gpt-6-luna openai 0.10 0.50 1.05M by default yes".split()
    assert any(line.endswith("2027-01-14") for line in lines)
    assert max(map(len, lines)) <= 120


def test_the_models_of_one_provider(capsys: pytest.CaptureFixture[str]) -> None:
    show_models("Groq")
    title, _, *rows = capsys.readouterr().out.splitlines()
    assert title.startswith("Models to choose from at Groq")
    assert [row.split()[0] for row in rows] == ["openai/gpt-oss-20b"]
    show_models("vllm")
    assert capsys.readouterr().out.startswith("Models to choose from at vLLM\n")
    with pytest.raises(SettingsError, match="not a provider"):
        show_models("nobody")


def test_a_price_that_only_the_kit_knows(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("")
    monkeypatch.chdir(tmp_path)
    client = connect(api_key="sk-" + "T3st" * 10, provider="qwen")
    usage = CompletionUsage(prompt_tokens=1_000_000, completion_tokens=100_000, total_tokens=0)
    for model, price in (("qwen3.8-flash", 0.15 + 0.047), ("qwen-of-next-year", None)):
        reply = ChatCompletion.model_construct(model=model, usage=usage)
        assert list_price(reply, client) == pytest.approx(price)
