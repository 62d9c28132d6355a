"""The kit's texts and their Chinese twins: complete, up to date, in the words of the glossary."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tools import catalog
from tools.notebooks import glossary


def test_every_text_has_its_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalog.main(["--check"]) == 0, capsys.readouterr().out


def twins() -> list[tuple[str, str]]:
    """Each English text and its Chinese one."""
    return [
        (message.id if isinstance(message.id, str) else message.id[-1], chinese)
        for message in catalog.translated()
        if message.id
        for chinese in catalog._strings(message)
    ]


def test_the_glossary_holds() -> None:
    found = [
        f"{english!r}: {problem}"
        for english, chinese in twins()
        for problem in (*glossary.renderings(chinese), *glossary.missing(english, chinese))
    ]
    assert found == []


def test_what_is_wrong_is_found() -> None:
    made = Catalog(locale="zh_CN")
    made.add("Open {file}.", "打开 {file}。")
    made.add("Close {file}.", "关闭 {name}。")
    made.add("No Chinese.", "")
    wrong = catalog.missing(made)
    assert len(wrong) == 2
    assert any("other braces" in one for one in wrong)
    assert any("no Chinese" in one for one in wrong)
    assert list(glossary.renderings("请检查API Key和令牌。"))


def test_a_text_without_a_twin_is_reported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(catalog, "PO", tmp_path / "first_call.po")
    monkeypatch.setattr(catalog, "_place", lambda file: (file.name, 0))
    assert catalog.main(["--check"]) == 1
    said = capsys.readouterr().out
    assert "no Chinese: 'Run the cell again.'" in said
    assert "first_call.po is not up to date" in said
    assert list(tmp_path.iterdir()) == []  # a check writes nothing
