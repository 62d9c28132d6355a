"""What ``python -m practice keys`` does, and what a class is told when its service starts."""

from __future__ import annotations

import argparse
import datetime
import os
import time
from pathlib import Path

from practice.process.config import PracticeError
from practice.process.language import columns_of, padded
from practice.roster import keys_file, making
from practice.roster.keys_file import Learner
from practice.roster.roster import Roster

PORT = 8300
"""Of a class's service where none is chosen: it has to be the same after a restart."""

_EVERYWHERE = ("0.0.0.0", "::", "")  # noqa: S104 (compared with, not listened on)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of ``keys`` to a parser."""
    parser.add_argument("file", type=Path, help="the CSV file with the keys")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--learners", type=int, metavar="N", help="make it, with N keys")
    what.add_argument("--names", type=Path, metavar="FILE", help="make it, a key for each line")
    what.add_argument("--stop", metavar="WHO", help="end a key now: its number or its name")
    parser.add_argument("--days", type=int, help="how many days the keys last, today included")


def keys(options: argparse.Namespace) -> int:
    """Make, change or list the keys of a class; no key is ever printed. Raises PracticeError."""
    if options.stop is not None:
        stopped = making.stop(options.file, options.stop)
        print(f"The key of {stopped.title} (no. {stopped.number}) is over. A running service")
        print("knows it already. Its line is still in the file; delete it when you like.")
        return 0
    if options.learners is None and options.names is None:
        if options.days is not None:
            raise PracticeError(
                "--days belongs to making keys.", "Add --learners N, or --names FILE."
            )
        _list(keys_file.read(options.file))
        return 0
    names = making.names_of(options.names) if options.names else [""] * options.learners
    made = making.make(options.file, names, options.days)
    learners = [one for one in made if not one.is_teacher]
    print(f"{options.file}: {len(learners)} learners and a teacher, {_until(learners[0])}.")
    print("Only you can read it. Give each learner one line of it.")
    print(f"Start the class with: python -m practice serve --class {options.file} --host 0.0.0.0")
    return 0


def greeting(roster: Roster, path: Path, host: str, port: int) -> list[str]:
    """Return what a teacher has to know when the service of a class starts, in lines."""
    everybody = roster.everybody
    over = sum(roster.is_over(one) for one in everybody if not one.is_teacher)
    learners = sum(not one.is_teacher for one in everybody)
    said = [f"Class: {learners} learners, {over} of their keys over."]
    for address in _addresses(host):
        said.append(f"Learners set OPENAI_BASE_URL=http://{address}:{port}/v1 and their own key.")
    if any(one.is_teacher for one in everybody):
        said.append("Your page: the same address with /usage in the place of /v1; any name, and")
        said.append(f"the key of the line with the role teacher in {path.name} as the password.")
    else:
        said.append(f"Nobody can see the page of the class: no line of {path.name} has the role")
        said.append("teacher. Add one; nothing has to be started anew.")
    if os.name == "posix" and path.stat().st_mode & 0o077:
        said.append(f"Others on this computer can read the keys. Stop that: chmod 600 {path}")
    return said


def _addresses(host: str) -> list[str]:
    """The addresses at which others reach a service that listens on `host`."""
    if host not in _EVERYWHERE:
        return [f"[{host}]" if ":" in host else host]
    import socket

    import psutil  # late: no other command needs it

    found = [
        one.address
        for cards in psutil.net_if_addrs().values()
        for one in cards
        if one.family == socket.AF_INET and not one.address.startswith(("127.", "169.254."))
    ]
    return found or ["ADDRESS-OF-THIS-COMPUTER"]


def _until(learner: Learner) -> str:
    if learner.expires is None:
        return "without an end"
    last = datetime.datetime.fromtimestamp(learner.expires - 1)
    return f"until {last:%Y-%m-%d %H:%M}"


def _list(everybody: list[Learner]) -> None:
    """Print who is in the file, without the keys."""
    now = time.time()
    rows = [("No.", "Learner", "Key", "Line")]
    for one in everybody:
        state = "over" if one.is_over(now) else _until(one)
        number = "" if one.is_teacher else str(one.number)
        rows.append((number, one.title, state, str(one.line)))
    widths = [max(map(columns_of, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(map(padded, row, widths)).rstrip())
