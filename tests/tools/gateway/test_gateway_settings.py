"""What LiteLLM is told, and what is said when a gateway cannot hold a budget."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from conftest import ROOT
from practice.roster import making
from practice.roster.roster import Roster
from tools.gateway import __main__ as gateway
from tools.setup.commands import Stop


def test_prices_are_those_of_the_kit_and_the_key_is_not_in_the_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "the-real-key-of-the-class")
    settings = gateway.config(["gpt-5.4-mini"])
    (row,) = settings["model_list"]
    assert row["litellm_params"]["input_cost_per_token"] == pytest.approx(0.75e-6)
    assert row["litellm_params"]["output_cost_per_token"] == pytest.approx(4.5e-6)
    assert "the-real-key-of-the-class" not in str(settings)
    assert settings["general_settings"]["custom_auth"] == "gateway_keys.user_api_key_auth"


def test_a_model_without_a_price_has_no_budget() -> None:
    with pytest.raises(Stop, match=r"knows no price of mystery.*--price IN OUT"):
        gateway.config(["mystery"])
    assert gateway.config(["mystery"], price_of=[1, 2])["model_list"]


def test_what_has_been_spent(tmp_path: Path) -> None:
    making.make(tmp_path / "keys.csv", ["Ada", ""])
    roster = Roster(tmp_path / "keys.csv")
    file = tmp_path / "spent.sqlite3"
    assert gateway.spent(roster, file) == ["Nothing has been spent yet."]
    with sqlite3.connect(file) as made:
        made.execute("CREATE TABLE spent (at REAL, mark TEXT, cost REAL)")
        made.execute("INSERT INTO spent VALUES (0, ?, 0.25)", (roster.everybody[1].mark,))
    made.close()
    assert gateway.spent(roster, file)[1:] == ["   1  $0.2500  Ada", "   2  $0.0000  learner 2"]


def test_the_gateway_is_pinned_with_hashes() -> None:
    text = (ROOT / "classroom" / "gateway" / "requirements.txt").read_text("utf-8")
    assert "litellm==1.106.2" in text
    blocks = text.replace("\\\n", " ").splitlines()
    assert len(blocks) > 50
    assert [line for line in blocks if "==" in line and "--hash=sha256:" not in line] == []
