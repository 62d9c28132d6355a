"""A lesson as cells, and the notebooks that it gives, not yet executed."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import jupytext
import nbformat
from nbformat import NotebookNode

from tools.notebooks import rules
from tools.notebooks.course import (
    KIND_FOLDERS,
    LANGUAGE_TAGS,
    Course,
    Kind,
    folder_of,
    foot,
    head,
    languages,
    pictures_found,
    read_course,
    relinked,
)
from tools.notebooks.facts import filled
from tools.notebooks.languages import check_languages
from tools.notebooks.pairs import check_code_pair
from tools.notebooks.rules import LessonError
from tools.notebooks.scaffolding import check_scaffolding
from tools.notebooks.texts import words
from tools.setup.jupyter import KERNEL


ROOT = Path(__file__).resolve().parents[2]
LESSONS = ROOT / "lessons"
NOTEBOOKS = ROOT / "notebooks"
IN_SOLUTIONS = {"setup", "exercise", "check"}
# An exercise keeps its text: without it nobody could solve it.
KEPT_IN_RECALL = {"exercise", "questions"}
# What JupyterLab itself writes into a notebook that it opens in this kit, so that an untouched
# lesson stays untouched. No version of Python, and no name of somebody's environment.
METADATA = {
    "kernelspec": {"display_name": KERNEL, "language": "python", "name": "python3"},
    "language_info": {
        "codemirror_mode": {"name": "ipython", "version": 3},
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "name": "python",
        "nbconvert_exporter": "python",
        "pygments_lexer": "ipython3",
    },
}


@dataclass(frozen=True)
class Target:
    """One notebook to build: where it goes and what it holds before it is executed."""

    path: Path
    kind: Kind
    notebook: NotebookNode
    lang: str = "en"

    @property
    def marks(self) -> dict[str, str]:
        """What the notebook's own metadata says of it, so that the helpers speak its language."""
        return {"lang": LANGUAGE_TAGS[self.lang]}


def sources(names: list[str]) -> list[Path]:
    """Return the lesson files whose names start with one of `names` (all when empty)."""
    lessons = sorted(LESSONS.glob("[0-9][0-9]_*.py"))
    unknown = [name for name in names if not any(p.stem.startswith(name) for p in lessons)]
    if unknown:
        raise LessonError(f"No lesson starts with {', '.join(unknown)}. Look in lessons/.")
    return [p for p in lessons if not names or any(p.stem.startswith(n) for n in names)]


def read_lesson(path: Path) -> list[NotebookNode]:
    """Return the cells of a lesson, each with a stable id; a cell of one language keeps metadata `lang`.

    Raises LessonError where the lesson breaks a rule.
    """
    cells: list[NotebookNode] = jupytext.read(path, fmt="py:percent").cells
    rules.check_source(cells)
    check_scaffolding(cells)
    for cell, following in itertools.pairwise(cells):
        if cell.cell_type == "code" and following.metadata.get("lang") == "zh":
            check_code_pair(cell, following)
    check_languages(cells)
    seen: dict[str, int] = {}
    previous = ""
    for cell in cells:
        # A Chinese cell takes the id of the English cell before it. Otherwise the id comes from
        # the text, so a cell keeps its id when others move around it.
        if cell.metadata.get("lang") == "zh":
            cell.id = previous
            continue
        known_by = f"{path.stem}\n{cell.cell_type}\n{cell.source}"
        digest = hashlib.sha256(known_by.encode()).hexdigest()[:12]
        seen[digest] = seen.get(digest, 0) + 1
        cell.id = previous = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    return cells


def targets(path: Path, cells: list[NotebookNode]) -> Iterator[Target]:
    """Yield every notebook that a lesson gives, not yet executed."""
    course = read_course(path.parent)
    for lang in languages(cells):
        for kind in KIND_FOLDERS:
            chosen = [
                built_cell(cell, kind, lang, course)
                for cell in cells
                if cell.metadata.get("lang", lang) == lang and belongs(cell, kind)
            ]
            chosen = with_ways(chosen, kind, lang, course, path.stem)
            notebook = nbformat.v4.new_notebook(cells=chosen, metadata=METADATA)
            rules.check_markdown(notebook.cells, lang, whole=kind == "lesson")
            nbformat.validate(notebook)
            place = NOTEBOOKS / folder_of(kind, lang) / f"{path.stem}.ipynb"
            yield Target(place, kind, notebook, lang)


def with_ways(
    cells: list[NotebookNode], kind: Kind, lang: str, course: Course, name: str
) -> list[NotebookNode]:
    """Return the cells of a notebook with its title and the links that lead on and back."""
    titled = course[name].titled(lang)
    if kind != "lesson":
        top = prose_cell(words(kind, lang, title=titled, name=name), f"{kind}-head")
        end = prose_cell(words("back", lang, title=titled, name=name), f"{kind}-foot")
        return [top, *cells, end]
    first = cells[0]
    rest = first.source.partition("\n")[2].strip()
    first.source = f"# {titled}\n\n{head(course, name, lang)}\n\n{rest}".rstrip()
    return [*cells, prose_cell(foot(course, name, lang), "lesson-foot")]


def prose_cell(source: str, id_: str) -> NotebookNode:
    """Return a markdown cell of the build's own."""
    cell: NotebookNode = nbformat.v4.new_markdown_cell(source, id=id_)
    return cell


def belongs(cell: NotebookNode, kind: Kind) -> bool:
    """Tell whether a cell of a lesson stands in its notebook of that kind."""
    tags = rules.tags_of(cell)
    if kind == "solutions":
        return bool(IN_SOLUTIONS & tags)
    if kind == "recall" and cell.cell_type == "markdown":
        return bool(KEPT_IN_RECALL & tags) or rules.headings(cell.source) != ""
    return True


def built_cell(cell: NotebookNode, kind: Kind, lang: str, course: Course) -> NotebookNode:
    """Return a lesson cell as it stands in a notebook: solved or as a stub, links adapted."""
    tags = list(cell.metadata.get("tags", []))
    metadata: dict[str, object] = {"tags": tags} if tags else {}
    if cell.cell_type == "markdown":
        bare = kind == "recall" and not KEPT_IN_RECALL & set(tags)
        source = rules.headings(cell.source) if bare else cell.source
        source = filled(relinked(source, course, kind, lang), lang)
        prose: NotebookNode = nbformat.v4.new_markdown_cell(source, id=cell.id, metadata=metadata)
        return prose
    source = rules.solved(cell.source) if kind == "solutions" else rules.stubbed(cell.source)
    source = pictures_found(source, kind, lang)
    if "reason" in cell.metadata:  # why its output is not compared
        metadata["reason"] = cell.metadata["reason"]
    code: NotebookNode = nbformat.v4.new_code_cell(source, id=cell.id, metadata=metadata)
    return code
