"""The helpers against the real practice service and its simulated errors, through the SDK."""

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from helpers import (
    Conversation,
    FirstCallError,
    ask,
    connect,
    continue_reply,
    cost,
    cost_line,
    current_model,
    explain,
    finish_advice,
    show_stream,
)
from helpers.connection import settings as settings_module
from helpers.connection.settings import NAMES
from practice.process import launcher, weights


@pytest.fixture(scope="module", autouse=True)
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One practice service for this module, in a home of its own."""
    model = weights.fetch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRST_CALL_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("PRACTICE_MODEL", str(model))
        yield
        launcher.stop()


@pytest.fixture
def client(
    service: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[openai.OpenAI]:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings_module, "_last", None)
    monkeypatch.setattr(cost, "_meters", {})
    with connect() as made:
        yield made


def test_a_first_call(client: openai.OpenAI) -> None:
    reply = ask(client, "What is recursion in programming? Answer in one sentence.", temperature=0)
    assert reply.choices[0].message.content
    assert finish_advice(reply.choices[0]).action == "use"
    assert "practice: free (at gpt-5.4-mini list prices: $0.0" in cost_line(reply)


def test_the_current_model_is_the_first_that_is_listed(client: openai.OpenAI) -> None:
    assert current_model() == next(iter(client.models.list())).id


def test_a_stream(client: openai.OpenAI, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    request: Any = {
        "model": current_model(),
        "messages": [{"role": "user", "content": "Write a numbered list of five fruits."}],
        "temperature": 0,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    text = show_stream(client.chat.completions.create(**request))
    assert text
    assert capsys.readouterr().out.split() == text.split()  # its lines end between words


def test_the_call_after_an_interrupted_stream(
    client: openai.OpenAI, monkeypatch: pytest.MonkeyPatch
) -> None:
    request: Any = {
        "model": current_model(),
        "messages": [{"role": "user", "content": "List fifty fruits, one per line."}],
    }

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("builtins.print", stop)
        with pytest.raises(KeyboardInterrupt):
            show_stream(client.chat.completions.create(stream=True, **request))
    assert client.chat.completions.create(max_completion_tokens=3, **request).choices


@pytest.mark.skipif(sys.platform == "win32", reason="uses SIGKILL")
def test_a_killed_service_is_replaced_at_the_next_call(client: openai.OpenAI) -> None:
    ask(client, "Hi", max_completion_tokens=3)
    running = launcher.find()
    assert running is not None
    os.kill(running.pid, signal.SIGKILL)
    assert ask(client, "Hi", max_completion_tokens=3).choices
    replaced = launcher.find()
    assert replaced is not None
    assert replaced.pid != running.pid


def test_continuing_a_cut_reply(client: openai.OpenAI) -> None:
    asked: Any = [{"role": "user", "content": "Write a numbered list of five fruits."}]
    reply = client.chat.completions.create(
        model=current_model(), messages=asked, max_completion_tokens=4, temperature=0
    )
    assert finish_advice(reply.choices[0]).action == "continue"
    begun = reply.choices[0].message.content or ""
    whole = continue_reply(client, asked, reply, max_completion_tokens=40, temperature=0)
    assert whole.startswith(begun)
    assert len(whole) > len(begun)


def test_a_conversation_remembers(client: openai.OpenAI) -> None:
    talk = Conversation(client, temperature=0)
    talk.say("What is the capital of Japan?", max_completion_tokens=40)
    alone = talk.last
    talk.say("And what about Italy?", max_completion_tokens=40)
    assert alone is not None
    assert alone.usage is not None
    assert talk.last is not None
    assert talk.last.usage is not None
    assert talk.last.usage.prompt_tokens > alone.usage.prompt_tokens


CARDS = {
    "simulate-wrong-key": "does not know this API key",
    "simulate-region": "country or region",
    "simulate-model-not-found": "no model of this name",
    "simulate-rate-limit": "Wait 1 seconds",
    "simulate-no-credit": "no credit left",
    "simulate-server-error": "failed on its side (500)",
    "simulate-overloaded": "overloaded (503)",
}


@pytest.mark.parametrize("card", CARDS)
def test_simulated_errors_are_explained(card: str, client: openai.OpenAI) -> None:
    model = current_model()
    carded = connect(api_key=card, max_retries=0)
    with pytest.raises(openai.APIStatusError) as caught:
        carded.chat.completions.create(
            model=model, messages=[{"role": "user", "content": "Hi"}], max_completion_tokens=3
        )
    said = " ".join(explain(caught.value).split())
    assert CARDS[card] in said
    assert said.endswith("(Simulated by practice mode.)")


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"model": "gpt-4"}, "retired"),
        ({"model": "no-such-model"}, "no model of this name"),
        ({"response_format": {"type": "json_object"}}, "no message contains the word JSON"),
        ({"temperature": 9}, "400"),
        ({"n": -1}, "400"),
    ],
)
def test_real_refusals_are_explained(
    params: dict[str, Any], said: str, client: openai.OpenAI
) -> None:
    with pytest.raises(FirstCallError, match=said) as caught:
        ask(client, "Hi", **params)
    assert isinstance(caught.value.__cause__, openai.APIStatusError)


def test_a_prompt_longer_than_the_context_is_explained(client: openai.OpenAI) -> None:
    with pytest.raises(FirstCallError, match="longer than the model can read"):
        ask(client, "word " * 4000)


def test_other_simulations(client: openai.OpenAI, capsys: pytest.CaptureFixture[str]) -> None:
    request: Any = {"model": current_model(), "messages": [{"role": "user", "content": "Hi"}]}

    def carded(name: str) -> openai.OpenAI:
        header = {"x-practice-simulate": f"simulate-{name}"}
        return client.with_options(default_headers=header, max_retries=0)

    reply = carded("content-filter").chat.completions.create(**request)
    assert finish_advice(reply.choices[0]).action == "rephrase"
    reply = carded("refusal").chat.completions.create(**request)
    assert finish_advice(reply.choices[0]).action == "accept"
    reply = carded("reasoning").chat.completions.create(max_completion_tokens=50, **request)
    assert finish_advice(reply.choices[0]).action == "raise the limit"
    capsys.readouterr()
    show_stream(carded("cut-stream").chat.completions.create(stream=True, **request))
    assert "the stream was cut" in capsys.readouterr().out
    with pytest.raises(FirstCallError, match="web page"):
        ask(carded("html"), "Hi")
    assert client.chat.completions.create(**{**request, "model": "simulate-busy-twice"})


def test_a_wrong_practice_key_is_refused(client: openai.OpenAI) -> None:
    stranger = openai.OpenAI(api_key="sk-stranger", base_url=client.base_url, max_retries=0)
    with pytest.raises(openai.AuthenticationError) as caught:
        stranger.models.list()
    assert "does not know this API key" in " ".join(explain(caught.value).split())
