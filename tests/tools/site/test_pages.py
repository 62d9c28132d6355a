"""The pages of the site: every lesson, its outputs, and links that lead somewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tools.site import pages


def notebook(*sources: str) -> dict[str, Any]:
    cells = [{"cell_type": "markdown", "metadata": {}, "source": text} for text in sources]
    return {"cells": cells, "metadata": {"widgets": {"state": {}}}, "nbformat": 4}


def test_links_lead_to_pages_to_the_repository_or_nowhere() -> None:
    text = (
        "# A title\n[next](03_messages.ipynb#top), [web](https://example.com/a), [up](#a-title), "
        "[solved](solutions/02_first_chat.ipynb), [code](../helpers/calls.py), "
        "![alt](drawings/stream.en.svg) ![far](../pictures/cat.jpg)"
    )
    path = pages.NOTEBOOKS / "02_first_chat.ipynb"

    def shown(repository: str) -> str:
        page = pages.lesson_page(notebook(text), path, pages.ENGLISH, repository)
        assert "widgets" not in page["metadata"]
        return str(page["cells"][0]["source"])

    kept = (
        "[next](03_messages.ipynb#top), [web](https://example.com/a), [up](#a-title), ",
        "![alt](drawings/stream.en.svg) ![far](pictures/cat.jpg)",
    )
    assert all(part in shown("") for part in kept)
    assert "solved, code, " in shown("")
    address = "https://example.com/first-call"
    assert all(part in shown(address) for part in kept)
    assert f"[solved]({address}/blob/HEAD/notebooks/solutions/02_first_chat.ipynb)" in shown(
        address
    )
    assert f"[code]({address}/blob/HEAD/helpers/calls.py)" in shown(address)


def test_both_languages_know_the_way_to_each_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "zh-CN").mkdir()
    for folder in ("", "zh-CN"):
        (tmp_path / folder / "00_start_here.ipynb").write_text(json.dumps(notebook("# Hi\nText.")))
    (tmp_path / "01_key_setup.ipynb").write_text(json.dumps(notebook("# Keys")))
    monkeypatch.setattr(pages, "NOTEBOOKS", tmp_path)
    for asset in pages.ASSETS:
        (tmp_path / asset).mkdir()
    for edition, way in ((pages.ENGLISH, "./zh-CN"), (pages.CHINESE, "./..")):
        target = tmp_path / f"pages-{edition.language}"
        pages.write_pages(edition, target, "")
        first = json.loads((target / "00_start_here.ipynb").read_text("utf-8"))["cells"][0]
        assert f"]({way}/00_start_here.html)" in first["source"]
        assert first["source"].startswith("# Hi\n")
        start = (target / "index.md").read_text("utf-8")
        assert f"]({way}/index.html)" in start
        assert "00 · Hi <00_start_here>" in start
    alone = (tmp_path / "pages-en" / "01_key_setup.ipynb").read_text("utf-8")
    assert "zh-CN" not in alone  # that lesson is not there in Chinese
