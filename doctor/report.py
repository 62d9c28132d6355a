"""``python3 kit.py doctor``: what is in order on this computer, and the one fix for what is not.

Changes nothing and never shows a key. With a key of your own it makes one call, which is free:
it lists the models. ``health_check()`` shows the same table in a notebook.
"""

import datetime
import os
import re
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from helpers.errors import FirstCallError
from practice.process import config
from practice.process.config import PracticeError

from .provider import model_checks, practice_checks
from .settings import file_checks, settings_checks
from .table import ROOT, SET_UP, Check, nearest

OLDEST = (3, 11)
OLDEST_CLOCK = datetime.date(2026, 11, 1)  # this file is younger
LOW_DISK = 200_000_000  # bytes


def doctor() -> int:
    """Print the table of all checks; return 1 when something has to be fixed, else 0."""
    found = list(all_checks())
    table = as_text(found)
    # An old console may lack a character of a path; the table is worth more than that character.
    encoding = sys.stdout.encoding or "utf-8"
    print(table.encode(encoding, "replace").decode(encoding))
    return 1 if to_fix(found) else 0


def as_text(found: Iterable[Check]) -> str:
    """Return the table as plain text: a line for each check, and its fix below it."""
    found = list(found)
    width = max(len(check.name) for check in found)
    lines = []
    for check in found:
        lines.append(f"{check.state:4}  {check.name:{width}}  {check.text}")
        if check.fix:
            lines.append(f"      {'':{width}}  -> {check.fix}")
    return "\n".join([*lines, "", summary(found)])


def to_fix(found: Iterable[Check]) -> list[str]:
    """Return the names of the checks that say FIX."""
    return [check.name for check in found if check.state == "FIX"]


def summary(found: Iterable[Check]) -> str:
    """Return the last line of the table."""
    broken = len(to_fix(found))
    return f"{broken} to fix." if broken else "Everything that has to work is in order."


def all_checks() -> Iterator[Check]:
    """Yield every check. One that fails itself is a line of the table, not a traceback."""
    for group in GROUPS:
        try:
            yield from group()
        except (FirstCallError, PracticeError) as error:
            yield Check("FIX", "settings", error.what, error.fix or SET_UP)
        except Exception as error:  # whatever this computer has in store
            name = group.__name__.removesuffix("_checks")
            text = f"could not be checked ({type(error).__name__})"
            yield Check("look", name, text, "Go on; if a lesson fails, fix what it says.")


def python_checks() -> Iterator[Check]:
    """Python, the environment that runs this, its packages, and the kernel of the notebooks."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    if tuple(sys.version_info[:2]) < OLDEST:
        yield Check("FIX", "Python", f"{version} is too old", "Install 3.11 or newer, python.org.")
    else:
        yield Check("OK", "Python", version)
    fix = "In a notebook choose the kernel Python 3 (First Call); or run: python3 kit.py lab"
    prefix = Path(sys.prefix).resolve()
    conda = os.environ.get("CONDA_PREFIX")
    if prefix == (ROOT / ".venv").resolve():
        yield Check("OK", "environment", "the kit's own, .venv")
    elif conda and Path(conda).resolve() == prefix:
        yield Check("OK", "environment", f"the conda environment {prefix.name}")
    elif kit_installed():
        yield Check("OK", "environment", "one in which the kit is installed")
    else:
        yield Check("look", "environment", f"{prefix} is not the kit's own", fix)
    wrong = list(wrong_packages(ROOT / "requirements.txt"))
    if wrong:
        yield Check("FIX", "packages", "; ".join(wrong[:4]), SET_UP)
    else:
        yield Check("OK", "packages", "all installed")
    python = kernel_python()
    if python and Path(python).parent.resolve() == Path(sys.executable).parent.resolve():
        yield Check("OK", "kernel", "Python 3 runs in this environment")
    else:
        yield Check("FIX", "kernel", f"Python 3 is {python or 'not registered'}", SET_UP)


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
            yield f"{wanted.name} is missing"
        else:
            if not wanted.specifier.contains(installed, prereleases=True):
                yield f"{wanted.name} is {installed}"


def kernel_python() -> str | None:
    """Return the program that JupyterLab starts for the kernel ``python3``."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        program = KernelSpecManager().get_kernel_spec("python3").argv[0]  # type: ignore[no-untyped-call,unused-ignore]
    except NoSuchKernel:
        return None
    plain = re.fullmatch(r"python[\d.]*(\.exe)?", program)  # Jupyter takes its own Python then
    return sys.executable if plain else str(program)


def computer_checks() -> Iterator[Check]:
    """The clock, as far as one can tell without asking anybody, and the disk."""
    today = datetime.datetime.fromtimestamp(time.time()).date()
    if today < OLDEST_CLOCK or today.year > OLDEST_CLOCK.year + 15:
        text = f"says {today}; with a wrong date no secure connection works"
        yield Check("FIX", "clock", text, "Set the date and the time of this computer.")
    else:
        yield Check("OK", "clock", str(today))
    folders = {nearest(folder) for folder in (ROOT, config.cache(), config.home())}
    free, folder = min((shutil.disk_usage(folder).free, folder) for folder in folders)
    if free < LOW_DISK:
        text = f"only {free / 1e6:.0f} MB are free for {folder}"
        fix = f"Delete what you do not need, until {LOW_DISK / 1e6:.0f} MB are free."
        yield Check("FIX", "disk", text, fix)
    else:
        yield Check("OK", "disk", f"{free / 1e9:.1f} GB free")


GROUPS: tuple[Callable[[], Iterator[Check]], ...] = (
    python_checks,
    file_checks,
    settings_checks,
    practice_checks,
    model_checks,
    computer_checks,
)
