"""Practice mode in Chinese: what a learner reads is, what a program reads is not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import ROOT
from practice import __main__ as command_line
from practice.process import launcher, models, state
from practice.process.config import PracticeError
from practice.process.language import columns_of
from practice.process.sources import SourceError

SPEAKING = {
    "practice/__main__.py",
    "practice/roster/commands.py",
    "practice/server/serve.py",
}
"""The files of practice/, beside practice/process/, that say anything to a learner."""


@pytest.fixture(autouse=True)
def _chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIT_LANG", "zh-CN")


def test_the_list_of_models_is_aligned(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["models"]) == 0
    lines = capsys.readouterr().out.partition("\n\n")[0].splitlines()
    assert lines[0].split() == ["名称", "模型", "文件", "内存", "语言"]
    at = columns_of(lines[0].partition("语言")[0])
    for line in lines[1:]:
        assert at in {columns_of(line[: found.start()]) for found in re.finditer("[英中]文", line)}


def test_every_language_of_a_model_has_its_twin() -> None:
    named = {one for model in models.practice_models().values() for one in model.languages}
    assert named == {*command_line.LANGUAGES}


def test_two_sentences_stand_without_a_space(capsys: pytest.CaptureFixture[str]) -> None:
    assert command_line.main(["fetch", "nobody"]) == 1
    said = "错误：没有名为 nobody 的模型。可选：small、standard、large。\n"
    assert capsys.readouterr().err == said
    assert str(PracticeError("甲。", "乙。")) == "甲。乙。"
    assert str(PracticeError("甲。")) == "甲。"
    assert str(SourceError("甲", "乙")) == "甲。乙。"


def test_english_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KIT_LANG", "en")
    assert str(PracticeError("A.", "B.")) == "A. B."
    assert str(PracticeError("A.")) == "A."
    assert str(SourceError("A", "B")) == "A. B."


def test_the_service_says_why_it_cannot_start_as_its_notebook_does(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FIRST_CALL_HOME", str(tmp_path))
    assert launcher._environment(models.chosen())["KIT_LANG"] == "zh-CN"
    state.write_failure(PracticeError("端口不能用。", "换一个。"))
    error = launcher._why_it_ended(0)
    assert error.what == "练习服务在启动时退出了：端口不能用。"
    assert error.fix == f"换一个。它的日志是 {state.log_path()}。"


def test_what_programs_read_is_never_translated() -> None:
    """The service's answers over HTTP stay English: no file that makes them knows languages."""
    speaking = {
        file.relative_to(ROOT).as_posix()
        for file in (ROOT / "practice").rglob("*.py")
        if file.parent.name != "process" and "process.language" in file.read_text("utf-8")
    }
    assert speaking == SPEAKING
