"""Show which lessons and exercises are done."""

from ..errors import FirstCallError
from ..views.table import Cell, Linked, show_table
from .places import notebook
from .record import done_exercises, forget, lessons

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
            print("Your progress is deleted." if forget() else "There was no progress to delete.")
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
        bar = f"{SOLVED * solved}{STILL * len(still)}  {solved} of {len(numbers)}"
        name = Linked(lesson["title"], notebook(lesson["lesson"]))
        rows.append((lesson["lesson"], name, bar, f"exercise {still[0]}" if still else "done"))
        finished, all_of_them = finished + solved, all_of_them + len(numbers)
    title = f"Your progress: {finished} of {all_of_them} exercises done"
    heads = ("lesson", "title", "exercises", "next")
    plain = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(heads, *plain, strict=True)]
    lines = [
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (heads, *plain)
    ]
    show_table(title, heads, rows, "\n".join([title, "", *lines]))
