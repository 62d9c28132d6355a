"""What helpers draw: messages, JSON, a picture with its answer, the meter, the explorer."""

from __future__ import annotations

import base64
import configparser
import html
import json
import re
import socket
import threading
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionMessage
from PIL import Image

import helpers
from conftest import ROOT
from helpers import (
    Conversation,
    FirstCallError,
    Meter,
    connect,
    finish_explorer,
    show_beside,
    show_figure,
    show_json,
    show_messages,
    show_meter,
    show_reply,
)
from helpers.views import display as showing
from helpers.views.display import AGAIN, show_widget
from helpers.widgets.chat_box import Window
from helpers.widgets.explorer_box import Explorer, explore
from helpers.widgets.explorer_box import meaning as meaning_of
from helpers.widgets.key_box import KeyBox

EVIL = "<script>alert('x')</script>"


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What is displayed, as if in a notebook."""
    bundles: list[dict[str, Any]] = []
    monkeypatch.setattr(showing, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: bundles.append(bundle))
    return bundles


@pytest.fixture(scope="module")
def client() -> Iterator[OpenAI]:
    with connect() as one:
        yield one


def words(page: str) -> str:
    """The text of a page, without its tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def well_formed(page: str) -> None:
    """Every tag that is opened is closed, in order."""
    open_tags: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, _: Any) -> None:
            if tag not in ("br", "img", "rect"):
                open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if tag not in ("br", "img", "rect"):
                assert open_tags.pop() == tag

    Reader().feed(page)
    assert open_tags == []


def test_messages_have_their_roles_in_words(shown: list[dict[str, Any]]) -> None:
    reply = ChatCompletionMessage(role="assistant", content="Rome.")
    show_messages(
        [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "?"}, reply]
    )
    (bundle,) = shown
    assert words(bundle["text/html"]) == "system Be kind. user ? assistant Rome."
    assert bundle["text/plain"] == "system: Be kind.\nuser: ?\nassistant: Rome."
    well_formed(bundle["text/html"])
    assert bundle["text/html"].count('role="listitem"') == 3


def test_messages_show_tools_pictures_refusals_and_emptiness(shown: list[dict[str, Any]]) -> None:
    call = {"id": "1", "type": "function", "function": {"name": "add", "arguments": '{"a": 1}'}}
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    far = {"type": "image_url", "image_url": {"url": "https://example.com/x.png"}}
    messages: list[Any] = [
        {"role": "user", "content": [{"type": "text", "text": "What is it?"}, picture, far]},
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "1", "content": "2"},
        {"role": "assistant", "content": None, "refusal": "No."},
        {"role": "assistant", "content": None},
    ]
    show_messages(messages)
    page, text = shown[0]["text/html"], shown[0]["text/plain"]
    assert 'asks to run the tool add({"a": 1})' in words(page)
    assert "refusal: No." in words(page)
    assert "assistant empty" in words(page)
    assert 'alt="the picture in this message"' in page
    assert '<img src="https' not in page  # showing it would fetch it
    assert "[a picture at https://example.com/x.png]" in words(page)
    assert text.splitlines()[0] == "user: What is it? [a picture] [a picture]"
    well_formed(page)


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ("Hi", "str"),
        ({"role": "user", "content": "Hi"}, "str"),
        ([None], "NoneType"),
        ([ChatCompletion.model_construct(choices=[])], "ChatCompletion"),
        (ChatCompletionMessage(role="assistant", content="Hi"), "tuple"),
    ],
)
def test_what_is_no_list_of_messages_is_said(wrong: Any, kind: str) -> None:
    with pytest.raises(FirstCallError, match=f"kind {kind} is not a message\\. Give a list"):
        show_messages(wrong)


def test_a_message_with_a_mistake_is_shown_as_it_is(shown: list[dict[str, Any]]) -> None:
    """The picture shows what would be sent, also where a service would refuse it."""
    custom = {"id": "1", "type": "custom", "custom": {"name": "run", "input": "1 + 1"}}
    messages: list[Any] = [
        {"content": 5},
        {"role": "user", "content": ["a", EVIL]},
        {"role": "user", "content": {"type": "text", "text": "alone"}},
        {
            "role": "user",
            "content": [{"type": "image_url", "image_url": "data:image/png;base64,A"}],
        },
        {"role": "user", "content": [{"type": "input_audio", "input_audio": {"data": "QUJD"}}]},
        {"role": "assistant", "tool_calls": [custom]},
        {"role": "assistant", "content": ""},
    ]
    show_messages(messages)
    page, text = shown[0]["text/html"], shown[0]["text/plain"]
    assert text.splitlines() == [
        "no role: 5",
        f"user: a {EVIL}",
        "user: alone",
        "user: [a picture]",
        "user: [input_audio]",
        "assistant: asks to run the tool run(1 + 1)",
        "assistant: empty",
    ]
    assert page.count("<img") == 1
    assert "<script" not in page
    assert "QUJD" not in page  # a minute of sound is a million characters
    well_formed(page)


def test_no_style_is_one_that_an_untrusted_notebook_loses(
    shown: list[dict[str, Any]], tmp_path: Path
) -> None:
    """JupyterLab takes these out; tests/notebooks/test_untrusted.py sees it in a browser."""
    meter = Meter()
    meter.history = [(10, 4)]
    show_meter(meter)
    show_messages([{"role": role, "content": "x"} for role in ("system", "user")])  # type: ignore[misc]
    show_json('{"a": 1}')
    show_beside("data:image/png;base64,AAAA", "red", alt="a red square")
    assert len(shown) == 4
    for bundle in shown:
        assert "style=" in bundle["text/html"]
        assert not re.search(r"var\(|fit-content|<svg|class=", bundle["text/html"])


def test_nothing_that_is_shown_can_run(shown: list[dict[str, Any]], tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    show_messages([{"role": EVIL, "content": EVIL}])  # type: ignore[list-item, misc]
    show_json(EVIL)
    show_json(f'{{"{EVIL}": "{EVIL}"}}')
    show_beside(tmp_path / "a.png", EVIL, alt=f'"{EVIL}')
    show_beside(f'https://example.com/"{EVIL}', "x", alt="x")
    for bundle in shown:
        assert "<script" not in bundle["text/html"]
        well_formed(bundle["text/html"])
    assert len(shown) == 5


def test_json_becomes_a_tree(shown: list[dict[str, Any]]) -> None:
    show_json('{"name": "玛丽", "tags": ["a", 2, true, null], "empty": {}}')
    page = shown[0]["text/html"]
    assert 'name : "玛丽" string' in words(page)
    assert "tags : array, 4" in words(page)
    assert "true true or false" in words(page)
    assert "empty : {} object" in words(page)
    assert page.count("<details open>") == 2
    assert '"玛丽"' in shown[0]["text/plain"]
    well_formed(page)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"name": "玛丽", "city": "里斯', "It ends in the middle, after: "),
        ('{"a": 1', "It ends in the middle, after: "),
        ('{"a": [1, 2', "It ends in the middle, after: "),
        ('{"a": tru', "It ends in the middle, after: "),
        ('{"a": fals', "It ends in the middle, after: "),
        ('{"a": n', "It ends in the middle, after: "),
        ('{"a": -', "It ends in the middle, after: "),
        ('{"a": 1.', "It ends in the middle, after: "),
        ('{"a": 1e+\n', "It ends in the middle, after: "),
        ('{"a": "b\\u73a', "It ends in the middle, after: "),
        ('{"a": "b\\', "It ends in the middle, after: "),
        ('{"a": e', "At line 1, character 7"),
        ('{"a": tuesday', "At line 1, character 7"),
        ('{"a": 1 two}', "At line 1, character 9"),
        ('{"a": 1,}', "At line 1, character"),
        ("Sure! Here is your JSON.", "At line 1, character 1, after: nothing"),
        ('{"a": 1}\n\nI hope it helps', "At line 3, character 1"),
        ("", "There is no text at all."),
        (None, "There is no text at all."),
        ("[" * 100_000, "It is nested too deeply."),
        ("[" * 900 + "]" * 900, "It is nested too deeply."),
        ("1" * 5000, "A number in it has too many digits."),
    ],
)
def test_broken_json_is_said_to_be_broken(
    shown: list[dict[str, Any]], text: str | None, said: str
) -> None:
    show_json(text)
    assert shown[0]["text/plain"].startswith("Broken. " + said)
    assert "Broken. " + said in words(shown[0]["text/html"])
    assert "<details" not in shown[0]["text/html"]


def test_half_a_character_can_be_shown(
    shown: list[dict[str, Any]], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """JSON may hold one half of an emoji, which no program can write out."""
    show_json(r'{"a": "\ud83d"}')
    assert 'a : "?" string' in words(shown[0]["text/html"])
    monkeypatch.setattr(showing, "in_notebook", lambda: False)
    show_json(r'{"a": "\ud83d"}')
    assert capsys.readouterr().out == '{\n  "a": "?"\n}\n'


def test_a_picture_stands_beside_its_answer(shown: list[dict[str, Any]], tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), "red").save(tmp_path / "a.png")
    show_beside(tmp_path / "a.png", "It is red.", alt="a red square")
    page = shown[0]["text/html"]
    assert 'src="data:image/png;base64,' in page
    assert 'alt="a red square"' in page
    assert words(page) == "It is red."
    assert shown[0]["text/plain"] == "[a red square]\nIt is red."
    with pytest.raises(FirstCallError, match=r"no words .* Say what it shows"):
        show_beside(tmp_path / "a.png", "x", alt=" ")
    with pytest.raises(FirstCallError, match=r"b\.png cannot be read"):
        show_beside(tmp_path / "b.png", "x", alt="x")


def test_a_reply_s_text_or_refusal_stands_beside_the_picture(
    shown: list[dict[str, Any]], client: OpenAI
) -> None:
    for phrase in ("Hi", "simulate-refusal"):
        reply = helpers.ask(client, phrase, max_completion_tokens=5, temperature=0)
        show_beside("data:image/png;base64,AAAA", reply, alt="a red square")
        said = reply.choices[0].message.content or reply.choices[0].message.refusal
        assert said
        assert shown[-1]["text/plain"] == f"[a red square]\n{said}"


def test_the_meter_is_drawn_with_its_numbers(shown: list[dict[str, Any]], client: OpenAI) -> None:
    meter = Meter()
    show_meter(meter)
    assert "No calls yet." in shown[0]["text/html"]
    for _ in range(2):
        helpers.ask(client, "Hi", meter=meter, max_completion_tokens=3, temperature=0)
    show_meter(meter)
    page = shown[1]["text/html"]
    sent, got = meter.history[1]
    assert f"call 2: {sent} in, {got} out" in page
    address = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert address
    drawn = base64.b64decode(address[1]).decode()
    well_formed(drawn)
    assert drawn.count("<rect") == 1 + 4  # the ground, and two bars for each call
    assert words(drawn) == f"{meter.history[0][0]} {meter.history[0][1]} {sent} {got} 1 2"
    assert str(meter) in words(page)
    assert shown[1]["text/plain"] == str(meter)
    well_formed(page)


def test_the_meter_draws_the_last_calls(shown: list[dict[str, Any]]) -> None:
    meter = Meter()
    meter.history = [(10, 0)] * 30
    show_meter(meter)
    assert "call 11: 10 in, 0 out" in shown[0]["text/html"]
    assert "call 10:" not in shown[0]["text/html"]


def test_text_is_printed_where_there_is_no_notebook(
    capsys: pytest.CaptureFixture[str], client: OpenAI
) -> None:
    show_messages([{"role": "user", "content": "Hi"}])
    show_json('{"a": 1}')
    show_meter(Meter())
    finish_explorer(client)
    printed = capsys.readouterr().out
    assert printed.startswith('user: Hi\n{\n  "a": 1\n}\n0 calls')
    assert "reply.choices[0].finish_reason" in printed


def test_a_widget_that_cannot_be_made_leaves_the_text(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(showing, "in_notebook", lambda: True)

    def build() -> Any:
        raise ImportError("ipywidgets")

    show_widget(build, "in words")
    assert capsys.readouterr().out == "in words\n"


@pytest.mark.parametrize("name", ["keys", "chat", "explorer"])
def test_a_form_is_a_widget_with_words_beside_it(
    shown: list[dict[str, Any]], client: OpenAI, name: str
) -> None:
    form = {"keys": helpers.key_form}.get(name)
    chat = {"chat": helpers.chat_window, "explorer": finish_explorer}
    form() if form else chat[name](client)
    widget, again = shown
    assert widget["application/vnd.jupyter.widget-view+json"]["model_id"]
    assert widget["text/plain"].startswith(("No form here? Then ", "No window here? Then "))
    assert again["text/html"].startswith(f"<small>{AGAIN}</small>")
    assert ("aria-label" in again["text/html"]) == (name == "explorer")  # of the slider's handle
    assert again["text/plain"] == AGAIN


def test_each_control_has_a_name_and_says_what_it_does(client: OpenAI) -> None:
    boxes = [KeyBox().box, Window(Conversation(client)).box, Explorer(client, "Hi").box]
    controls = [one for box in boxes for one in tree(box) if hasattr(one, "disabled")]
    assert len(controls) == 3 + 4 + 3
    for control in controls:
        assert control.description
        assert control.tooltip


def tree(widget: Any) -> Iterator[Any]:
    """A widget and all that is inside it."""
    yield widget
    for inside in getattr(widget, "children", ()):
        yield from tree(inside)


def test_the_explorer_finds_each_reason(client: OpenAI) -> None:
    def end(**settings: Any) -> tuple[str, str | None]:
        *_, last = explore(client, "Write a numbered list of five fruits.", **settings)
        assert meaning_of(last)
        return last.said, last.finish_reason

    assert end(limit=5)[1] == "length"
    text, reason = end(limit=60, stop="3")
    assert reason == "stop"
    assert "2." in text
    assert "3" not in text


def test_the_explorer_s_controls_do_what_they_say(client: OpenAI) -> None:
    box = Explorer(client, "Write a numbered list of five fruits.")
    box.limit.value = 5
    box.start()
    assert box.worker is not None
    box.worker.join(60)
    assert "finish_reason: 'length'" in words(box.page.value)
    assert 'role="status"' in box.page.value
    box.limit.value, box.stop.value = 60, "3"
    box.run.click()
    box.worker.join(60)
    assert "finish_reason: 'stop'" in words(box.page.value)
    assert not box.run.disabled


def test_the_explorer_says_what_went_wrong(client: OpenAI, monkeypatch: pytest.MonkeyPatch) -> None:
    box = Explorer(client, f"simulate-server-error {EVIL}")
    box.client = client.with_options(max_retries=0)
    box.start()
    assert box.worker is not None
    box.worker.join(60)
    assert "500" in words(box.page.value)
    assert "<script" not in box.page.value
    assert "<script" not in box.box.children[0].value
    assert not box.run.disabled


def test_the_explorer_says_that_a_stream_broke_off(client: OpenAI) -> None:
    *_, last = explore(client, "simulate-cut-stream", limit=40)
    assert last.finish_reason is None
    assert "broke off" in meaning_of(last)


@pytest.mark.parametrize(
    ("phrase", "reason", "meaning", "said"),
    [
        ("simulate-reasoning", "length", "The token limit was used up before any text", ""),
        ("simulate-refusal", "stop", "The model declined to answer.", "can't help"),
    ],
)
def test_the_explorer_sees_what_has_no_text(
    client: OpenAI, phrase: str, reason: str, meaning: str, said: str
) -> None:
    *_, last = explore(client, phrase, limit=20)
    assert last.finish_reason == reason
    assert meaning_of(last).startswith(meaning)
    assert said in last.said
    assert bool(last.said) == bool(said)


def test_the_explorer_says_that_the_connection_broke() -> None:
    """The part that has come stays on the page, with the sentence."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        threading.Thread(target=break_off, args=(server,), daemon=True).start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/v1"
        client = OpenAI(api_key="test", base_url=url, max_retries=0, timeout=30)
        box = Explorer(client, "Hi", model="m")
        box.start()
        assert box.worker is not None
        box.worker.join(60)
    assert "The connection broke" in words(box.page.value)
    assert "One two" in words(box.page.value)
    assert not box.run.disabled


def break_off(server: socket.socket) -> None:
    """Answer one request with the beginning of a stream and hang up."""
    choice = {"index": 0, "delta": {"content": "One two"}, "finish_reason": None}
    chunk = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m"}
    event = f"data: {json.dumps(chunk | {'choices': [choice]})}\n\n"
    one, _ = server.accept()
    with one:
        one.recv(65536)
        one.sendall(
            b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
            b"transfer-encoding: chunked\r\n\r\n" + f"{len(event):x}\r\n{event}\r\n".encode()
        )


def test_the_explorer_passes_parameters_on(client: OpenAI) -> None:
    with pytest.raises(FirstCallError, match="400"):
        next(explore(client, "Hi", limit=5, temperature=9))
    assert Explorer(client, "Hi", temperature=1).params == {"temperature": 1}


def test_the_explorer_heeds_the_budget(client: OpenAI) -> None:
    with pytest.raises(helpers.BudgetError):
        next(explore(client, "Hi", limit=5, meter=Meter(budget=0)))


def test_a_web_page_is_no_reply(client: OpenAI) -> None:
    with pytest.raises(FirstCallError):
        list(explore(client, "simulate-html", limit=5))


# ---- a chart with words


def test_a_figure_has_words_and_is_drawn_once(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots()
    axes.barh(["Alma"], [3])
    pages: list[str] = []
    show_figure(figure, alt="One bar: Alma, 3")
    assert capsys.readouterr().out == "[One bar: Alma, 3]\n"
    assert plt.get_fignums() == []
    monkeypatch.setattr("helpers.views.figure.show", lambda html, text: pages.append(html))
    show_figure(figure, alt='A "bar"')
    assert 'alt="A &quot;bar&quot;"' in pages[0]
    assert "data:image/png;base64,iVBOR" in pages[0]
    rules = configparser.ConfigParser()
    rules.read(ROOT / "tests" / "sanitize.cfg")
    regex = rules["the pixels of a chart"]["regex"]
    assert "base64" not in re.sub(regex, "", pages[0])


def test_a_figure_without_words_is_refused() -> None:
    with pytest.raises(FirstCallError, match="Say what it shows"):
        show_figure(None, alt=" ")
    with pytest.raises(FirstCallError, match=r"plt\.subplots"):
        show_figure("no figure", alt="Bars")


# ---- a reply as a card


def test_a_reply_is_wrapped(capsys: pytest.CaptureFixture[str]) -> None:
    text = "A sentence with a <tag> in it. " * 9
    message = ChatCompletionMessage(role="assistant", content=text)
    show_reply(text)
    show_reply(message)
    show_reply(None)
    out = capsys.readouterr().out
    assert max(map(len, out.split("\n"))) <= 88
    assert " ".join(out.split()) == " ".join((text * 2 + "(no text)").split())


def test_each_choice_has_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    pages: list[str] = []
    monkeypatch.setattr("helpers.views.reply.show", lambda html, text: pages.append(html))
    answer = ChatCompletion.model_validate(
        {
            "id": "x",
            "object": "chat.completion",
            "created": 1,
            "model": "m",
            "choices": [
                {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", **said}}
                for said in ({"content": "<one>"}, {"content": None, "refusal": "I cannot."})
            ],
        }
    )
    show_reply(answer)
    assert pages[0].count("<div") == 2
    assert "&lt;one&gt;" in pages[0]
    assert "I cannot." in pages[0]


def test_what_has_no_text_is_refused() -> None:
    with pytest.raises(FirstCallError, match=r"reply\.choices\[0\]\.message\.content"):
        show_reply(3)  # type: ignore[arg-type]
