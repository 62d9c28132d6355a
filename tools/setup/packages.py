"""The packages, by uv or by pip, and the practice model that arrives beside them."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from practice.process.language import gettext as _
from practice.process.pip import bundled_pip

from .commands import ROOT, Stop, call, end, lines_of, own_environment, run, say
from .environment import REQUIREMENTS, check_disk, environment_folder
from .pip_settings import is_network, network_sentence, settings_of_pip, uv_settings

# What fetching the practice model needs; it starts while the other packages arrive.
FETCH_NEEDS = ("filelock", "platformdirs", "python-dotenv")


def install(python: Path, requirements: Path) -> subprocess.Popen[bytes]:
    """Install with uv, or with pip where uv cannot be had. Raises Stop.

    Returns the process that meanwhile began to fetch the practice model.
    """
    with_pip = pip_environment()
    settings = settings_of_pip(call(pip(python, "config", "list"), with_pip).stdout)
    uv: list[str | Path] = [python, "-m", "uv", "pip", "install", "--python", python]
    if settings.get("no-index", "").lower() in ("1", "true", "yes", "on"):
        uv.append("--no-index")  # of uv's settings, the one without a variable
    with_uv = os.environ | uv_settings(settings)
    if call([python, "-m", "uv", "--version"]).returncode != 0:
        got = call(pip(python, "install", "--quiet", "uv>=0.9,<1"), with_pip)
        if got.returncode != 0 and is_network(got.stderr):
            raise Stop(network_sentence(settings))
    needs = [line for line in lines_of(REQUIREMENTS) if line.startswith(FETCH_NEEDS)]
    call([*uv, "pip", *needs], with_uv)
    early = begin_to_fetch(python)
    try:
        if run([*uv, "-r", requirements], with_uv) == 0:
            return early
        say(_("uv could not do it; installing with pip, which takes longer"))
        call([python, "-m", "ensurepip"])
        if run(pip(python, "install", "-r", str(requirements)), with_pip) == 0:
            return early
        check_disk()
        raise Stop(
            _("The packages could not be installed; the lines above say why.\n")
            + network_sentence({})
        )
    except BaseException:
        end(early)
        raise


def can_use_own_pip() -> bool:
    """Whether the pip of the Python that runs this can install into another environment.

    It is compiled, and starts twice as fast as the one in a wheel that comes with Python.
    """
    try:
        version = tuple(int(part) for part in metadata.version("pip").split(".")[:2])
    except (ImportError, ValueError):
        return False
    return version >= (22, 3) and Path(sys.prefix) != environment_folder()


def pip(python: Path, *arguments: str) -> list[str]:
    """Return a pip command for an environment that may have no pip of its own yet."""
    if not can_use_own_pip():
        return [str(python), "-m", "pip", *arguments]
    to = [] if arguments[0] == "config" else ["--python", str(python)]
    return [sys.executable, "-m", "pip", *to, *arguments]


def pip_environment() -> dict[str, str]:
    """Return the environment in which pip runs."""
    # Five tries, pip's own number, leave a learner without network waiting. And some have set pip
    # to install for the user, which an environment refuses.
    found = {"PIP_RETRIES": "2", "PIP_DISABLE_PIP_VERSION_CHECK": "1"} | own_environment()
    found["PIP_USER"] = "0"
    if not can_use_own_pip():
        path = [str(bundled_pip() or ""), os.environ.get("PYTHONPATH", "")]
        found["PYTHONPATH"] = os.pathsep.join(filter(None, path))
    return found


def begin_to_fetch(python: Path) -> subprocess.Popen[bytes]:
    """Fetch the practice model quietly beside the packages; `fetch_model` joins in."""
    quiet = subprocess.DEVNULL
    command = [str(python), "-m", "practice", "fetch"]
    return subprocess.Popen(
        command, cwd=ROOT, env=own_environment(), stdin=quiet, stdout=quiet, stderr=quiet
    )


def fetch_model(python: Path) -> None:
    """Fetch the practice model where it is missing. Raises Stop; what failed was said."""
    if run([python, "-m", "practice", "fetch"], own_environment()) != 0:
        raise Stop(_("Practice mode has no model yet."))
