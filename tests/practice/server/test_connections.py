"""Too many connections, replies that nobody reads, pictures that take long: others are not kept out."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn

from practice.eye import image, source
from practice.ledger.ledger import Ledger
from practice.process import state
from practice.process.models import chosen
from practice.server import app, connections, serve
from practice.server.connections import Connection

MODEL = chosen().id


class Talking:
    """An engine that writes on and on, and notes which replies were given up."""

    slots, context, decides_tools = 4, 2048, False

    def __init__(self) -> None:
        self.under_way = 0

    async def stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        self.under_way += 1
        try:
            for _ in range(request["max_tokens"]):
                delta = {"content": "a long word " * 20}
                yield {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
                await asyncio.sleep(0)
            yield {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
            yield {"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1}}
        finally:
            self.under_way -= 1


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[int, Talking]]:
    """The port of the real application as it is served, and its engine."""
    engine = Talking()
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    listener = socket.create_server((state.HOST, 0), backlog=500)
    options = serve._Server(
        app.create_app(engine, key="k", ledger=ledger),  # type: ignore[arg-type]
        serve.Options(key="k", registered=False),
        listener,
        serve._Activity(),
        time.monotonic(),
    ).config
    server = uvicorn.Server(options)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    yield int(listener.getsockname()[1]), engine
    assert until(lambda: engine.under_way == 0)  # whoever has left is not written for
    server.should_exit = True
    thread.join(10)
    ledger.close()


def connect(port: int, address: str = "127.0.0.1") -> socket.socket:
    return socket.create_connection((state.HOST, port), timeout=10, source_address=(address, 0))


def answers(connection: socket.socket) -> bool:
    try:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer = b""
        while not answer.endswith(b"}"):
            piece = connection.recv(1000)
            if not piece:
                return False
            answer += piece
        return answer.startswith(b"HTTP/1.1 200")
    except OSError:
        return False


def close(opened: list[socket.socket]) -> None:
    for connection in opened:
        connection.close()


def test_one_client_s_connections_are_bounded(
    served: tuple[int, Talking], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connection, "most_of_one", 10)
    port, _ = served
    first = connect(port)
    assert answers(first)
    crowd = [connect(port, "127.0.0.2") for _ in range(40)]
    time.sleep(0.5)
    assert answers(first)
    assert [answers(one) for one in crowd] == [False] * 30 + [True] * 10  # the oldest went
    close([first, *crowd])


def test_all_connections_are_bounded(
    served: tuple[int, Talking], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Connection, "most", 12)
    port, engine = served
    busy = stream(port, tokens=10**9)  # a request under way is not idle
    assert until(lambda: engine.under_way == 1)
    crowd = [connect(port, f"127.0.0.{number}") for number in range(2, 32)]
    time.sleep(0.5)
    assert [answers(one) for one in crowd] == [False] * 19 + [True] * 11
    assert engine.under_way == 1
    close([busy, *crowd])


def stream(port: int, tokens: int = 1_000_000) -> socket.socket:
    """A stream that nobody reads."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(10)
    connection.connect((state.HOST, port))
    body = json.dumps(
        {
            "model": MODEL,
            "messages": [{"role": "user", "content": "Hi"}],
            "stream": True,
            "max_completion_tokens": tokens,
        }
    ).encode()
    head = "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer k\r\n"
    connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return connection


def until(true: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.02)
    return False


def test_replies_that_nobody_reads_make_way(
    served: tuple[int, Talking], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "UNREAD_SECONDS", 0.5)
    port, engine = served
    unread = [stream(port) for _ in range(4)]
    assert until(lambda: engine.under_way == 4)
    began = time.monotonic()
    assert until(lambda: engine.under_way == 0)
    assert time.monotonic() - began < 3
    close(unread)


def test_a_reply_that_nobody_reads_stays_longer_where_nobody_waits(
    served: tuple[int, Talking], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "UNREAD_SECONDS", 0.3)
    port, engine = served
    unread = stream(port)
    assert until(lambda: engine.under_way == 1)
    began = time.monotonic()
    assert until(lambda: engine.under_way == 0)
    assert 1.5 < time.monotonic() - began < 6
    close([unread])


def test_a_slow_reader_is_waited_for(
    served: tuple[int, Talking], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "UNREAD_SECONDS", 0.5)
    port, engine = served
    both = [stream(port), stream(port)]
    for _ in range(15):
        time.sleep(0.1)
        for one in both:
            assert one.recv(4096)
    assert engine.under_way == 2
    close(both)


def test_slow_pictures_do_not_delay_the_usage_page(
    served: tuple[int, Talking], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = threading.Event()

    def slow(*_: object, **__: object) -> object:
        seen.wait(8)
        raise image.ImageProblem("invalid_image_url", "Nothing came.")

    monkeypatch.setattr(source, "load", slow)
    port, _ = served
    part = {"type": "image_url", "image_url": {"url": "https://example.com/a.png"}}
    body = {"model": MODEL, "messages": [{"role": "user", "content": [part]}]}
    address = f"http://127.0.0.1:{port}"
    with httpx2.Client(base_url=address, timeout=20) as web, ThreadPoolExecutor(40) as pool:

        def ask(_: int) -> int:
            headers = {"authorization": "Bearer k"}
            return web.post("/v1/chat/completions", json=body, headers=headers).status_code

        asked = pool.map(ask, range(40))
        time.sleep(0.5)
        began = time.monotonic()
        assert web.get("/usage").status_code == 200
        assert time.monotonic() - began < 2
        seen.set()
        assert set(asked) == {400}


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="Windows has no such limit")
def test_as_many_connections_as_there_are_files(monkeypatch: pytest.MonkeyPatch) -> None:
    import resource

    said: list[Any] = []
    monkeypatch.setattr(Connection, "most", 512)
    monkeypatch.setattr(Connection, "most_of_one", 256)
    monkeypatch.setattr(resource, "getrlimit", lambda _: (256, 300))
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: said.append(limits))
    with contextlib.suppress(ValueError):
        connections.make_room()
    assert said == [(300, 300)]
    assert (Connection.most, Connection.most_of_one) == (150, 150)
