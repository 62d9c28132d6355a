"""Where the packages go: .venv or an active conda environment, and whether it is complete."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

from practice.process.language import gettext as _
from practice.process.pip import bundled_pip

from .commands import ROOT, Stop, call, last, say

REQUIREMENTS = ROOT / "requirements.txt"
TEST_REQUIREMENTS = ROOT / "tests" / "requirements.txt"
DISK_NEEDED = 2_000_000_000  # bytes: packages and their cache take 1.1 GB, the model 0.7


def is_set_up(requirements: Path = REQUIREMENTS) -> bool:
    """Whether everything was installed for this folder, this Python and these requirements."""
    done, wanted = read_stamp(), fingerprint(requirements)
    if wanted["tests"] is False:
        done["tests"] = False  # more than enough is enough
    return environment_python().exists() and done == wanted


def environment_folder() -> Path:
    """Return the folder of the environment: an active conda environment's, or .venv."""
    return Path(sys.prefix) if in_conda() else ROOT / ".venv"


def environment_python() -> Path:
    """Return the Python of the environment, which may not exist yet."""
    if in_conda():
        return Path(sys.executable)
    return ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def in_conda() -> bool:
    """Whether a conda environment made for this is active (its base is nobody's to fill)."""
    prefix = os.environ.get("CONDA_PREFIX", "")
    active = bool(prefix) and Path(prefix).resolve() == Path(sys.prefix).resolve()
    return active and os.environ.get("CONDA_DEFAULT_ENV") != "base"


def fingerprint(requirements: Path) -> dict[str, object]:
    """Return what the installation depends on; when any of it changes, it is done again."""
    digest = hashlib.sha256()
    for file in (REQUIREMENTS, TEST_REQUIREMENTS, ROOT / "pyproject.toml"):
        try:
            digest.update(file.read_bytes())
        except OSError as error:
            raise Stop(
                _(
                    "{file} is missing. "
                    "Get the whole project again: git clone, or unpack the download."
                ).format(file=file.relative_to(ROOT))
            ) from error
    return {
        "root": str(ROOT),
        "python": "{}.{}".format(*sys.version_info),
        "requirements": digest.hexdigest(),
        "tests": requirements == TEST_REQUIREMENTS,
    }


def stamp_path() -> Path:
    return environment_folder() / ".first-call.json"


def read_stamp() -> dict[str, object]:
    try:
        return dict(json.loads(stamp_path().read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def works(python: Path) -> bool:
    """Whether this Python starts and is the version that runs this."""
    code = "import sys; sys.exit(sys.version_info[:2] != ({}, {}))".format(*sys.version_info)
    try:
        return call([python, "-c", code]).returncode == 0
    except OSError:
        return False


def make_venv(python: Path) -> None:
    """Make .venv anew. Raises Stop."""
    folder = ROOT / ".venv"
    say(_("making the virtual environment .venv"))
    if folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
    # The base: this may be running in the very .venv that is made anew.
    base = getattr(sys, "_base_executable", None) or sys.executable
    # pip arrives with the packages: installing it here would take twice as long as all of uv.
    options = ["--without-pip"] if bundled_pip() else []
    try:
        made = call([base, "-m", "venv", *options, folder])
    except OSError as error:
        text = _("Python could not be started ({error}). Install Python again.")
        raise Stop(text.format(error=error)) from error
    if made.returncode == 0 and works(python):
        return
    said = made.stdout + made.stderr
    shutil.rmtree(folder, ignore_errors=True)
    if "ensurepip" in said or "No module named" in said:
        raise Stop(
            _(
                "This Python has no venv module. On Debian and Ubuntu install it with: "
                "sudo apt install python{major}.{minor}-venv"
            ).format(major=sys.version_info[0], minor=sys.version_info[1])
        )
    if "Permission" in said or "Read-only" in said:
        raise Stop(_("This folder cannot be written to. Copy the project to a folder of your own."))
    text = _("The folder .venv could not be made ({said}). Delete it and try again.")
    raise Stop(text.format(said=last(said)))


def check_disk() -> None:
    """Raise Stop when the packages cannot fit."""
    free = shutil.disk_usage(ROOT).free
    if free < DISK_NEEDED:
        raise Stop(
            _(
                "The disk has {free:.1f} GB free, and the packages need {needed:.1f}. "
                "Make room and try again."
            ).format(free=free / 1e9, needed=DISK_NEEDED / 1e9)
        )
