"""The repository itself: style, types, no secrets, no traces of a machine, one list of packages."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from practice.process.models import default_model, practice_models

ROOT = Path(__file__).resolve().parents[1]
LAYOUT = (
    "README.md CONTRIBUTING.md CHANGELOG.md LICENSE NOTICE PRIVACY.md kit.py requirements.txt environment.yml "
    ".env.example .gitignore lessons notebooks notebooks/solutions helpers practice tests"
).split()

# What no tracked file may hold. The pieces are joined here so that this file does not match.
FORBIDDEN = {
    "a key": re.compile(r"sk-(?!\*)(?:proj-)?[A-Za-z0-9_-]{16,}"),
    "a path of a build machine": re.compile(r"/(?:home|Users|root|work|tmp)/[A-Za-z0-9._-]+"),
    "a package registry": re.compile(
        "|".join((r"py" r"pi\.org", r"pythonhosted\.org", r"npm" r"js"))
    ),
    "a private address": re.compile(
        r"\b(?:10\.\d+|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d+\.\d+\b"
    ),
}
ALLOWED = {
    ("a path of a build machine", "tests/"): "tests plant such paths to see them refused",
    ("a private address", "tests/"): "tests ask for such addresses to see them refused",
}


@cache
def tracked() -> list[str]:
    """Every file of the repository, as git lists them."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted(name for name in done.stdout.split("\0") if name and (ROOT / name).is_file())


def text_of(name: str) -> str | None:
    """The text of a file, or None for a picture."""
    try:
        return (ROOT / name).read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


def test_layout() -> None:
    assert [name for name in LAYOUT if not (ROOT / name).exists()] == []


def test_ruff_lints_and_formats() -> None:
    for command in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        done = run(["-m", "ruff", *command, "."])
        assert done.returncode == 0, done.stdout + done.stderr


def test_types_are_strict() -> None:
    done = run(["-m", "mypy"])
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    found = []
    for name in tracked():
        if any(what == kind and name.startswith(place) for kind, place in ALLOWED):
            continue
        text = text_of(name)
        match = FORBIDDEN[what].search(text) if text else None
        if match:
            found.append(f"{name}: {match.group(0)[:40]}")
    assert found == []


def test_the_patterns_find_what_they_look_for() -> None:
    planted = {
        "a key": "sk-" + "proj-abcdefghijklmnop1234",
        "a path of a build machine": "/ho" + "me/somebody/x",
        "a package registry": "py" + "pi.org",
        "a private address": "192.168" + ".0.1",
    }
    assert all(FORBIDDEN[what].search(text) for what, text in planted.items())


def test_lines_end_as_on_unix() -> None:
    assert [name for name in tracked() if "\r\n" in (text_of(name) or "")] == []


def test_conda_takes_its_packages_from_requirements() -> None:
    lines = (ROOT / "environment.yml").read_text().splitlines()
    assert lines[-2:] == ["  - pip:", "      - -r requirements.txt"]


def test_every_requirement_is_bounded() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    wanted = [line for line in lines if line and not line.startswith(("#", "--"))]
    assert wanted[-1] == "-e ."
    assert "--only-binary xllamacpp" in lines  # its source takes a compiler and a long time
    assert [line for line in wanted[:-1] if "==" not in line and "<" not in line] == []


def test_imports_point_one_way() -> None:
    for file in (ROOT / "practice").rglob("*.py"):
        assert "helpers" not in re.findall(
            r"^\s*(?:from|import) (\w+)", file.read_text("utf-8"), re.M
        )


def test_import_of_helpers_is_light() -> None:
    heavy = "httpx pandas matplotlib ipywidgets rapidocr onnxruntime xllamacpp starlette uvicorn"
    code = "import openai, sys; before = set(sys.modules); import helpers; "
    code += "print(*(set(sys.modules) - before))"
    loaded = run(["-c", code]).stdout.split()
    assert "helpers" in loaded
    assert [name for name in heavy.split() if name in loaded] == []


def run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=300
    )


def test_the_readmes_name_the_model_that_runs() -> None:
    model = default_model()
    for name in ("README.md", "README.zh-CN.md"):
        text = (ROOT / name).read_text("utf-8")
        assert f"{model.size / 1e6:.0f} MB" in text, name
        assert model.name in text, name
    assert f"{model.parameters} million parameters" in (ROOT / "README.md").read_text("utf-8")


def test_lessons_take_the_model_from_the_data() -> None:
    """A lesson writes {{practice.name}}: the model that runs may change."""
    words = [word for model in practice_models().values() for word in (model.name, model.id)]
    families = {re.split(r"[-.\d]", word)[0].lower() for word in words}
    assert families == {"smollm", "qwen"}
    for lesson in sorted((ROOT / "lessons").glob("*.py")):
        text = lesson.read_text("utf-8").lower()
        assert not [family for family in families if re.search(rf"\b{family}[\d.-]", text)], lesson
