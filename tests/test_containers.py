"""Codespaces and Binder: the files that they read are taken by what reads them."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT
from tests.test_repo import tracked


@pytest.mark.skipif(sys.platform == "win32", reason="repo2docker does not run on Windows")
def test_the_tool_behind_binder_takes_the_repository(tmp_path: Path) -> None:
    for name in tracked():
        if not name.startswith(("tests/", "notebooks/pictures/")):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tmp_path / name)
    command = [str(Path(sys.executable).with_name("jupyter-repo2docker")), "--no-build", "--debug"]
    done = subprocess.run(
        [*command, str(tmp_path)], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    python = re.search(r"python=(\S+)", (ROOT / "environment.yml").read_text("utf-8"))
    assert python
    assert f"Building conda environment for python={python[1]}" in done.stderr
    assert re.search(r'env update .*--file "environment.yml"', done.stdout)


def test_codespaces_runs_a_command_of_the_kit() -> None:
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    assert container["postCreateCommand"] == "python3 kit.py lab --version"
    python = container["customizations"]["vscode"]["settings"]["python.defaultInterpreterPath"]
    assert python.endswith("/.venv/bin/python")  # where kit.py installs
