"""The house stands as it was drawn: one direction, no circle, few floors, short files, clear names.

Each rule is tried on a small house that breaks it, too, so that none of them can go blind.
"""

from __future__ import annotations

import ast
import importlib
import itertools
import re
from pathlib import Path

import pytest

from conftest import ROOT
from tools import house

PACKAGES = house.ORDER[1:]

HTTP_LIBRARY = {"httpx2": {"helpers.connection.dialect", "practice.eye.fetch"}, "httpx": set()}
"""Who may import it: one file that speaks to providers, one that fetches pictures."""


@pytest.fixture(scope="module")
def ours() -> house.House:
    return house.read()


def build(root: Path, files: dict[str, str]) -> house.House:
    """A small house in a folder."""
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        for folder in file.parents:
            if folder != root and folder.is_relative_to(root):
                (folder / "__init__.py").touch()
        file.write_text(text, "utf-8")
    return house.read(root)


def test_every_file_is_seen(ours: house.House) -> None:
    """Folders of any depth: a rule that reads nothing holds always."""
    for package in PACKAGES:
        on_disk = set((ROOT / package).rglob("*.py"))
        assert on_disk
        assert on_disk == {
            file for file in ours.files.values() if file.is_relative_to(ROOT / package)
        }
    assert "practice.server.answering" in ours.arrows["practice.server.app"]
    assert "tools.setup.steps" in ours.arrows["kit"]


def test_imports_point_one_way(ours: house.House) -> None:
    assert house.upwards(ours) == []


def test_an_import_upwards_is_found(tmp_path: Path) -> None:
    built = build(
        tmp_path,
        {
            "practice/wire/deep.py": "def late():\n    from helpers import errors\n",
            "helpers/errors.py": "from practice.rules import schemas\n",
            "helpers/sound.py": "from practice.process import config\n",
            "practice/process/config.py": "",
            "practice/rules/schemas.py": "",
            "doctor/table.py": "import tools.setup\n",
            "tools/setup/steps.py": "",
        },
    )
    assert house.upwards(built) == [
        "doctor.table → tools.setup",
        "helpers.errors → practice.rules.schemas",
        "practice.wire.deep → helpers.errors",
    ]


@pytest.mark.parametrize("package", PACKAGES)
def test_no_circle_and_few_floors(ours: house.House, package: str) -> None:
    by_file = house.floors(house.rooms(ours, package))
    by_folder = house.floors(house.folders(house.rooms(ours, package)))
    assert len(by_file) > 4
    assert len(by_folder) > 2
    # practice and tools are read folder by folder, helpers file by file.
    measured = by_folder if package in ("practice", "tools") else by_file
    assert max(measured.values()) <= house.FLOORS.get(package, 7), measured


def test_floors_and_circles_are_found(tmp_path: Path) -> None:
    files = {
        "helpers/errors.py": "",
        "helpers/connection/session.py": "from ..errors import SettingsError\n",
        "helpers/calls.py": "from .connection import session\n",
        "helpers/widgets/window.py": "def f():\n    from helpers.calls import ask\n",
        "helpers/__init__.py": "from .widgets.window import f\n",
    }
    rooms = house.rooms(build(tmp_path, files), "helpers")
    assert max(house.floors(rooms).values()) == 4
    files["helpers/errors.py"] = "from .widgets import window\n"
    rooms = house.rooms(build(tmp_path, files), "helpers")
    with pytest.raises(ValueError, match="a circle"):
        house.floors(rooms)
    # Two files of one folder may need two of another in turn: then the folders are a circle.
    files = {
        "practice/a/one.py": "from practice.b import two\n",
        "practice/b/two.py": "",
        "practice/b/three.py": "from practice.a import four\n",
        "practice/a/four.py": "",
    }
    rooms = house.rooms(build(tmp_path / "second", files), "practice")
    house.floors(rooms)
    with pytest.raises(ValueError, match="a circle"):
        house.floors(house.folders(rooms))


def test_the_table_of_folders_in_the_readme_of_practice_is_true(ours: house.House) -> None:
    text = (ROOT / "practice" / "README.md").read_text("utf-8")
    rows = re.findall(r"^\| `(\w+)/` \|.*\|([^|]*)\|$", text, re.M)
    arrows = house.folders(house.rooms(ours, "practice"))
    actual = {
        room.partition(".")[2]: {other.partition(".")[2] for other in others}
        for room, others in arrows.items()
    }
    assert {name: set(re.findall(r"`(\w+)`", imports)) for name, imports in rows} == actual
    above: set[str] = set()
    for name, _ in rows:  # in the order of the table
        assert actual[name] <= above, name
        above.add(name)


def test_the_drawing_of_the_architecture_is_true(ours: house.House) -> None:
    text = (ROOT / "docs" / "ARCHITECTURE.md").read_text("utf-8")
    inside = text[text.index("subgraph practice[") : text.index("    end\n```")]
    chains = [line.split(" --> ") for line in inside.splitlines() if "-->" in line]
    drawn = {
        pair for chain in chains for pair in itertools.pairwise(word.strip() for word in chain)
    }
    arrows = house.folders(house.rooms(ours, "practice"))
    assert len(drawn) > 6
    for above, below in drawn:
        assert f"practice.{below}" in arrows[f"practice.{above}"], (above, below)


def test_files_are_short(ours: house.House) -> None:
    long = {name: house.lines([file]) for name, file in ours.files.items()}
    assert {name: n for name, n in long.items() if n > house.LONGEST_FILE} == {}
    assert 0 < house.lines(house.core()) <= house.LONGEST_CORE
    assert len(house.core()) <= 12


def test_a_long_file_is_measured(tmp_path: Path) -> None:
    built = build(
        tmp_path, {"helpers/long.py": "x = 1\n" * 401, "helpers/views/short.py": "x = 1\n"}
    )
    assert house.lines([built.files["helpers.long"]]) > house.LONGEST_FILE
    assert house.lines(house.core(tmp_path)) == 401  # the folders are not the core


@pytest.mark.parametrize("library", HTTP_LIBRARY)
def test_the_http_library_has_one_user_in_each_package(ours: house.House, library: str) -> None:
    assert set(house.users(ours, library)) <= HTTP_LIBRARY[library]


def test_a_user_of_a_library_is_found(tmp_path: Path) -> None:
    files = {
        "helpers/a.py": "def f():\n    from httpx2._client import Client\n",
        "helpers/b.py": "import httpx2.x as y\n",
        "helpers/c.py": "import httpx2lookalike\nfrom . import httpx2\n",
    }
    assert house.users(build(tmp_path, files), "httpx2") == ["helpers.a", "helpers.b"]


@pytest.mark.parametrize("package", ["helpers", "doctor"])
def test_public_names_are_sorted_and_no_module_has_one(package: str) -> None:
    """`helpers.explain` must be the function, whatever was imported before."""
    names = importlib.import_module(package).__all__
    assert names == sorted(names)
    assert names
    stems = {file.stem for file in (ROOT / package).rglob("*.py")}
    stems |= {file.name for file in (ROOT / package).rglob("*") if file.is_dir()}
    allowed = {"settings"}  # helpers.connection.settings: a folder stands between the two
    assert set(names) & stems <= allowed
    top = {file.stem for file in (ROOT / package).glob("*")}
    assert not set(names) & top


def namesakes(built: house.House) -> list[str]:
    """Modules that define a public function or class of their own name."""
    found = []
    for name, file in built.files.items():
        body = ast.parse(file.read_bytes()).body
        if any(getattr(node, "name", None) == name.rpartition(".")[2] for node in body):
            found.append(name)
    return found


def test_no_module_has_the_name_of_what_is_in_it(ours: house.House, tmp_path: Path) -> None:
    # helpers.settings() is what a learner calls; a folder stands between the two.
    assert namesakes(ours) == ["helpers.connection.settings"]
    built = build(tmp_path, {"practice/eye/fetch.py": "async def fetch(): ...\n"})
    assert namesakes(built) == ["practice.eye.fetch"]


def test_the_numbers_can_be_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert house.main() == 0
    printed = capsys.readouterr().out
    assert "imports upwards: none" in printed
    assert "core of helpers: " in printed
