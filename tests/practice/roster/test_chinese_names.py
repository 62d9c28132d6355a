"""The list of a class in a terminal, where a Chinese character takes two columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from practice.__main__ import main
from practice.process.language import columns_of


def test_names_in_chinese_align(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = tmp_path / "names.txt"
    names.write_text("王小明\nAda\n", "utf-8")
    file = str(tmp_path / "keys.csv")
    assert main(["keys", file, "--names", str(names)]) == 0
    capsys.readouterr()
    assert main(["keys", file]) == 0
    rows = capsys.readouterr().out.splitlines()[1:]
    assert "王小明" in "".join(rows)
    assert len({columns_of(row.partition("without")[0]) for row in rows}) == 1
