"""Every package with its version, for this or another kind of computer. Nothing is installed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from .commands import call
from .environment import REQUIREMENTS
from .packages import pip_environment
from .pip_settings import settings_of_pip, uv_settings


def resolve(
    python: str,
    platform: Mapping[str, str] | None = None,
    *,
    more: Iterable[str] = (),
    universal: bool = False,
) -> subprocess.CompletedProcess[str]:
    """Resolve requirements.txt for a Python, wheels only; its output has a package a line.

    ``platform`` is a row of platforms.toml, None this computer; ``more`` are further requirements;
    with ``universal`` one answer holds for every kind of computer. uv does it, because pip judges
    the markers of a requirement by the computer it runs on. Index, mirror and proxy are pip's.
    """
    wanted = [line for line in REQUIREMENTS.read_text("utf-8").splitlines() if line != "-e ."]
    found = call([sys.executable, "-m", "pip", "config", "list"], pip_environment())
    environment = pip_environment() | uv_settings(settings_of_pip(found.stdout))
    command = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--no-header"]
    command += ["--no-annotate", "--only-binary=:all:", "--python-version", python]
    command += ["--no-emit-index-url", "--no-emit-find-links"]
    if universal:
        command += ["--universal"]
    if platform is not None:
        command += ["--python-platform", platform["uv"]]
        if "macos" in platform:
            environment["MACOSX_DEPLOYMENT_TARGET"] = platform["macos"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "wanted.txt")
        file.write_text("\n".join([*wanted, *more]) + "\n", "utf-8")
        return call([*command, file], environment)


def packages(text: str) -> list[str]:
    """Return the lines of the resolver's output that name a package."""
    return [line for line in text.splitlines() if line and not line.startswith(("#", " ", "-"))]
