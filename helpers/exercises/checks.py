"""Checks of exercises. They look at how something was done, never at the model's prose."""

import ast
import linecache
import os
from types import TracebackType
from typing import NamedTuple

from practice.process.language import gettext as _

from ..errors import CheckFailed, FirstCallError
from . import hints
from .card import show_card
from .record import Exercise, exercise_now, note


class Result(NamedTuple):
    """What a check found. ``trouble`` is the learner's own error, where there was one."""

    name: str
    held: bool
    hints: tuple[str, ...] = ()
    trouble: Exception | None = None


class Checks:
    """What ``with exercise(2) as check:`` gives: call it once for each thing to look at."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.found: list[Result] = []
        self.place: Exercise | None = None

    def __call__(self, name: str, value: object, *hint: str) -> None:
        """Note that ``name`` holds when ``value`` is true; ``...`` is an open exercise.

        Each ``hint`` is shown only when it is asked for, one after the other.
        """
        self.found.append(Result(name, value is not ... and bool(value), hint))

    def __enter__(self) -> "Checks":
        self.place = exercise_now()  # before the block, which may go to another folder
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool:
        if error is not None and not isinstance(error, Exception):
            return False
        if isinstance(error, Exception):
            self.found.append(_stopped(error, trace))
        elif not self.found:
            self.found.append(Result(_("there is something to check"), False))
        failed = [result for result in self.found if not result.held]
        lesson = self.place.lesson if self.place else None
        hints.keep(self.number, {result.name: result.hints for result in failed}, lesson)
        note(self.place, {result.name: result.held for result in self.found})
        said = [
            (r.name, r.held, said_of(r.trouble) if r.trouble is not None else "")
            for r in self.found
        ]
        show_card(self.number, said, self.place)
        if failed and _strict():
            first = failed[0]
            what = _("The check failed: {name}.").format(name=first.name)
            raise CheckFailed(what, said[-1][2]) from first.trouble
        return True


def exercise(number: int) -> Checks:
    """Check the learner's exercise ``number`` in a block, and show the result as a card.

    ::

        with exercise(2) as check:
            check("the model replied", reply.choices[0].message.role == "assistant", "A hint.")

    An error in the block counts as not solved yet, so that an open exercise does not stop the
    notebook; its kind and message are shown. With FIRST_CALL_STRICT=1, as in the tests of the
    solutions, CheckFailed is raised instead. What has passed is recorded on this computer, for
    ``progress()``. Raises FirstCallError when ``number`` is no number.
    """
    if not isinstance(number, int):
        raise FirstCallError(
            _("exercise() needs the number of the exercise."), _("Write it as exercise(2).")
        )
    return Checks(number)


def said_of(error: Exception) -> str:
    """Return the kind and the message of a learner's error in one line."""
    if "ellipsis" in str(error):
        return _("There are still dots (...) where your code belongs.")
    return f"{type(error).__name__}: {' '.join(str(error).split())}".rstrip(": ")


def _strict() -> bool:
    return os.environ.get("FIRST_CALL_STRICT") == "1"


def _stopped(error: Exception, trace: TracebackType | None) -> Result:
    """Return the result of the check whose value could not be worked out.

    The call has not been made, so its name and hints are read from the cell.
    """
    name, found = _("the check comes to its end"), []
    if trace is not None:
        source = "".join(linecache.getlines(trace.tb_frame.f_code.co_filename))
        for call in _calls(source):
            if call.lineno <= trace.tb_lineno <= (call.end_lineno or 0) and call.args:
                texts = [part for part in call.args if isinstance(part, ast.Constant)]
                found = [str(part.value) for part in texts if isinstance(part.value, str)]
                if call.args[0] in texts:
                    name, *found = found
    return Result(name, False, tuple(found), error)


def _calls(source: str) -> list[ast.Call]:
    """Return the calls of ``check`` in a cell."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except SyntaxError:  # a cell with a line of IPython's own
        return []
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    return [c for c in calls if isinstance(c.func, ast.Name) and c.func.id == "check"]
