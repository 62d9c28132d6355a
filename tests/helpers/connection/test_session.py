"""connect(): the line it prints, the client it returns, and what stands in its way."""

import json
import os
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import openai
import pytest

from helpers import FirstCallError, SettingsError, connect, current_model
from helpers.connection import session as module
from helpers.connection import settings as settings_module
from helpers.connection.settings import NAMES
from practice.process import launcher
from practice.process.config import SIMULATION_HEADER, PracticeError

KEY = "sk-" + "T3st" * 10
PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


class Stand(ThreadingHTTPServer):
    """A service that lists one model and keeps what it was sent."""

    daemon_threads = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), Answer)
        self.seen: list[dict[str, str]] = []
        self.statuses: list[int] = []
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def end(self) -> None:
        self.shutdown()
        self.server_close()


class Answer(BaseHTTPRequestHandler):
    server: Stand

    def do_GET(self) -> None:
        self.server.seen.append({name.lower(): value for name, value in self.headers.items()})
        status = self.server.statuses.pop(0) if self.server.statuses else 200
        models = [{"id": "first", "object": "model", "created": 1, "owned_by": "me"}]
        body = json.dumps({"object": "list", "data": models}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def stand() -> Iterator[Stand]:
    server = Stand()
    yield server
    server.end()


@pytest.fixture(autouse=True)
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*NAMES, *PROXIES, *(name.lower() for name in PROXIES)):
        monkeypatch.setenv(name, "")  # so that monkeypatch also undoes what connect() sets
        monkeypatch.delenv(name)
    monkeypatch.delenv("PRACTICE_MODEL", raising=False)
    (tmp_path / ".env").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings_module, "_last", None)


@pytest.fixture
def practice(stand: Stand, monkeypatch: pytest.MonkeyPatch) -> list[launcher.Service]:
    """Let the stand be the practice service; what is appended is the one that runs next."""
    running = [launcher.Service(stand.url, "practice-key-1", 1, "qwen2.5-coder-0.5b-instruct")]
    monkeypatch.setattr(launcher, "ensure_running", lambda **_: running[-1])
    return running


def test_practice_mode_says_so_each_time(
    practice: list[launcher.Service], capsys: pytest.CaptureFixture[str]
) -> None:
    for _ in range(2):
        client = connect()
        assert capsys.readouterr().out == (
            "practice mode · Qwen2.5-Coder-0.5B-Instruct on this computer · no key, no cost\n"
        )
        assert type(client) is openai.OpenAI
    assert current_model() == "qwen2.5-coder-0.5b-instruct"


def test_own_key_says_so_without_the_key(capsys: pytest.CaptureFixture[str]) -> None:
    client = connect(api_key=KEY)
    assert capsys.readouterr().out == "your key · OpenAI · gpt-5.4-mini\n"
    assert str(client.base_url) == "https://api.openai.com/v1/"
    assert current_model() == "gpt-5.4-mini"
    assert KEY not in repr(client)


def test_a_malformed_key_is_not_practice_mode(
    practice: list[launcher.Service],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f"“{KEY}”")
    with pytest.raises(SettingsError):
        connect()
    assert capsys.readouterr().out == ""


def test_the_key_is_asked_for_at_every_call_and_every_retry(
    practice: list[launcher.Service], stand: Stand
) -> None:
    client = connect()
    client.models.list()
    stand.statuses = [500, 200]
    client.models.list()
    assert [sent["authorization"] for sent in stand.seen] == ["Bearer practice-key-1"] * 3


def test_a_service_replaced_on_another_port_is_found(
    practice: list[launcher.Service], stand: Stand
) -> None:
    client = connect()
    client.models.list()
    other = Stand()
    practice.append(launcher.Service(other.url, "practice-key-2", 2, "m"))
    stand.end()
    assert next(iter(client.models.list())).id == "first"
    assert other.seen[0]["authorization"] == "Bearer practice-key-2"
    other.end()


def test_a_card_goes_beside_the_key(
    practice: list[launcher.Service], stand: Stand, capsys: pytest.CaptureFixture[str]
) -> None:
    connect(api_key="simulate-no-credit").models.list()
    assert stand.seen[0]["authorization"] == "Bearer practice-key-1"
    assert stand.seen[0][SIMULATION_HEADER] == "simulate-no-credit"
    assert "simulated error" in capsys.readouterr().out


def test_settings_of_the_service_may_stand_in_the_file(
    practice: list[launcher.Service], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("PRACTICE_MODEL=other.gguf\nFIRST_CALL_HOME=here\n")
    monkeypatch.setenv("FIRST_CALL_HOME", "there")
    monkeypatch.setenv("PRACTICE_MODEL", "")
    connect()
    assert (os.environ["PRACTICE_MODEL"], os.environ["FIRST_CALL_HOME"]) == ("other.gguf", "there")


def test_a_practice_service_that_cannot_start(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_: object) -> launcher.Service:
        raise PracticeError("No room on the disk.", "Free 200 MB.")

    monkeypatch.setattr(launcher, "ensure_running", fail)
    with pytest.raises(FirstCallError, match=r"No room on the disk\. Free 200 MB\.") as caught:
        connect()
    assert isinstance(caught.value.__cause__, PracticeError)


def test_a_quick_start_prints_nothing_more(
    practice: list[launcher.Service],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def start(*, notify: Any) -> launcher.Service:
        notify("Starting ...")
        return practice[-1]

    monkeypatch.setattr(launcher, "ensure_running", start)
    connect()
    assert "Starting" not in capsys.readouterr().out
    monkeypatch.setattr(module, "QUIET_SECONDS", -1.0)
    connect()
    assert "Starting" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["OPENAI_BASE_URL", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"])
def test_an_empty_variable_of_the_sdk_changes_nothing(
    name: str, practice: list[launcher.Service], stand: Stand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "")
    connect().models.list()
    connect(api_key=KEY, base_url=stand.url).models.list()
    for sent in stand.seen:
        assert not any(header in sent for header in ("openai-organization", "openai-project"))


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
@pytest.mark.parametrize("proxy", ["http", "socks5", "socks5h", "socks"])
def test_a_proxy_does_not_stand_between(
    name: str,
    proxy: str,
    practice: list[launcher.Service],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(name, f"{proxy}://127.0.0.1:9")  # nothing listens there
    monkeypatch.setenv("NO_PROXY", "school.example")
    client = connect(max_retries=0)
    assert next(iter(client.models.list())).id == "first"
    assert os.environ["NO_PROXY"] == os.environ["no_proxy"] == "school.example,127.0.0.1,localhost"


def test_a_proxy_address_that_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://proxy:80")
    with pytest.raises(SettingsError, match="HTTPS_PROXY"):
        connect(api_key=KEY)


def test_the_first_listed_model_where_none_is_named(
    stand: Stand, capsys: pytest.CaptureFixture[str]
) -> None:
    connect(provider="vllm", base_url=stand.url)
    said = "no key needed · vLLM · the first model it lists · limits go as max_tokens\n"
    assert capsys.readouterr().out == said
    assert current_model() == "first"
    assert stand.seen[0]["authorization"] == "Bearer not-needed"


def test_client_options_reach_the_sdk() -> None:
    client = connect(api_key=KEY, max_retries=7, timeout=3.0)
    assert (client.max_retries, client.timeout) == (7, 3.0)
    assert connect(api_key=KEY).timeout == module.TIMEOUT
