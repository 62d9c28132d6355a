"""The course as a whole: which lessons there are, and the ways between their notebooks."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Literal, NamedTuple
from urllib.parse import unquote

import jupytext
from nbformat import NotebookNode

from tools.notebooks import rules
from tools.notebooks.rules import LessonError
from tools.notebooks.texts import words

Kind = Literal["lesson", "solutions", "recall"]
LANGUAGE_FOLDERS = {"en": PurePosixPath(), "zh": PurePosixPath("zh-CN")}
LANGUAGE_TAGS = {"en": "en", "zh": "zh-CN"}
"""As KIT_LANG and a notebook's metadata name the language."""
KIND_FOLDERS: dict[Kind, str] = {"lesson": "", "solutions": "solutions", "recall": "recall"}


class Outline(NamedTuple):
    """What the other lessons have to know of a lesson."""

    name: str
    """As in ``02_first_chat``."""
    titles: dict[str, str]
    """By language; a language that is missing is one the lesson is not written in."""
    minutes: int
    more: int
    """Minutes for the optional part, or 0."""
    maps: dict[str, str]
    """The heading of the course's map, by language, where it stands in this lesson."""

    def titled(self, lang: str) -> str:
        """Return its number and title, in English where that language is missing."""
        return f"{self.name[:2]} {self.titles.get(lang, self.titles['en'])}"


Course = dict[str, Outline]


def read_course(folder: Path) -> Course:
    """Return the outlines of all lessons of a folder, in their order. Raises LessonError."""
    found = {}
    for path in sorted(folder.glob("[0-9][0-9]_*.py")):
        try:
            found[path.stem] = _outline(path.stem, path.read_text("utf-8"))
        except LessonError as error:
            raise LessonError(f"{path.name}: {error}") from None
    return found


@cache
def _outline(name: str, source: str) -> Outline:
    cells: list[NotebookNode] = jupytext.reads(source, fmt="py:percent").cells
    titles = {lang: rules.title(cells, lang) for lang in languages(cells)}
    first = cells[0]
    maps = {
        cell.metadata["lang"]: rules.headings(cell.source).splitlines()[0].lstrip("# ")
        for cell in cells
        if "map" in rules.tags_of(cell) and rules.headings(cell.source)
    }
    minutes, more = first.metadata.get("minutes"), first.metadata.get("more", 0)
    if not isinstance(minutes, int) or not isinstance(more, int):
        raise LessonError(
            "The header of the first cell says how long the lesson takes: minutes=30, "
            "and more=10 for an optional part."
        )
    return Outline(name, titles, minutes, more, maps)


def languages(cells: list[NotebookNode]) -> list[str]:
    """Return the languages this lesson is written in, English first."""
    return ["en", "zh"] if any(c.metadata.get("lang") == "zh" for c in cells) else ["en"]


# --- the ways between notebooks


def folder_of(kind: Kind, lang: str) -> PurePosixPath:
    """Return the folder of such notebooks, from notebooks/."""
    return LANGUAGE_FOLDERS[lang] / KIND_FOLDERS[kind]


def way(origin: PurePosixPath, to: PurePosixPath | str) -> str:
    """Return the relative address of a file from a folder, both given from notebooks/."""
    return posixpath.relpath(str(to), str(origin))


def lesson_file(outline: Outline, lang: str) -> PurePosixPath:
    """Return where a lesson stands, from notebooks/: in its language where it has it."""
    return LANGUAGE_FOLDERS[lang if lang in outline.titles else "en"] / f"{outline.name}.ipynb"


def head(course: Course, name: str, lang: str) -> str:
    """Return the line below the title of a lesson: where it stands, and the ways on."""
    own = course[name]
    time = "minutes_and_more" if own.more else "minutes"
    return words(
        "head",
        lang,
        number=int(name[:2]),
        last=int(list(course)[-1][:2]),
        time=words(time, lang, minutes=own.minutes, more=own.more),
        links=_ways_on(course, name, lang, full=False),
    )


def foot(course: Course, name: str, lang: str) -> str:
    """Return the end of a lesson: the ways on, and the way to its other copies."""
    links = words("foot", lang, links=_ways_on(course, name, lang, full=True))
    return links + "\n\n" + words("own_copies", lang, name=name)


def _ways_on(course: Course, name: str, lang: str, *, full: bool) -> str:
    """Return the links to the lesson before, the map, the next one, the other language."""
    here, order = LANGUAGE_FOLDERS[lang], list(course)
    at = order.index(name)

    def link(shown: str, to: Outline) -> str:
        name = to.titled(lang) if full else to.name[:2]
        hover = "" if full else f' "{to.titled(lang)}"'
        return f"[{shown.format(name)}]({way(here, lesson_file(to, lang))}{hover})"

    links = [link("← {}", course[order[at - 1]])] if at else []
    links += _map(course, here, lang)
    links += [link("{} →", course[order[at + 1]])] if at + 1 < len(order) else []
    for other in course[name].titles.keys() - {lang}:
        to = way(here, lesson_file(course[name], other))
        links += [] if full else [f"[{words('other_language', lang)}]({to})"]
    return " · ".join(links)


def _map(course: Course, here: PurePosixPath, lang: str) -> list[str]:
    """Return the link to the map of the course, or none in a course that has no map."""
    for outline in course.values():
        if outline.maps:
            heading = outline.maps.get(lang, outline.maps["en"])
            address = way(here, lesson_file(outline, lang)) + anchor(heading)
            return [f"[{words('map', lang)}]({address})"]
    return []


def anchor(heading: str) -> str:
    """Return the address of a heading within its notebook, as JupyterLab makes it."""
    return "#" + re.sub(r"[`*]", "", heading).replace(" ", "-")


# --- links that a lesson's text holds

_LINK = re.compile(r"(\]\(|(?:src|href)=\")([^)\s\"]+)")
_CODE = re.compile(r"(^(?:```|~~~).*?^(?:```|~~~)|`[^`\n]*`)", re.DOTALL | re.MULTILINE)


def relinked(source: str, course: Course, kind: Kind, lang: str) -> str:
    """Return markdown whose links, written as from notebooks/, lead on from another folder."""
    here = folder_of(kind, lang)

    def adapted(found: re.Match[str]) -> str:
        path, hash_, fragment = found[2].partition("#")
        if not path or re.match(r"\w+:|/", path):
            return found[0]
        known = course.get(path.removesuffix(".ipynb"))
        # Pictures exist once, below notebooks/, for every language; lessons in each.
        to = lesson_file(known, lang) if known else PurePosixPath(path)
        return found[1] + way(here, to) + hash_ + fragment

    parts = _CODE.split(source)
    parts[::2] = [_LINK.sub(adapted, part) for part in parts[::2]]
    return "".join(parts)


def without_code(text: str) -> str:
    """Return markdown without its code, in blocks and in lines."""
    return "".join(_CODE.split(text)[::2])


def addresses(text: str) -> list[str]:
    """Return the address of every link and image of a markdown text."""
    return [address for _, address in _LINK.findall(without_code(text))]


def pictures_found(source: str, kind: Kind, lang: str) -> str:
    """Return code whose pictures, written as from notebooks/, are found from another folder."""
    here = folder_of(kind, lang)
    return re.sub(r'"(pictures/[^"]+)"', lambda found: f'"{way(here, found[1])}"', source)


def links(cells: list[NotebookNode]) -> Iterator[tuple[str, str]]:
    """Yield each relative link of a notebook's text: the path ("" for itself) and its heading."""
    for cell in cells:
        for address in addresses(cell.source) if cell.cell_type == "markdown" else []:
            if not re.match(r"\w+:|/", address):
                path, _, fragment = address.partition("#")
                yield unquote(path), unquote(fragment)


def broken_links(books: dict[Path, list[NotebookNode]]) -> Iterator[str]:
    """Yield, in plain words, each link of the notebooks (cells by path) that leads nowhere."""
    for book, cells in books.items():
        for path, fragment in links(cells):
            to = Path(posixpath.normpath((book.parent / path).as_posix())) if path else book
            if to not in books:
                if not to.exists():
                    yield f"{book.name}: the link {path} leads nowhere"
            elif fragment and f"#{fragment}" not in anchors(books[to]):
                yield f"{book.name}: {to.name} has no heading for #{fragment}"


def anchors(cells: list[NotebookNode]) -> set[str]:
    """Return the addresses of the headings of a notebook."""
    text = "\n".join(rules.prose(cell.source) for cell in cells if cell.cell_type == "markdown")
    return {anchor(found) for found in re.findall(r"^#{1,6} (.+)$", text, re.MULTILINE)}
