"""The part of the doctor about the computer. It works with nothing installed."""

import contextlib
import datetime
import os
import shutil
import time
from collections.abc import Iterator

from practice.process import config

from .table import ROOT, Check, nearest

OLDEST_CLOCK = datetime.date(2026, 11, 1)  # this file is younger
LOW_DISK = 200_000_000  # bytes


def computer_checks() -> Iterator[Check]:
    """The clock, as far as one can tell without asking anybody, the disk, this folder."""
    today = datetime.datetime.fromtimestamp(time.time()).date()
    if today < OLDEST_CLOCK or today.year > OLDEST_CLOCK.year + 15:
        text = f"says {today}; with a wrong date no secure connection works"
        yield Check("FIX", "clock", text, "Set the date and the time of this computer.")
    else:
        yield Check("OK", "clock", str(today))
    places = [ROOT]
    with contextlib.suppress(ImportError):  # before the installation nobody knows these two
        places += [config.cache(), config.home()]
    folders = {nearest(folder) for folder in places}
    free, folder = min((shutil.disk_usage(folder).free, folder) for folder in folders)
    if free < LOW_DISK:
        text = f"only {free / 1e6:.0f} MB are free for {folder}"
        fix = f"Delete what you do not need, until {LOW_DISK / 1e6:.0f} MB are free."
        yield Check("FIX", "disk", text, fix)
    else:
        yield Check("OK", "disk", f"{free / 1e9:.1f} GB free")
    if os.access(ROOT, os.W_OK):
        yield Check("OK", "folder", "can be written to")
    else:
        fix = "Copy the project to a folder of your own."
        yield Check("FIX", "folder", f"{ROOT} cannot be written to", fix)
