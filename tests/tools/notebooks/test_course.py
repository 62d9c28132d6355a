"""The ways between notebooks: above and below each lesson, in both languages, none of them broken."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from tiny_lesson import LESSON, project, with_chinese

from tools.notebooks import course
from tools.notebooks import lesson as lessons
from tools.notebooks.rules import LessonError
from tools.notebooks.texts import all_words

Books = dict[str, list[nbformat.NotebookNode]]


def books() -> Books:
    """The cells of every notebook of the course, by its path below notebooks/."""
    return {
        target.path.relative_to(lessons.NOTEBOOKS).as_posix(): target.notebook.cells
        for path in lessons.sources([])
        for target in lessons.targets(path, lessons.read_lesson(path))
    }


@pytest.fixture
def three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Books:
    """A course of three lessons; the middle one has no Chinese yet."""
    kit = project(tmp_path, monkeypatch)
    first = LESSON.replace("Count.", "Count on [two](02_last.ipynb#Reference) `[x](y.md)`.")
    first = first.replace("minutes=5", "minutes=5 more=10")
    no_map = LESSON.replace(' tags=["map"]', "")
    last = with_chinese(no_map).replace("# # Tiny", "# # Last").replace("小课", "最后")
    first = with_chinese(first).replace("数数。", "从[二](02_last.ipynb#参考)数起。")
    files = {"00_tiny": first, "01_middle": no_map.replace("Tiny", "Middle")}
    for name, source in (files | {"02_last": last}).items():
        (kit / "lessons" / f"{name}.py").write_text(source, encoding="utf-8")
    return books()


def head(cells: list[nbformat.NotebookNode]) -> str:
    title, empty, line, *_ = cells[0].source.splitlines()
    assert title.startswith("# ")
    assert empty == ""
    return str(line)


def test_every_link_of_the_course_leads_somewhere() -> None:
    found = {lessons.NOTEBOOKS / path: cells for path, cells in books().items()}
    assert len(found) >= 27
    assert sum(1 for cells in found.values() for _ in course.links(cells)) > 100
    assert list(course.broken_links(found)) == []


def test_the_head_of_a_lesson(three: Books) -> None:
    assert three["00_tiny.ipynb"][0].source.startswith(
        "# 00 Tiny\n\nLesson 0 of 2 · 5 minutes, and 10 more for the optional part · "
        '[map](00_tiny.ipynb#All-lessons) · [01 →](01_middle.ipynb "01 Middle") · '
        "[中文](zh-CN/00_tiny.ipynb)\n\n## What you will be able to do\n"
    )
    assert head(three["01_middle.ipynb"]) == (
        'Lesson 1 of 2 · 5 minutes · [← 00](00_tiny.ipynb "00 Tiny") · '
        '[map](00_tiny.ipynb#All-lessons) · [02 →](02_last.ipynb "02 Last")'
    )
    assert head(three["zh-CN/02_last.ipynb"]) == (
        '第 2 课，共 2 课 · 5 分钟 · [← 01](../01_middle.ipynb "01 Middle") · '
        "[课程地图](00_tiny.ipynb#所有课程) · [English](../02_last.ipynb)"
    )


def test_the_foot_of_a_notebook_and_the_way_back(three: Books) -> None:
    foot = three["zh-CN/00_tiny.ipynb"][-1].source
    assert foot.startswith("**[课程地图](00_tiny.ipynb#所有课程) · [01 Middle →](../01_middle.ipynb)**")
    assert "](solutions/00_tiny.ipynb)" in foot
    assert "](recall/00_tiny.ipynb)" in foot
    for path, cells in three.items():
        assert len({cell.id for cell in cells}) == len(cells)
        if "solutions" in path or "recall" in path:
            for cell in (cells[0], cells[-1]):
                assert f"](../{Path(path).name})" in cell.source


def test_all_links_of_a_course_in_two_languages(three: Books) -> None:
    assert sorted(path for path in three if "zh-CN" in path and path.count("/") == 1) == [
        "zh-CN/00_tiny.ipynb",
        "zh-CN/02_last.ipynb",
    ]
    found = {lessons.NOTEBOOKS / path: cells for path, cells in three.items()}
    assert list(course.broken_links(found)) == []
    text = three["recall/00_tiny.ipynb"]
    assert "![a sum](../sketches/y.svg)" in "".join(cell.source for cell in text)
    assert "[two](02_last.ipynb#Reference) `[x](y.md)`" in three["00_tiny.ipynb"][0].source


@pytest.mark.parametrize(
    ("kind", "lang", "link", "leads_to"),
    [
        ("lesson", "zh", "02_last.ipynb#R", "02_last.ipynb#R"),
        ("lesson", "zh", "01_middle.ipynb", "../01_middle.ipynb"),
        ("solutions", "en", "01_middle.ipynb", "../01_middle.ipynb"),
        ("recall", "zh", "02_last.ipynb", "../02_last.ipynb"),
        ("recall", "zh", "01_middle.ipynb", "../../01_middle.ipynb"),
        ("recall", "zh", "../.env.example", "../../../.env.example"),
        ("lesson", "zh", "#Here", "#Here"),
        ("lesson", "zh", "https://a.b/c.png", "https://a.b/c.png"),
        ("lesson", "zh", "data:image/png;base64,A", "data:image/png;base64,A"),
    ],
)
def test_a_link_is_written_as_from_the_notebooks_folder(
    three: Books, kind: course.Kind, lang: str, link: str, leads_to: str
) -> None:
    of = course.read_course(lessons.LESSONS)
    for form in ("[x]({})", '[x]({} "hover")', '<img src="{}">', '<a href="{}">'):
        assert course.relinked(form.format(link), of, kind, lang) == form.format(leads_to)
    for form in ("`[x]({})`", "```\n[x]({})\n```"):
        assert course.relinked(form.format(link), of, kind, lang) == form.format(link)


@pytest.mark.parametrize(
    ("kind", "lang", "found"),
    [
        ("lesson", "en", "pictures/a.png"),
        ("recall", "en", "../pictures/a.png"),
        ("lesson", "zh", "../pictures/a.png"),
        ("recall", "zh", "../../pictures/a.png"),
    ],
)
def test_code_finds_its_pictures(kind: course.Kind, lang: str, found: str) -> None:
    assert course.pictures_found('see("pictures/a.png")', kind, lang) == f'see("{found}")'
    assert course.pictures_found('Path("pictures")', kind, lang) == 'Path("pictures")'


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("nowhere.md", "the link nowhere.md leads nowhere"),
        ("02_lost.ipynb", "leads nowhere"),
        ("02_last.ipynb#Nothing", "02_last.ipynb has no heading for #Nothing"),
        ("#Nothing", "00_tiny.ipynb has no heading for #Nothing"),
        ("02_last.ipynb#Reference", ""),
        ("#%61", "no heading for #a"),
    ],
)
def test_a_link_that_leads_nowhere(three: Books, link: str, said: str) -> None:
    cells = three["00_tiny.ipynb"]
    cells[1:1] = [nbformat.v4.new_markdown_cell(f"[x]({link})")]
    found = {lessons.NOTEBOOKS / path: cells for path, cells in three.items()}
    problems = list(course.broken_links(found))
    assert len(problems) == bool(said)
    assert said in "".join(problems)


def test_a_neighbour_without_a_title_is_named(three: Books) -> None:
    (lessons.LESSONS / "01_middle.py").write_text("# %%\n1\n", encoding="utf-8")
    with pytest.raises(LessonError, match=r"01_middle\.py: The first en cell"):
        books()


def test_every_text_has_its_twin_with_the_same_fields() -> None:
    for key, by_language in all_words().items():
        assert set(by_language) == {"en", "zh"}, key
        fields = {lang: set(re.findall(r"{(\w+)}", text)) for lang, text in by_language.items()}
        assert fields["en"] == fields["zh"], key
