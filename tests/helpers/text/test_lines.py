"""Text in lines that end between words, at once and in pieces."""

from __future__ import annotations

import pytest

from helpers.text.lines import CLOSING, OPENING, WIDTH, Typist, columns, filled, in_columns, wrapped

LONG = "One of these words is at the end of a line, and no line is too long. " * 6


def typed(pieces: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    typist = Typist()
    for piece in pieces:
        typist.write(piece)
    typist.flush()
    return capsys.readouterr().out


def test_long_lines_end_between_words() -> None:
    text = f"short\n{LONG}\n\n    indented {LONG}"
    lines = wrapped(text).split("\n")
    assert max(map(len, lines)) <= WIDTH
    assert " ".join(wrapped(text).split()) == " ".join(text.split())
    assert lines[0] == "short"
    assert wrapped("a  b\n    c") == "a  b\n    c"
    assert wrapped("x" * 200) == "x" * 200
    assert any(line.startswith("    indented One") for line in lines)


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_the_size_of_the_pieces_makes_no_difference(
    size: int, capsys: pytest.CaptureFixture[str]
) -> None:
    text = f"1. One\n2. Two\n\n    indented\n{LONG}你好,世界。"
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    out = typed(pieces, capsys)
    assert out.split() == text.split()
    assert max(map(len, out.split("\n"))) <= WIDTH
    assert out.startswith("1. One\n2. Two\n\n    indented\nOne of")


def test_chinese_does_not_wait_for_a_space(capsys: pytest.CaptureFixture[str]) -> None:
    typist = Typist()
    typist.write("你好,世界")
    assert capsys.readouterr().out == "你好,世界"
    out = typed(["床前明月光，疑是地上霜。" * 9], capsys)
    lines = out.split("\n")
    assert all(len(line) * 2 <= WIDTH for line in lines)
    assert len(lines) == 3
    assert not any(line[0] in "，。" for line in lines)


def test_a_word_waits_for_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    typist = Typist()
    typist.write("Hello wor")
    assert capsys.readouterr().out == "Hello"
    typist.write("ld")
    typist.flush()
    assert capsys.readouterr().out == " world"


def test_what_is_no_word_does_not_wait_for_ever(capsys: pytest.CaptureFixture[str]) -> None:
    typist = Typist()
    typist.write("x" * 300)
    assert len(capsys.readouterr().out) >= 264


CHINESE = (
    "请调高 token 上限（max_tokens），再运行一次“带 connect() 的单元格”；还不行，就换一个模型！" * 9
)


@pytest.mark.parametrize("start", range(24))
def test_chinese_lines_end_where_they_may(start: int) -> None:
    text = CHINESE[start:]
    lines = wrapped(text).split("\n")
    assert len(lines) > 5
    assert max(map(columns, lines)) <= WIDTH
    assert "".join(wrapped(text).split()) == "".join(text.split())
    assert not any(line[0] in CLOSING for line in lines[1:])
    assert not any(line[-1] in OPENING for line in lines)
    assert sum(line.count("max_tokens") for line in lines) == text.count("max_tokens")
    assert min(map(columns, lines[:-1])) > WIDTH - 20


@pytest.mark.parametrize("size", [1, 2, 1000])
@pytest.mark.parametrize("start", range(12))
def test_chinese_that_arrives_in_pieces_ends_where_it_may(
    start: int, size: int, capsys: pytest.CaptureFixture[str]
) -> None:
    text = CHINESE[start:]
    out = typed([text[at : at + size] for at in range(0, len(text), size)], capsys)
    lines = out.split("\n")
    assert max(map(columns, lines)) <= WIDTH
    assert "".join(out.split()) == "".join(text.split())
    assert not any(line[0] in CLOSING for line in lines[1:])
    assert not any(line[-1] in OPENING for line in lines)


def test_columns_of_two_widths_stand_below_each_other() -> None:
    assert in_columns([["课", "标题", "x"], ["01", "First", "y"]]) == [
        "课  标题   x",
        "01  First  y",
    ]


def test_no_space_is_left_between_two_words_of_chinese() -> None:
    said = "请到 {place} 新建，等 {wait}。"
    assert filled(said, {"place": "密钥页面", "wait": "30 秒"}) == "请到密钥页面新建，等 30 秒。"
    assert filled(said, {"place": "https://a.b", "wait": "一分钟"}) == (
        "请到 https://a.b 新建，等一分钟。"
    )
    assert filled("Go to {place} a b.", {"place": "a page"}) == "Go to a page a b."
