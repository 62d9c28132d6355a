"""The result of an exercise as a card: what is done, what is not, and where to go on."""

from collections.abc import Sequence
from html import escape

from practice.process.language import gettext as _

from ..errors import FirstCallError
from ..text.lines import wrapped
from ..views.display import BOX, show
from ..views.table import link
from .places import notebook, solution
from .record import Exercise, done_exercises, lessons, title_of

DONE, OPEN = "✓", "✗"
COLOURS = {
    True: "var(--jp-success-color1, #2e7d32)",
    False: "var(--jp-warn-color1, #b26a00)",
}
"""Of the edge. The sign and the words say the same: a colour alone says nothing to many."""

Said = tuple[str, bool, str]
"""The name of a check, whether it passed, and what the learner's own error says."""


def show_card(number: int, found: Sequence[Said], place: Exercise | None) -> None:
    """Show what the checks of exercise ``number`` found. ``place``: where it is recorded."""
    done = all(held for _, held, _ in found)
    after, way = _next(place) if done and place else ("", None)
    head = _("Exercise {number} done") if done else _("Exercise {number}: not done yet")
    head = head.format(number=number)
    lines, items = [], []
    for name, held, trouble in found:
        sign = DONE if held else OPEN
        lines.append(f"{sign} {name}")
        inside = f"{sign} {escape(name)}"
        if trouble:
            lines.append(wrapped(f"  {trouble}"))
            inside += f"<br><code>{escape(trouble)}</code>"
        items.append(f'<div style="margin: 2px 0">{inside}</div>')
    advice = _("For a hint, run hint({number}) in a cell of its own.").format(number=number)
    advice = "" if done else advice
    # Not before it is done: a solution that is a click away is no exercise. hint() ends with it.
    solved = solution(place.lesson) if done and place else None
    foot = [escape(advice)] if advice else []
    foot += [link(_("Compare yours with our solution"), solved)] if solved else []
    title = escape(head) + (f" · {link(after, way)}" if after else "")
    show(
        f'<div role="status" style="{BOX}; border-left: 6px solid {COLOURS[done]}; '
        f'max-width: 60em"><b>{DONE if done else OPEN} {title}</b>{"".join(items)}'
        f"<div>{' · '.join(foot)}</div></div>",
        "\n".join(filter(None, [head + (f" · {after}" if after else ""), *lines, advice])),
    )


def _next(place: Exercise) -> tuple[str, str | None]:
    """Return how many exercises are done and which is next, and the way there."""
    try:
        done = done_exercises()
    except FirstCallError:  # note_all() has said so already
        return "", None
    if place.id not in done:
        return "", None
    everything = [
        Exercise(lesson["lesson"], number, ())
        for lesson in lessons()
        for number in range(1, len(lesson["exercises"]) + 1)
    ]
    ids = [one.id for one in everything]
    count = _("{done} of {all}").format(done=len(done & set(ids)), all=len(ids))
    at = ids.index(place.id) + 1 if place.id in ids else 0
    still = [one for one in everything[at:] + everything[:at] if one.id not in done]
    if not still:
        last = _("that was the last one")
        return f"{count} · {last}", None
    first = still[0]
    if first.lesson == place.lesson:
        following = _("next: exercise {number}").format(number=first.number)
        return f"{count} · {following}", None
    titles = {lesson["lesson"]: title_of(lesson) for lesson in lessons()}
    following = _("next: lesson {lesson}, {title}")
    following = following.format(lesson=first.lesson, title=titles[first.lesson])
    return f"{count} · {following}", notebook(first.lesson)
