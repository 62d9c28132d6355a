"""`python3 kit.py test --dialect NAME [lesson …]`: lessons against a provider played here.

NAME is a block of providers.toml, or `all`. `--write` keeps the results in docs/PROVIDERS.md.
"""

from __future__ import annotations

import argparse
import sys

from practice.process.config import PracticeError
from practice.process.language import gettext as _
from tools.dialects import matrix, record
from tools.notebooks.lesson import NOTEBOOKS, sources
from tools.notebooks.rules import LessonError


def main() -> int:
    parser = argparse.ArgumentParser(prog="kit.py test --dialect", description=__doc__)
    parser.add_argument("dialect", metavar="NAME")
    parser.add_argument("lessons", nargs="*", metavar="lesson", help=_("such as 02; none: all"))
    parser.add_argument("--write", action="store_true", help=_("keep the results in docs/"))
    chosen = parser.parse_args()
    groups = matrix.dialects()
    known = {row.id: first for first, rows in groups.items() for row in rows}
    if chosen.dialect not in (*known, "all"):
        text = _("no provider called {name!r}; there are {names}")
        parser.error(text.format(name=chosen.dialect, names=_(", ").join([*known, "all"])))
    names = list(groups) if chosen.dialect == "all" else [known[chosen.dialect]]
    try:
        lessons = sources(chosen.lessons)
        matrix.upstream()
    except (LessonError, PracticeError) as error:
        print(error, file=sys.stderr)
        return 1
    failed = 0
    for lesson in lessons:
        for name in names:
            cells = matrix.run(NOTEBOOKS / f"{lesson.stem}.ipynb", groups[name][0], matrix.upstream)
            print(f"{lesson.stem} · {', '.join(row.name for row in groups[name])}")
            for cell in cells:
                if cell.state != "ran":
                    skipped = cell.state == "skipped"
                    text = _("  cell {number} skipped: {reason}")
                    text = text if skipped else _("  cell {number} failed: {reason}")
                    print(text.format(number=cell.number, reason=_(cell.reason)))
            ran = sum(cell.state == "ran" for cell in cells)
            text = _("  {ran} of {all} cells ran")
            print(text.format(ran=ran, all=len(cells)), flush=True)
            failed += sum(cell.state == "failed" for cell in cells)
            if chosen.write:
                record.store(lesson.stem, name, cells)
                record.write()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
