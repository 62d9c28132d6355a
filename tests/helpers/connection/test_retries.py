"""What the SDK does by itself stays on: busy services are asked again, whoever answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from helpers import FirstCallError, ask, connect, explain
from helpers.connection.settings import NAMES

KEY = "sk-" + "Ag41n" * 8


class Busy(ThreadingHTTPServer):
    """Answers with each status in turn, then with a reply."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.statuses: list[int] = []
        self.tries: list[str] = []
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Answer(BaseHTTPRequestHandler):
    server: Busy

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.server.tries.append(self.headers["x-stainless-retry-count"])
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        message = {"role": "assistant", "content": "Hello."}
        choice = {"index": 0, "message": message, "finish_reason": "stop"}
        reply = {"id": "1", "object": "chat.completion", "created": 1, "model": "m"}
        body = json.dumps(reply | {"choices": [choice]}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.send_header("retry-after-ms", "10")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Busy]:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    found = Busy()
    yield found
    found.shutdown()
    found.server_close()


@pytest.mark.parametrize("provider", ["openai", "deepseek"])
def test_a_busy_service_is_asked_three_times(busy: Busy, provider: str) -> None:
    busy.statuses = [503, 429]
    client = connect(api_key=KEY, base_url=busy.url, provider=provider, model="m")
    assert ask(client, "Hello").choices[0].message.content == "Hello."
    assert busy.tries == ["0", "1", "2"]


def test_a_service_that_stays_busy_is_said(busy: Busy) -> None:
    busy.statuses = [503] * 9
    client = connect(api_key=KEY, base_url=busy.url, model="m")
    with pytest.raises(FirstCallError) as caught:
        ask(client, "Hello")
    assert "overloaded" in explain(caught.value)
    assert busy.tries == ["0", "1", "2"]


def test_practice_mode_is_asked_again_too(service: object) -> None:
    assert connect().max_retries == 2
