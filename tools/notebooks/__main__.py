"""Build the notebooks from lessons/: `python -m tools.notebooks [NN ...] [--check|--text]`.

A lesson is one percent-format file (lessons/README.md describes it). From each, this writes

    notebooks/NN_name.ipynb                  what learners open: exercises are stubs
    notebooks/solutions/NN_name.ipynb        the exercises, solved, and only the cells they need
    notebooks/recall/NN_name.ipynb           the lesson without its text, to recall it by
    notebooks/zh-CN/... (all three)          when the lesson has its Chinese cells

Every notebook but those to recall by is executed in practice mode, and its real outputs are
stored. A notebook is written whole or not at all. With them go their digests, by which
`kit.py lab` knows that they are ours to sign, and exercises.json in helpers/exercises/, from which
helpers.exercise() knows its exercise. `--check` runs nothing: it
fails when a committed notebook is not what its lesson gives, or was edited after it was built.
`--text` runs nothing either: where only the text of a lesson has changed, its outputs stay.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from tools.notebooks import lesson
from tools.notebooks.compare import check, write
from tools.notebooks.execution import execute
from tools.notebooks.exercise_index import index_path, write_index
from tools.notebooks.kept import keep_outputs
from tools.notebooks.lesson import read_lesson, sources, targets
from tools.notebooks.rules import LessonError
from tools.setup.trust import shipped, written


def build(path: Path, *, text_only: bool = False) -> None:
    """Build, execute and write all notebooks of one lesson, or write none of them."""
    wanted = list(targets(path, read_lesson(path)))
    for target in wanted:
        target.path.parent.mkdir(parents=True, exist_ok=True)
        if target.kind == "recall":
            continue
        if text_only:
            keep_outputs(target)
            continue
        start = time.perf_counter()
        execute(target)
        shown = target.path.relative_to(lesson.NOTEBOOKS)
        cells = len(target.notebook.cells)
        print(f"  {shown}: {cells} cells in {time.perf_counter() - start:.1f} s", flush=True)
    for target in wanted:
        write(target)


def main(arguments: list[str] | None = None) -> int:
    """Build or check the lessons named on the command line. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.notebooks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NN", help="lessons to build (default: all)")
    parser.add_argument("--check", action="store_true", help="compare, build nothing")
    parser.add_argument("--text", action="store_true", help="run nothing, keep the outputs")
    options = parser.parse_args(arguments)
    try:
        paths = sources(options.names)
    except LessonError as error:
        print(error, file=sys.stderr)
        return 2
    if options.check:
        problems = check(paths)
        print("\n".join(problems) or f"{len(paths)} lessons: every notebook is up to date")
        if problems:
            print("Run `python kit.py build` and commit lessons/ and notebooks/ together.")
        return 1 if problems else 0
    failed = 0
    for path in paths:
        print(path.stem, flush=True)
        try:
            build(path, text_only=options.text)
        except LessonError as error:
            failed += 1
            print(f"{path.name}: {error}\nNothing of this lesson was written.", file=sys.stderr)
    shipped(lesson.NOTEBOOKS).write_text(written(lesson.NOTEBOOKS), "utf-8", newline="\n")
    try:
        write_index()
    except LessonError as error:
        failed += 1
        print(f"{index_path().name}: {error}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
