"""Text in lines that end between words, at once and in pieces."""

from __future__ import annotations

import pytest

from helpers.text.lines import WIDTH, Typist, wrapped

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
