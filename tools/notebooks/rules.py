"""What a lesson must have and must not have. Pure rules: no files, no kernel.

`python -m tools.notebooks` applies them; lessons/README.md explains them to authors.
"""

from __future__ import annotations

import re

from nbformat import NotebookNode

from tools.notebooks.texts import words

TAGS = {
    "setup",
    "exercise",
    "check",
    "nbval-check-output",
    "nbval-ignore-output",
    "map",
    "questions",
}

LANGUAGES = ("en", "zh")
# The parts every lesson has, as its markdown must show them; their words are in texts.toml.
PARTS = ("goals", "remember", "reference")
QUESTIONS = 3
"""Folded ones, `<details>`, in the cell tagged `questions`."""
LONGEST_HEADING = 60
"""Characters: what a table of contents shows without cutting it."""

SOLUTION, STUB, END = "# --- solution", "# --- stub", "# --- end"

# What helpers.exercise() starts its line with; the build needs to see which.
PASSED, NOT_YET = "✓", "✗"

FORBIDDEN_CODE = {
    r"\bclear_output\b": "clear_output: tests cannot follow it",
    r"(?<![\w.])input\(": "input(): it blocks Run All",
    r"\bOut\[": "Out[n]: it breaks when a cell is run twice",
    r"\bsys\.path\b": "sys.path: the kit is installed, no path tricks",
}
SECRET = re.compile(
    r"\b(?:sk|pk|rk|gsk)[-_][A-Za-z0-9_-]{8,}|\bpractice-[A-Za-z0-9_-]{24,}"
    r"|\bBearer\s+[A-Za-z0-9._-]{16,}"
)
MACHINE_PATH = re.compile(
    r"(?<![\w.])/(?:home|root|Users|tmp|var/folders|private/var)/[\w.]|[A-Za-z]:\\\\?Users\\"
    r"|site-packages|object at 0x[0-9a-f]+|\x1b\["
)


class LessonError(Exception):
    """A lesson breaks a rule of the format; the message names the cell."""


def name_of(cell: NotebookNode) -> str:
    """Return the start of a cell, to name it in a message."""
    first = next((line for line in cell.source.splitlines() if line.strip()), "(empty)")
    return f"{cell.cell_type} cell “{first[:60]}”"


def tags_of(cell: NotebookNode) -> set[str]:
    """Return the tags of a cell."""
    return set(cell.metadata.get("tags", []))


def prose(source: str) -> str:
    """Return markdown without its fenced code blocks, where # starts a comment."""
    return re.sub(r"^(```|~~~).*?^\1", "", source, flags=re.DOTALL | re.MULTILINE)


def headings(source: str) -> str:
    """Return the headings of a markdown cell below the title, one a line."""
    return "\n\n".join(re.findall(r"^#{2,6} .+$", prose(source), re.MULTILINE))


def title(cells: list[NotebookNode], lang: str) -> str:
    """Return the title of a lesson: its first heading in that language."""
    for cell in cells:
        if cell.metadata.get("lang") == lang:
            match = re.match(r"# (.+)", cell.source)
            if match:
                return match[1].strip()
            break
    raise LessonError(f"The first {lang} cell must start with `# ` and the title.")


# --- the source


def check_source(cells: list[NotebookNode]) -> None:
    """Raise LessonError where the cells of a lesson break the format."""
    check_pairs(cells)
    for cell in cells:
        unknown = tags_of(cell) - TAGS
        if unknown:
            raise LessonError(f"{name_of(cell)}: unknown tag {', '.join(sorted(unknown))}.")
        if cell.cell_type == "code":
            check_code(cell)
    code = [cell for cell in cells if cell.cell_type == "code"]
    for lang in LANGUAGES:
        check_exercises([cell for cell in code if cell.metadata.get("lang", lang) == lang])


def check_pairs(cells: list[NotebookNode]) -> None:
    """Every markdown cell has a language; with Chinese, each English cell has its partner.

    A code cell has a language only as one of a pair.
    """
    chinese = any(cell.metadata.get("lang") == "zh" for cell in cells)
    for before, cell, after in zip([None, *cells], cells, [*cells[1:], None], strict=False):
        lang = cell.metadata.get("lang")
        if cell.cell_type == "markdown" and lang not in LANGUAGES:
            raise LessonError(f'{name_of(cell)}: write lang="en" or lang="zh" in its header.')
        if lang not in (*LANGUAGES, None):
            raise LessonError(f'{name_of(cell)}: there is no language {lang}: write "en" or "zh".')
        if lang == "zh" and not _in(before, "en", cell.cell_type):
            raise LessonError(f"{name_of(cell)}: it has no English cell before it.")
        if lang == "en" and chinese:
            if after is None or not _in(after, "zh", cell.cell_type):
                raise LessonError(f"{name_of(cell)}: its Chinese cell is missing.")
            for key in ("tags", "reason"):
                if cell.metadata.get(key) != after.metadata.get(key):
                    raise LessonError(
                        f"{name_of(after)}: its {key} differs from the English cell's."
                    )


def _in(cell: NotebookNode | None, lang: str, kind: str) -> bool:
    """Tell whether a cell is of this language and this type (``markdown``, ``code``)."""
    return cell is not None and (cell.metadata.get("lang"), cell.cell_type) == (lang, kind)


def check_code(cell: NotebookNode) -> None:
    """Raise LessonError where a code cell does what a notebook of the course may not."""
    for pattern, why in FORBIDDEN_CODE.items():
        if re.search(pattern, cell.source):
            raise LessonError(f"{name_of(cell)}: do not use {why}.")
    if SECRET.search(cell.source):
        raise LessonError(f"{name_of(cell)}: it holds something that looks like a key.")
    ignored = "nbval-ignore-output" in tags_of(cell)
    if ignored != bool(cell.metadata.get("reason", "").strip()):
        raise LessonError(
            f'{name_of(cell)}: the tag nbval-ignore-output and reason="…" stand together, '
            "both in the header of the cell."
        )
    if "# not compared:" in cell.source:
        raise LessonError(f'{name_of(cell)}: write reason="…" in its header, not as a comment.')


def check_exercises(cells: list[NotebookNode]) -> None:
    """Each exercise has a solution and is followed by its check; a lesson has at least one."""
    if not any("exercise" in tags_of(cell) for cell in cells):
        raise LessonError("The lesson has no exercise.")
    for cell, following in zip(cells, [*cells[1:], None], strict=True):
        if "exercise" not in tags_of(cell):
            if SOLUTION in cell.source:
                raise LessonError(f'{name_of(cell)}: a solution needs tags=["exercise"].')
            continue
        if stubbed(cell.source) == solved(cell.source):
            raise LessonError(f"{name_of(cell)}: mark the solution with `{SOLUTION}`.")
        if following is None or "check" not in tags_of(following):
            raise LessonError(f"{name_of(cell)}: a cell tagged `check` must follow it.")


def check_questions(cells: list[NotebookNode]) -> None:
    """Raise LessonError unless one cell, in each language, asks three folded questions."""
    for lang in {cell.metadata["lang"] for cell in cells if cell.cell_type == "markdown"}:
        asking = [c for c in cells if "questions" in tags_of(c) and c.metadata["lang"] == lang]
        folded = r"<details>\s*<summary>\s*\S.*?</summary>\s*\S.*?</details>"
        found = [len(re.findall(folded, cell.source, re.DOTALL)) for cell in asking]
        if found != [QUESTIONS]:
            raise LessonError(
                f'The lesson needs one {lang} cell with tags=["questions"] and {QUESTIONS} folded '
                "questions: <details><summary>question</summary> answer </details>."
            )


def solved(source: str) -> str:
    """Return the source of an exercise with the solution in it and no markers."""
    return _choose(source, keep_solution=True)


def stubbed(source: str) -> str:
    """Return the source of an exercise as the learner gets it."""
    return _choose(source, keep_solution=False)


def _choose(source: str, *, keep_solution: bool) -> str:
    lines: list[str] = []
    part = END
    for line in source.splitlines():
        if (mark := line.strip()) in (SOLUTION, STUB, END):
            expected = {SOLUTION: (END,), STUB: (SOLUTION,), END: (SOLUTION, STUB)}[mark]
            if part not in expected:
                raise LessonError(f"`{mark}` is out of order in “{source.splitlines()[0]}”.")
            part = mark
        elif part == END or (part == SOLUTION and keep_solution):
            lines.append(line)
        elif part == STUB and not keep_solution:
            # Stub lines are comments in the lesson, so that the lesson itself runs.
            lines.append(re.sub(r"^(\s*)# ?", r"\1", line))
    if part != END:
        raise LessonError(f"`{END}` is missing in “{source.splitlines()[0]}”.")
    return "\n".join(lines)


# --- the notebooks


def check_markdown(cells: list[NotebookNode], lang: str, *, whole: bool) -> None:
    """Raise LessonError for a missing part, a skipped heading level, an image without words."""
    markdown = [cell for cell in cells if cell.cell_type == "markdown"]
    text = "\n".join(prose(cell.source) for cell in markdown)
    if whole:
        for part in [words(name, lang) for name in PARTS]:
            if f"{part}\n" not in f"{text}\n":
                raise LessonError(f"The lesson lacks the part `{part}`.")
        if "](https://" not in text.split(part)[-1]:
            raise LessonError("The reference part has no link to an official page.")
        check_exercise_headings(markdown, lang)
    level = 0
    for cell in markdown:
        for match in re.finditer(r"^(#{1,6}) (.*)", prose(cell.source), re.MULTILINE):
            if len(match[2]) > LONGEST_HEADING or match[2].endswith((".", ":", "。", ":")):
                raise LessonError(
                    f"{name_of(cell)}: a heading is a line of a plan: {LONGEST_HEADING} characters "
                    "at most, without a full stop or a colon at its end."
                )
            if len(match[1]) > level + 1 or (len(match[1]) == 1 and level > 0):
                raise LessonError(f"{name_of(cell)}: a heading skips a level.")
            level = len(match[1])
        bare = r"!\[\s*\]\(|<img(?![^>]*\balt=\"[^\"]+\")[^>]*>"
        if re.search(bare, prose(cell.source)):
            raise LessonError(f"{name_of(cell)}: an image has no alt text.")


def check_exercise_headings(markdown: list[NotebookNode], lang: str) -> None:
    """Raise LessonError unless the exercises are numbered from 1 and say what they are about."""
    number = 0
    for cell in markdown:
        for heading in headings(cell.source).splitlines() if "exercise" in tags_of(cell) else []:
            if heading.startswith("## "):
                number += 1
                if not heading.startswith(start := words("exercise", lang, number=number)):
                    raise LessonError(f"{name_of(cell)}: its heading must start with `{start}`.")


def check_names(cell: NotebookNode, printed: str) -> list[str]:
    """Return the names of the checks that a solved check cell printed as passed."""
    mark = f"{PASSED} "
    names = [line.removeprefix(mark) for line in printed.splitlines() if line.startswith(mark)]
    if not names or len(names) != len(set(names)):
        raise LessonError(f"{name_of(cell)}: its checks need names, each another one.")
    return names


def check_outputs(cell: NotebookNode, machine_words: list[str], *, solutions: bool) -> None:
    """Raise LessonError when an executed cell stored what it may not, or its check is wrong."""
    text = ""
    for output in cell.outputs:
        if output.output_type == "execute_result":
            raise LessonError(f"{name_of(cell)}: print or display its last value.")
        if output.get("name") == "stderr" and "nbval-ignore-output" not in tags_of(cell):
            raise LessonError(f"{name_of(cell)}: it wrote to stderr: {output.text[:300]}")
        text += output.get("text", "")
        text += "".join(
            value if isinstance(value, str) else str(value)
            for kind, value in output.get("data", {}).items()
            if not kind.startswith("image/p") and kind != "image/jpeg"
        )
    if found := SECRET.search(text):
        raise LessonError(f"{name_of(cell)}: its output looks like a key: {found[0][:6]}…")
    found = MACHINE_PATH.search(text)
    words = [found[0]] if found else [word for word in machine_words if word in text]
    if words:
        raise LessonError(f"{name_of(cell)}: its output names this machine: {words[0]!r}.")
    if "check" in tags_of(cell):
        wanted, unwanted = (PASSED, NOT_YET) if solutions else (NOT_YET, "never")
        if wanted not in text or unwanted in text:
            what = "the solution" if solutions else "the stub"
            raise LessonError(f"{name_of(cell)}: for {what} it must print {wanted}, not: {text!r}")
