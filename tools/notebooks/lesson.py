"""A lesson as cells, and the notebooks that it gives, not yet executed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import jupytext
import nbformat
from nbformat import NotebookNode

from tools.notebooks import rules
from tools.notebooks.facts import filled
from tools.notebooks.rules import LessonError
from tools.notebooks.scaffolding import check_scaffolding


ROOT = Path(__file__).resolve().parents[2]
LESSONS = ROOT / "lessons"
NOTEBOOKS = ROOT / "notebooks"
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


def sources(names: list[str]) -> list[Path]:
    """Return the lesson files whose names start with one of `names` (all when empty)."""
    lessons = sorted(LESSONS.glob("[0-9][0-9]_*.py"))
    unknown = [name for name in names if not any(p.stem.startswith(name) for p in lessons)]
    if unknown:
        raise LessonError(f"No lesson starts with {', '.join(unknown)}. Look in lessons/.")
    return [p for p in lessons if not names or any(p.stem.startswith(n) for n in names)]


def read_lesson(path: Path) -> list[NotebookNode]:
    """Return the cells of a lesson, each with a stable id; markdown keeps metadata `lang`."""
    cells: list[NotebookNode] = jupytext.read(path, fmt="py:percent").cells
    rules.check_source(cells)
    check_scaffolding(path.stem, cells)
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
    metadata: dict[str, object] = {"tags": tags} if tags else {}
    if cell.cell_type == "markdown":
        # An exercise keeps its text: without it nobody could solve it.
        bare = kind == "recall" and "exercise" not in tags
        source = rules.headings(cell.source) if bare else cell.source
        # Pictures and sketches exist once, below notebooks/, for every language.
        source = re.sub(r"(\]\(|src=\")(pictures|sketches)/", rf"\1{up}\2/", source)
        source = filled(source)
        text: NotebookNode = nbformat.v4.new_markdown_cell(source, id=cell.id, metadata=metadata)
        return text
    source = rules.solved(cell.source) if kind == "solutions" else rules.stubbed(cell.source)
    if "reason" in cell.metadata:  # why its output is not compared
        metadata["reason"] = cell.metadata["reason"]
    code: NotebookNode = nbformat.v4.new_code_cell(source, id=cell.id, metadata=metadata)
    return code
