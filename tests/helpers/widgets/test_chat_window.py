"""The chat window: its conversation, its buttons, and the text where there are no widgets."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest

from helpers import BudgetError, Conversation, FirstCallError, Meter, chat_window, connect, cost
from helpers.connection import settings as settings_module
from helpers.connection.settings import NAMES
from helpers.widgets.chat_box import NEW, Window, how_it_ended, transcript

KEY = "sk-" + "T3st" * 10


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings_module, "_last", None)
    monkeypatch.setattr(cost, "_meters", {})
    connect(api_key=KEY)


class Pieces(httpx2.SyncByteStream):
    """A stream of words. It waits for ``go`` before the second one, and knows if it was closed."""

    def __init__(self, words: list[str], finish: str | None, go: threading.Event) -> None:
        self.words, self.finish, self.go = words, finish, go
        self.sent = 0
        self.closed = threading.Event()

    def __iter__(self) -> Iterator[bytes]:
        for word in self.words:
            if self.sent:
                self.go.wait(10)
            self.sent += 1
            yield self.chunk([{"index": 0, "delta": {"content": word}, "finish_reason": None}])
        if self.finish is not None:
            yield self.chunk([{"index": 0, "delta": {}, "finish_reason": self.finish}])
            yield self.chunk([], {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12})
            yield b"data: [DONE]\n\n"

    @staticmethod
    def chunk(choices: list[Any], usage: dict[str, int] | None = None) -> bytes:
        body = {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "gpt-5.4-mini",
            "choices": choices,
            "usage": usage,
        }
        return f"data: {json.dumps(body)}\n\n".encode()

    def close(self) -> None:
        self.closed.set()


class Service:
    """Answers each call with the next answer, and keeps what was sent."""

    def __init__(self, *answers: list[str] | int | str, finish: str | None = "stop") -> None:
        self.answers, self.finish = list(answers), finish
        self.sent: list[dict[str, Any]] = []
        self.go = threading.Event()
        self.go.set()
        self.streams: list[Pieces] = []
        self.on_request: Callable[[], object] = lambda: None
        self.client = openai.OpenAI(
            api_key=KEY,
            base_url="http://127.0.0.1:9/v1",
            max_retries=0,
            http_client=httpx2.Client(transport=httpx2.MockTransport(self.answer)),
        )
        settings_module._made[self.client] = settings_module.settings(api_key=KEY)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.sent.append(json.loads(request.content))
        self.on_request()
        answer = self.answers.pop(0)
        if isinstance(answer, int):
            return httpx2.Response(answer, json={"error": {"message": f"bad {KEY}"}})
        if isinstance(answer, str):
            return httpx2.Response(200, text=answer, headers={"content-type": "text/html"})
        self.streams.append(Pieces(answer, self.finish, self.go))
        headers = {"content-type": "text/event-stream"}
        return httpx2.Response(200, headers=headers, stream=self.streams[-1])


def until(condition: Callable[[], object]) -> None:
    """Wait for the thread behind the window."""
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "the window did not get there"
        time.sleep(0.01)


def roles(messages: Any) -> list[str]:
    return [message["role"] for message in messages]


def grown(chat: Conversation, text: str) -> list[str]:
    """What a listener hears of an answer, step by step."""
    return [answer.said for answer in chat.stream(text)]


# ---- the conversation


def test_a_turn_grows_and_is_kept() -> None:
    service = Service(["To", "kyo", "."], ["Rome."])
    meter = Meter()
    chat = Conversation(service.client, "Be kind.", meter=meter, temperature=0)
    assert grown(chat, "Japan?")[:3] == ["To", "Tokyo", "Tokyo."]
    assert (meter.calls, meter.tokens_in) == (1, 9)
    grown(chat, "Italy?")
    assert roles(service.sent[1]["messages"]) == ["system", "user", "assistant", "user"]
    assert service.sent[1]["messages"][2]["content"] == "Tokyo."
    assert service.sent[1]["temperature"] == 0
    chat.clear()
    assert roles(chat.messages) == ["system"]


def test_an_error_leaves_the_history_alone() -> None:
    chat = Conversation(Service(401, "<html>a page</html>").client)
    for _ in range(2):
        with pytest.raises(FirstCallError) as caught:
            grown(chat, "Hi")
        assert KEY not in str(caught.value)
        assert chat.messages == []


def test_a_budget_stops_the_next_turn() -> None:
    service = Service(["Hi"], ["Hi"])
    chat = Conversation(service.client, meter=Meter(budget=0.0000001))
    grown(chat, "Hi")
    with pytest.raises(BudgetError):
        grown(chat, "Hi")
    assert len(service.sent) == 1


def test_a_stopped_and_a_cut_answer_are_kept_and_said() -> None:
    service = Service(["One ", "two ", "three"], ["One "], finish=None)
    chat = Conversation(service.client)
    for answer in chat.stream("Count."):
        if answer.said == "One two ":
            chat.halt.set()
    assert chat.messages[-1] == {"role": "assistant", "content": "One two "}
    assert how_it_ended(answer, 2) == "stopped by you · 2 messages kept"
    assert service.streams[0].closed.is_set()
    *_, answer = chat.stream("Count.")
    assert how_it_ended(answer, 4) == "the stream was cut · 4 messages kept"
    assert len(chat.messages) == 4


def test_an_answer_stopped_before_its_first_word_is_no_message() -> None:
    service = Service(["One "])
    chat = Conversation(service.client)
    service.on_request = chat.halt.set  # Stop is pressed while the request is on its way
    [answer] = chat.stream("Count.")
    assert answer.stopped
    assert answer.said == ""
    assert chat.messages == []


def test_what_was_said_cannot_be_html() -> None:
    page = transcript(
        [
            {"role": "system", "content": "secret"},
            {"role": "user", "content": "<script>alert(1)</script>"},
            {"role": "assistant", "content": "a < b\nand more"},
        ]
    )
    assert "<script>" not in page
    assert "secret" not in page
    assert "<b>You</b><br>&lt;script&gt;" in page
    assert "<b>Model</b><br>a &lt; b\nand more" in page
    assert 'aria-live="polite"' in page


# ---- the widgets


def test_send_shows_the_answer_and_empties_the_field() -> None:
    window = Window(Conversation(Service(["Tokyo", "."]).client))
    window.field.value = "Japan?"
    window.send.click()
    until(lambda: "Tokyo." in window.page.value and window.stop.disabled)
    assert "<b>You</b><br>Japan?" in window.page.value
    assert window.field.value == ""
    assert "stop · 2 messages kept<" in window.status.value


def test_stop_is_heard_while_the_answer_arrives() -> None:
    service = Service(["One ", "two ", "three"])
    service.go.clear()
    window = Window(Conversation(service.client))
    window.field.value = "Count."
    window.send.click()
    until(lambda: "One" in window.page.value)
    assert not window.field.disabled
    assert not window.stop.disabled
    window.field.value = "The next question."
    window.send.click()  # nothing is sent twice
    assert "press Stop" in window.status.value
    window.new.click()  # nor forgotten meanwhile
    window.stop.click()
    service.go.set()
    until(lambda: window.stop.disabled)
    assert "stopped by you · 2 messages kept" in window.status.value
    assert "One" in window.page.value  # what had arrived stays
    assert service.streams[0].closed.is_set()  # and the generation ends
    assert service.streams[0].sent < 3
    assert len(service.sent) == 1
    assert window.field.value == "The next question."


def test_a_reply_stopped_before_its_first_word_leaves_nothing_but_the_question_to_send_again() -> (
    None
):
    service = Service(["One "])
    window = Window(Conversation(service.client))
    service.on_request = window.chat.halt.set
    window.field.value = "Count."
    window.send.click()
    until(lambda: "kept" in window.status.value and window.stop.disabled)
    assert "stopped by you · 0 messages kept" in window.status.value
    assert window.page.value == transcript([])
    assert window.chat.messages == []
    assert window.field.value == "Count."


def test_an_answer_without_a_word_is_no_message() -> None:
    service = Service([""], ["Rome."])
    chat = Conversation(service.client)
    grown(chat, "Japan?")
    assert chat.messages == []


def test_each_click_gives_the_field_its_focus_back() -> None:
    window = Window(Conversation(Service(["Hi."]).client))
    sent: list[Any] = []
    window.field.send = lambda content, *_: sent.append(content)
    for button in (window.send, window.stop, window.new):
        button.click()
    assert sent == [{"do": "focus"}] * 3


def test_enter_sends_what_arrives_just_after_it() -> None:
    service = Service(["Hi."])
    window = Window(Conversation(service.client))
    window.field._handle_custom_msg({"event": "submit"}, [])
    window.field.value = "Hello"  # the browser sends the text after the key
    until(lambda: "Hi." in window.page.value)
    assert service.sent[0]["messages"][-1]["content"] == "Hello"


def test_nothing_typed_sends_nothing() -> None:
    service = Service()
    window = Window(Conversation(service.client))
    window.field.value = "   "
    window.send.click()
    until(lambda: window.worker is not None and not window.worker.is_alive())
    assert service.sent == []


def test_an_error_is_said_and_what_was_typed_stays() -> None:
    window = Window(Conversation(Service(401).client))
    window.field.value = "Hello"
    window.send.click()
    until(lambda: not any(t in window.status.value for t in ("Answering ...", NEW)))
    until(lambda: window.stop.disabled)
    assert "does not know this API key" in window.status.value
    assert window.field.value == "Hello"
    assert KEY not in window.status.value


def test_new_chat_forgets() -> None:
    service = Service(["Hi."], ["Hi."])
    window = Window(Conversation(service.client, "Be kind."))
    for _ in range(2):
        window.field.value = "Hello"
        window.send.click()
        until(
            lambda: (
                "2 messages kept" in window.status.value or "3 messages kept" in window.status.value
            )
        )
        until(lambda: not window.worker.is_alive())
        window.new.click()
        assert "Hello" not in window.page.value
    assert roles(service.sent[1]["messages"]) == ["system", "user"]


def test_without_a_notebook_it_is_text(capsys: pytest.CaptureFixture[str]) -> None:
    chat_window(Service().client)
    assert "chat.say(" in capsys.readouterr().out
