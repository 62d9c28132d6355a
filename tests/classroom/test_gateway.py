"""The gateway in front of the practice service: a key, a budget, a rate and an end for each."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI

from conftest import ROOT
from practice.process import state
from practice.roster import keys_file, making
from tests.classroom import places

pytestmark = pytest.mark.classroom

SECONDS = 300
MODEL = "smollm2-135m-instruct"
REAL = "the-real-key-of-the-class-000000"
MESSAGES: list[Any] = [{"role": "user", "content": "Say hello."}]


@dataclass
class Gateway:
    """A gateway that runs, and the practice service behind it."""

    address: str
    file: Path
    folder: Path
    clients: list[OpenAI] = field(default_factory=list)

    def client(self, number: int, **more: Any) -> OpenAI:
        key = next(one.key for one in keys_file.read(self.file) if one.number == number)
        one = OpenAI(api_key=key, base_url=f"{self.address}/v1", max_retries=0, timeout=120, **more)
        self.clients.append(one)
        return one


def answers(address: str) -> bool:
    try:
        urllib.request.urlopen(f"{address}/health/liveliness", timeout=5).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    folder = tmp_path_factory.mktemp("gateway")
    file = folder / "keys.csv"
    making.make(file, ["Ada", "王伟", "Cy", "Di"])
    rows = file.read_text("utf-8-sig").splitlines()
    rows = [rows[0] + ",budget,rate", *(row + ",," for row in rows[1:])]
    rows[3] = rows[3][:-2] + ",0.01,"  # 王伟: a cent
    rows[4] = rows[4][:-2] + ",,2"  # Cy: two requests a minute
    file.write_text("\n".join(rows) + "\n", "utf-8")
    port, service = places.free_ports(1), places.free_ports(1)
    clean = places.outside_environment() | {"FIRST_CALL_HOME": str(folder / "home")}
    clean["PRACTICE_MODEL"] = os.environ["PRACTICE_MODEL"]
    serve = [sys.executable, "-m", "practice", "serve", "--port", str(service)]
    start = [sys.executable, "-m", "tools.gateway", str(file), "--port", str(port)]
    start += ["--model", MODEL, "--price", "100", "500", "--state", str(folder / "state")]
    upstream = {"OPENAI_API_KEY": REAL, "OPENAI_BASE_URL": f"http://127.0.0.1:{service}/v1"}
    log = (folder / "log.txt").open("wb")
    running = [
        subprocess.Popen(
            serve, cwd=ROOT, env=clean | {"PRACTICE_KEY": REAL}, stdout=log, stderr=log
        ),
        subprocess.Popen(start, cwd=ROOT, env=clean | upstream, stdout=log, stderr=log),
    ]
    one = Gateway(f"http://127.0.0.1:{port}", file, folder)
    try:
        end = time.monotonic() + SECONDS
        while not (state.health(service) and answers(one.address)):
            assert [each.poll() for each in running] == [None, None], log_of(one)
            assert time.monotonic() < end, log_of(one)
            time.sleep(1)
        yield one
    finally:
        for client in one.clients:
            client.close()
        for each in running:
            each.terminate()
            each.wait(30)
        log.close()


def log_of(gateway: Gateway) -> str:
    return (gateway.folder / "log.txt").read_text("utf-8", "replace")


def say(client: OpenAI, **more: Any) -> Any:
    options = {"model": MODEL, "messages": MESSAGES, "max_completion_tokens": 10} | more
    return client.chat.completions.create(**options)


def fails(call: Callable[[], Any]) -> openai.APIStatusError:
    with pytest.raises(openai.APIStatusError) as caught:
        call()
    return caught.value


def test_a_learner_gets_replies_and_streams_with_their_own_key(gateway: Gateway) -> None:
    ada = gateway.client(1)
    reply = say(ada)
    assert reply.usage.completion_tokens > 0
    pieces = [c.choices[0].delta.content or "" for c in say(ada, stream=True) if c.choices]
    assert "".join(pieces)
    assert MODEL in [model.id for model in ada.models.list()]
    # The class's own key opens nothing here, and no other model is to be had.
    own = OpenAI(api_key=REAL, base_url=f"{gateway.address}/v1", max_retries=0)
    gateway.clients.append(own)
    refused = fails(lambda: say(own))
    assert (refused.status_code, refused.code) == (401, "invalid_api_key")
    assert fails(lambda: say(ada, model="gpt-6.1-terra")).status_code in (400, 403, 404)


def test_a_learner_over_budget_gets_the_apis_own_error(gateway: Gateway) -> None:
    from helpers import explain

    bo = gateway.client(2)
    error: openai.APIStatusError | None = None
    for _ in range(20):  # each costs about 0.9 cents; what is spent is written down soon after
        try:
            say(bo)
        except openai.APIStatusError as found:
            error = found
            break
        time.sleep(1)
    assert error is not None
    assert isinstance(error, openai.RateLimitError)
    assert (error.code, error.type) == ("insufficient_quota", "insufficient_quota")
    assert "quota" in str(explain(error)).lower() or "credit" in str(explain(error)).lower()
    say(gateway.client(1))  # the others go on


def test_a_rate(gateway: Gateway) -> None:
    cy = gateway.client(3)
    error = None
    for _ in range(4):
        try:
            say(cy, max_completion_tokens=1)
        except openai.APIStatusError as found:
            error = found
    assert isinstance(error, openai.RateLimitError)


def test_a_stopped_key(gateway: Gateway) -> None:
    di = gateway.client(4)
    say(di)
    making.stop(gateway.file, "Di")
    refused = fails(lambda: say(di))
    assert (refused.status_code, refused.code) == (401, "invalid_api_key")


def test_no_key_is_written_down_and_spending_can_be_read(gateway: Gateway) -> None:
    kept = b"".join(
        file.read_bytes()
        for file in gateway.folder.rglob("*")
        if file.is_file() and file.name != "keys.csv"
    )
    for secret in (REAL, *(one.key for one in keys_file.read(gateway.file))):
        assert secret.encode() not in kept
    command = [sys.executable, "-m", "tools.gateway", str(gateway.file), "--spent"]
    command += ["--state", str(gateway.folder / "state")]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "Ada" in said
    assert "2  $0.01" in said


def test_learners_manage_nothing(gateway: Gateway) -> None:
    key = gateway.client(1).api_key
    for path in ("/key/generate", "/model/info", "/config/yaml", "/v1/files", "/user/info"):
        request = urllib.request.Request(
            f"{gateway.address}{path}", headers={"Authorization": f"Bearer {key}"}
        )
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=30)
        assert caught.value.code in (401, 403, 404, 405), path
        caught.value.close()
