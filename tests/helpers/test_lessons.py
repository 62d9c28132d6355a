"""Finish reasons, conversations, pictures, JSON, checks and the key form."""

import base64
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from openai.types.chat import ChatCompletion
from openai.types.chat.chat_completion import Choice
from openai.types.chat.chat_completion_chunk import Choice as ChunkChoice
from PIL import Image
from pydantic import BaseModel

import helpers
from helpers import (
    CheckFailed,
    Conversation,
    FirstCallError,
    SettingsError,
    connect,
    continue_reply,
    cost,
    exercise,
    finish_advice,
    image_part,
    key_form,
    read_json,
    save_key,
    session_meter,
    settings,
)
from helpers.connection import settings as settings_module
from helpers.connection.settings import NAMES
from helpers.widgets import key_file as keyform
from helpers.widgets.key_box import KeyBox

KEY = "sk-" + "T3st" * 10


@pytest.fixture(autouse=True)
def own_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*NAMES, "FIRST_CALL_STRICT"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(settings_module, "_last", None)
    monkeypatch.setattr(cost, "_meters", {})
    connect(api_key=KEY)


class Script:
    """Answers calls with the given (content, finish_reason) pairs; keeps the messages sent."""

    def __init__(self, *answers: tuple[str | None, str] | int) -> None:
        self.answers = list(answers)
        self.sent: list[list[dict[str, Any]]] = []
        self.client = openai.OpenAI(
            api_key=KEY,
            base_url="http://127.0.0.1:9/v1",
            max_retries=0,
            http_client=httpx2.Client(transport=httpx2.MockTransport(self.answer)),
        )
        settings_module._made[self.client] = settings_module.settings(api_key=KEY)

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        self.sent.append(json.loads(request.content)["messages"])
        scripted = self.answers.pop(0)
        if isinstance(scripted, int):
            return httpx2.Response(scripted, json={"error": {"message": "x"}})
        return httpx2.Response(200, json=body(*scripted, tokens=10 * len(self.sent[-1])))


def body(content: str | None, finish: str | None, tokens: int = 10, **more: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, **more}
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-5.4-mini",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": tokens, "completion_tokens": 5, "total_tokens": tokens + 5},
    }


def reply(content: str | None, finish: str | None, **more: Any) -> ChatCompletion:
    return ChatCompletion.construct(**body(content, finish, **more))


# ---- finish_reason


@pytest.mark.parametrize(
    ("content", "finish", "action"),
    [
        ("Hi.", "stop", "use"),
        ("Hi", "length", "continue"),
        ("", "length", "raise the limit"),
        (None, "length", "raise the limit"),
        (None, "tool_calls", "run the tools"),
        (None, "function_call", "run the tools"),
        ("Hi", "content_filter", "rephrase"),
        ("Hi", None, "wait"),
        ("Hi", "eos", "look"),
    ],
)
def test_finish_advice(content: str | None, finish: str | None, action: str) -> None:
    choice = Choice.construct(**body(content, finish)["choices"][0])
    advice = finish_advice(choice)
    assert advice.action == action
    assert advice.what.endswith(".")
    assert str(advice).startswith(action + ": ")


def test_finish_advice_for_a_refusal_and_for_chunks() -> None:
    refused = reply("", "stop", refusal="I cannot help with that.")
    assert finish_advice(refused.choices[0]).action == "accept"
    chunk = ChunkChoice.construct(index=0, delta={"content": "Hi"}, finish_reason=None)
    assert finish_advice(chunk).action == "wait"
    last = ChunkChoice.construct(index=0, delta={}, finish_reason="length")
    assert finish_advice(last).action == "continue"


def test_continue_reply() -> None:
    script = Script(("two ", "length"), ("three", "stop"))
    asked: Any = [{"role": "user", "content": "Count."}]
    assert continue_reply(script.client, asked, reply("one ", "length")) == "one two three"
    assert [message["role"] for message in script.sent[0]] == ["user", "assistant", "user"]
    assert script.sent[1][1]["content"] == "one two "
    assert asked == [{"role": "user", "content": "Count."}]


@pytest.mark.parametrize(
    ("piece", "whole"),
    [
        ("in the form of rain.", "Water falls in the form of rain."),
        ("Water falls in the form of rain.", "Water falls in the form of rain."),
        (" rain. Rain is water.", "Water falls in the form of rain. Rain is water."),
    ],
)
def test_what_is_repeated_at_a_seam_is_left_out(piece: str, whole: str) -> None:
    script = Script((piece, "stop"))
    cut = reply("Water falls in the form of", "length")
    assert continue_reply(script.client, [], cut) == whole


def test_continue_reply_has_a_bound_and_leaves_whole_replies_alone() -> None:
    script = Script(*[("a", "length")] * 5)
    assert continue_reply(script.client, [], reply("a", "length"), rounds=2) == "aaa"
    assert continue_reply(script.client, [], reply("whole", "stop")) == "whole"
    assert len(script.sent) == 2
    with pytest.raises(FirstCallError, match="hidden reasoning"):
        continue_reply(script.client, [], reply("", "length"))


# ---- conversations


def roles(messages: Any) -> str:
    return "".join(message["role"][0] for message in messages)


def test_a_conversation_sends_its_history() -> None:
    script = Script(("Tokyo.", "stop"), ("Rome.", "stop"))
    talk = Conversation(script.client, "Be brief.")
    assert talk.say("Capital of Japan?") == "Tokyo."
    assert talk.say("And Italy?") == "Rome."
    assert [roles(sent) for sent in script.sent] == ["su", "suau"]
    assert roles(talk.messages) == "suaua"
    assert talk.last is not None
    assert talk.last.choices[0].message.content == "Rome."
    assert str(talk.total).startswith("2 calls · 60 tokens in · 10 out · $0.0000")
    assert str(talk.total) == str(session_meter())


def test_a_failed_call_leaves_the_history_as_it_was() -> None:
    script = Script(("Tokyo.", "stop"), 500, ("Rome.", "stop"))
    talk = Conversation(script.client)
    talk.say("Japan?")
    with pytest.raises(FirstCallError):
        talk.say("Italy?")
    assert roles(talk.messages) == "ua"
    talk.say("Italy?")
    assert roles(script.sent[-1]) == "uau"


def test_trimming_by_turns() -> None:
    script = Script(*[("ok", "stop")] * 4)
    talk = Conversation(script.client, "Be brief.", max_turns=2)
    for number in range(4):
        talk.say(str(number))
    assert [roles(sent) for sent in script.sent] == ["su", "suau", "suau", "suau"]
    assert script.sent[-1][1]["content"] == "2"


def test_trimming_by_tokens() -> None:
    script = Script(*[("x" * 50, "stop")] * 4)
    talk = Conversation(script.client, max_tokens=25)
    for _ in range(4):
        talk.say("y" * 50)
    assert max(len(sent) for sent in script.sent) < 7
    assert len(script.sent[1]) < 3, "the second call already knows what a token is"


def test_trimming_never_leaves_nothing() -> None:
    script = Script(*[("ok", "stop")] * 2)
    talk = Conversation(script.client, max_turns=0, max_tokens=0)
    talk.say("a")
    talk.say("b")
    assert roles(script.sent[-1]) == "u"


# ---- pictures


def picture(path: Path, size: tuple[int, int] = (40, 20), **save: Any) -> Path:
    Image.new("RGB", size, "red").save(path, **save)
    return path


def decoded(part: Any) -> tuple[str, Image.Image]:
    head, _, data = part["image_url"]["url"].partition(";base64,")
    return head.removeprefix("data:"), Image.open(io.BytesIO(base64.b64decode(data)))


@pytest.mark.parametrize("name", ["a.png", "b.jpeg", "c.webp", "d.gif", "写真 x.png"])
def test_a_file_becomes_a_data_url_with_its_own_bytes(name: str, tmp_path: Path) -> None:
    path = picture(tmp_path / name)
    part = image_part(path, detail="low")
    mime, found = decoded(part)
    assert mime == "image/" + path.suffix[1:]
    assert found.size == (40, 20)
    assert part["type"] == "image_url"
    assert part["image_url"]["detail"] == "low"
    assert base64.b64decode(part["image_url"]["url"].partition(",")[2]) == path.read_bytes()


def test_the_type_comes_from_the_bytes_not_the_name(tmp_path: Path) -> None:
    picture(tmp_path / "a.png").rename(tmp_path / "a.jpg")
    assert decoded(image_part(tmp_path / "a.jpg"))[0] == "image/png"


@pytest.mark.parametrize("url", ["https://example.com/a.png", "data:image/png;base64,AAAA"])
def test_an_address_is_passed_on(url: str) -> None:
    assert image_part(url) == {"type": "image_url", "image_url": {"url": url, "detail": "auto"}}
    with pytest.raises(FirstCallError, match="Only a file"):
        image_part(url, shrink=10)


@pytest.mark.parametrize("name", ["a.png", "a.jpeg", "a.bmp", "a.tiff"])
def test_shrinking(name: str, tmp_path: Path) -> None:
    mime, small = decoded(image_part(picture(tmp_path / name, (400, 100)), shrink=80))
    assert small.size == (80, 20)
    assert mime == ("image/jpeg" if name == "a.jpeg" else "image/png")
    pixel = small.convert("RGB").getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 240


def test_a_phone_photo_stands_upright_after_shrinking(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[0x0112] = 6
    path = picture(tmp_path / "a.jpeg", (400, 100), exif=turned)
    assert decoded(image_part(path, shrink=80))[1].size == (20, 80)


def test_a_phone_photo_with_a_second_picture_inside(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (40, 20), color) for color in ("red", "blue")]
    frames[0].save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=frames[1:])
    assert decoded(image_part(tmp_path / "a.jpg"))[0] == "image/jpeg"
    assert decoded(image_part(tmp_path / "a.jpg", shrink=20))[1].size == (20, 10)


def test_big_pictures(tmp_path: Path) -> None:
    path = picture(tmp_path / "photo.png", (6000, 5000))
    with pytest.raises(FirstCallError, match="30 million pixels"):
        image_part(path)
    assert decoded(image_part(path, shrink=300))[1].size == (300, 250)


def animated(path: Path) -> None:
    frames = [Image.new("RGB", (9, 9), color) for color in ("red", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:])


def truncated(path: Path) -> None:
    full = picture(path.with_suffix(".whole.png"), (300, 300)).read_bytes()
    path.write_bytes(full[: len(full) // 2])


def bomb(path: Path) -> None:
    tiny = io.BytesIO()
    Image.new("1", (8, 8)).save(tiny, "PNG")
    raw = bytearray(tiny.getvalue())
    raw[16:24] = (60_000).to_bytes(4, "big") * 2
    import zlib

    raw[29:33] = zlib.crc32(raw[12:29]).to_bytes(4, "big")
    path.write_bytes(raw)


@pytest.mark.parametrize("shrink", [None, 100])
@pytest.mark.parametrize(
    ("make", "said"),
    [
        (truncated, "damaged"),
        (lambda path: path.write_text("I am text"), "not a picture"),
        (lambda path: path.write_bytes(b""), "empty"),
        (lambda path: path.write_text('<?xml version="1.0"?><svg></svg>'), "SVG"),
        (lambda path: path.write_text("%!PS-Adobe-3.0 EPSF-3.0"), "not a picture"),
        (lambda path: path.mkdir(), "cannot be read"),
        (lambda path: None, "cannot be read"),
        (animated, "moves"),
        (bomb, "too big"),
    ],
)
def test_files_that_are_no_use(
    make: Callable[[Path], object], said: str, shrink: int | None, tmp_path: Path
) -> None:
    path = tmp_path / ("a.gif" if make is animated else "a.png")
    make(path)
    with pytest.raises(FirstCallError, match=said) as caught:
        image_part(path, shrink=shrink)
    assert str(tmp_path) not in str(caught.value)
    assert path.name in str(caught.value)


def test_a_format_that_models_do_not_read(tmp_path: Path) -> None:
    with pytest.raises(FirstCallError, match="is BMP"):
        image_part(picture(tmp_path / "a.bmp"))


# ---- JSON


class Person(BaseModel):
    name: str
    age: int


def test_read_json() -> None:
    assert read_json(reply('{"name": "玛丽", "age": 3}', "stop"), Person).name == "玛丽"


@pytest.mark.parametrize(
    ("content", "finish", "said"),
    [
        ('{"name": "玛', "length", "higher token limit"),
        ("", "length", "hidden reasoning"),
        ('{"name": "a"', "content_filter", "filter"),
        ('{"name": "玛', "stop", "not JSON"),
        ("Sure!", "stop", "not JSON"),
        (None, "stop", "not JSON"),
        ('{"name": "a"}', "stop", "Person: age: Field required"),
        ('{"name": 1, "age": "x"}', "stop", r"name: .*\(and 1 more\)"),
        ("[]", "stop", "the whole"),
    ],
)
def test_read_json_says_what_is_wrong(content: str | None, finish: str, said: str) -> None:
    with pytest.raises(FirstCallError, match=said):
        read_json(reply(content, finish), Person)


# ---- checks


@pytest.mark.parametrize("value", [False, None, ..., "", []])
def test_an_open_exercise_is_not_solved(
    value: object, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with exercise(1) as check:
        check("roles", value, "Begin with system.")
    assert "✗ roles\n" in capsys.readouterr().out
    monkeypatch.setenv("FIRST_CALL_STRICT", "1")
    with pytest.raises(CheckFailed, match=r"The check failed: roles."), exercise(1) as check:
        check("roles", value, "Begin with system.")


@pytest.mark.parametrize("value", [True, [1], "yes"])
def test_a_solved_exercise(value: object, capsys: pytest.CaptureFixture[str]) -> None:
    with exercise(1) as check:
        check("roles", value, "Begin with system.")
    assert "✓ roles\n" in capsys.readouterr().out


# ---- the key form


def test_save_key_keeps_the_other_lines(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_text("# 我的设置\nPROVIDER=openai\nOPENAI_API_KEY=sk-old\nOPENAI_MODEL=m\n", "utf-8")
    env.chmod(0o644)
    said = save_key(KEY)
    assert KEY not in said
    lines = env.read_text("utf-8").splitlines()
    assert lines == ["# 我的设置", "PROVIDER=openai", f"OPENAI_API_KEY='{KEY}'", "OPENAI_MODEL=m"]
    if os.name == "posix":
        assert env.stat().st_mode & 0o777 == 0o600
    found = settings()
    assert found.key_from == ".env"
    assert found.api_key is not None
    assert found.api_key.get_secret_value() == KEY


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_save_key_puts_the_encoding_right(encoding: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes("OPENAI_MODEL=m\r\nOPENAI_API_KEY=\r\n".encode(encoding))
    save_key(KEY)
    lines = (tmp_path / ".env").read_text("utf-8").splitlines()
    assert lines == ["OPENAI_MODEL=m", f"OPENAI_API_KEY='{KEY}'"]


def test_save_key_makes_the_file_in_the_kits_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").unlink()
    (tmp_path / "kit.py").touch()
    deep = tmp_path / "notebooks" / "solutions"
    deep.mkdir(parents=True)
    monkeypatch.chdir(deep)
    monkeypatch.setattr(keyform, "find_env", lambda: None)
    save_key(KEY)
    assert KEY in (tmp_path / ".env").read_text()
    if os.name == "posix":
        assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600


def test_save_key_says_when_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY + "other")
    assert "comes first" in save_key(KEY)


@pytest.mark.parametrize("key", ["", "  ", KEY + "\n", f"“{KEY}”", "your-api-key"])
def test_save_key_takes_no_bad_key(key: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        save_key(key)
    assert (tmp_path / ".env").read_text() == ""


def test_save_key_where_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(keyform.dotenv, "set_key", full)
    with pytest.raises(SettingsError, match="No space left"):
        save_key(KEY)


def test_the_form_saves_and_forgets(tmp_path: Path) -> None:
    form = KeyBox()
    box, field, save, status = form.box, form.field, form.save, form.status
    field.value = KEY
    assert field.value == ""  # before Save, too
    assert "Now press Save." in status.value
    save.click()
    assert "Saved in .env." in status.value
    assert 'role="status"' in status.value
    assert KEY in (tmp_path / ".env").read_text()
    save.click()
    assert "No key was given." in status.value  # the form has let go of it
    field.value = f"“{KEY}”"
    save.click()
    assert "curly quotes" in status.value
    for shown in (repr(box), str(box.get_state()), str(status.get_state()), str(field.get_state())):
        assert KEY not in shown


def test_the_form_tests_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    form = KeyBox()
    test, status = form.test, form.status
    test.click()
    assert "Practice mode is on: there is no key to test." in status.value
    models = {"object": "list", "data": [{"id": "m", "object": "model"}]}
    for answer, said in (
        (httpx2.Response(200, json=models), "The key works at OpenAI: 1 models"),
        (httpx2.Response(401, json={"error": {"message": f"bad {KEY}"}}), "does not know this"),
    ):
        client = openai.OpenAI(
            api_key=KEY,
            max_retries=0,
            http_client=httpx2.Client(
                transport=httpx2.MockTransport(lambda _, answer=answer: answer)
            ),
        )
        monkeypatch.setattr(keyform, "own_client", lambda *_, client=client: client)
        save_key(KEY)
        test.click()
        assert said in status.value
        assert KEY not in status.value


def test_without_widgets_the_form_is_two_lines_of_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    key_form()
    assert "getpass" in capsys.readouterr().out


# ---- the package


def test_all_is_what_is_exported() -> None:
    modules = {path.stem for path in Path(helpers.__file__).parent.iterdir()}
    public = {name for name in vars(helpers) if not name.startswith("_")} - modules
    assert helpers.__all__ == sorted(helpers.__all__)
    assert set(helpers.__all__) == public
    for name in helpers.__all__:
        assert getattr(helpers, name).__doc__, name


def test_nothing_heavy_is_imported() -> None:
    heavy = [
        "PIL",
        "ipywidgets",
        "IPython",
        "pandas",
        "numpy",
        "matplotlib",
        "genai_prices",
        "practice.process.launcher",  # practice.process.config is made to be light
        "httpx",
    ]
    code = f"import helpers, sys; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
