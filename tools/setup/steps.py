"""Set up the project's Python: the environment, the packages, the kernel and the practice model.

Standard library only, and of this project only what needs nothing else: it runs before anything
is installed. Everything is done once; a stamp in the environment says what it was done for.
"""

from __future__ import annotations

import contextlib
import json
import time
from pathlib import Path

from practice.process.language import gettext as _

from .commands import ROOT, Stop, call, end, last, own_environment, run, say
from .environment import (
    DISK_NEEDED,
    REQUIREMENTS,
    TEST_REQUIREMENTS,
    check_disk,
    environment_python,
    fingerprint,
    in_conda,
    is_set_up,
    make_venv,
    read_stamp,
    stamp_path,
    works,
)
from .environment import environment_folder as environment
from .jupyter import set_up_jupyter
from .packages import fetch_model, install

# For kit.py and the early doctor: the steps in one place.
__all__ = [
    "DISK_NEEDED",
    "ROOT",
    "TEST_REQUIREMENTS",
    "Stop",
    "call",
    "environment",
    "environment_python",
    "is_set_up",
    "last",
    "own_environment",
    "run",
    "say",
    "set_up",
    "works",
]


def set_up(requirements: Path = REQUIREMENTS) -> str:
    """Install what is missing, fetch the practice model; return the Python to use. Raises Stop."""
    python = environment_python()
    if is_set_up(requirements):
        fetch_model(python)
        return str(python)
    wanted = fingerprint(requirements)
    done = read_stamp()
    check_disk()
    # A moved folder leaves scripts that name the old one, another Python other packages.
    ours = (done.get("root", wanted["root"]), done.get("python", wanted["python"]))
    if not in_conda() and (not works(python) or ours != (wanted["root"], wanted["python"])):
        make_venv(python)
    say(_("installing packages · a few minutes on a slow line, once"))
    began = time.monotonic()
    early = install(python, requirements)
    try:
        set_up_jupyter(python)
        with contextlib.suppress(OSError):  # an environment of others: checked again next time
            stamp_path().write_text(json.dumps(wanted), encoding="utf-8")
        seconds = time.monotonic() - began
        say(_("packages are ready · {seconds:.0f} s").format(seconds=seconds))
        fetch_model(python)
    finally:
        end(early)
    return str(python)
