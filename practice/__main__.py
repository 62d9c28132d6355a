"""``python -m practice start | status | stop | models | fetch | serve | keys``."""

from __future__ import annotations

import argparse
import contextlib
import io
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from practice.process import envfile, launcher, memory, models, state, weights
from practice.process.config import PracticeError
from practice.process.language import columns_of, marked, padded
from practice.process.language import gettext as _
from practice.process.models import PracticeModel, practice_models
from practice.roster import commands, keys_file
from practice.roster.roster import Roster

NOT_RUNNING = 3  # exit code of `status`, as of system services
LANGUAGES = (marked("English"), marked("Chinese"))
"""Those of the models, data/models.toml."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    with contextlib.suppress(PracticeError):  # the notebooks and the doctor say what is wrong
        envfile.take_practice_settings()
    try:
        return int(options.run(options))
    except PracticeError as error:
        print(_("Error: {error}").format(error=error), file=sys.stderr)
        return 1
    except ImportError as error:
        text = _("Error: {error}. Install it with `python3 kit.py lab`.")
        print(text.format(error=error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(_("Interrupted."), file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m practice",
        description=_("The practice service: an OpenAI-compatible API on this computer."),
    )
    adding = parser.add_subparsers(required=True, metavar="COMMAND")
    status = _("say whether the service runs (exit code {code}: it does not)")
    for name, run, text in (
        ("start", _start, _("start the service, unless it runs, and say where it is")),
        ("status", _status, status.format(code=NOT_RUNNING)),
        ("stop", _stop, _("stop the service")),
        ("models", _models, _("list the models, what each takes, and which are here")),
    ):
        adding.add_parser(name, help=text, description=text).set_defaults(run=run)
    text = _("download a model, unless it is there, and say where it is")
    fetch = adding.add_parser("fetch", help=text, description=text)
    text = _("{names}; without a name, the chosen one")
    fetch.add_argument("name", nargs="?", help=text.format(names=_(", ").join(practice_models())))
    fetch.set_defaults(run=_fetch)
    text = _("serve in the foreground, for others too; the key comes from PRACTICE_KEY, or --class")
    serve = adding.add_parser("serve", help=text, description=text)
    serve.add_argument("--host", default=state.HOST, help=_("address to listen on (%(default)s)"))
    port = _("port to listen on (any free one; {port} with --class)").format(port=commands.PORT)
    serve.add_argument("--port", type=int, default=None, help=port)
    of_class = _("a CSV file with a key for each learner, read again whenever it changes")
    serve.add_argument("--class", type=Path, dest="keys", metavar="KEYS.CSV", help=of_class)
    serve.set_defaults(run=_serve)
    text = _("make the keys of a class, stop one, or list whose they are")
    keys = adding.add_parser("keys", help=text, description=text)
    commands.add_options(keys)
    keys.set_defaults(run=commands.keys)
    return parser


def _start(_options: argparse.Namespace) -> int:
    _fetched(models.chosen())
    _tell(launcher.ensure_running(notify=print))
    return 0


def _status(_options: argparse.Namespace) -> int:
    service = launcher.find()
    if service is None:
        print(_("The practice service is not running."))
        return NOT_RUNNING
    _tell(service)
    return 0


def _stop(_options: argparse.Namespace) -> int:
    stopped = launcher.stop()
    print(_("Stopped.") if stopped else _("The practice service was not running."))
    return 0


def _models(_options: argparse.Namespace) -> int:
    """Print a line for each model of the kit, and one for a file of the learner's own."""
    here = models.chosen()
    listed = [*practice_models().values(), *([] if here.own is None else [here])]
    rows = [("", _("name"), _("model"), _("file"), _("memory"), _("languages"), "")]
    for model in listed:
        rows.append(
            (
                "->" if model == here else "",
                model.choice if model.own is None else _("your file"),
                model.name,
                f"{model.runs.size / 1e6:,.0f} MB",
                f"{model.memory / 1e6:,.0f} MB",
                _(", ").join(map(_, model.languages)) or _("not known"),
                _whereabouts(model),
            )
        )
    widths = [max(map(columns_of, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(padded(cell, w) for cell, w in zip(row, widths, strict=True)).rstrip())
    text = _("-> is chosen. PRACTICE_MODEL=NAME in .env chooses another one, or names a GGUF file.")
    print(f"\n{text}")
    print(_("`python -m practice fetch NAME` downloads one."))
    return 0


def _whereabouts(model: PracticeModel) -> str:
    """Return in a few words whether a model is here and whether it would run."""
    is_here = model.path.exists() if model.own else weights.is_intact(model)
    if memory.is_enough(model):
        return _("here") if is_here else _("not here")
    little, absent = _("here; too little memory is free"), _("not here; too little memory is free")
    return little if is_here else absent


def _fetch(options: argparse.Namespace) -> int:
    if options.name and options.name.lower() not in practice_models():
        raise PracticeError(
            _("There is no model called {name}.").format(name=options.name),
            _("Choose one of: {names}.").format(names=_(", ").join(practice_models())),
        )
    model = models.chosen(options.name)
    print(_("{model} is ready: {file}").format(model=model.name, file=_fetched(model)))
    return 0


def _fetched(model: PracticeModel) -> Path:
    """Return the model's file, fetched with a bar where it is not there."""
    return weights.fetch(model, progress=_Bar(model), say=_say)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _serve(options: argparse.Namespace) -> int:
    from practice.server import serve

    key = None if options.keys else serve.chosen_key()
    if key is None and options.keys is None and options.host != state.HOST:
        raise PracticeError(
            _("Others can reach a service on {host}, so it needs keys.").format(host=options.host),
            _(
                "Give a class its own with --class KEYS.CSV, or set PRACTICE_KEY to one of at "
                "least {number} characters."
            ).format(number=keys_file.SHORTEST_KEY),
        )
    port = options.port if options.port is not None else commands.PORT if options.keys else 0
    if not 0 <= port < 65536:
        raise PracticeError(_("There is no such port."), _("Choose one from 1024 to 65535."))
    alone = key is None and options.keys is None
    running = launcher.find() if alone else None
    if running is not None:
        raise PracticeError(
            _("A practice service is already running at {address}.").format(
                address=running.base_url
            ),
            _("Stop it with `python -m practice stop`, or set PRACTICE_KEY to run one beside it."),
        )
    roster = Roster(options.keys) if options.keys else None
    _fetched(models.chosen())
    if alone:
        # Without a chosen key, this user's notebooks are the clients: they find the state file.
        chosen = serve.Options(port=port, idle=float("inf"))
    else:
        chosen = serve.Options(
            host=options.host, port=port, registered=False, idle=float("inf"), roster=roster
        )
        chosen = replace(chosen, key=key) if key else chosen
    if roster:
        print(*commands.greeting(roster, options.keys, options.host, port), sep="\n", flush=True)
    serve.leave(serve.run(chosen))


def _tell(service: launcher.Service) -> None:
    text = _("Practice service: {address} (process {pid}, model {model})")
    print(text.format(address=service.base_url, pid=service.pid, model=service.model))
    usage = f"{service.base_url.removesuffix('/v1')}/usage"
    print(_("Usage page:       {address}").format(address=usage))


class _Bar:
    """Shows a download: a bar in a terminal, else a line every few seconds."""

    def __init__(self, model: PracticeModel) -> None:
        self._title = _("Fetching {model}").format(model=model.name)
        self._bar: Any = None
        self._next = 0.0
        self._last = -1  # the bytes that were said last
        self._first: tuple[float, int] | None = None

    def __call__(self, done: int, total: int) -> None:
        if sys.stderr.isatty() and self._draw(done, total):
            return
        if done != self._last and (time.monotonic() >= self._next or done == total):
            self._next, self._last = time.monotonic() + 3.0, done
            text = _("{title}: {done:.0f} of {total:.0f} MB").format(
                title=self._title, done=done / 1e6, total=total / 1e6
            )
            print(text + self._time_left(done, total), flush=True)

    def _time_left(self, done: int, total: int) -> str:
        """Return how long it will still take at the speed so far; nothing while that is unknown."""
        now = time.monotonic()
        if self._first is None or done < self._first[1]:
            self._first = (now, done)
        began, had = self._first
        if now - began < 1.0 or done <= had or done >= total:
            return ""
        seconds = (total - done) * (now - began) / (done - had)
        if seconds > 90:
            return _(", {minutes:.0f} min left").format(minutes=seconds / 60)
        return _(", {seconds:.0f} s left").format(seconds=seconds)

    def _draw(self, done: int, total: int) -> bool:
        """Draw the bar; False where tqdm is not installed."""
        try:
            from tqdm import tqdm  # type: ignore[import-untyped,unused-ignore]
        except ImportError:
            return False
        if self._bar is None:
            self._bar = tqdm(
                total=total, unit="B", unit_scale=True, desc=self._title, leave=True, initial=done
            )
        self._bar.update(done - self._bar.n)
        if done == total:
            self._bar.close()
        return True


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):  # a console that lacks a character
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main())
