"""Whose requests are answered: by Host and Origin, for one user and for a class; pictures of others."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest

from practice.ledger.ledger import Ledger
from practice.process.models import chosen
from practice.server import log, serve
from practice.server.app import create_app

MODEL = chosen().id

KEY = "practice-" + "k" * 32
PORT = 4321


class Engine:
    """Says one word."""

    slots, context, decides_tools = 4, 2048, False

    async def stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        yield {"choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}]}
        yield {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}

    def close(self) -> None:
        pass


def ask(
    app: Any, path: str = "/v1/models", body: Any = None, more: list[tuple[str, str]] | None = None
) -> Any:
    """The answer to a request with the key, sent to the application as it is."""

    async def send() -> Any:
        transport = httpx2.ASGITransport(app=app)
        address = f"http://127.0.0.1:{PORT}"
        async with httpx2.AsyncClient(transport=transport, base_url=address) as web:
            method = "GET" if body is None else "POST"
            headers = [("authorization", f"Bearer {KEY}"), *(more or [])]
            return await web.request(method, path, json=body, headers=headers)

    return asyncio.run(send())


def app_of(any_host: bool = False, **more: Any) -> Any:
    return create_app(Engine(), key=KEY, any_host=any_host, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "alone", "in_class"),
    [
        (f"127.0.0.1:{PORT}", 200, 200),
        (f"LocalHost:{PORT}", 200, 200),
        (f"[::1]:{PORT}", 200, 200),
        ("localhost", 200, 200),
        ("localhost:1", 403, 200),
        ("localhost:99999", 403, 200),
        (f"localhost:{PORT}.attacker.example", 403, 200),
        ("localhost:attacker.example", 403, 200),
        (f"attacker.example:{PORT}", 403, 200),
        ("", 403, 200),
    ],
)
def test_hosts(host: str, alone: int, in_class: int) -> None:
    assert ask(app_of(), more=[("host", host)]).status_code == alone
    assert ask(app_of(any_host=True), more=[("host", host)]).status_code == in_class


@pytest.mark.parametrize("any_host", [False, True])
@pytest.mark.parametrize(
    ("origins", "status"),
    [
        ([f"http://127.0.0.1:{PORT}"], 200),
        ([f"https://127.0.0.1:{PORT}"], 200),
        (["http://attacker.example"], 403),
        ([f"http://localhost:{PORT}"], 403),  # another name is another place
        (["null"], 403),
        ([f"http://127.0.0.1:{PORT}", "http://attacker.example"], 403),
        ([f"http://127.0.0.1:{PORT}"] * 2, 403),
    ],
)
def test_origins(any_host: bool, origins: list[str], status: int) -> None:
    sent = [("origin", origin) for origin in origins]
    assert ask(app_of(any_host=any_host), more=sent).status_code == status
    assert ask(app_of(any_host=any_host), "/health", more=sent).status_code == status


class _Here(BaseHTTPRequestHandler):
    asked = 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"no picture")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def here() -> Iterator[str]:
    """A service of this computer that is nobody else's business."""
    _Here.asked = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Here)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/x"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("mode", "reached"),
    [({}, 2), ({"any_host": True}, 0), ({"for_others": True}, 0)],
    ids=["one user", "any host", "a chosen key"],
)
def test_pictures_of_others_do_not_come_from_this_computer(
    here: str, mode: dict[str, bool], reached: int
) -> None:
    chat = [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": here}}]}]
    asked = [{"role": "user", "content": [{"type": "input_image", "image_url": here}]}]
    app = app_of(**mode)
    for path, body in (
        ("/v1/chat/completions", {"messages": chat}),
        ("/v1/responses", {"input": asked}),
    ):
        answer = ask(app, path, {"model": MODEL} | body)
        assert answer.status_code == 400
        code = answer.json()["error"]["code"]
        assert code == ("invalid_image_format" if reached else "invalid_image_url")
    assert _Here.asked == reached


def test_a_chosen_key_is_for_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What `run` builds for each way to serve."""
    built: list[tuple[bool, bool]] = []

    class Enough(Exception):
        pass

    def build(*_: Any, any_host: bool, for_others: bool, ledger: Ledger) -> Any:
        ledger.close()
        built.append((any_host, for_others))
        raise Enough

    monkeypatch.setenv("FIRST_CALL_HOME", str(tmp_path))
    monkeypatch.setattr(serve, "_listen", lambda options: None)
    monkeypatch.setattr(serve, "_load", lambda model: Engine())
    monkeypatch.setattr(serve, "build_app", build)
    monkeypatch.setattr(serve, "_on_signals", lambda handler: None)
    monkeypatch.setattr(log, "set_up", lambda hidden: None)
    for options in (
        serve.Options(),
        serve.Options(key=KEY, registered=False),
        serve.Options(key=KEY, registered=False, host="0.0.0.0"),
    ):
        with pytest.raises(Enough):
            serve.run(options)
    assert built == [(False, False), (False, True), (True, True)]


def test_the_usage_page_of_a_class_asks_for_the_key(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    for mode, status in (({}, 200), ({"any_host": True}, 401), ({"for_others": True}, 401)):
        assert ask(app_of(ledger=ledger, **mode), "/usage").status_code == status
        basic = [("authorization", httpx2.BasicAuth("", KEY)._auth_header)]
        app = app_of(ledger=ledger, **mode)

        async def send(app: Any = app, sent: Any = basic) -> int:
            transport = httpx2.ASGITransport(app=app)
            async with httpx2.AsyncClient(transport=transport) as web:
                return (await web.get("http://127.0.0.1/usage", headers=sent)).status_code

        assert asyncio.run(send()) == 200
    ledger.close()
