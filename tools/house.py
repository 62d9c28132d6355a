"""The house in numbers: lines, floors, circles and the direction of imports.

`python3 -m tools.house` prints them; tests/test_house.py holds them. Standard library only, and
nothing of the project is imported: the files are read.

A room is a file, or a folder seen as one. A floor: a room stands one above the highest of those it
imports. Imports inside functions count, too. A package's face (an `__init__` that only hands names
on) and its door (`__main__`, the command line) are no rooms.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]

ORDER = ("kit", "tools", "doctor", "helpers", "practice")
"""Imports point from left to right."""

OPEN_TO_HELPERS = ("practice.process", "practice.data")
"""Of practice, helpers import the launcher with its settings, and the tables of facts."""

LONGEST_FILE = 400
LONGEST_CORE = 1000
FLOORS = {"helpers": 7, "practice": 6}

Arrows = dict[str, set[str]]


class House(NamedTuple):
    """The modules of the project by dotted name: their files, and what each imports of the others.

    A package stands there under its own name and means its ``__init__``.
    """

    files: dict[str, Path]
    arrows: Arrows


def read(root: Path = ROOT) -> House:
    """Return the house in the folder `root`. Raises SyntaxError for a file that is not Python."""
    found = [root / "kit.py"] if (root / "kit.py").exists() else []
    for package in ORDER[1:]:
        found += sorted((root / package).rglob("*.py"))
    files = {_name(file.relative_to(root)): file for file in found}
    return House(files, {name: _imports(name, file, files) for name, file in files.items()})


def floors(arrows: Arrows) -> dict[str, int]:
    """Return the floor of each room, the lowest being 1. Raises ValueError for a circle."""
    found: dict[str, int] = {}

    def floor(room: str, above: tuple[str, ...]) -> int:
        if room in above:
            raise ValueError("a circle: " + " → ".join([*above[above.index(room) :], room]))
        if room not in found:
            below = (floor(other, (*above, room)) for other in sorted(arrows[room]))
            found[room] = 1 + max(below, default=0)
        return found[room]

    for room in sorted(arrows):
        floor(room, ())
    return found


def rooms(house: House, package: str) -> Arrows:
    """Return the arrows between the files of a package, without its faces and its door."""
    inside = {name for name in house.files if name.split(".")[0] == package}
    inside -= {name for name in inside if _is_face_or_door(house.files[name])}
    return {name: house.arrows[name] & inside - {name} for name in inside}


def folders(arrows: Arrows) -> Arrows:
    """Return the arrows between the folders of a package; a file at its top is a room itself."""
    found: Arrows = {}
    for name, others in arrows.items():
        room = ".".join(name.split(".")[:2])
        found.setdefault(room, set()).update(".".join(other.split(".")[:2]) for other in others)
    return {room: others - {room} for room, others in found.items()}


def upwards(house: House) -> list[str]:
    """Return the imports against the order, and those of helpers beyond what is open to them."""
    found = []
    for name, others in house.arrows.items():
        here = ORDER.index(name.split(".")[0])
        for other in sorted(others):
            there = ORDER.index(other.split(".")[0])
            beyond = name.startswith("helpers") and other.startswith("practice.")
            if there < here or (beyond and not other.startswith(OPEN_TO_HELPERS)):
                found.append(f"{name} → {other}")
    return found


def users(house: House, library: str) -> list[str]:
    """Return the modules that import a library."""
    return [
        name
        for name, file in house.files.items()
        if any(_top(node, library) for node in ast.walk(ast.parse(file.read_bytes())))
    ]


def lines(files: Iterable[Path]) -> int:
    """Return how many lines these files have together."""
    return sum(len(file.read_text("utf-8").splitlines()) for file in files)


def core(root: Path = ROOT) -> list[Path]:
    """Return the files of helpers that are read in one sitting: those of no folder in it."""
    return sorted((root / "helpers").glob("*.py"))


def main() -> int:
    """Print the house, a line for each folder, and the numbers that a test holds."""
    house = read()
    by_folder: dict[str, list[Path]] = {}
    for file in house.files.values():
        by_folder.setdefault(file.parent.relative_to(ROOT).as_posix(), []).append(file)
    for folder, files in sorted(by_folder.items()):
        print(f"{folder:24}{len(files):4} files{lines(files):7,} lines")
    print()
    longest = max(house.files.values(), key=lambda file: lines([file]))
    print(f"longest file: {longest.relative_to(ROOT).as_posix()}, {lines([longest])} lines")
    print(f"core of helpers: {len(core())} files, {lines(core())} lines")
    for package in ORDER[1:]:
        arrows = rooms(house, package)
        print(
            f"{package}: {len(arrows)} files on {max(floors(arrows).values())} floors; with each "
            f"folder as one room, {max(floors(folders(arrows)).values())}"
        )
    print(f"imports upwards: {', '.join(upwards(house)) or 'none'}")
    return 0


def _name(path: Path) -> str:
    """Return the dotted name of a module from its path."""
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _is_face_or_door(file: Path) -> bool:
    """Whether a file is a ``__main__``, or an ``__init__`` that defines nothing of its own."""
    if file.name == "__main__.py":
        return True
    body = ast.parse(file.read_bytes()).body if file.name == "__init__.py" else None
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return body is not None and not any(isinstance(node, definitions) for node in body)


def _top(node: ast.AST, library: str) -> bool:
    """Whether a piece of code imports `library` or something inside it."""
    named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        named = [node.module]
    return any(name.partition(".")[0] == library for name in named)


def _imports(name: str, file: Path, files: dict[str, Path]) -> set[str]:
    """Return the modules of the project that a file imports, itself left out."""
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_bytes(), file.name)):
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(above if node.level else []), *filter(None, [node.module])])
            # What is imported from a package may be one of its modules.
            named = [f"{base}.{alias.name}" for alias in node.names]
            named = [one if one in files else base for one in named]
        else:
            continue
        found.update(one for one in named if one in files)
    return found - {name}


if __name__ == "__main__":
    sys.exit(main())
