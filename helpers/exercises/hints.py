"""Hints: kept when a check fails, shown when they are asked for, one at a time."""

from html import escape

from practice.process.language import gettext as _
from practice.process.language import marked

from ..errors import FirstCallError
from ..text.lines import wrapped
from ..views.display import show
from ..views.table import link
from .places import solution

NONE = marked("There is no hint for this one: read its text again.")

_kept: dict[int, dict[str, tuple[str, ...]]] = {}
_lessons: dict[int, str | None] = {}
_given: dict[int, list[str]] = {}
_last: int | None = None


def hint(number: int | None = None) -> None:
    """Print the next hint for exercise ``number``, or for the one that was checked last.

    Hints are about what the last check of the exercise found, so run that first. Raises
    FirstCallError when ``number`` is no number.
    """
    if number is not None and not isinstance(number, int):
        raise FirstCallError(
            _("hint() needs the number of the exercise."), _("Write it as hint(2).")
        )
    number = _last if number is None else number
    if number is None or number not in _kept:
        which = _("exercise {number}").format(number=number) if number else _("the exercise")
        first = _("First run the check of {exercise}: then the hint fits what is missing.")
        print(first.format(exercise=which))
        return
    hints = [text for texts in _kept[number].values() for text in texts]
    given = [text for text in _given.setdefault(number, []) if text in hints]
    left = [text for text in hints if text not in given]
    if not _kept[number]:
        print(_("Nothing is missing: this exercise is done."))
    elif left:
        _given[number] = [*given, left[0]]
        said = _("Hint {number} of {all}: {hint}")
        print(wrapped(said.format(number=len(given) + 1, all=len(hints), hint=left[0])))
    else:
        lesson = _lessons[number]
        way = solution(lesson) if lesson else None
        text = _("There is no further hint. Read the last one again: {hint}")
        text = text.format(hint=hints[-1]) if hints else _(NONE)
        after = link(_("Look at our solution"), way) if way else ""
        show(f"<p>{escape(text)} {after}</p>", wrapped(f"{text} {way or ''}".strip()))


def keep(number: int, hints: dict[str, tuple[str, ...]], lesson: str | None) -> None:
    """Keep the hints of the checks that have just failed; no check at all means: it is done."""
    global _last
    _last = number
    _kept[number], _lessons[number] = hints, lesson
