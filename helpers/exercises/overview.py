"""Show which lessons and exercises are done."""

from practice.process.language import gettext as _

from ..errors import FirstCallError
from ..text.lines import in_columns
from ..views.table import Cell, Linked, show_table
from .places import notebook
from .record import done_exercises, forget, lessons, title_of

SOLVED, STILL = "■", "□"
"""A bar has one square for each exercise."""


def progress(*, reset: bool = False) -> None:
    """Show each lesson with a bar of its exercises, and the next one.

    An exercise is done when its checks have passed in your notebook. The record is one file on
    this computer, and nothing is sent. ``reset=True`` deletes it. Where it cannot be read, a
    sentence says so.
    """
    try:
        if reset:
            gone, none = _("Your progress is deleted."), _("There was no progress to delete.")
            print(gone if forget() else none)
            return
        done = done_exercises()
    except FirstCallError as error:
        print(error)
        return
    rows: list[tuple[Cell, ...]] = []
    finished, all_of_them = 0, 0
    for lesson in lessons():
        numbers = range(1, len(lesson["exercises"]) + 1)
        still = [number for number in numbers if f"{lesson['lesson']}.{number}" not in done]
        solved = len(numbers) - len(still)
        count = _("{done} of {all}").format(done=solved, all=len(numbers))
        bar = f"{SOLVED * solved}{STILL * len(still)}  {count}"
        name = Linked(title_of(lesson), notebook(lesson["lesson"]))
        after = _("exercise {number}").format(number=still[0]) if still else _("done")
        rows.append((lesson["lesson"], name, bar, after))
        finished, all_of_them = finished + solved, all_of_them + len(numbers)
    title = _("Your progress: {done} of {all} exercises done")
    title = title.format(done=finished, all=all_of_them)
    heads = (_("lesson"), _("title"), _("exercises"), _("next"))
    lines = in_columns([heads, *([str(cell) for cell in row] for row in rows)])
    show_table(title, heads, rows, "\n".join([title, "", *lines]))
