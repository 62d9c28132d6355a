"""Commands that set-up starts, and what it says to the learner."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from practice.process.language import gettext as _

ROOT = Path(__file__).resolve().parents[2]


class Stop(Exception):
    """Set-up cannot go on. The message says what happened and names the one fix."""


def own_environment(**more: str) -> dict[str, str]:
    """Return the environment for our own programs: UTF-8 whatever the console speaks."""
    return os.environ | {"PYTHONUTF8": "1"} | more


def call(
    command: Sequence[str | Path], environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command quietly and return what it said."""
    return subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )


def run(command: Sequence[str | Path], environment: dict[str, str] | None = None) -> int:
    """Run a command that talks to the terminal; return its exit code."""
    process = subprocess.Popen([str(word) for word in command], cwd=ROOT, env=environment)
    # Whoever ends this ends what it started.
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    interrupted = False
    try:
        while True:
            try:
                code = process.wait()
                break
            except KeyboardInterrupt:
                # Ctrl+C reached the command too, and it ends in its own way: JupyterLab asks first.
                interrupted = True
    finally:
        end(process)
        signal.signal(signal.SIGTERM, before)
    if interrupted and code != 0:
        raise KeyboardInterrupt
    return code


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that still runs."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)


def lines_of(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def last(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else _("it said nothing")


def say(text: str, stream: TextIO | None = None) -> None:
    print("First Call · " + text, file=stream or sys.stdout, flush=True)
