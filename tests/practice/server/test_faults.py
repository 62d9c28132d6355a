"""What goes wrong around a service: clients that leave, processes that die or sleep, bad files.

Faults of the launcher with a stand-in for the model are in test_launcher.py (port taken, damaged
state files, a service that never starts), those of the download in test_weights.py (damaged
weights are found by their checksum and fetched again), a full disk in test_ledger.py.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from typing import Any

import openai
import psutil
import pytest
import uvicorn
from openai import OpenAI

from helpers import connect, explain
from helpers.connection import settings as settings_module
from helpers.connection.settings import NAMES
from practice.engine import llama as engine
from practice.engine import writing
from practice.engine.llama import EngineError
from practice.process import launcher, state, weights
from practice.process.config import PracticeError
from practice.process.launcher import Service
from practice.process.models import chosen
from practice.server import serve
from practice.server.app import create_app

MODEL = chosen().id

posix = pytest.mark.skipif(sys.platform == "win32", reason="uses POSIX signals")

ROME = "Tell the long history of Rome."


def user(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


def client_of(service: Service, **more: Any) -> OpenAI:
    options = {"max_retries": 0, "timeout": 60} | more
    return OpenAI(api_key=service.key, base_url=service.base_url, **options)


def create(client: OpenAI, text: str = "Say hello.", **more: Any) -> Any:
    options = {"model": MODEL, "temperature": 0, "max_completion_tokens": 4} | more
    return client.chat.completions.create(messages=user(text), **options)


def wait_for(true: Callable[[], bool], seconds: float = 20.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A home of its own, with the real model, and the end of every service started in it."""
    model = weights.fetch()
    folder = tmp_path / "home"
    monkeypatch.setenv("FIRST_CALL_HOME", str(folder))
    monkeypatch.setenv("PRACTICE_MODEL", str(model))
    yield folder
    with contextlib.suppress(PracticeError):
        launcher.stop()


# --- a client that leaves --------------------------------------------------------------------


def cpu_seconds(service: Service, seconds: float) -> float:
    """The CPU time that the service uses in the next `seconds`: none when it writes nothing.

    Unlike a clock it does not depend on what else the computer does.
    """
    process = psutil.Process(service.pid)
    before = process.cpu_times()
    time.sleep(seconds)
    after = process.cpu_times()
    return (after.user + after.system) - (before.user + before.system)


def is_writing(service: Service) -> bool:
    return cpu_seconds(service, 0.3) > 0.1


def send(service: Service, path: str, body: dict[str, Any]) -> socket.socket:
    """Send a request and leave the connection open."""
    port = int(service.base_url.rsplit(":", 1)[1].removesuffix("/v1"))
    connection = socket.create_connection((state.HOST, port), timeout=30)
    content = json.dumps({"model": MODEL, "temperature": 0} | body).encode()
    head = (
        f"POST /v1{path} HTTP/1.1\r\nHost: localhost:{port}\r\nAuthorization: Bearer {service.key}"
    )
    connection.sendall(f"{head}\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content)
    return connection


LONG = {
    "/chat/completions": {"messages": user(ROME), "max_completion_tokens": 1900},
    "/responses": {"input": ROME, "max_output_tokens": 1900},
}


@pytest.mark.parametrize("streamed", [True, False], ids=["stream", "plain"])
@pytest.mark.parametrize("path", LONG)
def test_the_engine_rests_a_second_after_the_client_left(
    service: Service, path: str, streamed: bool
) -> None:
    """Left alone, the engine goes on for 25 seconds, also with a plain request."""
    connection = send(service, path, LONG[path] | {"stream": streamed})
    assert wait_for(lambda: is_writing(service))
    connection.close()
    time.sleep(1.0)
    assert cpu_seconds(service, 1.0) < 0.2


def test_clients_that_leave_while_they_wait_for_their_turn(service: Service) -> None:
    body = LONG["/chat/completions"]
    connections = [
        send(service, "/chat/completions", body | {"stream": bool(n % 2)})
        for n in range(3 * engine.SLOTS)
    ]
    assert wait_for(lambda: is_writing(service))
    for connection in reversed(connections):  # those that wait leave first
        connection.close()
    assert wait_for(lambda: not is_writing(service))
    assert create(client_of(service)).choices[0].message.content


# --- an engine that fails --------------------------------------------------------------------


class FailingEngine:
    """Says three words, then does what `then` says."""

    slots, context, decides_tools = 4, 2048, False

    def __init__(self) -> None:
        self.then = "end"
        self.closed = 0

    async def stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        try:
            if self.then == "refuse":
                raise EngineError({"code": 400, "message": "no such thing"})
            if self.then == "fail at once":
                raise EngineError({"code": 500, "message": "out of memory at 0xdeadbeef"})
            for word in ("one", "two", "three"):
                yield self._chunk({"content": f"{word} "}, None)
            if self.then == "fail":
                raise EngineError({"code": 500, "message": "out of memory at 0xdeadbeef"})
            if self.then == "break":
                yield {"nonsense": True}
            if self.then == "hang":
                await asyncio.sleep(60)
            yield self._chunk({}, "stop")
            yield {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 3}}
        finally:
            self.closed += 1

    @staticmethod
    def _chunk(delta: dict[str, str], finish: str | None) -> dict[str, Any]:
        return {"choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


@pytest.fixture(scope="module")
def failing() -> Iterator[tuple[FailingEngine, OpenAI]]:
    """The real application around an engine that fails, over real HTTP."""
    fake = FailingEngine()
    listener = socket.create_server((state.HOST, 0))
    app = create_app(fake, key="k")  # type: ignore[arg-type]
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    address = f"http://{state.HOST}:{listener.getsockname()[1]}/v1"
    with OpenAI(api_key="k", base_url=address, max_retries=0, timeout=20) as client:
        yield fake, client
    server.should_exit = True
    thread.join(10)


def still_works(fake: FailingEngine, client: OpenAI) -> None:
    fake.then = "end"
    assert create(client).choices[0].message.content == "one two three "


@pytest.mark.parametrize(
    ("then", "error"),
    [
        ("refuse", openai.BadRequestError),
        ("fail at once", openai.InternalServerError),
        ("fail", openai.InternalServerError),
        ("break", openai.InternalServerError),
        ("hang", openai.InternalServerError),
    ],
)
def test_a_failing_engine_in_a_plain_reply(
    failing: tuple[FailingEngine, OpenAI],
    then: str,
    error: type[openai.APIStatusError],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fake, client = failing
    monkeypatch.setattr(writing, "LONGEST", 1.0)
    fake.then, fake.closed = then, 0
    with pytest.raises(error) as caught:
        create(client)
    assert "0xdeadbeef" not in str(caught.value)
    assert set(caught.value.body) == {"message", "type", "param", "code"}  # type: ignore[arg-type]
    assert fake.closed == 1
    still_works(fake, client)


@pytest.mark.parametrize("then", ["fail", "break", "hang"])
def test_a_failing_engine_in_a_stream(
    failing: tuple[FailingEngine, OpenAI], then: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written so far arrives, then an error: the stream does not just end."""
    fake, client = failing
    monkeypatch.setattr(writing, "LONGEST", 1.0)
    fake.then, fake.closed = then, 0
    words: list[str] = []
    stream = create(client, stream=True)
    with pytest.raises(openai.APIError) as caught:
        words.extend(chunk.choices[0].delta.content or "" for chunk in stream)
    assert "".join(words) == "one two three "
    if then != "break":
        assert "The server had an error" in str(caught.value)
    assert "0xdeadbeef" not in str(caught.value)
    assert explain(caught.value)
    assert wait_for(lambda: fake.closed == 1)
    still_works(fake, client)


def test_failures_do_not_add_up(failing: tuple[FailingEngine, OpenAI]) -> None:
    """After more failures than requests may be under way, requests are still taken."""
    fake, client = failing
    for n in range(engine.WAITING + 6):
        fake.then = ("fail at once", "fail", "refuse")[n % 3]
        with pytest.raises(openai.APIError):
            list(create(client, stream=bool(n % 2)))
    still_works(fake, client)


# --- a service that dies or sleeps -----------------------------------------------------------


@posix
def test_killed_in_mid_stream(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings_module, "_last", None)
    client = connect()
    first = launcher.find()
    assert first is not None
    stream = create(client, ROME, max_completion_tokens=900, stream=True)
    for _ in range(5):
        next(stream)
    os.kill(first.pid, signal.SIGKILL)
    with pytest.raises(openai.APIConnectionError) as caught:
        list(stream)
    assert explain(caught.value).split("\n") == [
        "The connection broke before the answer was complete.",
        "Run the cell again.",
    ]
    # The same client: it finds out that there is a new service, and its key.
    assert create(client).choices[0].message.content
    second = launcher.find()
    assert second is not None
    assert second.pid != first.pid
    assert second.key != first.key
    assert first.key not in capsys.readouterr().out


@posix
def test_a_short_sleep_is_slept_through(home: Path) -> None:
    service = launcher.ensure_running()
    stream = create(client_of(service), ROME, max_completion_tokens=120, stream=True)
    next(stream)
    os.kill(service.pid, signal.SIGSTOP)
    waking = threading.Timer(2.0, os.kill, (service.pid, signal.SIGCONT))
    waking.start()
    try:
        assert launcher.ensure_running() == service  # asked while it sleeps
        assert [chunk.choices[0].finish_reason for chunk in stream][-1] == "length"
        assert create(client_of(service)).choices[0].message.content
    finally:
        waking.join(10)


@posix
def test_a_long_sleep_is_not_waited_for(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(state, "HEALTH_SECONDS", 0.5)
    first = launcher.ensure_running()
    os.kill(first.pid, signal.SIGSTOP)
    with pytest.raises(openai.APITimeoutError) as caught:
        create(client_of(first, timeout=1.0))
    assert explain(caught.value)
    second = launcher.ensure_running()
    assert second.pid != first.pid
    assert create(client_of(second)).choices[0].message.content
    assert wait_for(lambda: not launcher._is_our_process(first.pid))


# Each second, the wall clock of this service goes forward by a day, or back by one.
JUMPING = """
import time
_real, _start = time.time, time.monotonic()
time.time = lambda: _real() + ({days}) * 86400 * (time.monotonic() - _start)
"""


@pytest.mark.parametrize("days", [1, -1])
def test_the_wall_clock_may_jump(home: Path, monkeypatch: pytest.MonkeyPatch, days: int) -> None:
    monkeypatch.setattr(launcher, "_BOOT", JUMPING.format(days=days) + launcher._BOOT)
    monkeypatch.setenv("FIRST_CALL_IDLE", "3")
    monkeypatch.setattr(time, "time", lambda: 0.0)  # this side's clock is wrong, too
    service = launcher.ensure_running(timeout=20)
    time.sleep(1.5)  # a day and a half by the service's wall clock; it looks each 0.75 s
    assert launcher.find() == service
    assert create(client_of(service)).choices[0].message.content
    # Idleness is real time, so it ends all the same.
    assert wait_for(lambda: "ended (no request for 3 s)" in state.log_path().read_text())
    assert launcher.find() is None


# --- two users -------------------------------------------------------------------------------


def test_two_users_of_one_computer(service: Service, home: Path) -> None:
    other = launcher.ensure_running()
    assert other.pid != service.pid
    assert other.base_url != service.base_url
    assert other.key != service.key
    assert launcher.find() == other
    for mine, theirs in ((service, other), (other, service)):
        assert create(client_of(mine)).choices[0].message.content
        stranger = OpenAI(api_key=theirs.key, base_url=mine.base_url, max_retries=0, timeout=30)
        with pytest.raises(openai.AuthenticationError) as caught:
            create(stranger)
        assert theirs.key not in str(caught.value)
    assert launcher.stop()  # the other user's service goes on
    assert create(client_of(service)).choices[0].message.content


# --- bad files and ports ---------------------------------------------------------------------


@pytest.mark.parametrize("damage", ["half", "garbage", "counts", "kind"])
def test_a_model_file_that_cannot_be_loaded(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    """The engine neither crashes nor takes all memory; the sentence names the file."""
    good = chosen().path.read_bytes()
    kind = good.index(b"general.architecture") + 32  # after its name, its type and its length
    bad = tmp_path / "bad.gguf"
    content = {
        "half": good[: len(good) // 2],
        "garbage": b"GGUF" + bytes(range(256)) * 400,
        "kind": good[:kind] + b"nonon" + good[kind + 5 :],
        "counts": good[:8] + b"\xff" * 16 + good[24:],  # of tensors and of settings
    }
    bad.write_bytes(content[damage])
    monkeypatch.setenv("PRACTICE_MODEL", str(bad))
    with pytest.raises(PracticeError, match=r"could not be loaded|damaged") as caught:
        launcher.ensure_running(timeout=30)
    assert str(bad) in str(caught.value)
    assert launcher.find() is None


@pytest.mark.parametrize(
    "content",
    [
        b'{"pid": true, "port": true, "key": "k"}',
        b'{"pid": 1e400, "port": 8000, "key": "k"}',
        b'{"pid": %d, "port": 8000, "key": "k"}' % 10**30,
        b'{"pid": 1, "port": 1, "key": "k", "version": [1], "model": {"a": 1}}',
        bytes(range(256)) * 20,
    ],
    ids=["booleans", "infinite", "huge", "not ours", "binary"],
)
def test_a_state_file_that_leads_astray(home: Path, content: bytes) -> None:
    home.mkdir()
    state.path().write_bytes(content)
    assert launcher.find() is None
    assert not launcher.stop()
    state.path().write_bytes(content)
    service = launcher.ensure_running()
    assert create(client_of(service)).choices[0].message.content


def test_a_folder_in_the_place_of_the_state_file(home: Path) -> None:
    state.path().mkdir(parents=True)
    assert launcher.find() is None
    with pytest.raises(PracticeError, match="Delete that folder and run this cell again"):
        launcher.ensure_running()


def test_a_port_that_was_asked_for_and_is_taken() -> None:
    with socket.create_server((state.HOST, 0)) as listener:
        port = listener.getsockname()[1]
        with pytest.raises(PracticeError, match=f"Port {port} .* Choose another one with --port"):
            serve._listen(serve.Options(port=port))
        with serve._listen(serve.Options(port=port, other_port=True)) as other:
            assert other.getsockname()[1] != port
