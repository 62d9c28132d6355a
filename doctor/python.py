"""The part of the doctor about Python: its version, the environment, packages, the kernel."""

import os
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from practice.process.language import gettext as _

from .table import ROOT, SET_UP, Check

OLDEST = (3, 11)


def python_checks() -> Iterator[Check]:
    """Python, the environment that runs this, its packages, and the kernel of the notebooks."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    if tuple(sys.version_info[:2]) < OLDEST:
        text = _("{version} is too old").format(version=version)
        yield Check("FIX", "Python", text, _("Install 3.11 or newer, python.org."))
    else:
        yield Check("OK", "Python", version)
    fix = _("In a notebook choose the kernel Python 3 (First Call); or run: python3 kit.py lab")
    prefix = Path(sys.prefix).resolve()
    conda = os.environ.get("CONDA_PREFIX")
    if prefix == (ROOT / ".venv").resolve():
        yield Check("OK", "environment", _("the kit's own, .venv"))
    elif conda and Path(conda).resolve() == prefix:
        text = _("the conda environment {name}").format(name=prefix.name)
        yield Check("OK", "environment", text)
    elif kit_installed():
        yield Check("OK", "environment", _("one in which the kit is installed"))
    else:
        text = _("{folder} is not the kit's own").format(folder=prefix)
        yield Check("look", "environment", text, fix)
    wrong = list(wrong_packages(ROOT / "requirements.txt"))
    if wrong:
        yield Check("FIX", "packages", _("; ").join(wrong[:4]), _(SET_UP))
    else:
        yield Check("OK", "packages", _("all installed"))
    python = kernel_python()
    if python and Path(python).parent.resolve() == Path(sys.executable).parent.resolve():
        yield Check("OK", "kernel", _("Python 3 runs in this environment"))
    else:
        text = _("Python 3 is {program}").format(program=python or _("not registered"))
        yield Check("FIX", "kernel", text, _(SET_UP))


def kit_installed() -> bool:
    """Return whether the kit is a package of this environment, as in a class or a container."""
    try:
        metadata.version("first-call")
    except metadata.PackageNotFoundError:
        return False
    return True


def wrong_packages(requirements: Path) -> Iterator[str]:
    """Yield what is missing or of another version than ``requirements`` asks for."""
    for line in requirements.read_text("utf-8").splitlines():
        if not line.strip() or line.lstrip().startswith(("#", "-")):
            continue
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate():
            continue  # for another system
        try:
            installed = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            yield _("{package} is missing").format(package=wanted.name)
        else:
            if not wanted.specifier.contains(installed, prereleases=True):
                text = _("{package} is {version}")
                yield text.format(package=wanted.name, version=installed)


def kernel_python() -> str | None:
    """Return the program that JupyterLab starts for the kernel ``python3``."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        program = KernelSpecManager().get_kernel_spec("python3").argv[0]  # type: ignore[no-untyped-call,unused-ignore]
    except NoSuchKernel:
        return None
    plain = re.fullmatch(r"python[\d.]*(\.exe)?", program)  # Jupyter takes its own Python then
    return sys.executable if plain else str(program)
