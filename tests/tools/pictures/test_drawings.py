"""The drawings of the lessons: what the script gives, whole in both languages, and nothing cut."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest

from conftest import ROOT
from tools.pictures import drawings, sheet

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def drawn() -> dict[str, str]:
    """Each file's name and what the script gives for it."""
    return {file.name: text for file, text in drawings.files().items()}


def test_the_committed_drawings_are_what_the_script_gives(drawn: dict[str, str]) -> None:
    committed = {file.name: file.read_text("utf-8") for file in drawings.DRAWINGS.iterdir()}
    assert committed == drawn, "run: python -m tools.pictures.drawings"


def test_both_languages_have_the_same_words_to_say() -> None:
    for name in drawings.DRAWN:
        english, chinese = (drawings.words_of(name, lang) for lang in drawings.LANGUAGES)
        for key, word in english.table.items():
            assert type(english[key]) is type(chinese[key])
            assert len(str(chinese[key])) > 1, (name, key)
            assert not isinstance(word, dict) or set(word) == {"en", "zh"}, (name, key)
        assert len(english["alt"]) > 80
        assert not re.search(r'[\[\]"]', english["alt"] + chinese["alt"])  # it stands in ![...]
        assert re.search("[\u4e00-\u9fff]", chinese["title"])


def test_a_drawing_is_readable_on_any_page(drawn: dict[str, str]) -> None:
    """A light card of its own, fonts for Chinese, a title; nothing is fetched or scripted."""
    for name, text in drawn.items():
        root = ET.fromstring(text)
        paper = root.find(f"{SVG}rect")
        assert paper is not None
        assert paper.get("fill") == sheet.PAPER
        assert float(paper.get("width", 0)) == float(root.get("width", 0)) - 1
        assert root.findtext(f"{SVG}title")
        for element in root.iter(f"{SVG}text"):
            family = element.get("font-family") or root.get("font-family") or ""
            assert {"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC"} <= set(
                re.findall(r"'([^']+)'", family)
            ), name
        assert not re.search(r"href|<script|style=|url\(|@import", text)


def test_ink_is_readable_on_its_ground() -> None:
    """At least 4.5 to 1, as the accessibility guidelines ask (WCAG 1.4.3)."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(ink: str, ground: str) -> float:
        low, high = sorted((light(ink), light(ground)))
        return (high + 0.05) / (low + 0.05)

    for tone in (sheet.BLUE, sheet.GREEN, sheet.AMBER, sheet.VIOLET, sheet.RED, sheet.GREY):
        for ground in (tone.pale, sheet.PAPER, "#ffffff"):
            assert contrast(tone.line, ground) >= 4.5
    for ink in (sheet.INK, sheet.QUIET):
        assert contrast(ink, sheet.PAPER) >= 4.5


def test_a_text_that_does_not_fit_is_refused() -> None:
    paper = sheet.Sheet(300, 100, "a sheet", "en")
    paper.text((10, 20), "short", room=50)
    with pytest.raises(sheet.TooLongError, match="needs 192 of 50"):
        paper.text((10, 20), "a line that is much too long", room=50)
    # Chinese fonts draw the quotation marks of a Chinese text as wide as its letters.
    assert sheet.width("“好”", 20) == 60
    assert sheet.width("“x”", 20) < 40
    assert sheet.width("iiii", 20, mono=True) == sheet.width("mmmm", 20, mono=True)


def test_no_text_leaves_the_card(drawn: dict[str, str]) -> None:
    for name, text in drawn.items():
        root = ET.fromstring(text)
        wide, high = float(root.get("width", 0)), float(root.get("height", 0))
        for element in root.iter(f"{SVG}text"):
            mono = "monospace" in element.get("font-family", "")
            bold = element.get("font-weight") == "bold"
            size = float(element.get("font-size", 0))
            assert size >= 12, name  # at 700 pixels, a third less
            needed = sheet.width(element.text or "", size, bold=bold, mono=mono)
            share = {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor", ""), 0.0)
            left = float(element.get("x", 0)) - share * needed
            assert left > 8, (name, element.text)
            assert left + needed < wide - 8, (name, element.text)
            assert size < float(element.get("y", 0)) < high - 8, (name, element.text)


def test_each_drawing_stands_in_a_lesson_with_its_alt_text() -> None:
    lessons = "\n".join(file.read_text("utf-8") for file in (ROOT / "lessons").glob("*.py"))
    for name in drawings.DRAWN:
        alt = drawings.words_of(name, "en")["alt"]
        assert f"![{alt}](drawings/{name}.en.svg)" in lessons, name
