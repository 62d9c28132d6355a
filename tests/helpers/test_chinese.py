"""What the helpers say where the language is Chinese; in English they say what they always said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx2
import openai
import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletion
from pydantic import BaseModel

from helpers import (
    CheckFailed,
    FirstCallError,
    Meter,
    connect,
    exercise,
    expect_error,
    explain,
    finish_advice,
    hint,
    image_part,
    progress,
    read_json,
    settings,
    show_json,
    show_messages,
    show_models,
)
from helpers.calls import StreamedReply
from helpers.connection import settings as settings_module
from helpers.connection.settings import NAMES
from helpers.exercises import hints, record
from helpers.widgets.chat_box import Window, how_it_ended
from helpers.widgets.explorer_box import Explorer
from helpers.widgets.key_box import KeyBox


@pytest.fixture(autouse=True)
def chinese(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KIT_LANG", "zh-CN")
    monkeypatch.setattr(settings_module, "_last", None)
    for name in ("_kept", "_given", "_lessons"):
        monkeypatch.setattr(hints, name, {})
    monkeypatch.setattr(hints, "_last", None)


def refused(kind: type[openai.APIStatusError], status: int, code: str | None) -> Exception:
    request = httpx2.Request("POST", "https://api.openai.com/v1/chat/completions")
    body = {"message": "No.", "code": code}
    return kind("No.", response=httpx2.Response(status, request=request), body=body)


def reply(text: str, reason: str) -> ChatCompletion:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "finish_reason": reason, "message": message}
    row = {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice]}
    return ChatCompletion.model_validate(row)


def test_an_error_is_explained() -> None:
    wrong = refused(openai.AuthenticationError, 401, "invalid_api_key")
    said = explain(wrong).split("\n")
    assert said[0] == "服务商不认识这个 API 密钥（401）。"
    assert said[1].startswith("请到")
    assert said[1].endswith("并确认它确实是服务商的 key。")
    limit = refused(openai.RateLimitError, 429, "rate_limit_exceeded")
    assert "请等一分钟再运行这个单元格" in explain(limit)


def test_the_language_can_change_while_the_kernel_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    error = refused(openai.RateLimitError, 429, "rate_limit_exceeded")
    monkeypatch.setenv("KIT_LANG", "en")
    assert explain(error).startswith("Too many requests or tokens in a short time (429).")
    monkeypatch.setenv("KIT_LANG", "zh-CN")
    assert explain(error).startswith("短时间内请求或 token 太多了（429）。")


def test_an_error_of_ours_is_one_sentence_after_the_other() -> None:
    with pytest.raises(FirstCallError) as raised, expect_error(openai.AuthenticationError):
        pass
    assert raised.value.what == "这段代码本来应该以 AuthenticationError 结束，却没有出错。"
    assert "。 " not in str(raised.value)
    with pytest.raises(FirstCallError, match=r"^nowhere\.png 读不出来（"):
        image_part("nowhere.png")
    with pytest.raises(FirstCallError, match="已设置，但两边还带着引号"):
        settings(api_key="'sk-abc'")


def test_a_card_and_its_hints(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with exercise(2) as check:
        check("模型回复了", False, "再看看第一个例子。")
    assert capsys.readouterr().out == (
        "练习 2：还没完成\n✗ 模型回复了\n想要提示，就在一个新单元格里运行 hint(2)。\n"
    )
    hint()
    hint()
    assert capsys.readouterr().out == (
        "提示 1/1：再看看第一个例子。\n没有更多提示了。请再读一遍最后一条：再看看第一个例子。\n"
    )
    with exercise(2) as check:
        check("模型回复了", True)
    assert capsys.readouterr().out == "练习 2 完成\n✓ 模型回复了\n"
    monkeypatch.setenv("FIRST_CALL_STRICT", "1")
    with pytest.raises(CheckFailed, match=r"检查没有通过：模型回复了。"), exercise(2) as check:
        check("模型回复了", ...)


def test_progress_has_the_titles_of_the_chinese_lessons(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    listed: list[dict[str, Any]] = [
        {"lesson": "00", "title": "Start here", "zh": {"title": "从这里开始"}, "exercises": [{}]},
        {"lesson": "01", "title": "Key set-up", "exercises": [{}]},  # has no Chinese yet
    ]
    monkeypatch.setattr("helpers.exercises.overview.lessons", lambda: listed)
    monkeypatch.setenv("FIRST_CALL_HOME", str(tmp_path / "home"))
    progress()
    assert capsys.readouterr().out.split("\n")[:5] == [
        "你的进度：完成 0/2 道练习",
        "",
        "课  标题        练习    下一步",
        "00  从这里开始  □  0/1  练习 1",
        "01  Key set-up  □  0/1  练习 1",
    ]
    assert record.title_of(listed[0]) == "从这里开始"


def test_what_programs_compare_stays_english() -> None:
    advice = finish_advice(reply("half", "length").choices[0])
    assert advice.action == "continue"
    assert str(advice).startswith("continue：回复被截断了：到了 token 上限")
    assert finish_advice(reply("", "length").choices[0]).action == "raise the limit"
    unknown = reply("x", "stop").choices[0].model_copy(update={"finish_reason": "eos"})
    assert finish_advice(unknown).what == "finish_reason 是 'eos'，OpenAI 的文档里没有这个值。"
    assert settings().mode == "practice"


class Row(BaseModel):
    total: float


def test_json_that_does_not_fit() -> None:
    with pytest.raises(FirstCallError, match=r"JSON 不符合 Row：total："):
        read_json(reply(json.dumps({"total": "x"}), "stop"), Row)


def test_views(capsys: pytest.CaptureFixture[str]) -> None:
    show_json('{"a": ')
    show_messages([{"role": "user", "content": ""}])
    show_models("deepseek")
    out = capsys.readouterr().out
    assert "JSON 坏了。 写到一半就断了，断在这里之后" in out
    assert "user: 空" in out
    assert "DeepSeek 可以选的模型 · 价格为每百万 token 的美元数" in out
    assert str(Meter(1.0)) == "0 次调用 · 输入 0 token · 输出 0 token · 按标价 $0（预算 $1.00）"


def test_buttons() -> None:
    client = OpenAI(api_key="not-needed", base_url="http://127.0.0.1:9/v1")
    from helpers import Conversation

    window, explorer, keys = Window(Conversation(client)), Explorer(client, "问题"), KeyBox()
    buttons = (window.send, window.stop, window.new, explorer.run, keys.save)
    assert [button.description for button in buttons] == ["发送", "停止", "新对话", "运行", "保存"]
    assert "新对话。还没有发送任何内容。" in window.status.value
    assert (
        how_it_ended(StreamedReply(text="x", stopped=True), 3) == "你停止了回复 · 保留了 3 条消息"
    )


def test_the_line_of_connect(capsys: pytest.CaptureFixture[str]) -> None:
    connect(api_key="sk-" + "T3st" * 10, provider="zhipu", model="glm")
    assert capsys.readouterr().out.startswith("你的 key · 智谱 GLM · glm")
