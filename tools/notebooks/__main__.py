"""Build the notebooks from lessons/: `python -m tools.build [NN ...] [--check]`.

A lesson is one percent-format file (lessons/README.md describes it). From each, this writes

    notebooks/NN_name.ipynb                  what learners open: exercises are stubs
    notebooks/solutions/NN_name.ipynb        the exercises, solved, and only the cells they need
    notebooks/recall/NN_name.ipynb           the lesson without its text, to recall it by
    notebooks/zh-CN/... (all three)          when the lesson has its Chinese cells

Every notebook but those to recall by is executed in practice mode, and its real outputs are
stored. A notebook is written whole or not at all. With them goes helpers/exercises/exercises.json, from
which helpers.check() knows its exercise. `--check` runs nothing: it fails when a committed
notebook is not what its lesson gives, or was edited after it was built.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import jupytext
import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from tools.notebooks import rules
from tools.notebooks.exercise_index import exercise_index
from tools.notebooks.rules import LessonError

ROOT = Path(__file__).resolve().parents[2]
LESSONS = ROOT / "lessons"
NOTEBOOKS = ROOT / "notebooks"

# The practice model writes about 60 tokens a second; no cell of a lesson needs minutes.
CELL_SECONDS = 120

Kind = Literal["lesson", "solutions", "recall"]
LANGUAGE_FOLDERS = {"en": Path(), "zh": Path("zh-CN")}
KIND_FOLDERS: dict[Kind, str] = {"lesson": "", "solutions": "solutions", "recall": "recall"}
IN_SOLUTIONS = {"setup", "exercise", "check"}

# Neutral on purpose: no Python version, no name of somebody's environment.
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"file_extension": ".py", "mimetype": "text/x-python", "name": "python"},
}

HEADS: dict[tuple[Kind, str], str] = {
    ("solutions", "en"): "# Solutions: {title}\n\n"
    "One way to solve each exercise. Yours may differ: what counts is that the check says yes. "
    "[Back to the lesson](../{name}.ipynb)",
    ("solutions", "zh"): "# 答案:{title}\n\n"
    "每道练习的一种解法。你的写法可以不同,检查通过就算对。[回到本课](../{name}.ipynb)",
    ("recall", "en"): "# Recall: {title}\n\n"
    "The code of [the lesson](../{name}.ipynb) without its text. Before you run a cell, say what "
    "it does and what it will print.",
    ("recall", "zh"): "# 回忆:{title}\n\n"
    "这里只有[本课](../{name}.ipynb)的代码,没有讲解。运行每个单元之前,先说说它做什么、会打印什么。",
}


@dataclass(frozen=True)
class Target:
    """One notebook to build: where it goes and what it holds before it is executed."""

    path: Path
    kind: Kind
    notebook: NotebookNode


# --- from lesson to cells


def sources(names: list[str]) -> list[Path]:
    """Return the lesson files whose names start with one of `names` (all when empty)."""
    lessons = sorted(LESSONS.glob("[0-9][0-9]_*.py"))
    unknown = [name for name in names if not any(p.stem.startswith(name) for p in lessons)]
    if unknown:
        raise LessonError(f"No lesson starts with {', '.join(unknown)}. Look in lessons/.")
    return [p for p in lessons if not names or any(p.stem.startswith(n) for n in names)]


def read_lesson(path: Path) -> list[NotebookNode]:
    """Return the cells of a lesson, each with a stable id; markdown keeps metadata `lang`."""
    cells = jupytext.read(path, fmt="py:percent").cells
    rules.check_source(cells)
    seen: dict[str, int] = {}
    previous = ""
    for cell in cells:
        # A Chinese cell takes the id of the English cell before it. Otherwise the id comes from
        # the text, so a cell keeps its id when others move around it.
        if cell.metadata.get("lang") == "zh":
            cell.id = previous
            continue
        text = f"{path.stem}\n{cell.cell_type}\n{cell.source}"
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = previous = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    return cells


def languages(cells: list[NotebookNode]) -> list[str]:
    """Return the languages this lesson is written in, English first."""
    return ["en", "zh"] if any(c.metadata.get("lang") == "zh" for c in cells) else ["en"]


def targets(path: Path, cells: list[NotebookNode]) -> Iterator[Target]:
    """Yield every notebook that a lesson gives, not yet executed."""
    for lang in languages(cells):
        title = rules.title(cells, lang)
        for kind in KIND_FOLDERS:
            folder = LANGUAGE_FOLDERS[lang] / KIND_FOLDERS[kind]
            up = "../" * len(folder.parts)
            chosen = [
                built_cell(cell, kind, up=up)
                for cell in cells
                if cell.metadata.get("lang", lang) == lang and belongs(cell, kind)
            ]
            if (kind, lang) in HEADS:
                head = HEADS[kind, lang].format(title=title, name=path.stem)
                chosen.insert(0, nbformat.v4.new_markdown_cell(head, id=f"{kind}-head"))
            notebook = nbformat.v4.new_notebook(cells=chosen, metadata=METADATA)
            rules.check_markdown(notebook.cells, lang, whole=kind == "lesson")
            nbformat.validate(notebook)
            yield Target(NOTEBOOKS / folder / f"{path.stem}.ipynb", kind, notebook)


def belongs(cell: NotebookNode, kind: Kind) -> bool:
    """Tell whether a cell of a lesson stands in its notebook of that kind."""
    tags = rules.tags_of(cell)
    if kind == "solutions":
        return bool(IN_SOLUTIONS & tags)
    if kind == "recall" and cell.cell_type == "markdown":
        return "exercise" in tags or rules.headings(cell.source) != ""
    return True


def built_cell(cell: NotebookNode, kind: Kind, *, up: str) -> NotebookNode:
    """Return a lesson cell as it stands in a notebook: solved or as a stub, links adapted."""
    tags = list(cell.metadata.get("tags", []))
    metadata = {"tags": tags} if tags else {}
    if cell.cell_type == "markdown":
        # An exercise keeps its text: without it nobody could solve it.
        bare = kind == "recall" and "exercise" not in tags
        source = rules.headings(cell.source) if bare else cell.source
        # Pictures and sketches exist once, below notebooks/, for every language.
        source = re.sub(r"(\]\(|src=\")(pictures|sketches)/", rf"\1{up}\2/", source)
        return nbformat.v4.new_markdown_cell(source, id=cell.id, metadata=metadata)
    source = rules.solved(cell.source) if kind == "solutions" else rules.stubbed(cell.source)
    return nbformat.v4.new_code_cell(source, id=cell.id, metadata=metadata)


# --- execution


def clean_environment() -> dict[str, str]:
    """Return the environment for the kernel: practice mode, no key, nothing of this shell's."""
    dropped = ("OPENAI_", "JPY_", "FORCE_COLOR", "PYTHONSTARTUP", "MPLBACKEND")
    env = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
    return env | {"FIRST_CALL_MODE": "practice", "NO_COLOR": "1", "PYTHONHASHSEED": "0"}


def execute(target: Target) -> None:
    """Run every cell of a target in practice mode and keep the outputs in it.

    Raises LessonError when a cell raises, takes too long, or prints what may not be stored.
    """
    name = target.path.relative_to(NOTEBOOKS)
    client = NotebookClient(
        target.notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(target.path.parent)}},
    )
    with (
        tempfile.TemporaryDirectory(prefix="first-call-ipython-") as profile,
        tempfile.TemporaryFile() as log,  # what the kernel itself says, shown only when it dies
    ):
        env = clean_environment() | {
            "IPYTHONDIR": profile,  # no start-up files of the builder's
            "FIRST_CALL_PROGRESS": str(Path(profile) / "progress.json"),  # nor their progress
        }
        if target.kind == "solutions":
            env["FIRST_CALL_STRICT"] = "1"  # helpers.check() raises where a solution fails
        try:
            client.execute(env=env, stderr=log)
        except (CellExecutionError, CellTimeoutError) as error:
            plain = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
            raise LessonError(f"A cell of {name} failed.\n{plain}") from None
        except (DeadKernelError, RuntimeError) as error:
            log.seek(0)
            said = log.read().decode(errors="replace")
            raise LessonError(f"The kernel of {name} died: {error}\n{said}") from None
    # Execution fills in the version of the Python that ran; the notebook stays neutral.
    target.notebook.metadata = nbformat.from_dict(METADATA)
    for cell in target.notebook.cells:
        if cell.cell_type == "code":
            drop_noise(cell)
            rules.check_outputs(cell, machine_words(), solutions=target.kind == "solutions")


def drop_noise(cell: NotebookNode) -> None:
    """Remove what differs from run to run and means nothing to a reader: widget model ids."""
    for output in cell.outputs:
        output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)


def machine_words() -> list[str]:
    """Return the paths of this machine that no stored output may hold."""
    places = [ROOT, Path.home(), Path(tempfile.gettempdir()), Path(sys.prefix)]
    home = os.environ.get("FIRST_CALL_HOME")
    words = [str(place) for place in places] + ([home] if home else [])
    return [word for word in words if len(word) > 4]  # not "/", not "/usr"


# --- writing and comparing


def seal(notebook: NotebookNode) -> str:
    """Return a digest of a notebook's cells, outputs included, to notice edits by hand."""
    text = json.dumps(notebook.cells, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def write(target: Target) -> None:
    """Write a notebook so that no reader ever sees half of it."""
    # Joined and split again, as the file will be read: the seal must not depend on the form.
    notebook = nbformat.reads(nbformat.writes(target.notebook), as_version=4)
    notebook.metadata["first_call"] = {"seal": seal(notebook)}
    temporary = target.path.with_suffix(".tmp")
    temporary.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
    temporary.replace(target.path)


def difference(target: Target) -> str | None:
    """Return how the committed notebook differs from its lesson, or None when it does not."""
    name = target.path.relative_to(ROOT)
    if not target.path.exists():
        return f"{name} is missing"
    committed = nbformat.read(target.path, as_version=4)
    if committed.metadata.get("first_call", {}).get("seal") != seal(committed):
        return f"{name} was changed after it was built"
    kept = {key: value for key, value in committed.metadata.items() if key != "first_call"}
    if kept != METADATA:
        return f"{name} has other notebook metadata"
    if len(committed.cells) != len(target.notebook.cells):
        return f"{name} has {len(committed.cells)} cells, not {len(target.notebook.cells)}"
    for number, (old, new) in enumerate(zip(committed.cells, target.notebook.cells, strict=True)):
        for part in ("cell_type", "id", "metadata", "source"):
            if old.get(part) != new.get(part):
                return f"{name}, cell {number + 1}: the {part} differs from the lesson"
        executed = old.cell_type == "code" and old.execution_count is not None
        if target.kind == "recall":
            if executed or old.get("outputs"):
                return f"{name}, cell {number + 1}: has an output"
        elif new.cell_type == "code" and not executed and new.source.strip():
            return f"{name}, cell {number + 1}: not executed"
    return None


def strays(built: list[Path]) -> list[Path]:
    """Return the notebooks that no lesson gives."""
    found = [p for p in NOTEBOOKS.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts]
    return sorted(set(found) - set(built))


def check(paths: list[Path]) -> list[str]:
    """Return every difference between lessons and committed notebooks, in plain words."""
    problems: list[str] = []
    known: list[Path] = []
    for path in paths:
        try:
            wanted = list(targets(path, read_lesson(path)))
        except LessonError as error:
            problems.append(f"{path.name}: {error}")
            continue
        known += [target.path for target in wanted]
        problems += filter(None, map(difference, wanted))
    if paths == sources([]):
        problems += [f"{p.relative_to(ROOT)} has no lesson" for p in strays(known)]
        problems += filter(None, [index_difference()])
    return problems


# --- the list of exercises


def index_path() -> Path:
    """Return the file from which helpers.check() knows its exercise."""
    return ROOT / "helpers" / "exercises" / "exercises.json"


def wanted_index() -> str:
    """Return what that file should hold. Raises LessonError."""
    lessons = {path.stem: read_lesson(path) for path in sources([])}
    return exercise_index(lessons, NOTEBOOKS / KIND_FOLDERS["solutions"])


def write_index() -> None:
    """Write the list of exercises anew."""
    temporary = index_path().with_suffix(".tmp")
    temporary.write_text(wanted_index(), encoding="utf-8", newline="\n")
    temporary.replace(index_path())


def index_difference() -> str | None:
    """Return what is wrong with the committed list of exercises, or None."""
    name = index_path().relative_to(ROOT)
    try:
        same = index_path().read_text("utf-8") == wanted_index()
    except FileNotFoundError:
        return f"{name} is missing"
    except LessonError as error:
        return f"{name}: {error}"
    return None if same else f"{name} differs from the lessons"


def build(path: Path) -> None:
    """Build, execute and write all notebooks of one lesson, or write none of them."""
    wanted = list(targets(path, read_lesson(path)))
    for target in wanted:
        target.path.parent.mkdir(parents=True, exist_ok=True)
        if target.kind == "recall":
            continue
        start = time.perf_counter()
        execute(target)
        shown = target.path.relative_to(NOTEBOOKS)
        cells = len(target.notebook.cells)
        print(f"  {shown}: {cells} cells in {time.perf_counter() - start:.1f} s", flush=True)
    for target in wanted:
        write(target)


def main(arguments: list[str] | None = None) -> int:
    """Build or check the lessons named on the command line. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m tools.build", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NN", help="lessons to build (default: all)")
    parser.add_argument("--check", action="store_true", help="compare, build nothing")
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
            build(path)
        except LessonError as error:
            failed += 1
            print(f"{path.name}: {error}\nNothing of this lesson was written.", file=sys.stderr)
    try:
        write_index()
    except LessonError as error:
        failed += 1
        print(f"{index_path().name}: {error}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
