"""The part of the doctor about the computer. It works with nothing installed."""

import contextlib
import datetime
import os
import shutil
import time
from collections.abc import Iterator

from practice.process import config
from practice.process.language import gettext as _

from .table import ROOT, Check, nearest

OLDEST_CLOCK = datetime.date(2026, 11, 1)  # this file is younger
LOW_DISK = 200_000_000  # bytes


def computer_checks() -> Iterator[Check]:
    """The clock, as far as one can tell without asking anybody, the disk, this folder."""
    today = datetime.datetime.fromtimestamp(time.time()).date()
    if today < OLDEST_CLOCK or today.year > OLDEST_CLOCK.year + 15:
        text = _("says {today}; with a wrong date no secure connection works")
        fix = _("Set the date and the time of this computer.")
        yield Check("FIX", "clock", text.format(today=today), fix)
    else:
        yield Check("OK", "clock", str(today))
    places = [ROOT]
    with contextlib.suppress(ImportError):  # before the installation nobody knows these two
        places += [config.cache(), config.home()]
    folders = {nearest(folder) for folder in places}
    free, folder = min((shutil.disk_usage(folder).free, folder) for folder in folders)
    if free < LOW_DISK:
        text = _("only {free:.0f} MB are free for {folder}")
        fix = _("Delete what you do not need, until {megabytes:.0f} MB are free.")
        fix = fix.format(megabytes=LOW_DISK / 1e6)
        yield Check("FIX", "disk", text.format(free=free / 1e6, folder=folder), fix)
    else:
        yield Check("OK", "disk", _("{free:.1f} GB free").format(free=free / 1e9))
    if os.access(ROOT, os.W_OK):
        yield Check("OK", "folder", _("can be written to"))
    else:
        fix = _("Copy the project to a folder of your own.")
        text = _("{folder} cannot be written to").format(folder=ROOT)
        yield Check("FIX", "folder", text, fix)
