"""Find, start and stop the one practice service of this user on this computer.

The service is a process of its own, so that it outlives the notebook that started it and serves
all the others. They find it through a state file (mode 0600: it holds the key). A state file is
believed only after the process it names has answered on its port, so a stale or damaged file, a
reused process id and a foreign program on the port all count as "not running".

Every wait has a bound. There is no state in memory, so threads and forks need no care; a file
lock makes two starts at the same instant one.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from practice import __version__
from practice.process import config, weights
from practice.process import state as state_file
from practice.process.config import PracticeError
from practice.process.language import gettext as _
from practice.process.language import in_force
from practice.process.models import PracticeModel, chosen

_POLL_SECONDS = 0.01
_STOP_SECONDS = 5.0

# The service takes the package from the folder that this one came from, and nothing else from
# there: a file random.py beside the notebooks must not hide the standard library's.
_BOOT = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); import practice; del sys.path[0]; "
    "from practice.server.serve import main; main()"
)

# The module that serves, and its name up to version 0.1.
_NAMES = ("practice.server.serve", "practice.serve")

# Secrets that the service has no use for.
_NOT_INHERITED = ("OPENAI_API_KEY", "PRACTICE_KEY")


@dataclass(frozen=True)
class Service:
    """A running practice service.

    ``base_url`` is what ``openai.OpenAI(base_url=...)`` takes, ``key`` its API key (hidden in the
    repr), ``pid`` the process, ``model`` the model's name on the wire.
    """

    base_url: str
    key: str = field(repr=False)
    pid: int
    model: str


def ensure_running(
    *, notify: Callable[[str], None] | None = None, timeout: float = 60.0
) -> Service:
    """Return the running service, after starting it where there is none.

    ``notify`` gets short sentences about steps that take long. ``timeout`` is in seconds and
    bounds the start; a first download of the model is bounded on its own.
    Raises PracticeError when the service cannot be had.
    """
    state = state_file.read()
    alive = _answering(state)
    if alive is not None and _is_current(state):
        return alive
    say = notify or _silent
    state_file.check_home()
    # A child that is still starting reads the same file, so the weights come first.
    model = chosen()
    weights.fetch(model, progress=_spoken_progress(say, model), say=say)
    deadline = time.monotonic() + timeout
    with _start_lock(timeout):
        before, state = state, state_file.read()
        if alive is not None or state != before:  # another process may have started it meanwhile
            alive = _answering(state)
        if alive is not None and _is_current(state):
            return alive
        if state is not None:
            _end(state, answering=alive is not None)
        state_file.remove()
        say(_("Starting the practice model ..."))
        return _start(state_file.last_port(), model, deadline, timeout)


def find() -> Service | None:
    """Return the service of this user if it runs and answers, else None. Starts nothing."""
    return _answering(state_file.read())


def stop() -> bool:
    """Stop the service. Return True if one was running."""
    state = state_file.read()
    if state is None:
        return False
    ended = _end(state, answering=_answering(state) is not None)
    state_file.remove()
    return ended


def _answering(state: dict[str, Any] | None) -> Service | None:
    """Return the service that a state file tells of, if it answers under its process id."""
    if state is None:
        return None
    answer = state_file.health(state["port"])
    if answer is None or answer.get("pid") != state["pid"]:
        return None
    model = answer.get("model")
    return Service(
        base_url=f"http://{state_file.HOST}:{state['port']}/v1",
        key=state["key"],
        pid=state["pid"],
        model=model if isinstance(model, str) else "",
    )


def _is_current(state: dict[str, Any] | None) -> bool:
    """Tell whether the service has this version of the kit and the chosen model."""
    return (
        state is not None
        and state.get("version") == __version__
        and state.get("model") == str(chosen().path)
    )


def _start(port: int, model: PracticeModel, deadline: float, timeout: float) -> Service:
    """Start the process and wait until it has written its state file. Raises PracticeError."""
    log = _open_log()
    start_of_log = os.fstat(log).st_size
    state_file.take_failure()  # of an earlier one
    try:
        child = subprocess.Popen(
            _command(port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            env=_environment(model),
            **_detached(),
        )
    except OSError as error:
        raise PracticeError(
            _("The practice service could not be started ({error}).").format(error=error),
            _("Run `python3 kit.py doctor` to check the Python installation."),
        ) from error
    finally:
        os.close(log)
    # Somebody has to take note of its end, or a killed service would stay behind as a zombie.
    threading.Thread(target=child.wait, name="practice-reaper", daemon=True).start()
    while time.monotonic() < deadline:
        ended = child.returncode is not None  # asked first: it may have found another one running
        service = find() if state_file.path().exists() else None
        if service is not None:
            return service
        if ended:
            raise _why_it_ended(start_of_log)
        time.sleep(_POLL_SECONDS)
    with contextlib.suppress(OSError):
        child.kill()
    raise PracticeError(
        _("The practice service was not ready after {seconds:.0f} seconds.").format(
            seconds=timeout
        ),
        _("Close programs that keep the computer busy and try again; its log is {file}.").format(
            file=state_file.log_path()
        ),
    )


def _command(port: int) -> list[str]:
    """Return the command line of the service. It holds no secret: others can read it."""
    root = str(Path(__file__).resolve().parents[2])
    # -P: nothing from the current folder either.
    return [sys.executable, "-P", "-c", _BOOT, root, "--port", str(port)]


def _environment(model: PracticeModel) -> dict[str, str]:
    env = {name: value for name, value in os.environ.items() if name not in _NOT_INHERITED}
    if env.get("FIRST_CALL_HOME", "").strip():
        env["FIRST_CALL_HOME"] = str(config.home())  # the service runs in another folder
    env["PRACTICE_MODEL"] = str(model.own or model.choice)
    env["PYTHONUTF8"] = "1"  # paths in any script reach the log
    env["KIT_LANG"] = in_force()  # why it cannot start is read here
    return env


def _detached() -> dict[str, Any]:
    """Return the Popen arguments that let the service outlive the process that started it."""
    if sys.platform == "win32":
        # Not DETACHED_PROCESS: python.exe of a venv starts a second python.exe, and that one
        # would open a console window. With CREATE_NO_WINDOW both share a hidden console.
        return {
            "creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP,
            "cwd": str(config.home()),
        }
    return {"start_new_session": True, "cwd": str(config.home())}


def _end(state: dict[str, Any], *, answering: bool) -> bool:
    """End the process of a state file; True if there was one. Bounded by about 10 seconds.

    A process that does not answer is ended only if it can be shown to be a practice service:
    process ids are used again, and the file may be old.
    """
    pid: int = state["pid"]
    if not answering and not _is_our_process(pid):
        return False
    hard = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows: SIGTERM is as hard
    # One that does not answer (stopped, or stuck) does not heed a polite request either.
    for attempt in (signal.SIGTERM, hard) if answering else (hard,):
        try:
            os.kill(pid, attempt)
        except OSError:
            return True  # gone already
        until = time.monotonic() + _STOP_SECONDS
        while time.monotonic() < until:
            if not _is_our_process(pid) and state_file.health(state["port"]) is None:
                return True
            time.sleep(_POLL_SECONDS)
    return True


def _is_our_process(pid: int) -> bool:
    """Tell whether this process id is a practice service of this user, by its command line."""
    import psutil  # late: it is needed to end a service, not to find one

    try:
        process = psutil.Process(pid)
        return (
            process.status() != psutil.STATUS_ZOMBIE
            and process.username() == psutil.Process().username()
            and _is_our_command(process.cmdline())
        )
    except psutil.Error:
        return False


def _is_our_command(arguments: list[str]) -> bool:
    """Tell whether Python was called with the service's code, or with its module.

    Only what Python itself takes for its program counts, word for word: an editor, a search or a
    script of the learner may name the service anywhere in its command line.
    """
    for place, argument in enumerate(arguments[1:-1], start=2):
        if argument == "-c":
            return arguments[place] in (_BOOT, _BOOT.replace(*_NAMES))
        if argument == "-m":
            return arguments[place] in _NAMES
        if not argument.startswith("-"):
            break
    return False


@contextlib.contextmanager
def _start_lock(timeout: float) -> Iterator[None]:
    """Hold the lock under which a service is started. Raises PracticeError."""
    import filelock

    folder = state_file.make_home()
    lock = filelock.FileLock(folder / f"service-{state_file.host_name()}.lock")
    try:
        lock.acquire(timeout=timeout, poll_interval=0.02)
    except filelock.Timeout as error:
        raise PracticeError(
            _("Another program has been starting the practice service for too long."),
            _("Restart the notebook's kernel and try again."),
        ) from error
    except OSError as error:
        raise state_file.unwritable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def _open_log() -> int:
    """Open the log for the service to append to, emptied if it has grown too long."""
    path = state_file.log_path()
    # Without waiting: a pipe in its place has nobody at its other end.
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NONBLOCK", 0)
    try:
        if path.exists() and path.stat().st_size > state_file.LOG_LIMIT:
            flags |= os.O_TRUNC
        return os.open(path, flags, 0o600)
    except OSError as error:
        raise state_file.unwritable(path.parent, error) from error


def _why_it_ended(start: int) -> PracticeError:
    """Return the error about a service that ended while starting, as it said or from its log."""
    path = state_file.log_path()
    told = state_file.take_failure()
    if told is not None:
        return PracticeError(
            _("The practice service ended while it started: {what}").format(what=told.what),
            _("{fix} Its log is {file}.").format(fix=told.fix, file=path).strip(),
        )
    # It could not even say so: what Python wrote last is the best there is.
    try:
        with path.open("rb") as log:
            log.seek(start)
            text = log.read(state_file.LOG_LIMIT).decode("utf-8", "replace")
    except OSError:
        text = ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    last = lines[-1][:500].rstrip(".") if lines else _("it said nothing")
    text = _("Run `python3 kit.py lab` to install what may be missing. Its log is {file}.")
    return PracticeError(
        _("The practice service ended while it started: {what}.").format(what=last),
        text.format(file=path),
    )


def _spoken_progress(
    say: Callable[[str], None], model: PracticeModel
) -> Callable[[int, int], None]:
    """Turn byte counts into a sentence at the start and at every tenth of the way."""
    said = -1

    def progress(done: int, total: int) -> None:
        nonlocal said
        tenth = done * 10 // total if total else 0
        if tenth > said:
            said = tenth
            text = _("Fetching {model}, once: {done:.0f} of {total:.0f} MB")
            say(text.format(model=model.name, done=done / 1e6, total=total / 1e6))

    return progress


def _silent(_: str) -> None:
    pass
