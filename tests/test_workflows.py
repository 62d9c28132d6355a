"""The workflows of GitHub Actions: valid, bounded, with no more rights than they need."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT

FOLDER = ROOT / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
STEPS = {
    "tests.yml": ("/run", "kit.py test"),
    "newest.yml": ("kit.py test --facts", "gh issue create"),
    "facts.yml": ("kit.py facts --links", "tools.platforms", "pip-audit", "gh issue create"),
    "site.yml": ("kit.py site",),
}


def test_they_keep_to_the_schema() -> None:
    for schema, files in (
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.dependabot", [ROOT / ".github" / "dependabot.yml"]),
    ):
        command = [sys.executable, "-W", "ignore", "-m", "check_jsonschema"]
        done = subprocess.run(
            [*command, "--builtin-schema", schema, *map(str, files)],
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_each_does_what_it_is_for() -> None:
    assert {file.name for file in WORKFLOWS} == set(STEPS)
    for file in WORKFLOWS:
        text = file.read_text("utf-8")
        assert all(step in text for step in STEPS[file.name]), file.name


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: str(file.name))
def test_it_names_every_action_by_its_commit_and_is_bounded(file: Path) -> None:
    text = file.read_text("utf-8")
    for action, comment in re.findall(r"uses: (\S+)(.*)", text):
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment)
    assert re.search(r"^permissions:\n  contents: read$", text, re.MULTILINE)
    assert text.count("runs-on:") == text.count("timeout-minutes:")


def test_what_the_weekly_run_takes_without_bounds_is_required() -> None:
    text = (FOLDER / "newest.yml").read_text("utf-8")
    match = re.search(r"s/\^\((.+?)\)", text)
    assert match
    required = (ROOT / "requirements.txt").read_text() + (
        ROOT / "tests" / "requirements.txt"
    ).read_text()
    for name in match[1].split("|"):
        assert re.search(rf"^{name}[=<>]", required, re.MULTILINE), name


def test_the_hooks_run_the_tools_that_the_tests_run() -> None:
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    required = (ROOT / "tests" / "requirements.txt").read_text("utf-8")
    pins = re.findall(r'"(ruff==[\d.]+)"', hooks)
    assert len(pins) == 2
    assert all(pin in required.splitlines() for pin in pins)
    assert re.search(r"language: fail\n +files: \(\^\|/\)\\\.env\$", hooks)
