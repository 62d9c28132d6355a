"""A stream in which nothing comes: a service that works gives a sign of life, another is given up."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
import uvicorn
from openai import OpenAI

from helpers import Conversation, FirstCallError, connect, explain, show_stream
from helpers.calls import StreamedReply
from helpers.connection import session
from helpers.connection import settings as settings_module
from helpers.connection.settings import NAMES
from helpers.widgets.chat_box import Window
from practice.process import launcher, state
from practice.process.models import chosen
from practice.server import events
from practice.server.app import create_app

posix = pytest.mark.skipif(sys.platform == "win32", reason="uses POSIX signals")

ROME: list[Any] = [{"role": "user", "content": "Tell the long history of Rome."}]


class Slow:
    """Says a word, pauses, and says another one."""

    slots, context, decides_tools = 4, 2048, False
    pause = 1.0

    async def stream(self, _: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        for word in ("one", " two"):
            delta = {"content": word}
            yield {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]}
            await asyncio.sleep(self.pause)
        yield {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
        yield {"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 2}}


@pytest.fixture
def slow() -> Iterator[tuple[Slow, int]]:
    """The real application around a slow engine, and its port."""
    engine = Slow()
    listener = socket.create_server((state.HOST, 0))
    app = create_app(engine, key="k")  # type: ignore[arg-type]
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    yield engine, listener.getsockname()[1]
    server.should_exit = True
    thread.join(10)


def streamed(port: int) -> str:
    """The events of a stream as they go over the wire."""
    connection = http.client.HTTPConnection(state.HOST, port, timeout=30)
    body = json.dumps({"model": chosen().id, "messages": ROME, "stream": True})
    connection.request("POST", "/v1/chat/completions", body, {"authorization": "Bearer k"})
    text = connection.getresponse().read().decode()
    connection.close()
    return text


def test_a_long_wait_gives_signs_of_life(
    slow: tuple[Slow, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, port = slow
    monkeypatch.setattr(events, "SIGN_SECONDS", 0.1)
    found = streamed(port).split("\n\n")
    signs = [place for place, event in enumerate(found) if event == ": still here"]
    assert len(signs) >= 6
    assert all(event.startswith(("data: ", ": still here")) for event in found if event)
    assert found[-2] == "data: [DONE]"  # and nothing behind it
    client = OpenAI(api_key="k", base_url=f"http://{state.HOST}:{port}/v1", max_retries=0)
    with (
        client,
        client.chat.completions.create(model=chosen().id, messages=ROME, stream=True) as stream,
    ):
        said = [chunk.choices[0].delta.content or "" for chunk in stream]
    assert "".join(said) == "one two"


def test_a_reply_without_a_pause_has_none(
    slow: tuple[Slow, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine, port = slow
    monkeypatch.setattr(engine, "pause", 0.0)
    assert ": still here" not in streamed(port)


def test_signs_come_often_enough_and_a_dead_service_is_given_up_soon_enough() -> None:
    assert 3 * events.SIGN_SECONDS < session.SILENCE_SECONDS < 25


@pytest.fixture
def client(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, service: launcher.Service
) -> Iterator[OpenAI]:
    """A client of a service of its own, which may be stopped."""
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PRACTICE_MODEL", str(chosen().path))
    monkeypatch.setenv("FIRST_CALL_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(settings_module, "_last", None)
    monkeypatch.setattr(state, "HEALTH_SECONDS", 1.0)
    with connect() as made:
        yield made
    launcher.stop()


def in_a_loop(client: OpenAI, pause: Callable[[], None]) -> str:
    stream = client.chat.completions.create(model=chosen().id, messages=ROME, stream=True)
    try:
        for place, _ in enumerate(stream):
            if place == 3:
                pause()
    except openai.APITimeoutError as error:
        return explain(error)
    raise AssertionError("the stream went on")


def in_show_stream(client: OpenAI, pause: Callable[[], None]) -> str:
    stream = client.chat.completions.create(model=chosen().id, messages=ROME, stream=True)
    next(stream)
    pause()
    with pytest.raises(FirstCallError) as caught:
        show_stream(stream)
    return str(caught.value)


def in_the_chat_window(client: OpenAI, pause: Callable[[], None]) -> str:
    class Pausing(Conversation):
        def stream(self, text: str, **params: Any) -> Generator[StreamedReply]:
            for place, answer in enumerate(super().stream(text, **params)):
                if place == 1:
                    pause()
                yield answer

    window = Window(Pausing(client))
    window.field.value = str(ROME[0]["content"])
    window.free.acquire()
    window._answer(0.0)
    return str(window.status.value)


@posix
@pytest.mark.parametrize("place", [in_a_loop, in_show_stream, in_the_chat_window])
def test_a_service_that_stops_in_a_stream(
    place: Callable[[OpenAI, Callable[[], None]], str],
    client: OpenAI,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(session, "SILENCE_SECONDS", 1.5)
    stopped = launcher.find()
    assert stopped is not None
    began: list[float] = []

    def pause() -> None:
        os.kill(stopped.pid, signal.SIGSTOP)
        began.append(time.monotonic())

    assert "No answer came within the time limit." in place(client, pause)
    assert time.monotonic() - began[0] < 15  # with 20 s of patience that is less than 34
    # The next call finds a new service.
    reply = client.chat.completions.create(model=chosen().id, messages=ROME, max_tokens=4)
    assert reply.choices[0].message.content


def test_a_client_of_ones_own_is_taken(service: object) -> None:
    with openai.DefaultHttpxClient() as own:
        assert connect(http_client=own)._client is own
