"""What the tests of a class need on this computer, made once and kept in build/."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

from conftest import ROOT
from tools.hub.environment import is_for_all, system_python

KERNEL = ROOT / "build" / "class-kernel"


def outside_environment() -> dict[str, str]:
    """The environment of a teacher, who may fetch packages: without the guard of the tests."""
    ours = ("PYTHONPATH", "FIRST_CALL_", "PRACTICE_", "IPYTHONDIR")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def kernel_python() -> Path:
    """A Python with the kit's packages that every user of this computer can start."""
    here = Path(sys.executable)
    if is_for_all(here):
        return here
    python = KERNEL / "bin" / "python"
    if not (KERNEL / "done").exists():
        subprocess.run([system_python(), "-m", "venv", KERNEL], check=True)
        command = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", python]
        subprocess.run(
            [*command, "-r", "requirements.txt"], cwd=ROOT, env=outside_environment(), check=True
        )
        (KERNEL / "done").touch()
    return python


def free_ports(count: int) -> int:
    """The first of so many ports in a row that are free."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as found:
            first = int(found.getsockname()[1])
        try:
            for port in range(first, first + count):
                socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return first
