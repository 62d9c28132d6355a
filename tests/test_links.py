"""Every relative link and picture of the pages that people read on the web leads somewhere.

Those of the lessons are the business of the notebooks' builder (tools/notebooks/course.py).
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image

from conftest import ROOT
from tests.test_repo import tracked

PAGES = [name for name in tracked() if name.endswith(".md")]
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)\s]+)\)|(<img)[^>]* src=\"([^\"]+)\"")


def links(page: Path) -> list[tuple[bool, str]]:
    """Each address of a page outside of code, and whether it is a picture's."""
    text = re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
    return [
        (bool(mark or tag), address or source) for mark, address, tag, source in LINK.findall(text)
    ]


def headings(page: Path) -> set[str]:
    """The anchors of a page's headings, as the web makes them."""
    found = re.findall(r"^#+ +(.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}


def test_the_pages_are_those_that_people_read() -> None:
    assert {"README.md", "README.zh-CN.md", "CONTRIBUTING.md", "PRIVACY.md"} <= set(PAGES)
    assert {"lessons/README.md", "practice/README.md", "classroom/README.md"} <= set(PAGES)
    assert sum(len(links(ROOT / page)) for page in PAGES) > 20


@pytest.mark.parametrize("name", PAGES)
def test_every_relative_link_leads_somewhere(name: str) -> None:
    page = ROOT / name
    for is_picture, address in links(page):
        if re.match(r"[a-z]+:", address):
            assert address.startswith("https://"), address
            continue
        path, _, anchor = address.partition("#")
        target = page.parent / path if path else page
        assert target.exists(), f"{name}: {address} leads nowhere"
        assert target.resolve().is_relative_to(ROOT), f"{name}: {address} leads out of the kit"
        if anchor and target.suffix == ".md":
            assert anchor in headings(target), f"{name}: there is no heading {anchor}"
        if is_picture and target.suffix == ".png":
            with Image.open(target) as picture:
                picture.verify()


@pytest.mark.parametrize("name", PAGES)
def test_every_picture_says_what_it_shows(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert re.findall(r"!\[\s{0,20}\]\(", text) == []
