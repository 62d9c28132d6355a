"""``python -m practice start | status | stop | fetch | serve``."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from typing import Any

from practice.process import envfile, launcher, state, weights
from practice.process.config import PracticeError

NOT_RUNNING = 3  # exit code of `status`, as of system services


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    with contextlib.suppress(PracticeError):  # the notebooks and the doctor say what is wrong
        envfile.take_practice_settings()
    try:
        return int(options.run(options))
    except PracticeError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    except ImportError as error:
        print(f"Error: {error}. Install it with `python3 kit.py lab`.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m practice",
        description="The practice service: an OpenAI-compatible API on this computer.",
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, run, text in (
        ("start", _start, "start the service, unless it runs, and say where it is"),
        ("status", _status, f"say whether the service runs (exit code {NOT_RUNNING}: it does not)"),
        ("stop", _stop, "stop the service"),
        ("fetch", _fetch, "download the model, unless it is there, and say where it is"),
    ):
        commands.add_parser(name, help=text, description=text).set_defaults(run=run)
    text = "serve in the foreground, for others too; the key comes from PRACTICE_KEY"
    serve = commands.add_parser("serve", help=text, description=text)
    serve.add_argument("--host", default=state.HOST, help="address to listen on (%(default)s)")
    serve.add_argument("--port", type=int, default=0, help="port to listen on (any free one)")
    serve.set_defaults(run=_serve)
    return parser


def _start(_: argparse.Namespace) -> int:
    weights.fetch(progress=_Bar())
    _tell(launcher.ensure_running(notify=print))
    return 0


def _status(_: argparse.Namespace) -> int:
    service = launcher.find()
    if service is None:
        print("The practice service is not running.")
        return NOT_RUNNING
    _tell(service)
    return 0


def _stop(_: argparse.Namespace) -> int:
    stopped = launcher.stop()
    print("Stopped." if stopped else "The practice service was not running.")
    return 0


def _fetch(_: argparse.Namespace) -> int:
    print(f"The practice model is ready: {weights.fetch(progress=_Bar())}")
    return 0


def _serve(options: argparse.Namespace) -> int:
    from practice.server import serve

    key = serve.chosen_key()
    if key is None and options.host != state.HOST:
        raise PracticeError(
            f"Others can reach a service on {options.host}, so it needs a key of your choice.",
            f"Set PRACTICE_KEY to one of at least {serve.SHORTEST_KEY} characters.",
        )
    if not 0 <= options.port < 65536:
        raise PracticeError("There is no such port.", "Choose one from 1024 to 65535.")
    running = launcher.find() if key is None else None
    if running is not None:
        raise PracticeError(
            f"A practice service is already running at {running.base_url}.",
            "Stop it with `python -m practice stop`, or set PRACTICE_KEY to run one beside it.",
        )
    weights.fetch(progress=_Bar())
    if key is None:
        # Without a chosen key, this user's notebooks are the clients: they find the state file.
        chosen = serve.Options(port=options.port, idle=float("inf"))
    else:
        chosen = serve.Options(
            host=options.host, port=options.port, key=key, registered=False, idle=float("inf")
        )
    serve.leave(serve.run(chosen))


def _tell(service: launcher.Service) -> None:
    print(f"Practice service: {service.base_url} (process {service.pid}, model {service.model})")
    print(f"Usage page:       {service.base_url.removesuffix('/v1')}/usage")


class _Bar:
    """Shows a download: a bar in a terminal, else a line every few seconds."""

    def __init__(self) -> None:
        self._bar: Any = None
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        if sys.stderr.isatty() and self._draw(done, total):
            return
        if time.monotonic() >= self._next or done == total:
            self._next = time.monotonic() + 3.0
            print(f"Fetching the model: {done / 1e6:.0f} of {total / 1e6:.0f} MB", flush=True)

    def _draw(self, done: int, total: int) -> bool:
        """Draw the bar; False where tqdm is not installed."""
        try:
            from tqdm import tqdm  # type: ignore[import-untyped,unused-ignore]
        except ImportError:
            return False
        if self._bar is None:
            self._bar = tqdm(
                total=total, unit="B", unit_scale=True, desc="Fetching the model", leave=True
            )
        self._bar.update(done - self._bar.n)
        if done == total:
            self._bar.close()
        return True


if __name__ == "__main__":
    sys.exit(main())
