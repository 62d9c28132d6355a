"""Two clients at once: each keeps its own service, model, prices, meter and budget."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI

from helpers import (
    BudgetError,
    FirstCallError,
    ask,
    connect,
    cost,
    cost_line,
    current_model,
    session_meter,
)
from helpers.connection import settings as settings_module
from helpers.connection.settings import NAMES, settings_of

KEY = "sk-" + "Tw0" * 12


class Provider(HTTPServer):
    """A provider on this computer that keeps what it was asked."""

    def __init__(self, status: int = 200) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = status
        self.asked: list[dict[str, Any]] = []
        self.url = f"http://127.0.0.1:{self.server_port}/v1"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    server: Provider

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.asked.append(asked)
        message = {"role": "assistant", "content": "Hi."}
        body: dict[str, Any] = {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": asked["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": 1000, "completion_tokens": 1000, "total_tokens": 2000},
        }
        if self.server.status != 200:
            body = {"error": {"message": "no", "type": "x", "code": None, "param": None}}
        raw = json.dumps(body).encode()
        self.send_response(self.server.status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def providers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Provider]]:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings_module, "_last", None)
    monkeypatch.setattr(cost, "_meters", {})
    made = [Provider(), Provider()]
    yield made
    for one in made:
        one.shutdown()
        one.server_close()


def both(providers: list[Provider], monkeypatch: pytest.MonkeyPatch) -> list[OpenAI]:
    """A client for each, the second connected last: a dear one with a budget, and a free one."""
    monkeypatch.setenv("FIRST_CALL_BUDGET", "0.004")
    options: dict[str, Any] = {"api_key": KEY, "max_retries": 0}
    dear = connect(base_url=providers[0].url, model="gpt-5.4-mini", provider="openai", **options)
    monkeypatch.delenv("FIRST_CALL_BUDGET")
    free = connect(base_url=providers[1].url, model="llama", provider="ollama", **options)
    return [dear, free]


def test_each_is_asked_for_its_own_model(
    providers: list[Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    dear, free = both(providers, monkeypatch)
    ask(dear, "Hi")
    ask(free, "Hi")
    assert [one["model"] for one in providers[0].asked] == ["gpt-5.4-mini"]
    assert [one["model"] for one in providers[1].asked] == ["llama"]
    assert (current_model(dear), current_model(free), current_model()) == (
        "gpt-5.4-mini",
        "llama",
        "llama",
    )


def test_each_has_its_own_prices_meter_and_budget(
    providers: list[Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    dear, free = both(providers, monkeypatch)
    reply = ask(dear, "Hi")
    for _ in range(3):
        ask(free, "Hi")
    assert "$" in cost_line(reply, dear)
    assert cost_line(reply, free).endswith("· free")
    assert (session_meter(dear).calls, session_meter(free).calls) == (1, 3)
    assert (session_meter(dear).budget, session_meter(free).budget) == (0.004, None)
    assert session_meter(dear).cost > 0.004
    assert session_meter(free).cost == 0
    with pytest.raises(BudgetError):
        ask(dear, "Hi")  # its own budget is used up, whatever was connected last
    ask(free, "Hi")
    assert len(providers[0].asked) == 1


def test_connecting_again_goes_on_counting(
    providers: list[Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    dear, _ = both(providers, monkeypatch)
    ask(dear, "Hi")
    again = connect(base_url=providers[0].url, model="x", provider="openai", api_key=KEY)
    assert session_meter(again) is session_meter(dear)


def test_an_error_names_the_provider_that_it_came_from(
    providers: list[Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    dear, free = both(providers, monkeypatch)
    providers[0].status = providers[1].status = 401
    with pytest.raises(FirstCallError, match="OpenAI does not know"):
        ask(dear, "Hi")
    with pytest.raises(FirstCallError, match="Ollama"):
        ask(free, "Hi")


def test_a_client_made_by_hand_has_the_settings_of_its_address(
    providers: list[Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = both(providers, monkeypatch)
    plain = OpenAI(api_key=KEY, base_url=providers[0].url, max_retries=0)
    assert settings_of(plain) == settings_of(made[0])
    ask(plain, "Hi")
    assert providers[0].asked[-1]["model"] == "gpt-5.4-mini"
    elsewhere = OpenAI(api_key=KEY, base_url="https://api.deepseek.com")
    assert settings_of(elsewhere).provider.id == "deepseek"
    assert settings_of(elsewhere).model.startswith("deepseek")
