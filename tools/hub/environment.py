"""The environment that the hub runs in: its packages are no part of what learners install."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tools.setup.commands import ROOT, Stop, call, last, own_environment, run, say

CLASSROOM = ROOT / "classroom" / "hub"
FOLDER = ROOT / "build" / "hub-env"


def hub_python() -> Path:
    """Return the hub's Python, its packages and its proxy installed. Raises Stop."""
    python = FOLDER / "bin" / "python"
    stamp = FOLDER / ".first-call-hub"
    files = (CLASSROOM / "requirements.txt", CLASSROOM / "package.json")
    wanted = "\n".join([str(ROOT), *(file.read_text("utf-8") for file in files)])
    if python.exists() and stamp.exists() and stamp.read_text("utf-8") == wanted:
        return python
    shutil.rmtree(FOLDER, ignore_errors=True)
    say("installing the hub · a few minutes, once")
    venv: list[str | Path] = [system_python(), "-m", "venv", "--without-pip", FOLDER]
    made = call(venv)
    if made.returncode != 0:
        raise Stop(f"The folder {FOLDER} could not be made ({last(made.stdout + made.stderr)}).")
    with_uv: list[str | Path] = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "install",
        "--quiet",
        "--python",
        python,
    ]
    if run([*with_uv, "-r", files[0]], own_environment()) != 0:
        raise Stop("The packages of the hub could not be installed; the lines above say why.")
    node = FOLDER / "node"
    node.mkdir()
    shutil.copy(files[1], node)
    if run(["npm", "install", "--prefix", node, "--no-audit", "--no-fund"]) != 0:
        raise Stop("The proxy of the hub could not be installed; the lines above say why.")
    stamp.write_text(wanted, "utf-8")
    return python


def system_python() -> str:
    """Return a Python that other users can start, too: the system's, where it is new enough."""
    system = "/usr/bin/python3"
    new_enough = "import sys, venv; sys.exit(sys.version_info < (3, 11))"
    return system if is_for_all(Path(system), "-c", new_enough) else sys.executable


def is_for_all(python: Path, *words: str) -> bool:
    """Whether a user with no rights of their own can start a Python (as root; else it is said)."""
    command = ["runuser", "-u", "nobody", "--", str(python), *(words or ("-c", "import runpy"))]
    try:
        return subprocess.run(command, cwd="/", capture_output=True).returncode == 0
    except OSError:
        return False


def proxy(python: Path) -> list[str]:
    """Return the command of the proxy that belongs to a hub's Python."""
    bin_ = python.parent.parent / "node" / "node_modules" / ".bin"
    return [str(bin_ / "configurable-http-proxy")]
