"""The pages on troubleshooting say what the doctor and `explain()` say, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import troubleshooting


def test_the_pages_are_up_to_date() -> None:
    assert troubleshooting.main(["--check"]) == 0


def test_a_page_that_says_something_else_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    monkeypatch.setattr(troubleshooting, "PAGES", {"en": page})
    assert troubleshooting.main(["--check"]) == 1
    assert troubleshooting.main([]) == 0
    assert troubleshooting.main(["--check"]) == 0
    page.write_text(page.read_text("utf-8").replace("401", "402"), "utf-8")
    assert troubleshooting.main(["--check"]) == 1


def test_what_the_doctor_may_say_is_found_in_its_code() -> None:
    found = set(troubleshooting.findings())
    assert ("FIX", "git", "would add .env", "Put the line .env back into .gitignore.") in found
    assert len({name for _, name, _, _ in found}) > 12
    # A fix that is made elsewhere stays with the line.
    assert ("FIX", "memory") in {
        (s, n) for s, n, _, fix in found if fix == troubleshooting.ITS_LINE
    }
