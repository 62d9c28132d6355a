"""The Chinese text holds what the English one holds, in the words of the glossary."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tiny_lesson import LESSON, read, with_chinese

from conftest import ROOT
from tools.notebooks import glossary, texts
from tools.pictures import drawings as drawn
from tools.notebooks.languages import differences, numbers
from tools.notebooks.rules import LessonError


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("20 minutes, 30 million", "20 分钟，3000 万"),
        ("494 million", "4.94 亿"),
        ("1,024 pixels, 0.5 dollars", "1024 像素，0.5 美元"),
        ("Three of the 5 rows.", "5 行中的三行。"),
        ("3 of five", "三之 5"),
        ("In March 2026, the second time", "2026 年 3 月第 2 次"),
        ("25 tokens", "二十五个 token"),
        ("10 and 12", "十和十二"),
        ("gpt-4.1 and `x1`", "gpt-4.1 和 `x1`"),
        ("## Exercise 2: add 3", "## 练习 2：加 3"),
        ("[a](x.ipynb#There)", "[甲](x.ipynb#那里)"),
        ("[a](https://a.b/en-us/c) again [a](https://a.b/en-us/c)", "[甲](https://a.b/zh-cn/c)"),
        ("[a](https://a.b/c?hl=en)", "[甲](https://a.b/c?hl=zh-CN)"),
        ("![a](drawings/x.en.svg)", "![甲](drawings/x.zh.svg)"),
        ("![a](pictures/x.png)", "![甲](pictures/zh/x.png)"),
        ("{{practice.size}}", "{{ practice.size }}"),
        ("| a | b |\n|---|---|", "| 甲 | 乙 |\n|---|---|"),
        ("`[x](y)`", "`[甲](乙)`"),
    ],
)
def test_texts_that_say_the_same(english: str, chinese: str) -> None:
    assert list(differences(english, chinese)) == []


@pytest.mark.parametrize(
    ("english", "chinese", "said"),
    [
        ("20 minutes", "分钟", "the number 20 is missing in the Chinese text"),
        ("20 minutes", "25 分钟", "the number 20 is missing"),
        ("minutes", "25 分钟", "the number 25 is missing in the English text"),
        ("30 million", "300 万", "the number 30000000 is missing"),
        ("0.5 dollars", "5 美元", "the number 0.5 is missing"),
        ("a few", "3 个", "the number 3 is missing in the English text"),
        ("[a](x.ipynb)", "甲", "the link x.ipynb is missing in the Chinese text"),
        ("a", "[甲](https://a.b)", "the link https://a.b is missing in the English text"),
        ("[a](https://a.b/c)", "[甲](https://a.b/d)", "the link https://a.b/c is missing"),
        ("![a](x.png)", "甲", "the image x.png is missing"),
        ("![a](x.png) ![b](x.png)", "![甲](x.png)", "the image x.png is missing"),
        ('<img src="x.png" alt="a">', "[甲](x.png)", "the image x.png is missing"),
        ("![a](x.png)", "`![甲](x.png)`", "the image x.png is missing"),
        ("{{practice.size}}", "大小", "the fact practice.size is missing"),
        ("### A", "## 甲", "the part ### heading is missing"),
        ("| a | b |\n| c | d |", "| 甲 | 乙 |", "row of 2 columns is missing"),
        ("| a | b |", "| 甲 |", "row of 2 columns is missing"),
        ("<details>", "", "the part <details is missing"),
        ("```\nx\n```", "x", "block is missing"),
    ],
)
def test_something_is_missing_in_one_text(english: str, chinese: str, said: str) -> None:
    assert said in "\n".join(differences(english, chinese))


def test_numbers_are_values() -> None:
    assert {int(one) for one in numbers("1,000 and 2 thousand, 5 万, 2026-11-24")} == {
        1000,
        2000,
        50_000,
        2026,
    }


BROKEN = [
    ("加起来。", "加起来，共 3 个。", "the number 3 is missing in the English text"),
    ("加起来。", "串流。", "“串流” stands where the glossary has “流式输出”"),
    ("# 没有标题的单元格。", "# 见[这里](x.md)。", "the link x.md is missing"),
]


@pytest.mark.parametrize(("old", "new", "said"), BROKEN)
def test_the_build_names_the_cell(old: str, new: str, said: str, tmp_path: Path) -> None:
    lesson = with_chinese(LESSON)
    read(lesson, tmp_path)
    with pytest.raises(LessonError, match=f"markdown cell “.*{re.escape(said)}"):
        read(lesson.replace(old, new, 1), tmp_path)


def test_a_chinese_cell_may_differ_for_a_reason(tmp_path: Path) -> None:
    lesson = with_chinese(LESSON)
    header = '# %% [markdown] lang="zh"'
    cell = lesson[lesson.index(f"{header}\n# ## 要记住的") :]
    differing = cell.replace(header, f'{header} differs="they count in other ways"', 1)
    broken = [lesson.replace(cell, differing.replace("起来。", f"起来，{n}。")) for n in ("3", "串流")]
    read(broken[0], tmp_path)
    with pytest.raises(LessonError, match="串流"):
        read(broken[1], tmp_path)


def test_the_words_of_a_paired_code_cell_are_the_glossarys(tmp_path: Path) -> None:
    pair = '# %% lang="en"\nprint("stream")\n\n# %% lang="zh"\nprint("{}")  # 打印'
    for word, fine in (("流", True), ("串流", False)):
        lesson = with_chinese(LESSON).replace(
            '# %%\nprint("not in the solutions")', pair.format(word)
        )
        if fine:
            read(lesson, tmp_path)
        else:
            with pytest.raises(LessonError, match="串流"):
                read(lesson, tmp_path)


@pytest.mark.parametrize(
    ("chinese", "said"),
    [
        ("一个令牌", "令牌"),
        ("三个 tokens", "tokens"),
        ("token（词元）是什么", ""),
        ("词元", "词元"),
        ("每个单元格、单元测试", ""),
        ("每个单元", "单元"),
        ("`令牌` 与 [x](令牌.md)", ""),
        ("```\n令牌\n```", ""),
        ("prompt_tokens 与 max_completion_tokens", ""),
    ],
)
def test_a_term_is_rendered_one_way(chinese: str, said: str) -> None:
    found = list(glossary.renderings(chinese))
    assert len(found) == bool(said)
    assert said in "".join(found)


@pytest.mark.parametrize(
    ("english", "chinese", "said"),
    [
        ("Look at the finish reason.", "看看它为什么停。", "“结束原因”"),
        ("Finish reasons differ.", "结束原因各不相同。", ""),
        ("Look at the finish reason.", "看看 `finish_reason`。", ""),
        ("`finish reason`", "代码", ""),
        ("a JSON schema", "一个 json schema", ""),
        ("a JSON schema", "一个模式", "“JSON Schema”"),
    ],
)
def test_a_term_that_means_one_thing_is_not_left_out(
    english: str, chinese: str, said: str
) -> None:
    found = list(glossary.missing(english, chinese))
    assert len(found) == bool(said)
    assert said in "".join(found)


def test_the_glossary_is_sound() -> None:
    terms = glossary.terms()
    assert 60 <= len(terms) <= 110
    assert len({term.en for term in terms}) == len(terms)
    for term in terms:
        assert list(glossary.renderings(term.zh)) == [], term.en
        for pattern in term.other:
            re.compile(pattern)


def test_the_builds_own_chinese_follows_the_glossary() -> None:
    for key, by_language in texts.all_words().items():
        assert list(glossary.renderings(by_language["zh"])) == [], key


def test_the_chinese_of_the_drawings_follows_the_glossary() -> None:
    drawings = sorted((ROOT / "notebooks" / "drawings").glob("*.zh.svg"))
    assert drawings
    for drawing in drawings:
        assert list(glossary.renderings(drawing.read_text("utf-8"))) == [], drawing.name
    for name in drawn.DRAWN:
        english, chinese = (drawn.words_of(name, lang)["alt"] for lang in drawn.LANGUAGES)
        assert list(glossary.renderings(chinese)) == [], name
        assert list(glossary.missing(english, chinese)) == [], name


def test_the_chinese_readme_follows_the_glossary() -> None:
    text = (ROOT / "README.zh-CN.md").read_text("utf-8")
    assert list(glossary.renderings(text)) == []
