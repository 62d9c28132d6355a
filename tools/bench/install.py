"""Fresh clone to first reply through kit.py, against plain pip on the same machine.

Both start with an empty folder and empty caches; the two runs follow each other.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from .figure import Figure

ROOT = Path(__file__).resolve().parents[2]
FIRST_REPLY = (
    "from helpers import ask, connect; ask(connect(), 'Say hello.', max_completion_tokens=5)"
)


def figures() -> Iterator[Figure]:
    """Seconds until the first reply, and as a share of plain `pip install -r requirements.txt`."""
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        ours, pip = scratch / "ours", scratch / "pip"
        for clone in (ours, pip):
            subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        environment = os.environ | {
            "FIRST_CALL_HOME": str(scratch / "home"),
            "FIRST_CALL_MODE": "practice",
            "PIP_NO_CACHE_DIR": "1",
            "UV_CACHE_DIR": str(scratch / "uv"),
        }
        environment.pop("PRACTICE_MODEL", None)

        began = time.perf_counter()
        _run([sys.executable, "kit.py", "lab", "--version"], ours, environment)
        _run([_python(ours / ".venv"), "-c", FIRST_REPLY], ours / "notebooks", environment)
        first_reply = time.perf_counter() - began
        _run([_python(ours / ".venv"), "-m", "practice", "stop"], ours, environment)

        _run([sys.executable, "-m", "venv", ".venv"], pip, environment)
        began = time.perf_counter()
        command = [_python(pip / ".venv"), "-m", "pip", "install", "-q", "-r", "requirements.txt"]
        _run(command, pip, environment)
        plain = time.perf_counter() - began
        shutil.rmtree(scratch / "uv", ignore_errors=True)
    yield Figure("fresh clone to first reply with kit.py", first_reply, "s")
    yield Figure("plain pip install -r requirements.txt alone", plain, "s")
    yield Figure("kit.py's share of pip's time", 100 * first_reply / plain, "%", at_most=33.4)


def _python(venv: Path) -> str:
    return str(venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    subprocess.run(command, cwd=folder, env=environment, check=True, timeout=1800)
