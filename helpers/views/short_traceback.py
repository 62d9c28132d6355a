"""An error in a notebook, short: the learner's own line, two sentences, the rest folded away.

It stays an error for the notebook and for every program that runs one; only its text changes.
"""

import difflib
import os
import re
import sys
import traceback
from collections.abc import Iterable
from html import escape
from types import TracebackType
from typing import Any

from openai import OpenAI, OpenAIError

from practice.process.language import gettext as _

from ..connection import session
from ..connection.settings import last_client
from ..errors import FirstCallError
from ..explanations import KEY_LIKE, sentences
from ..text.lines import wrapped
from .display import in_notebook, show

KINDS: tuple[type[BaseException], ...] = (
    OpenAIError,
    FirstCallError,
    NameError,
    ModuleNotFoundError,
)
"""What is shown short: the errors that a beginner meets, and that errors.toml explains."""

MOST_PLACES = 3
LONGEST_MESSAGE = 300
COLOURS = re.compile(r"\x1b\[[0-9;]*m")
WRITTEN_KEY = re.compile(r"(api_key\s*=\s*[\"'])[^\"']+")
SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET")

_wanted = True


def full_tracebacks(wanted: bool = True) -> None:
    """Show every error with its whole traceback, as Python does; ``False`` makes them short.

    ``connect()`` makes them short: a mistake in one call is a traceback of a hundred lines.
    """
    global _wanted
    _wanted = not wanted
    shell = _shell()
    if shell is None:
        return
    if not wanted:
        install()
    elif shell.custom_exceptions == KINDS:
        shell.set_custom_exc((), None)


def install() -> None:
    """Show errors short from now on, in IPython alone, unless full ones are asked for.

    A handler of somebody else's stays.
    """
    shell = _shell()
    if shell is not None and _wanted and not shell.custom_exceptions:
        shell.set_custom_exc(KINDS, _handle)


def _shell() -> Any:
    """Return the running IPython, or None. It is not imported for this."""
    module = sys.modules.get("IPython")
    return module.get_ipython() if module else None


def _handle(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    tb_offset: int | None = None,
) -> None:
    """Show an error. What goes wrong in here must not hide it."""
    if isinstance(error, UnboundLocalError):  # a NameError that no other cell can mend
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
        return
    try:
        parts = _all_of_it(shell, kind, error, trace, tb_offset)
        full = [hidden(COLOURS.sub("", part)) for part in parts]
        short = _short(shell, error, trace)
        shell._showtraceback(kind, hidden(str(error)), short)
    except Exception:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
        return
    # What programs that run notebooks get to see is the whole of it.
    shell._last_traceback = full
    if in_notebook():
        text = escape("\n".join(full))
        head = _("The full traceback")
        show(
            f"<details><summary>{head}</summary>"
            f'<pre style="white-space: pre-wrap; font-size: 90%">{text}</pre></details>',
            _("The full traceback: run %tb in a cell of its own."),
        )


def _all_of_it(
    shell: Any,
    kind: type[BaseException],
    error: BaseException,
    trace: TracebackType | None,
    tb_offset: int | None,
) -> list[str]:
    shell._get_exc_info((kind, error, trace))  # for %tb and %debug
    full: list[str] = shell.InteractiveTB.structured_traceback(
        kind, error, trace, tb_offset=tb_offset
    )
    return full


def _short(shell: Any, error: BaseException, trace: TracebackType | None) -> list[str]:
    """Return the lines of the short form."""
    what, fix = (error.what, error.fix) if isinstance(error, FirstCallError) else sentences(error)
    lines = _places(shell, trace)
    said = _last_line(error, shell.user_ns)
    if not isinstance(error, FirstCallError):  # of which the message is the two sentences
        lines.append(f"\x1b[31m{wrapped(said)}\x1b[39m")
    lines += ["", wrapped(hidden(what)), wrapped(hidden(fix))]
    if not in_notebook():
        lines += ["", _("The full traceback: %tb")]
    return lines


def _places(shell: Any, trace: TracebackType | None) -> list[str]:
    """Return the lines of the learner's own cells that led to the error, the outermost first."""
    name_of = getattr(shell.compile, "format_code_name", lambda _file: None)
    places = []
    for frame in traceback.extract_tb(trace):
        cell = name_of(frame.filename)
        if cell:
            where = _("{cell}, line {line}").format(cell=" ".join(cell), line=frame.lineno)
            places.append(f"\x1b[1m{where}\x1b[22m")
            places.append(f"    {hidden(frame.line or '')}")
    return places[-2 * MOST_PLACES :]


def _last_line(error: BaseException, names: Iterable[str]) -> str:
    """Return the class of an error and its message; ``names`` are those that the notebook knows."""
    line = hidden(f"{type(error).__name__}: {' '.join(str(error).split())}")
    line = line if len(line) <= LONGEST_MESSAGE else line[: LONGEST_MESSAGE - 1] + "…"
    near = difflib.get_close_matches(getattr(error, "name", None) or "", names, 1, 0.7)
    if type(error) is NameError and near:
        return _("{error}. Did you mean {name}?").format(error=line, name=near[0])
    return line


def hidden(text: str) -> str:
    """Return ``text`` without any key: those of the settings, and whatever looks like one."""
    keys = {value for name, value in os.environ.items() if SECRET_NAME.search(name.upper())}
    client: OpenAI | None = last_client()
    if client is not None and isinstance(client.api_key, str):
        keys.add(client.api_key)
    for key in sorted(keys, key=len, reverse=True):
        if len(key) >= 8:
            text = text.replace(key, "[key]")
    return KEY_LIKE.sub("[key]", WRITTEN_KEY.sub(r"\1[key]", text))


session.first.append(install)
