"""The service process: socket, engine, HTTP application, state file, and a clean end.

In this order: bind the socket (so a taken port is known at once), load the model, serve, and only
then write the state file. A process whose state file has gone or names another one ends by
itself: nobody can find it any more.
"""

from __future__ import annotations

import contextlib
import logging
import os
import secrets
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import uvicorn

from practice.ledger.ledger import Ledger
from practice.ledger.shelf import Shelf
from practice.process import config, memory, state, weights
from practice.process.config import PracticeError
from practice.process.language import gettext as _
from practice.process.models import PracticeModel, chosen
from practice.roster import keys_file
from practice.roster.roster import Roster
from practice.server import connections, log
from practice.server.connections import Connection

if TYPE_CHECKING:
    from practice.engine.llama import Engine

IDLE_SECONDS = 3600.0  # FIRST_CALL_IDLE sets another number

_GRACE_SECONDS = 3  # for replies under way when the service is told to end
_WATCH_SECONDS = 3.0
_STUCK_SECONDS = 10.0

_log = logging.getLogger("practice.serve")


@dataclass(frozen=True)
class Options:
    """How to serve.

    ``registered``: written to the state file, found by notebooks, ends when idle or replaced.
    ``port`` 0 takes any free one. With ``other_port``, a taken one is replaced by a free one;
    otherwise it is an error. ``idle`` is in seconds.
    """

    host: str = state.HOST
    port: int = 0
    other_port: bool = False
    key: str = field(default_factory=lambda: f"practice-{secrets.token_urlsafe(24)}", repr=False)
    registered: bool = True
    idle: float = IDLE_SECONDS
    roster: Roster | None = None
    """The keys of a class, in the place of `key`."""

    def hidden(self, text: str) -> str:
        """Return a text without the keys."""
        text = text.replace(self.key, "[key]")
        return self.roster.hidden(text) if self.roster else text


def main() -> NoReturn:
    """Run the background service that the launcher starts, then leave the process."""
    if hasattr(os, "umask"):
        os.umask(0o077)  # whatever the service writes is this user's alone
    if sys.platform != "win32":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    port = int(sys.argv[sys.argv.index("--port") + 1]) if "--port" in sys.argv else 0
    leave(run(Options(port=port, other_port=True, idle=idle_seconds())))


def leave(code: int) -> NoReturn:
    """End the process without waiting for the engine's threads, which may take long."""
    logging.shutdown()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def run(options: Options) -> int:
    """Serve until told to end; return the exit code."""
    log.set_up(options.hidden)
    connections.make_room()
    # Ends cleanly even before uvicorn listens to signals. uvicorn repeats the signal that ended
    # it, and by then it has to mean nothing.
    began = time.monotonic()
    _on_signals(_exit_at_once)
    try:
        listener = _listen(options)
        engine = _load(chosen())
        watch = _Activity()
        reachable = options.host != state.HOST
        more = _kept(options)
        app = build_app(
            engine,
            options.key,
            watch.touch,
            any_host=reachable,
            for_others=not options.registered,
            **more,
        )
        server = _Server(app, options, listener, watch, began)
        _on_signals(_ignore)
        server.run(sockets=[listener])
    except PracticeError as error:
        return _failed(error, options)
    except ImportError as error:
        what = _("A package is missing ({error}).").format(error=error)
        fix = _("Install it with `python3 kit.py lab`.")
        return _failed(PracticeError(what, fix), options)
    finally:
        if options.registered:
            with contextlib.suppress(OSError):
                state.remove_mine()
    for end in (*(kept.close for kept in more.values()), engine.close):
        closing = threading.Thread(target=end, daemon=True)
        closing.start()
        closing.join(_GRACE_SECONDS)
    _log.info("ended (%s)", server.reason)
    return 0


def _kept(options: Options) -> dict[str, Any]:
    """Return what is kept of the calls: one ledger, or the keys of a class with one for each."""
    if options.roster is None:
        return {"ledger": Ledger(state.ledger_path())}
    from practice.server.holders import ClassKeys

    return {"class_keys": ClassKeys(options.roster, Shelf(state.class_path()))}


def _failed(error: PracticeError, options: Options) -> int:
    """Say why nothing is served, to the log and to whoever started this; return the exit code."""
    _log.error("%s", error)
    if options.registered:
        state.write_failure(error)
    return 1


def load_engine(model: Path) -> Engine:
    """Load the model into the engine, with its vision projector if one is set."""
    from practice.engine.llama import Engine

    return Engine(model, mmproj=config.mmproj_path())


def build_app(
    engine: Any,
    key: str,
    on_activity: Callable[[], None],
    *,
    any_host: bool = False,
    for_others: bool = False,
    **kept: Any,
) -> Any:
    """Return the HTTP application; `any_host` for one that others can reach, `for_others` for one
    whose key others have; `kept`: a ledger, or the keys of a class.
    """
    from practice.server.app import create_app

    return create_app(
        engine,
        key=key,
        on_activity=on_activity,
        any_host=any_host,
        for_others=for_others,
        **kept,
    )


def idle_seconds() -> float:
    """Return the seconds without requests after which the service ends (FIRST_CALL_IDLE)."""
    try:
        seconds = float(os.environ.get("FIRST_CALL_IDLE", ""))
    except ValueError:
        return IDLE_SECONDS
    return seconds if 0 < seconds < float("inf") else IDLE_SECONDS


def chosen_key() -> str | None:
    """Return PRACTICE_KEY, or None if it is not set. Raises PracticeError on an unfit one."""
    key = os.environ.get("PRACTICE_KEY", "").strip()
    if not key:
        return None
    if keys_file.check_key(key):
        raise PracticeError(
            _("PRACTICE_KEY is not fit to be a key."),
            _(
                "Choose at least {number} characters, ASCII and without spaces: "
                'python -c "import secrets; print(secrets.token_urlsafe(24))"'
            ).format(number=keys_file.SHORTEST_KEY),
        )
    return key


class _Activity:
    """When the last request came. The monotonic clock does not jump with the wall clock."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def touch(self) -> None:
        self._last = time.monotonic()

    def idle(self) -> float:
        return time.monotonic() - self._last


class _Server(uvicorn.Server):
    """uvicorn with a state file and a watch on itself."""

    def __init__(
        self,
        app: Any,
        options: Options,
        listener: socket.socket,
        activity: _Activity,
        began: float,
    ) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="asyncio",
                http=Connection,
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                # Longer than the SDK keeps a connection, so that it never meets a closed one.
                timeout_keep_alive=75,
                timeout_graceful_shutdown=_GRACE_SECONDS,
            )
        )
        self.reason = "told to"
        self._options = options
        self._port: int = listener.getsockname()[1]
        self._activity = activity
        self._began = began

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.started:
            raise PracticeError(_("The HTTP application did not start."), _("Its log says why."))
        if self._options.registered:
            self._register()
        _log.info(
            _("serving %s at http://%s:%d/v1, ready after %.2f s"),
            chosen().path.name,
            self._options.host,
            self._port,
            time.monotonic() - self._began,
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        if self._options.registered:
            state.remove_mine()  # first, so that nobody comes to a door that is closing
        await super().shutdown(sockets)

    def _register(self) -> None:
        """Write the state file, unless another service was faster. Raises PracticeError."""
        other = state.read()
        if other is not None and (state.health(other["port"]) or {}).get("pid") == other["pid"]:
            raise PracticeError(_("Another practice service is running."), _("Use that one."))
        try:
            state.write(port=self._port, key=self._options.key, model=str(chosen().path))
        except OSError as error:
            raise state.unwritable(config.home(), error) from error
        threading.Thread(target=self._watch, name="practice-watch", daemon=True).start()

    def _watch(self) -> None:
        """End the service when it is idle, or when its state file is no longer its own."""
        strikes = 0
        while not self.should_exit:
            time.sleep(min(_WATCH_SECONDS, self._options.idle / 4))
            log.keep_short()
            if self.server_state.tasks:
                self._activity.touch()  # a long reply is not idleness
            # Twice, because the file may be unreadable for a moment.
            strikes = strikes + 1 if state.is_gone() else 0
            if strikes == 2:
                self.reason = "its state file is gone"
                self.should_exit = True
            elif self._activity.idle() > self._options.idle:
                self.reason = f"no request for {self._options.idle:.0f} s"
                self.should_exit = True
        time.sleep(_STUCK_SECONDS)
        _log.error("The service did not end by itself within %.0f s.", _STUCK_SECONDS)
        os._exit(1)


def _listen(options: Options) -> socket.socket:
    """Bind the socket. Raises PracticeError when the port is taken and was asked for."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    try:
        return socket.create_server((options.host, options.port), family=family)
    except OSError as error:
        if not options.other_port:
            # The system's own error: Python's repeats the address.
            first = error.__context__ if isinstance(error.__context__, OSError) else error
            reason = first.strerror or str(first)
            raise PracticeError(
                _("Port {port} on {host} cannot be used ({reason}).").format(
                    port=options.port, host=options.host, reason=reason
                ),
                _("Choose another one with --port."),
            ) from error
    _log.info("port %d is taken, using another", options.port)
    return socket.create_server((options.host, 0), family=family)


def _load(model: PracticeModel) -> Any:
    """Load the model. Raises PracticeError."""
    memory.check(model)
    weights.check_projector()
    try:
        return load_engine(model.path)
    except (OSError, RuntimeError, ValueError) as error:
        _log.error("the engine said: %s", error)
        projector = config.mmproj_path()
        if projector is not None:
            raise PracticeError(
                _("The model {file} could not be loaded with the projector {projector}.").format(
                    file=model.path, projector=projector
                ),
                _(weights.REMOVE_PROJECTOR),
            ) from error
        raise PracticeError(
            _(
                "The model file {file} could not be loaded: it is damaged, or of a kind that the "
                "engine does not know."
            ).format(file=model.path),
            _(weights.REMOVE_OWN) if model.own else _("Delete it to have it fetched again."),
        ) from error


def _on_signals(handler: Callable[[int, Any], None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)


def _exit_at_once(_number: int, _frame: Any) -> None:
    leave(0)


def _ignore(_number: int, _frame: Any) -> None:
    pass
