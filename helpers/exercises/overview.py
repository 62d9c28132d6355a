"""Show which lessons and exercises are done."""

from ..errors import FirstCallError
from ..views.table import show_table
from .record import done_exercises, forget, lessons


def progress(*, reset: bool = False) -> None:
    """Show each lesson with how many of its exercises are done.

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
    rows, finished, all_of_them = [], 0, 0
    for lesson in lessons():
        numbers = range(1, len(lesson["exercises"]) + 1)
        still = [number for number in numbers if f"{lesson['lesson']}.{number}" not in done]
        solved = len(numbers) - len(still)
        state = "done" if not still else "begun" if solved else "not begun"
        next_one = f"Exercise {still[0]}" if still else ""
        rows.append(
            (lesson["lesson"], lesson["title"], f"{solved} of {len(numbers)}", state, next_one)
        )
        finished, all_of_them = finished + solved, all_of_them + len(numbers)
    title = f"Your progress: {finished} of {all_of_them} exercises done"
    heads = ("lesson", "title", "exercises", "state", "next")
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    lines = [
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (heads, *rows)
    ]
    show_table(title, heads, rows, "\n".join([title, "", *lines]))
