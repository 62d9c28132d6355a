"""The machine behind docs/PROVIDERS.md: what it skips and why, and what it calls a failure."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest

from helpers.connection.providers import all_providers
from tools.dialects import matrix, record
from tools.dialects.matrix import Cell, lacking
from tools.notebooks.lesson import sources

ROWS = all_providers()


@pytest.mark.parametrize(
    ("source", "provider", "reason"),
    [
        ('response_format={"type": "json_schema"}', "deepseek", "no json_schema"),
        ('response_format={"type": "json_schema"}', "zhipu", None),  # not confirmed: it is tried
        ('response_format={"type": "json_object"}', "lmstudio", "no json_object"),
        ("client.chat.completions.parse(x)", "deepseek", "no json_schema"),
        ("image_part(path)", "groq", "no images"),
        ('{"url": "https://host/x.png"}', "ollama", "images only as base64"),
        ("create(response_format=x,\n stream=True)", "groq", "no response_format while streaming"),
        ('practice.create(model="simulate-busy-twice")', "deepseek", None),
        ("max_completion_tokens=10)", "moonshot", "limits get room for thinking"),
        ("max_completion_tokens=10)", "deepseek", None),
        ("print(reply)", "groq", None),
        ("client.with_raw_response.create(x).parse()", "deepseek", None),
    ],
)
def test_what_a_cell_needs(source: str, provider: str, reason: str | None) -> None:
    found = lacking(source, "02_first_chat", ROWS[provider])
    assert (found or "").startswith(reason or "") == bool(reason or not found)


def test_every_provider_is_played_once() -> None:
    played = [row.id for rows in matrix.dialects().values() for row in rows]
    assert sorted(played) == sorted(set(ROWS) - {"practice"})
    assert ROWS["azure"] in matrix.dialects()["openai"]
    assert len(matrix.dialects()) > 6


def notebook(path: Path, *cells: str) -> Path:
    """A notebook; `fact: text` above a cell tags it and stores that text."""
    made = []
    for source in cells:
        fact, _, code = source.rpartition("\n---\n")
        cell = nbformat.v4.new_code_cell(code)
        if fact:
            cell.metadata["tags"] = [matrix.FACT]
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=fact)]
        made.append(cell)
    nbformat.write(nbformat.v4.new_notebook(cells=made), path)
    return path


def test_each_cell_is_accounted_for(tmp_path: Path) -> None:
    ask = "reply = client.chat.completions.create(model=model, messages=[{'role': 'user', "
    path = notebook(
        tmp_path / "02_first_chat.ipynb",
        "from helpers import connect, current_model\nclient = connect()\nmodel = current_model()",
        ask + "'content': 'Hi'}], temperature=0, max_completion_tokens=60)",
        "Hi\n---\nprint(reply.choices[0].message.content)",
        "Hello\n---\nprint(reply.choices[0].message.content)",
        'data = {"type": "json_schema"}',
        "print(data)",
        "data = 1",
        "print(data)",
        "1 / 0",
    )
    found = matrix.run(path, ROWS["deepseek"], None)
    assert found[:3] == [Cell(1, "ran"), Cell(2, "ran"), Cell(3, "ran")]
    assert found[3] == Cell(4, "failed", "another fact: 'Hi', not 'Hello'")
    assert found[4:6] == [
        Cell(5, "skipped", "no json_schema"),
        Cell(6, "skipped", "no json_schema"),
    ]
    assert found[6:8] == [Cell(7, "ran"), Cell(8, "ran")]
    assert found[8] == Cell(9, "failed", "ZeroDivisionError: division by zero")


def test_the_page_is_what_the_data_gives() -> None:
    assert record.PAGE.read_text("utf-8") == record.page(record.stored())


def test_the_results_are_of_lessons_and_providers_that_there_are() -> None:
    names = {lesson.stem for lesson in sources([])}
    for lesson, runs in record.stored().items():
        assert lesson in names
        assert set(runs) == set(matrix.dialects()), lesson
        for cells in runs.values():
            assert [cell for cell in cells if cell[1] == "failed"] == []
