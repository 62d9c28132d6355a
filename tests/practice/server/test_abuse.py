"""Requests and connections that mean harm: they are refused, bounded, and hurt nobody else.

A picture that unpacks to more than memory is in test_images.py (test_a_pixel_bomb...), each refusal
of a schema in test_service_errors.py, patterns that would keep the engine busy in test_patterns.py.
`kit.py bench fuzz` does with 100,000 requests what is done here with 3,000.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import logging
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psutil
import pytest
import uvicorn
from openai import OpenAI

from practice.process import state
from practice.process.launcher import Service
from practice.process.models import chosen
from practice.server import access, app, connections, serve
from practice.wire import refusal
from practice.wire.errors import ApiError
from tools.bench import fuzz

MODEL = chosen().id

HELLO: list[Any] = [{"role": "user", "content": "Hi"}]


def port_of(service: Service) -> int:
    return int(service.base_url.rsplit(":", 1)[1].removesuffix("/v1"))


def chat(**more: Any) -> bytes:
    body = {"model": MODEL, "messages": HELLO, "max_completion_tokens": 1}
    return json.dumps(body | more).encode()


def post(
    service: Service, body: Any, path: str = "/v1/chat/completions", **headers: str
) -> tuple[int, str]:
    """Send raw bytes (or an iterable of them, chunked); return the status and the body."""
    connection = http.client.HTTPConnection(state.HOST, port_of(service), timeout=60)
    sent = {"Authorization": f"Bearer {service.key}", "Content-Type": "application/json"}
    connection.request("POST", path, body, sent | headers)
    answer = connection.getresponse()
    found = answer.status, answer.read().decode()
    connection.close()
    return found


def raw(port: int, sent: bytes, seconds: float = 20.0) -> bytes:
    """Send bytes as they are; return what comes back before the connection closes."""
    with socket.create_connection((state.HOST, port), timeout=seconds) as connection:
        connection.sendall(sent)
        with contextlib.suppress(OSError):  # closed already
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


def memory(service: Service) -> float:
    """The memory of the service in MB."""
    return float(psutil.Process(service.pid).memory_info().rss / 1e6)


def answers(service: Service) -> bool:
    return state.health(port_of(service), 5.0) is not None


# --- the parser ------------------------------------------------------------------------------


def test_no_request_crashes_the_parser() -> None:
    logging.disable(logging.CRITICAL)
    try:
        found = fuzz.run(3_000, seed=7)
    finally:
        logging.disable(logging.NOTSET)
    assert found.crashes == []
    assert set(found.statuses) <= {200, 400, 404, 413}
    assert found.statuses[200] > 100  # enough of them get as far as the engine
    assert found.statuses[400] > 1_000


def test_no_request_makes_a_500(service: Service) -> None:
    """The same through HTTP, as far as the engine; replies are kept to a token."""
    statuses: Counter[int] = Counter()
    before = memory(service)
    for path, body in fuzz.requests(1_500, seed=8):
        sent = short(path, body)
        if sent is None and statuses[400] > 120:
            continue  # the parser refuses it, which has its own test
        status, answer = post(service, sent or body, path)
        assert status in (200, 400, 404, 413), (path, sent or body, answer)
        statuses[status] += 1
    assert statuses[200] > 50
    assert memory(service) - before < 200
    assert answers(service)


def short(path: str, body: bytes) -> bytes | None:
    """A request that the parser takes, asking for the shortest reply; None for another."""
    try:
        refusal.load_json(body)
        if fuzz.answer(path, body) != fuzz.TAKEN:
            return None
    except ApiError:
        return None
    request = json.loads(body)
    request.pop("max_tokens", None)
    limit = ("max_completion_tokens", 1) if path == fuzz.CHAT else ("max_output_tokens", 16)
    return json.dumps(request | dict([limit])).encode()


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":' * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"model":"x","metadata":' + b'{"a":' * 100_000 + b"1" + b"}" * 100_001,
        b'{"n":' + b"9" * 100_000 + b"}",
        b'{"model":"' + b"\\u0000" * 100_000,
        b'"' * 1_000_000,
    ],
    ids=["objects", "arrays", "metadata", "digits", "escapes", "quotes"],
)
def test_deep_and_broken_json(service: Service, body: bytes) -> None:
    status, answer = post(service, body)
    assert status == 400
    assert "could not parse the JSON body" in answer


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"n": 10**30}, "<= 128"),
        ({"stop": ["x"] * 10_000}, "maximum length 4"),
        ({"top_logprobs": 10**6, "logprobs": True}, "<= 20"),
        ({"messages": HELLO * 3_000}, "maximum length 2048"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}] * 129}, "maximum length 128"),
        ({"tools": [{"type": "function", "function": {"name": "f" * 10**6}}]}, "maximum length 64"),
        ({"model": "m" * 10**6}, "does not exist"),
    ],
    ids=["n", "stops", "logprobs", "messages", "tools", "tool name", "model"],
)
def test_too_much_of_everything(service: Service, more: dict[str, Any], words: str) -> None:
    status, answer = post(service, chat(**more))
    assert status in (400, 404)
    assert words in answer
    assert len(answer) < 2_000  # what was sent does not come back


@pytest.mark.parametrize("stop", ["", [""], ["", "a"], ["x" * 5_000_000], "\0", ["价"] * 4])
def test_strange_stops_do_no_harm(service: Service, stop: Any) -> None:
    status, answer = post(service, chat(stop=stop, max_completion_tokens=3))
    assert status == 200
    assert json.loads(answer)["choices"][0]["finish_reason"] in ("length", "stop")


# --- size ------------------------------------------------------------------------------------


def test_a_large_text_is_refused_before_it_is_read(service: Service) -> None:
    """24 MB of text took the engine a minute and 2 GB."""
    before = memory(service)
    status, answer = post(service, chat(messages=[{"role": "user", "content": "a" * 24_000_000}]))
    assert (status, json.loads(answer)["error"]["code"]) == (400, "context_length_exceeded")
    assert memory(service) - before < 200


def test_old_conversations_do_not_pile_up(service: Service) -> None:
    """The engine kept every prompt that it had read at a temperature above 0: 8 MB each."""

    def ask(number: int) -> int:
        text = " ".join(f"word{number} sea wind" for _ in range(25))
        return post(service, chat(messages=[{"role": "user", "content": text}]))[0]

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(4))) == {200}
        before = memory(service)
        assert set(pool.map(ask, range(100, 112))) == {200}
    assert memory(service) - before < 15


def test_a_body_in_chunks_has_the_same_limit(service: Service) -> None:
    before = memory(service)

    def endless() -> Iterator[bytes]:
        for _ in range(200):
            yield b" " * 1_000_000

    connection = http.client.HTTPConnection(state.HOST, port_of(service), timeout=60)
    headers = {"Authorization": f"Bearer {service.key}"}
    try:
        connection.request("POST", "/v1/chat/completions", endless(), headers, encode_chunked=True)
    except (BrokenPipeError, ConnectionResetError):
        pass  # it does not listen to the end
    else:
        assert connection.getresponse().status == 413
    connection.close()
    assert memory(service) - before < 200
    assert answers(service)


def test_without_a_key_no_body_is_taken(service: Service) -> None:
    """Whoever has no key cannot fill the memory."""
    before = memory(service)
    head = (
        b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000000\r\n\r\n"
    )
    connections = []
    for _ in range(20):
        connection = socket.create_connection((state.HOST, port_of(service)), timeout=5)
        connection.sendall(head)
        assert connection.recv(100).startswith(b"HTTP/1.1 401")
        connections.append(connection)
    assert memory(service) - before < 50
    for connection in connections:
        connection.close()


@pytest.mark.parametrize(
    ("framing", "body", "status"),
    [
        (b"Content-Length: 2", b"{}GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n", b"400"),
        (b"Content-Length: -5", b"{}", b"400"),
        (b"Content-Length: 2\r\nContent-Length: 9", b"{}", b"400"),
        (b"Content-Length: five", b"{}", b"400"),
        (b"Transfer-Encoding: chunked", b"ZZ\r\n", b"400"),
        (b"Transfer-Encoding: gzip", b"{}", b"501"),
        (b"Content-Length: 1000", b'{"a":', b""),  # it says more than it sends, and goes
    ],
    ids=["more", "negative", "two", "word", "chunk", "gzip", "less"],
)
def test_a_length_that_lies(service: Service, framing: bytes, body: bytes, status: bytes) -> None:
    head = b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
    answer = raw(
        port_of(service), head + service.key.encode() + b"\r\n" + framing + b"\r\n\r\n" + body
    )
    assert answer[9:12] in (status, b"400")
    assert answers(service)


# --- keys and headers ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "status"),
    [
        (b"zqx\r\nX-Evil: 1", b"401"),
        (b"zqx\r\n b", b"401"),
        (b"\xff\xfe\xe9", b"401"),
        ("密钥".encode(), b"401"),
        (b"zqx\0b", b"400"),
        (b"k" * 60_000, b"401"),
        (b"k" * 1_000_000, b"400"),
    ],
    ids=["line break", "folded", "bytes", "chinese", "nul", "60 KB", "1 MB"],
)
def test_strange_keys(service: Service, key: bytes, status: bytes) -> None:
    head = b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
    try:
        answer = raw(port_of(service), head + key + b"\r\nConnection: close\r\n\r\n")
    except ConnectionResetError:  # closed while the megabyte was still being sent
        answer = b"HTTP/1.1 400"
    assert answer[9:12] == status
    assert b"evil" not in answer.lower()
    assert key[:3] not in answer
    assert answers(service)


def test_no_header_comes_from_the_request(service: Service) -> None:
    for target in (b"/v1/models/a%0d%0aX-Evil:%201", b"/%0d%0aX-Evil:%201", b"/v1/models/%ff"):
        head = b"GET " + target + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        key = b"Authorization: Bearer " + service.key.encode()
        answer = raw(port_of(service), head + key + b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 404")
        assert b"x-evil" not in answer.partition(b"\r\n\r\n")[0].lower()


def test_the_log_holds_no_key_and_no_prompt(service: Service) -> None:
    secret = "my-very-private-prompt"
    post(service, chat(messages=[{"role": "user", "content": secret}]))
    post(service, chat(messages=[{"role": secret}]))
    post(service, b"{" + secret.encode())
    post(service, chat(), Authorization=f"Bearer wrong-{secret}")
    raw(port_of(service), f"GET /{secret} HTTP/9 {service.key}\r\n\r\n".encode())
    log = state.log_path().read_text("utf-8")
    assert "serving" in log
    assert service.key not in log
    assert secret not in log


# --- web pages of other places ---------------------------------------------------------------


def test_other_sites_are_not_let_in(service: Service) -> None:
    ask = (
        b"OPTIONS /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        b"Origin: https://attacker.example\r\nAccess-Control-Request-Method: POST\r\n\r\n"
    )
    answer = raw(port_of(service), ask).lower()
    assert answer[9:12] in (b"403", b"405")
    assert b"access-control-" not in answer
    for origin in ("https://attacker.example", "null", "http://127.0.0.1:1", "http://localhost"):
        assert post(service, chat(), Origin=origin)[0] == 403, origin
    for host in ("attacker.example", "localhost@attacker.example:80", "localhost.evil", "[::1"):
        assert post(service, chat(), Host=host)[0] == 403, host
    assert post(service, chat(), Origin=f"http://127.0.0.1:{port_of(service)}")[0] == 200


def test_the_engines_own_port_helps_nobody(service: Service) -> None:
    listening = psutil.Process(service.pid).net_connections(kind="inet")
    ports = {one.laddr.port for one in listening if one.status == psutil.CONN_LISTEN}
    assert {one.laddr.ip for one in listening if one.status == psutil.CONN_LISTEN} == {state.HOST}
    [own] = ports - {port_of(service)}
    for method, path in (
        ("POST", "/v1/chat/completions"),
        ("POST", "/completion"),
        ("GET", "/v1/models"),
        ("GET", "/slots"),
        ("GET", "/props"),
        ("GET", "/"),
    ):
        connection = http.client.HTTPConnection(state.HOST, own, timeout=10)
        body = chat() if method == "POST" else None
        connection.request(method, path, body, {"Origin": "https://attacker.example"})
        answer = connection.getresponse()
        assert answer.status in (401, 404), path
        assert not answer.getheader("Access-Control-Allow-Origin"), path
        connection.close()


# --- clients that are slow on purpose --------------------------------------------------------


class Rest:
    """An engine that is never asked."""

    slots, context, decides_tools = 4, 2048, False


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of the real application with time limits short enough to wait for."""
    monkeypatch.setattr(connections, "HEAD_SECONDS", 1.0)
    monkeypatch.setattr(connections, "BODY_SECONDS", 2.0)
    monkeypatch.setattr(access, "LONGEST_BODY", 1.0)
    listener = socket.create_server((state.HOST, 0))
    application = app.create_app(Rest(), key="k")  # type: ignore[arg-type]
    options = serve._Server(
        application,
        serve.Options(key="k", registered=False),
        listener,
        serve._Activity(),
        time.monotonic(),
    ).config
    assert options.http is connections.Connection
    server = uvicorn.Server(options)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    yield int(listener.getsockname()[1])
    server.should_exit = True
    thread.join(10)


def test_a_head_that_never_ends_is_given_up(hasty: int) -> None:
    began = time.monotonic()
    waiting = [socket.create_connection((state.HOST, hasty), timeout=15) for _ in range(100)]
    for connection in waiting:
        connection.sendall(b"GET /health HTTP/1.1\r\nHost: local")
    for _ in range(5):  # a byte now and then does not help
        time.sleep(0.1)
        waiting[0].sendall(b"x")
    assert state.health(hasty, 5.0)  # the others do not wait for them
    for connection in waiting:
        assert connection.recv(100) == b""
        connection.close()
    assert time.monotonic() - began < 15


def ask(connection: socket.socket, sent: bytes) -> bytes:
    """Send bytes and return the next that come, but for those that come at once with them."""
    connection.sendall(sent)
    answer = connection.recv(1000)
    time.sleep(0.1)
    connection.setblocking(False)
    with contextlib.suppress(BlockingIOError):
        answer += connection.recv(1000)
    connection.settimeout(15)
    return answer


def test_a_second_head_that_never_ends_is_given_up(hasty: int) -> None:
    whole = b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with socket.create_connection((state.HOST, hasty), timeout=15) as connection:
        assert ask(connection, whole).startswith(b"HTTP/1.1 200")
        time.sleep(1.5)  # an idle connection is kept, as the SDK wants it
        assert ask(connection, whole).startswith(b"HTTP/1.1 200")
        connection.sendall(whole[:9])
        assert connection.recv(1000) == b""


@pytest.mark.parametrize(("key", "status"), [(b"k", b"408"), (b"wrong", b"401")])
def test_a_body_that_never_ends_is_given_up(hasty: int, key: bytes, status: bytes) -> None:
    head = b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer "
    answer, closed = b"", False
    with socket.create_connection((state.HOST, hasty), timeout=0.2) as connection:
        connection.sendall(head + key + b"\r\nContent-Length: 1000\r\n\r\n")
        for _ in range(50):  # a byte now and then does not help, nor after the answer
            assert state.health(hasty, 5.0)
            try:
                connection.sendall(b" ")
                piece = connection.recv(1000)
            except TimeoutError:
                continue
            except OSError:
                piece = b""
            closed = closed or not piece
            if closed:
                break
            answer += piece
    assert answer[9:12] == status
    assert closed


def test_many_idle_connections_keep_nobody_out(service: Service) -> None:
    waiting = [
        socket.create_connection((state.HOST, port_of(service)), timeout=5) for _ in range(150)
    ]
    for connection in waiting:
        connection.sendall(b"POST /v1/chat/completions HTTP/1.1\r\n")
    with OpenAI(
        api_key=service.key, base_url=service.base_url, max_retries=0, timeout=30
    ) as client:
        reply = client.chat.completions.create(model=MODEL, messages=HELLO, max_completion_tokens=2)
    assert reply.choices[0].message.content
    for connection in waiting:
        connection.close()
