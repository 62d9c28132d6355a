"""Addresses that answer with something else than an API, and consoles that know ASCII alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from conftest import ROOT
from helpers import FirstCallError, SettingsError, ask, connect, current_model, explain, show_stream
from helpers.connection import session
from helpers.connection.settings import NAMES

KEY = "sk-" + "0dd1" * 10
PAGE = b"<!doctype html><title>Welcome</title><p>Please log in"


class Door(ThreadingHTTPServer):
    """Answers every request with the same body."""

    daemon_threads = True
    kind, body = "text/html", PAGE
    pause = threading.Event()

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        self.pause.set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Answer(BaseHTTPRequestHandler):
    server: Door

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("content-length") or 0))
        self.server.pause.wait(20)
        self.send_response(200)
        self.send_header("content-type", self.server.kind)
        self.send_header("content-length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    do_POST = do_GET  # noqa: N815 (the name is the library's)

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    found = Door()
    yield found
    found.pause.set()
    found.shutdown()
    found.server_close()


@pytest.fixture(params=["text/html", "application/json", "text/event-stream"])
def page(door: Door, request: pytest.FixtureRequest) -> Door:
    """A web page, labelled as what it is or as something else."""
    door.kind = request.param
    return door


def test_a_web_page_has_no_list_of_models(page: Door) -> None:
    client = connect(api_key=KEY, base_url=page.url)
    for call in (lambda: current_model(client), lambda: ask(client, "Hello")):
        with pytest.raises(SettingsError) as caught:
            call()
        assert caught.value.what.startswith(f"What answers at {page.url} is not an API")
        assert "OPENAI_BASE_URL" in caught.value.fix


def test_a_web_page_is_no_reply(page: Door) -> None:
    client = connect(api_key=KEY, base_url=page.url, model="m")
    with pytest.raises(FirstCallError, match="web page or plain text, not a reply"):
        ask(client, "Hello")


def test_a_web_page_is_no_stream(page: Door) -> None:
    client = connect(api_key=KEY, base_url=page.url, model="m")
    messages: Any = [{"role": "user", "content": "Hello"}]
    with pytest.raises(FirstCallError, match="web page or plain text, not a reply"):
        show_stream(client.chat.completions.create(model="m", messages=messages, stream=True))


def test_a_stream_of_what_is_no_json(door: Door) -> None:
    door.kind, door.body = "text/event-stream", b"data: <p>Please log in\n\n"
    client = connect(api_key=KEY, base_url=door.url, model="m")
    messages: Any = [{"role": "user", "content": "Hello"}]
    with pytest.raises(FirstCallError, match="web page or plain text, not a reply"):
        show_stream(client.chat.completions.create(model="m", messages=messages, stream=True))


def test_the_sdks_own_error_about_a_page_is_explained() -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads(PAGE)
    assert "web page" in explain(caught.value)
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads('{"a": ')
    assert "finish_reason" in explain(caught.value)  # a reply of a model that was cut


def test_a_silent_service_is_not_waited_for_where_models_are_listed(
    door: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert session.LIST_SECONDS <= 20
    monkeypatch.setattr(session, "LIST_SECONDS", 0.3)
    door.pause.clear()
    client = connect(api_key=KEY, base_url=door.url)
    with pytest.raises(FirstCallError, match="No answer came within the time limit"):
        ask(client, "Hello")


@pytest.mark.parametrize("address", ["http://proxy:port", "socks5://:foo:", "http://[::1"])
@pytest.mark.parametrize("own", [True, False])
def test_a_malformed_proxy(
    address: str, own: bool, service: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        for spelt in (name, name.lower()):
            monkeypatch.setenv(spelt, "")  # so that what connect() sets is taken back
            monkeypatch.delenv(spelt)
    monkeypatch.setenv("HTTPS_PROXY", address)
    with pytest.raises(SettingsError) as caught:
        connect(api_key=KEY if own else None)
    assert caught.value.what.startswith("A proxy is set in the environment")
    assert "http://host:port" in caught.value.fix


def test_another_fault_is_not_blamed_on_a_proxy() -> None:
    with pytest.raises(TypeError):
        connect(api_key=KEY, base_url="http://127.0.0.1:9/v1", no_such_option=1)


def test_a_console_that_knows_ascii_alone(door: Door) -> None:
    code = (
        "from helpers import connect; "
        f"connect(api_key={KEY!r}, base_url={door.url!r}, model='m'); print('你好')"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"},
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    lines = done.stdout.decode("ascii").splitlines()
    assert lines[0].startswith("your key ? localhost:")
    assert lines[1] == "??"
