"""A class at one service: each with a key of their own, over HTTP and through the SDK."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
import uvicorn
from openai import OpenAI

from conftest import ROOT
from practice import __main__ as cli
from practice.ledger.attendance import TOGETHER_SECONDS, Places
from practice.ledger.shelf import Shelf
from practice.process import state
from practice.process.models import chosen
from practice.roster import keys_file, making
from practice.roster.roster import Roster
from practice.server import serve
from practice.server.app import create_app
from practice.server.holders import ClassKeys

MODEL = chosen().id
MESSAGES: list[Any] = [{"role": "user", "content": "Say hello to the secret word PERSIMMON."}]


class Engine:
    """Says one word."""

    slots, context, decides_tools = 4, 2048, False

    async def stream(self, request: dict[str, Any]) -> AsyncGenerator[dict[str, Any]]:
        yield {"choices": [{"index": 0, "delta": {"content": "Hi"}, "finish_reason": "stop"}]}
        yield {"choices": [], "usage": {"prompt_tokens": 1234, "completion_tokens": 56}}

    def close(self) -> None:
        pass


@dataclass
class Room:
    """A class that runs: where, the file with its keys, and the clients that were made."""

    address: str
    file: Path
    clients: list[OpenAI] = field(default_factory=list)

    def close(self) -> None:
        for client in self.clients:
            client.close()

    def client(self, who: str, place: str = "127.0.0.1") -> OpenAI:
        transport = httpx2.HTTPTransport(local_address=place)
        one = OpenAI(
            api_key=self.key(who),
            base_url=f"{self.address}/v1",
            max_retries=0,
            http_client=httpx2.Client(transport=transport, timeout=60),
        )
        self.clients.append(one)
        return one

    def key(self, who: str) -> str:
        return next(one.key for one in keys_file.read(self.file) if one.title == who)

    def page(self, key: str) -> httpx2.Response:
        return httpx2.get(f"{self.address}/usage", auth=("anybody", key), timeout=60)

    def seen(self, who: str = "teacher") -> str:
        """The text of a page, without its tags; the ledgers have written by then."""
        answer = self.page(self.key(who))
        assert answer.status_code == 200
        assert not [one for one in keys_file.read(self.file) if one.key in answer.text]
        assert "PERSIMMON" not in answer.text
        return " ".join(re.sub("<[^>]*>", " ", answer.text.partition("</style>")[2]).split())


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    file = tmp_path / "keys.csv"
    making.make(file, ["Ada", "王伟", ""])
    listener = socket.create_server((state.HOST, 0))
    keys = ClassKeys(Roster(file), Shelf(tmp_path / "class"))
    app = create_app(Engine(), key="", class_keys=keys, any_host=True)  # type: ignore[arg-type]
    options = serve._Server(
        app,
        serve.Options(registered=False),
        listener,
        serve._Activity(),
        time.monotonic(),
    ).config
    server = uvicorn.Server(options)
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    one = Room(f"http://127.0.0.1:{listener.getsockname()[1]}", file)
    yield one
    one.close()
    server.should_exit = True
    thread.join(10)
    keys.close()


def say(client: OpenAI, **more: Any) -> Any:
    return client.chat.completions.create(model=MODEL, messages=MESSAGES, **more)


def fails(call: Callable[[], Any]) -> openai.APIStatusError:
    with pytest.raises(openai.APIStatusError) as caught:
        call()
    return caught.value


def test_each_has_a_key_and_a_page_of_their_own(room: Room) -> None:
    assert say(room.client("Ada")).choices[0].message.content == "Hi"
    say(room.client("Ada"))
    say(room.client("王伟"))
    ada, bo, third = room.seen("Ada"), room.seen("王伟"), room.seen("learner 3")
    assert "the page of Ada: nobody else's calls" in ada
    assert "2,468" in ada
    assert "2,468" not in bo
    assert "1,234" in bo
    assert "1,234" not in third
    assert "王伟" not in ada + third
    assert "Ada" not in bo + third
    for key in ("", "wrong-key-" + "x" * 20):
        refused = room.page(key)
        assert refused.status_code == 401
        assert refused.headers["www-authenticate"].startswith("Basic")


def test_the_teacher_sees_requests_errors_and_tokens(room: Room) -> None:
    ada = room.client("Ada")
    say(ada)
    fails(lambda: say(ada, temperature=9))
    said = room.seen()
    assert "2 of 3 learners" not in said
    assert "1 of 3 learners have sent a request" in said
    assert re.search(r"1 Ada [\d: -]+ 2 1 1,234 56 never", said), said
    assert "2 王伟 none yet 0 0 0 0 never" in said
    assert "3 learner 3 none yet" in said
    assert "Nobody is stuck." in said
    # What the teacher asks is nobody's business here.
    say(room.client("teacher"))
    assert "1 of 3 learners" in room.seen()


def test_who_is_stuck(room: Room) -> None:
    ada, bo = room.client("Ada"), room.client("王伟")
    for _ in range(3):
        fails(lambda: say(ada, temperature=9))
        fails(lambda: say(bo, extra_headers={"x-practice-simulate": "simulate-rate-limit"}))
    said = room.seen()
    assert "Ada : stuck: the last 3 requests were refused, the last with" in said
    assert "王伟 : stuck" not in said  # a lesson asks for that error
    say(ada)
    assert "Nobody is stuck." in room.seen()


def test_a_stopped_key_is_refused_in_the_words_of_the_api(room: Room) -> None:
    ada = room.client("Ada")
    say(ada)
    unknown = fails(lambda: say(ada.with_options(api_key="no-" + "x" * 20)))
    making.stop(room.file, "Ada")
    stopped = fails(lambda: say(ada))
    assert isinstance(stopped, openai.AuthenticationError)
    assert stopped.body == unknown.body
    assert stopped.code == "invalid_api_key"
    assert room.page(room.key("Ada")).status_code == 401
    say(room.client("王伟"))
    said = room.seen()
    assert "Ada : the key is over, and was tried." in said
    assert "1 request with a key that is not in the file" in said


def test_a_key_expires_and_may_be_prolonged(room: Room) -> None:
    text = room.file.read_text("utf-8-sig")
    line = f"Ada,{room.key('Ada')},"
    room.file.write_text(text.replace(line, f"{line}2020-01-01"), "utf-8")
    assert fails(lambda: say(room.client("Ada"))).status_code == 401
    room.file.write_text(text.replace(line, f"{line}2099-01-01"), "utf-8")
    say(room.client("Ada"))
    assert re.search(r"1 Ada [\d: -]+ 2 1 1,234 56 01-02 00:00:00", room.seen())


def test_a_bad_file_is_told_to_the_teacher(room: Room) -> None:
    teacher, ada = room.key("teacher"), room.client("Ada")
    good = room.file.read_text("utf-8-sig")
    room.file.write_text(good + f"Eve,{room.key('Ada')}\n", "utf-8")
    say(ada)
    said = room.page(teacher).text
    assert "has changed and cannot be used" in said
    assert "line 6: the key is that of line 3" in said


def test_a_key_that_is_used_from_two_computers_is_shown(room: Room) -> None:
    say(room.client("Ada", "127.0.0.1"))
    assert "computers:" not in room.seen().replace("Computers:", "")
    say(room.client("Ada", "127.0.0.2"))
    said = room.seen()
    assert "Ada : the key is used from 2 computers: 127.0.0.1" in said
    assert "127.0.0.2" in said


def test_places_are_forgotten() -> None:
    clock = [0.0]
    places = Places(lambda: clock[0])
    places.see("a", "one")
    clock[0] = TOGETHER_SECONDS / 2
    places.see("a", "two")
    assert places.of("a") == ["one", "two"]
    clock[0] = TOGETHER_SECONDS + 1
    assert places.of("a") == ["two"]
    for number in range(100):
        places.see("a", f"{number}")
    assert len(places.of("a")) <= 20


def test_nobody_meets_the_responses_or_the_credit_of_others(room: Room) -> None:
    ada, bo = room.client("Ada"), room.client("王伟")
    mine = ada.responses.create(model=MODEL, input="Hello")
    assert ada.responses.retrieve(mine.id).id == mine.id
    assert fails(lambda: bo.responses.retrieve(mine.id)).status_code == 404
    follow = {"model": MODEL, "input": "And?", "previous_response_id": mine.id}
    assert fails(lambda: bo.responses.create(**follow)).status_code == 400
    # Ada uses up her credit with the button of her page.
    page = room.page(room.key("Ada")).text
    token = re.findall(r'name="token" value="([^"]+)"', page)[0]
    press = {"token": token, "do": "use-up"}
    address = f"{room.address}/usage/credit"
    assert httpx2.post(address, data=press, auth=("", room.key("王伟"))).status_code == 403
    assert httpx2.post(address, data=press, auth=("", room.key("Ada"))).status_code == 303
    assert fails(lambda: say(ada)).code == "credit_balance_exhausted"
    say(bo)


def test_beyond_this_computer_only_with_keys(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert cli.main(["serve", "--host", "0.0.0.0"]) == 1
    said = capsys.readouterr().err
    assert "it needs keys. Give a class its own with --class KEYS.CSV" in said
    assert cli.main(["serve", "--class", str(tmp_path / "keys.csv"), "--host", "0.0.0.0"]) == 1
    assert "There is no file" in capsys.readouterr().err


def test_the_commands(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = str(tmp_path / "keys.csv")
    assert cli.main(["keys", file, "--learners", "2", "--days", "3"]) == 0
    assert "2 learners and a teacher, until 2" in capsys.readouterr().out
    assert cli.main(["keys", file, "--stop", "1"]) == 0
    assert "The key of learner 1 (no. 1) is over." in capsys.readouterr().out
    assert cli.main(["keys", file]) == 0
    said = capsys.readouterr().out
    assert re.search(r"1 +learner 1 +over +3", said)
    assert re.search(r"2 +learner 2 +until 2\S+ 23:59 +4", said)
    assert not [one for one in keys_file.read(Path(file)) if one.key in said]
    assert cli.main(["keys", file, "--days", "3"]) == 1
    names = tmp_path / "names.txt"
    names.write_text("Ada\n王伟\n", "utf-8")
    assert cli.main(["keys", str(tmp_path / "named.csv"), "--names", str(names)]) == 0
    assert [one.name for one in keys_file.read(tmp_path / "named.csv")] == ["", "Ada", "王伟"]


def test_the_whole_thing_as_a_teacher_starts_it(tmp_path: Path) -> None:
    """A process of its own with a real model, listening everywhere; no key in what it prints."""
    file, home = tmp_path / "keys.csv", tmp_path / "home"
    making.make(file, ["Ada", ""])
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "practice", "serve", "--class", str(file)]
    command += ["--host", "0.0.0.0", "--port", str(port)]
    output = tmp_path / "output.txt"
    with output.open("wb") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {"FIRST_CALL_HOME": str(home), "PYTHONUTF8": "1"},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    room = Room(f"http://127.0.0.1:{port}", file)
    try:
        end = time.monotonic() + 60
        while state.health(port) is None:
            assert process.poll() is None, output.read_text()
            assert time.monotonic() < end
            time.sleep(0.2)
        reply = say(room.client("Ada"), max_completion_tokens=5)
        assert reply.usage.completion_tokens > 0
        stream = say(room.client("learner 2"), max_completion_tokens=5, stream=True)
        assert len(list(stream)) > 1
        assert "2 of 2 learners have sent a request" in room.seen()
        making.stop(file, "Ada")
        assert fails(lambda: say(room.client("Ada"))).status_code == 401
    finally:
        room.close()
        process.terminate()
        process.wait(20)
    said = output.read_text("utf-8")
    assert "Class: 2 learners, 0 of their keys over." in said
    assert f":{port}/v1 and their own key." in said
    kept = said.encode() + b"".join(one.read_bytes() for one in home.rglob("*") if one.is_file())
    for one in keys_file.read(file):
        assert one.key.encode() not in kept
    assert b"PERSIMMON" not in kept
