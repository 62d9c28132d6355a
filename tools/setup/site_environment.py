"""The environment that the site is built in: its packages are no part of what learners install."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from practice.process.language import gettext as _

from .commands import ROOT, Stop, call, last, own_environment, run, say

REQUIREMENTS = ROOT / "tools" / "site" / "requirements.txt"
FOLDER = ROOT / "build" / "site-env"


def site_python() -> str:
    """Return the Python that builds the site, its packages installed. Raises Stop."""
    python = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    stamp = FOLDER / ".first-call-site"
    wanted = f"{ROOT}\n{REQUIREMENTS.read_text(encoding='utf-8')}"
    if python.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
        return str(python)
    shutil.rmtree(FOLDER, ignore_errors=True)
    say(_("installing what builds the site · about a minute, once"))
    made = call([sys.executable, "-m", "venv", FOLDER])
    if made.returncode != 0:
        said = last(made.stdout + made.stderr)
        where = Path("build", "site-env")
        text = _("The folder {where} could not be made ({said}). Delete it and try again.")
        raise Stop(text.format(where=where, said=said))
    quiet = ["--quiet", "--disable-pip-version-check"]
    command: list[str | Path] = [python, "-m", "pip", "install", *quiet, "-r", REQUIREMENTS]
    if run(command, own_environment(PIP_USER="0")) != 0:
        raise Stop(
            _(
                "The packages for the site could not be installed; the lines above say why. "
                "Try again when the package index can be reached."
            )
        )
    stamp.write_text(wanted, encoding="utf-8")
    return str(python)
