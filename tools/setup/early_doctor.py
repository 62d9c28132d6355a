"""`kit.py doctor`: the full doctor, or what can be said before the packages are installed.

Standard library only: it has to work where nothing could be installed. It changes nothing.
"""

from __future__ import annotations

import contextlib
import platform
import shutil
from collections.abc import Iterator

from doctor.computer import computer_checks
from doctor.files import file_checks
from doctor.table import ROOT, SET_UP, Check, as_text, to_fix
from practice.process.language import gettext as _

from . import steps as install
from .steps import Stop, call, environment, environment_python, own_environment


def main(rest: list[str]) -> int:
    """Print the table of what can be checked already, or hand over to the full doctor."""
    python = str(environment_python())
    # Where packages are missing, it cannot start, and the checks here say so.
    able = install.works(environment_python())
    if able and call([python, "-c", "import doctor.report"]).returncode == 0:
        return install.run([python, "-m", "doctor", *rest], own_environment())
    with contextlib.chdir(ROOT):  # as the full doctor, which looks for .env from there
        found = [*environment_checks(), *file_checks(), *computer_checks()]
    print(as_text(found))
    print(
        _("The key, the proxies, the model and more are checked once the packages are installed.")
    )
    return 1 if to_fix(found) else 0


def environment_checks() -> Iterator[Check]:
    """Python, the environment that is not ready yet, and the room that it needs."""
    yield Check("OK", "Python", platform.python_version())
    python = environment_python()
    if not python.exists():
        yield Check("FIX", "environment", _("not made yet"), _(SET_UP))
        free = shutil.disk_usage(ROOT).free
        if free < install.DISK_NEEDED:
            text = _("{free:.1f} GB are free, the packages need {needed}")
            text = text.format(free=free / 1e9, needed=install.DISK_NEEDED / 1e9)
            yield Check("FIX", "room", text, _("Delete what you do not need."))
    elif not install.works(python):
        text = _("{name} is broken or of another Python").format(name=environment().name)
        yield Check("FIX", "environment", text, _(SET_UP))
    else:
        yield Check("OK", "environment", environment().name)
        try:
            install.is_set_up()
        except Stop as stop:
            yield Check("FIX", "packages", _("not known"), str(stop))
        else:  # the full doctor could not start
            text = _("not all installed, or for another folder")
            yield Check("FIX", "packages", text, _(SET_UP))
