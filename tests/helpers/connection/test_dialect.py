"""No cell changes: the request of a lesson, taken by every provider that we ship."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest

from helpers import (
    FirstCallError,
    all_providers,
    ask,
    client_changes,
    connect,
    show_stream,
)
from helpers.connection import settings as settings_module
from helpers.connection.dialect import translated
from helpers.connection.providers import Provider, provider_at
from helpers.connection.settings import NAMES
from tools.dialects.stand_in import KEY, StandIn

ROWS = [row for row in all_providers().values() if row.id != "practice"]
THINKERS = [row for row in ROWS if row.thinking_off]
AS_IN_A_LESSON = {"temperature": 0, "max_completion_tokens": 60}

every_row = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings_module, "_last", None)


@pytest.fixture
def provider(row: Provider) -> Iterator[StandIn]:
    with StandIn(row) as stand_in:
        yield stand_in


def client_of(provider: StandIn, **options: Any) -> openai.OpenAI:
    options = {"model": provider.model, "max_retries": 0, **options}
    return connect(api_key=KEY, base_url=provider.base_url, provider=provider.row.id, **options)


def body_of(row: Provider, **more: Any) -> dict[str, Any]:
    return {"model": row.model, "messages": [{"role": "user", "content": "Hi"}], **more}


# ---- every provider takes what a lesson writes


@every_row
def test_a_call_of_a_lesson_is_answered(provider: StandIn) -> None:
    reply = ask(client_of(provider), "Hi", **AS_IN_A_LESSON)
    assert (reply.choices[0].message.content, reply.choices[0].finish_reason) == ("Hi", "stop")


@every_row
def test_a_stream_of_a_lesson_is_answered(
    provider: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    client = client_of(provider)
    stream = client.chat.completions.create(
        **body_of(provider.row) | {"model": provider.model},
        stream=True,
        stream_options={"include_usage": True},
        **AS_IN_A_LESSON,
    )
    assert show_stream(stream) == "Hi"


@every_row
def test_the_older_name_of_the_limit_is_taken_too(provider: StandIn) -> None:
    reply = ask(client_of(provider), "Hi", max_tokens=60)
    assert reply.choices[0].message.content == "Hi"


@pytest.mark.parametrize("row", THINKERS, ids=lambda row: row.id)
def test_a_client_made_by_hand_meets_what_is_put_right(provider: StandIn) -> None:
    """Without the dialect these calls fail: otherwise the tests above could not."""
    plain = openai.OpenAI(api_key=KEY, base_url=provider.base_url, max_retries=0)
    body = body_of(provider.row) | {"model": provider.model}
    row = provider.row
    thinks = plain.chat.completions.create(**body, **{row.token_limit: 60})
    assert (thinks.choices[0].message.content, thinks.choices[0].finish_reason) == ("", "length")
    if row.token_limit == "max_tokens":
        with pytest.raises(openai.BadRequestError, match="max_completion_tokens"):
            plain.chat.completions.create(**body, max_completion_tokens=60)
    if row.refuses:
        with pytest.raises(openai.BadRequestError, match="only 1 is allowed"):
            plain.chat.completions.create(**body, temperature=0)


@pytest.mark.parametrize("row", THINKERS, ids=lambda row: row.id)
def test_a_limit_smaller_than_any_thought_still_gives_a_reply(provider: StandIn) -> None:
    reply = ask(client_of(provider), "Hi", max_completion_tokens=5)
    assert reply.choices[0].message.content == "Hi"


@pytest.mark.parametrize("row", THINKERS, ids=lambda row: row.id)
def test_who_asks_for_thinking_gets_it(provider: StandIn) -> None:
    """Lesson 04 shows what it does to a small limit."""
    reply = ask(client_of(provider), "Hi", max_completion_tokens=5, reasoning_effort="high")
    thinks = provider.row.thinking == "default"
    assert reply.choices[0].message.content == ("" if thinks else "Hi")


# ---- what is changed, and what is not


@pytest.mark.parametrize("name", ["openai", "azure", "practice"])
def test_nothing_is_changed_for_openai_and_practice_mode(name: str) -> None:
    body = body_of(all_providers()[name], max_tokens=5, temperature=0)
    assert translated(body, all_providers()[name]) is body


def test_nothing_is_changed_for_a_service_that_nobody_knows() -> None:
    row = provider_at("https://gateway.school.example/v1")
    body = body_of(row, max_completion_tokens=5)
    assert translated(body, row) is body


def test_the_limit_keeps_its_value_and_its_place() -> None:
    row = all_providers()["deepseek"]
    body = {"model": "m", "max_completion_tokens": 5, "stream": True}
    assert list(translated(body, row).items())[:3] == [
        ("model", "m"),
        ("max_tokens", 5),
        ("stream", True),
    ]
    both = {"max_tokens": 5, "max_completion_tokens": 6}  # refused there, and not our choice
    assert translated(both, row).items() >= both.items()


def test_what_the_request_says_of_thinking_counts() -> None:
    row = all_providers()["deepseek"]
    for wish in ({"thinking": {"type": "enabled"}}, {"reasoning_effort": "high"}):
        assert translated(body_of(row, **wish), row) == body_of(row, **wish)
    assert translated(body_of(row), row)["thinking"] == {"type": "disabled"}


def test_the_request_of_the_learner_is_left_as_it_is() -> None:
    row = all_providers()["moonshot"]
    body = body_of(row, temperature=0, max_tokens=5)
    before = json.dumps(body)
    assert "temperature" not in translated(body, row)
    assert json.dumps(body) == before


@pytest.mark.parametrize("row", [all_providers()["deepseek"]], ids=["deepseek"])
def test_only_chat_requests_are_changed(provider: StandIn) -> None:
    client = client_of(provider)
    assert [model.id for model in client.models.list()] == ["deepseek-flash"]
    with pytest.raises(openai.NotFoundError):
        client.responses.create(model="deepseek-flash", input="Hi", temperature=0)
    assert provider.asked == []


@pytest.mark.parametrize("row", [all_providers()["deepseek"]], ids=["deepseek"])
def test_every_character_arrives(provider: StandIn) -> None:
    ask(client_of(provider), "Grüße, 你好 \U0001f600", max_completion_tokens=5)
    assert provider.asked[0]["messages"][0]["content"] == "Grüße, 你好 \U0001f600"
    assert provider.asked[0]["max_tokens"] == 5


def test_two_clients_at_once_each_speak_their_own_dialect() -> None:
    rows = all_providers()
    with StandIn(rows["deepseek"]) as deepseek, StandIn(rows["moonshot"]) as moonshot:
        first, second = client_of(deepseek), client_of(moonshot)
        for client in (first, second, first):
            ask(client, "Hi", max_completion_tokens=60)
        assert [set(body) & {"thinking", "reasoning_effort"} for body in deepseek.asked] == [
            {"thinking"},
            {"thinking"},
        ]
        assert moonshot.asked[0]["reasoning_effort"] == "low"
        assert "max_completion_tokens" in moonshot.asked[0]


# ---- what is said


def line(capsys: pytest.CaptureFixture[str], provider: str, **options: Any) -> str:
    connect(provider=provider, api_key=KEY, **options)
    return capsys.readouterr().out.strip()


def test_connect_names_what_it_changes(capsys: pytest.CaptureFixture[str]) -> None:
    assert line(capsys, "deepseek") == (
        "your key · DeepSeek · deepseek-flash · limits go as max_tokens · thinking is off"
    )
    assert line(capsys, "moonshot").endswith(
        "· kimi-k3.1-pro · limits go as max_completion_tokens with 2,000 more for thinking"
        " · temperature and the like are left out · thinking is at its least"
    )
    assert line(capsys, "openai") == "your key · OpenAI · gpt-5.4-mini"
    own = openai.DefaultHttpxClient()
    assert line(capsys, "deepseek", http_client=own).endswith("· deepseek-flash")
    own.close()


@pytest.mark.parametrize("row", [all_providers()["deepseek"]], ids=["deepseek"])
def test_client_changes_shows_both_requests_and_no_key(
    provider: StandIn, capsys: pytest.CaptureFixture[str]
) -> None:
    client = client_of(provider)
    client_changes(client)
    assert "No chat request has been sent yet." in capsys.readouterr().out
    ask(client.with_options(timeout=9), "Hi " * 100, **AS_IN_A_LESSON)
    client_changes()
    said = capsys.readouterr().out
    lines = said.splitlines()
    changed = [line for line in lines[1:] if line[0] in "-+"]
    assert changed == [
        "- max_completion_tokens: 60",
        "+ max_tokens: 60",
        '+ thinking: {"type": "disabled"}',
    ]
    assert "  temperature: 0" in lines
    assert "… (300 characters)" in said
    assert KEY not in said


def test_client_changes_where_there_are_none(capsys: pytest.CaptureFixture[str]) -> None:
    client_changes(connect(api_key=KEY))
    assert capsys.readouterr().out.endswith("Requests to OpenAI go out as they are written.\n")


# ---- what no dialect can put right is explained


def refused(provider: StandIn, **params: Any) -> str:
    with pytest.raises(FirstCallError) as caught:
        ask(client_of(provider), "Say it as json", **params)
    return str(caught.value)


SCHEMA = {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "object"}}}


def test_no_schema() -> None:
    with StandIn(all_providers()["deepseek"]) as provider:
        assert "json_schema" in refused(provider, response_format=SCHEMA)


def test_no_pictures_by_address() -> None:
    picture = {"type": "image_url", "image_url": {"url": "https://host.example/x.png"}}
    with StandIn(all_providers()["ollama"]) as provider, pytest.raises(FirstCallError) as caught:
        ask(client_of(provider), [picture])
    assert "image_part()" in str(caught.value)


def test_no_json_while_streaming() -> None:
    with StandIn(all_providers()["groq"]) as provider:
        client = client_of(provider)
        body = body_of(provider.row, response_format={"type": "json_object"}, stream=True)
        with pytest.raises(openai.BadRequestError, match="while streaming"):
            client.chat.completions.create(**body)


def test_no_balance() -> None:
    with StandIn(all_providers()["deepseek"], out_of_balance=True) as provider:
        assert "balance is used up (402)" in refused(provider)


def test_a_web_page() -> None:
    with StandIn(all_providers()["deepseek"], web_page=True) as provider:
        assert "OPENAI_BASE_URL" in refused(provider)
