"""The state file of the practice service: what is in it, who may read it, when it is believed.

The service writes it when it is ready, the launcher reads it. It holds the key, so its mode is
0600 and it is replaced in one step.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import time
from pathlib import Path
from typing import Any

from practice import __version__
from practice.process import config
from practice.process.config import PracticeError
from practice.process.files import read_file, try_to_write, write_whole
from practice.process.language import gettext as _

HOST = "127.0.0.1"

# A living service answers in about 1 ms. A busy one may need longer, and must not be replaced.
HEALTH_SECONDS = 5.0

LOG_LIMIT = 1_000_000  # bytes; a longer log is emptied

_ROOM = 200_000  # bytes for the log, the state file and a new ledger


def path() -> Path:
    """Return the state file. The host is in its name: home folders may be shared by computers."""
    return config.home() / f"service-{host_name()}.json"


def port_path() -> Path:
    """Return the file with the last port, which the next service takes again if it is free."""
    return config.home() / f"service-{host_name()}.port"


def log_path() -> Path:
    """Return the log file of the service. It holds no keys and no prompts."""
    return config.home() / f"service-{host_name()}.log"


def failure_path() -> Path:
    """Return the file in which a service that could not start says why."""
    return config.home() / f"service-{host_name()}.failed"


def ledger_path() -> Path:
    """Return the SQLite file of the usage ledger, and of responses that are kept for a day."""
    return config.home() / "ledger.sqlite3"


def class_path() -> Path:
    """Return the folder with the ledgers of a class, one for each key."""
    return config.home() / "class"


def read() -> dict[str, Any] | None:
    """Read the state file: pid, port, key, model, started, version. None if absent or damaged."""
    file = path()
    try:
        if hasattr(os, "getuid") and file.stat().st_uid != os.getuid():
            return None  # planted by somebody else: prompts would go to them
        state = json.loads(read_file(file))
        good = (
            isinstance(state["pid"], int)
            and state["pid"] > 0
            and isinstance(state["port"], int)
            and 0 < state["port"] < 65536
            and isinstance(state["key"], str)
            and state["key"] != ""
        )
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return state if good else None


def write(*, port: int, key: str, model: str) -> None:
    """Write the state file of this process, with mode 0600 and in one step."""
    content = {
        "pid": os.getpid(),
        "port": port,
        "key": key,
        "model": model,
        "started": int(time.time()),
        "version": __version__,
    }
    make_home()
    write_whole(path(), json.dumps(content))
    write_whole(port_path(), str(port))


def write_failure(error: PracticeError) -> None:
    """Leave word for the launcher why the service did not start."""
    with contextlib.suppress(OSError):
        write_whole(failure_path(), json.dumps({"what": error.what, "fix": error.fix}))


def take_failure() -> PracticeError | None:
    """Return why the last start failed, as far as the service could say it, and forget it."""
    try:
        said = json.loads(read_file(failure_path()))
        failure_path().unlink()
        return PracticeError(str(said["what"]), str(said["fix"]))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def is_mine() -> bool:
    """Tell whether the state file names this process."""
    state = read()
    return state is not None and state["pid"] == os.getpid()


def is_gone() -> bool:
    """Tell whether the state file no longer names this process: missing, damaged, or another's.

    One that cannot be read just now (no file descriptor is left) is not gone.
    """
    try:
        read_file(path())
    except OSError as error:
        return error.errno in (errno.ENOENT, errno.EINVAL)
    return not is_mine()


def remove_mine() -> None:
    """Remove the state file if it names this process."""
    if is_mine():
        path().unlink(missing_ok=True)


def remove() -> None:
    """Remove the state file, whoever wrote it. Raises PracticeError."""
    try:
        path().unlink(missing_ok=True)
    except OSError as error:
        if path().is_dir():
            raise PracticeError(
                _("{file} is a folder, but the practice service keeps a file there.").format(
                    file=path()
                ),
                _("Delete that folder and run this cell again."),
            ) from error
        raise unwritable(config.home(), error) from error


def last_port() -> int:
    """Return the port of the service before this one, or 0 for any free port."""
    try:
        port = int(read_file(port_path()))
    except (OSError, ValueError):
        return 0
    return port if 1024 <= port < 65536 else 0


def health(port: int, seconds: float | None = None) -> dict[str, Any] | None:
    """Ask ``GET /health`` on loopback, past any proxy. None if there is no proper answer.

    A plain socket, because ``seconds`` bounds the whole exchange here: with ``http.client`` it
    would bound each read, and a foreign program may send one byte at a time.
    """
    import socket

    seconds = HEALTH_SECONDS if seconds is None else seconds
    deadline = time.monotonic() + seconds
    answer = b""
    try:
        with socket.create_connection((HOST, port), timeout=seconds) as connection:
            request = f"GET /health HTTP/1.1\r\nHost: {HOST}:{port}\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode("ascii"))
            while len(answer) < 65536:
                connection.settimeout(max(0.001, deadline - time.monotonic()))
                piece = connection.recv(65536)
                if not piece:
                    break
                answer += piece
        head, _line, body = answer.partition(b"\r\n\r\n")
        if head.split(b" ", 2)[1:2] != [b"200"]:
            return None
        report = json.loads(body)
    except (OSError, ValueError, RecursionError):
        return None
    return report if isinstance(report, dict) else None


def make_home() -> Path:
    """Create the folder of the state file, for this user alone. Raises PracticeError."""
    folder = config.home()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    return folder


def check_home() -> None:
    """Write to the folder as a trial, as much as a service needs at its start.

    A full disk leaves the service no room to say why it ended, and in a folder such as /proc the
    lock of the start waits in vain. Raises PracticeError.
    """
    folder = make_home()
    try:
        try_to_write(folder, _ROOM)
    except OSError as error:
        raise unwritable(folder, error) from error


def unwritable(folder: Path, error: OSError) -> PracticeError:
    """Return the error about a folder that cannot be written to."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return PracticeError(
            _("The disk with the practice service's folder {folder} is full.").format(
                folder=folder
            ),
            _("Delete what you do not need and run this cell again."),
        )
    if folder.exists() and not folder.is_dir():
        return PracticeError(
            _("FIRST_CALL_HOME is {file}, which is a file.").format(file=folder),
            _("Set it to a folder of your own."),
        )
    return PracticeError(
        _("The practice service cannot write to its folder {folder} ({reason}).").format(
            folder=folder, reason=error.strerror or error
        ),
        _("Set FIRST_CALL_HOME to a folder that you may write to."),
    )


def host_name() -> str:
    """Return the name of this computer, as far as it is good for a file name."""
    import socket

    name = socket.gethostname().split(".")[0]
    return "".join(c if c.isascii() and c.isalnum() else "-" for c in name)[:40] or "localhost"
