"""The Responses API with a memory: previous_response_id, what is kept, listed and deleted."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openai
import pytest
from openai import OpenAI

from practice.ledger import memory
from practice.ledger.ledger import Ledger
from practice.ledger.memory import Memory
from practice.process.launcher import Service
from practice.process.models import chosen

MODEL = chosen().id

TOOL: dict[str, Any] = {
    "type": "function",
    "name": "get_weather",
    "description": "Get the weather of a city",
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}},
    "strict": False,
}


@pytest.fixture(scope="module")
def client(service: Service) -> Iterator[OpenAI]:
    with OpenAI(api_key=service.key, base_url=service.base_url, max_retries=0, timeout=120) as one:
        yield one


def create(client: OpenAI, said: Any, **more: Any) -> Any:
    options = {"model": MODEL, "temperature": 0, "max_output_tokens": 16}
    return client.responses.create(input=said, **(options | more))


def test_a_conversation_without_sending_it_again(client: OpenAI) -> None:
    first = create(client, "My dog is Biscuit.", instructions="Be kind.")
    second = create(client, "And my cat is Tom.", previous_response_id=first.id)
    assert second.previous_response_id == first.id
    third = create(client, "Who is the cat?", previous_response_id=second.id)
    history: Any = [
        {"role": "user", "content": "My dog is Biscuit."},
        *first.output,
        {"role": "user", "content": "And my cat is Tom."},
        *second.output,
        {"role": "user", "content": "Who is the cat?"},
    ]
    sent = create(client, history)
    assert third.usage.input_tokens == sent.usage.input_tokens  # it is paid for all the same
    assert third.output_text == sent.output_text
    assert third.instructions is None  # they are not carried over


def test_a_stream_is_kept_before_it_ends(client: OpenAI) -> None:
    events = list(create(client, "My dog is Biscuit.", stream=True))
    name = events[-1].response.id
    assert client.responses.retrieve(name).output_text == events[-1].response.output_text
    again = list(create(client, "Who?", stream=True, previous_response_id=name))
    assert again[-1].response.usage.input_tokens > events[-1].response.usage.input_tokens


def test_a_call_is_answered_without_its_history(client: OpenAI) -> None:
    asked = "What is the weather in Oslo?"
    called = create(client, asked, tools=[TOOL], max_output_tokens=60)
    call = called.output[0]
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "light rain"}
    reply = create(
        client, [result], tools=[TOOL], previous_response_id=called.id, max_output_tokens=60
    )
    assert "rain" in reply.output_text
    with pytest.raises(openai.BadRequestError) as caught:
        create(client, "And?", tools=[TOOL], previous_response_id=called.id)
    assert call.call_id in caught.value.message


def test_a_streamed_call_says_its_name_and_leaves_out_what_is_not_there(client: OpenAI) -> None:
    asked = "What is the weather in Oslo?"
    said: Any = {"tools": [TOOL], "max_output_tokens": 60, "stream": True}
    events = list(create(client, asked, **said))
    [done] = [one for one in events if one.type == "response.function_call_arguments.done"]
    assert done.to_dict()["name"] == "get_weather"
    began, ended = events[0].response.to_dict(), events[-1].response.to_dict()
    assert "usage" not in began
    assert ended["usage"]["output_tokens"] > 0
    assert "user" not in ended
    assert list(create(client, asked, user="me", **said))[-1].response.user == "me"


def test_what_is_kept_can_be_read_and_deleted(client: OpenAI) -> None:
    made = create(client, "Say hello.")
    assert client.responses.retrieve(made.id) == made
    client.responses.delete(made.id)
    for again in (client.responses.retrieve, client.responses.delete, items_of(client)):
        with pytest.raises(openai.NotFoundError, match=made.id):
            again(made.id)
    with pytest.raises(openai.BadRequestError) as caught:
        create(client, "And?", previous_response_id=made.id)
    assert caught.value.code == "previous_response_not_found"


def items_of(client: OpenAI) -> Any:
    return lambda name: client.responses.input_items.list(name)


def test_who_says_so_is_not_kept(client: OpenAI) -> None:
    made = create(client, "Say hello.", store=False)
    with pytest.raises(openai.NotFoundError):
        client.responses.retrieve(made.id)


def test_input_items(client: OpenAI) -> None:
    first = create(client, "One.")
    second = create(client, [{"role": "user", "content": "Two."}], previous_response_id=first.id)
    listed = list(client.responses.input_items.list(second.id, order="asc"))
    assert [(item.type, item.role) for item in listed] == [
        ("message", "user"),
        ("message", "assistant"),
        ("message", "user"),
    ]
    assert [item.content[0].text for item in listed] == ["One.", first.output_text, "Two."]
    assert len({item.id for item in listed}) == 3
    newest = list(client.responses.input_items.list(second.id))
    assert [item.id for item in newest] == [item.id for item in listed][::-1]
    page = client.responses.input_items.list(second.id, limit=2)
    assert page.has_more
    assert [item.id for item in page] == [item.id for item in newest]  # the SDK turns the pages
    for wrong in ({"limit": 0}, {"limit": 101}, {"order": "up"}):
        with pytest.raises(openai.BadRequestError):
            client.responses.input_items.list(second.id, **wrong)  # type: ignore[arg-type]


def test_input_tokens(client: OpenAI) -> None:
    made = create(client, "Say hello.", instructions="Be kind.")
    count = client.responses.input_tokens.count
    plain = count(model=MODEL, input="Say hello.", instructions="Be kind.")
    assert plain.input_tokens == made.usage.input_tokens
    assert plain.object == "response.input_tokens"
    more = count(input="And again.", previous_response_id=made.id)
    next_one = create(client, "And again.", previous_response_id=made.id)
    assert more.input_tokens == next_one.usage.input_tokens


def test_words_for_what_is_not_here(client: OpenAI) -> None:
    for more, words in (
        ({"conversation": "conv_1"}, "previous_response_id"),
        ({"background": True}, "not supported"),
    ):
        with pytest.raises(openai.BadRequestError, match=words) as caught:
            create(client, "Hi", **more)
        assert caught.value.code == "unsupported_parameter"


def test_refusals_count_the_items_of_the_request_itself(client: OpenAI) -> None:
    first = create(client, "One.")
    picture = {"type": "input_image", "image_url": "data:x"}
    sent = [{"role": "user", "content": "Two."}, {"role": "user", "content": [picture]}]
    with pytest.raises(openai.BadRequestError) as caught:
        create(client, sent, previous_response_id=first.id)
    assert caught.value.param == "input[1].content[0].image_url"
    with pytest.raises(openai.BadRequestError) as caught:
        create(
            client,
            [{"role": "system", "content": [picture]}],
            previous_response_id=first.id,
        )
    assert caught.value.param == "input[0].content[0].type"


def test_a_simulation_in_the_key_s_place_reads_and_deletes_nothing(
    client: OpenAI, service: Service
) -> None:
    made = create(client, "Say hello.")
    with OpenAI(api_key="simulate-no-credit", base_url=service.base_url, max_retries=0) as other:
        for ask in (
            lambda: other.responses.retrieve(made.id),
            lambda: other.responses.delete(made.id),
            lambda: other.responses.input_items.list(made.id),
            lambda: other.responses.input_tokens.count(model=MODEL, input="Hi"),
            lambda: create(other, "And?", previous_response_id=made.id),
            lambda: create(other, "And?", previous_response_id="resp_none"),
            lambda: other.completions.create(model=MODEL, prompt="Hi"),
        ):
            with pytest.raises(openai.RateLimitError):
                ask()
    assert client.responses.retrieve(made.id).id == made.id


# The bounds.


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    one = Ledger(tmp_path / "ledger.sqlite3")
    yield one
    one.close()


def keep(kept: Memory, number: int, text: str = "") -> None:
    kept.keep({"id": f"resp_{number}", "output": []}, [{"text": text}])


def names(ledger: Ledger) -> list[str]:
    return [row[0] for row in ledger.read(("SELECT id FROM responses ORDER BY at", ()))[0]]


def test_200_are_kept(ledger: Ledger) -> None:
    kept = Memory(ledger)
    for number in range(205):
        keep(kept, number)
    assert names(ledger) == [f"resp_{number}" for number in range(5, 205)]
    assert asyncio.run(kept.find("resp_4")) is None


def test_a_day_is_the_longest(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    kept, now = Memory(ledger), time.time()
    keep(kept, 1)
    assert asyncio.run(kept.find("resp_1")) is not None
    for later in (86_500, -86_500):
        monkeypatch.setattr(memory.time, "time", lambda later=later: now + later)
        assert asyncio.run(kept.find("resp_1")) is None
        keep(kept, 1)
        monkeypatch.setattr(memory.time, "time", lambda: now)
    assert asyncio.run(kept.find("resp_1")) is None


def test_large_ones_push_out_the_oldest(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "MOST_CHARACTERS", 1000)
    kept = Memory(ledger)
    for number in range(5):
        keep(kept, number, "x" * 300)
    assert names(ledger) == ["resp_3", "resp_4"]
    keep(kept, 5, "x" * 5000)
    assert names(ledger) == ["resp_5"]


def test_what_is_deleted_is_not_in_the_file(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    kept = Memory(ledger)
    keep(kept, 1, "a very private question")
    assert asyncio.run(kept.forget("resp_1"))
    assert not asyncio.run(kept.forget("resp_1"))
    ledger.close()
    assert b"very private" not in (tmp_path / "ledger.sqlite3").read_bytes()
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as file:
        assert file.execute("SELECT count(*) FROM responses").fetchone() == (0,)
    file.close()


def test_without_a_ledger_nothing_is_kept() -> None:
    kept = Memory(None)
    keep(kept, 1)
    assert asyncio.run(kept.find("resp_1")) is None
    assert not asyncio.run(kept.forget("resp_1"))
