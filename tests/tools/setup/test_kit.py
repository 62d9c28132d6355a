"""kit.py: what its commands start, what it says when it cannot, and what `doctor` finds."""

from __future__ import annotations

import ast
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import kit
from conftest import ROOT
from tools.setup import environment

Runs = list[list[str]]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> Runs:
    """Let nothing be installed or started; return the commands that would have been."""
    seen: Runs = []

    def run(command: list[str], environment: object = None) -> int:
        seen.append([str(word) for word in command])
        return 0

    monkeypatch.setattr(kit, "run", run)
    monkeypatch.setattr(kit, "set_up", lambda *_: "python")
    monkeypatch.setattr(kit, "copy_settings", lambda: None)
    return seen


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of what set-up needs, in a folder with spaces and Chinese characters."""
    copy = tmp_path / "第一次 first call"
    copy.mkdir()
    for name in ("kit.py", "requirements.txt", "pyproject.toml", ".env.example"):
        shutil.copy(ROOT / name, copy)
    for name in ("doctor", "helpers", "practice", "tools"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        assert list((copy / name).rglob("*.py")), f"nothing of {name}/ was copied"
    (copy / "tests").mkdir()
    shutil.copy(ROOT / "tests" / "requirements.txt", copy / "tests")
    (copy / "notebooks").mkdir()
    return copy


def start(
    project: Path, *words: str, **environment: str | None
) -> subprocess.CompletedProcess[str]:
    """Run kit.py in a copy, where no package index can be reached."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    changed = inherited | {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_RETRIES": "1",
        "PIP_INDEX_URL": "http://somebody:secret@127.0.0.1:9/simple",
    }
    for name, value in environment.items():
        if value is None:
            changed.pop(name, None)
        else:
            changed[name] = value
    return subprocess.run(
        [sys.executable, "kit.py", *words],
        cwd=project,
        env=changed,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


def test_an_old_python_can_read_it_and_is_told_kindly() -> None:
    source = (ROOT / "kit.py").read_text("utf-8")
    ast.parse(source, feature_version=(3, 7))
    code = "import runpy, sys; sys.version_info = (3, 8, 1); runpy.run_path('kit.py')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr.startswith("First Call needs Python 3.11 or newer; this is Python 3.8.\n")
    assert len(done.stderr.splitlines()) == 2


def test_lab_opens_the_first_lesson_and_passes_options_on(runs: Runs) -> None:
    assert kit.lab(["--no-browser", "--port", "9000"]) == 0
    [command] = runs
    assert command[:3] == ["python", "-m", "jupyterlab"]
    assert command[-3:] == ["--no-browser", "--port", "9000"]
    assert "--LabApp.default_url=/lab/tree/notebooks/00_start_here.ipynb" in command
    assert (ROOT / kit.FIRST_LESSON).exists()


def test_test_runs_the_code_tests_and_then_the_notebooks(runs: Runs) -> None:
    assert kit.test([]) == 0
    fetch, code, notebooks, again, small = runs
    assert code[1:] == ["-m", "pytest", *kit.WORKERS]
    assert notebooks[:3] == ["python", "-m", "pytest"]
    assert notebooks[-8:] == ["notebooks", *kit.LEFT_OUT]
    assert fetch == again == ["python", "-m", "practice", "fetch", "small"]
    assert small[-2:] == kit.WITH_SMALL
    assert "--nbval-lax" in small, "the stored words are those of another model"
    assert all((ROOT / name).exists() for name in kit.WITH_SMALL)
    runs.clear()
    assert kit.test(["--whole"]) == 0
    assert runs[2][-1] == "notebooks", "all Chinese ones, too"


def test_the_facts_hold_with_a_model_of_ones_choice(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    environments: list[dict[str, str]] = []

    def run(command: list[str], environment: dict[str, str]) -> int:
        runs.append(command)
        environments.append(environment)
        return 0

    monkeypatch.setattr(kit, "run", run)
    assert kit.test(["--model", "large"]) == 0
    assert [command[-1] for command in runs] == ["large", "notebooks"]
    assert "--nbval-lax" in runs[1]
    assert {environment["PRACTICE_MODEL"] for environment in environments} == {"large"}
    with pytest.raises(kit.Stop, match="--model wants a value"):
        kit.test(["--model"])


def test_lessons_at_a_provider_that_is_played(runs: Runs) -> None:
    assert kit.test(["--dialect", "deepseek", "02", "--write"]) == 0
    assert runs == [["python", "-m", "tools.dialects", "deepseek", "02", "--write"]]


def test_the_key_is_checked_in_the_environment_of_the_kit(runs: Runs) -> None:
    assert kit.check_key([]) == 0
    assert runs == [["python", "-m", "doctor.key_check"]]


@pytest.mark.parametrize(
    ("system", "machine", "words", "comparison"),
    [
        ("linux", "x86_64", [], "--nbval"),
        ("linux", "AMD64", [], "--nbval"),
        ("linux", "x86_64", ["--facts"], "--nbval-lax"),
        ("linux", "aarch64", [], "--nbval-lax"),
        ("darwin", "x86_64", [], "--nbval-lax"),
        ("win32", "AMD64", [], "--nbval-lax"),
    ],
)
def test_every_output_is_compared_only_where_they_were_made(
    runs: Runs,
    monkeypatch: pytest.MonkeyPatch,
    system: str,
    machine: str,
    words: list[str],
    comparison: str,
) -> None:
    """Prose may differ on another kind of computer; the committed outputs are of one."""
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    kit.test(words)
    _, code, notebooks, *_ = runs
    assert not {"--nbval", "--nbval-lax"} & set(code)
    assert {"--nbval", "--nbval-lax"} & set(notebooks) == {comparison}


def test_a_choice_of_tests_goes_to_pytest(runs: Runs) -> None:
    kit.test(["--", "-k", "settings"])
    assert runs[1:] == [["python", "-m", "pytest", *kit.WORKERS, "-k", "settings"]]


@pytest.mark.parametrize(
    "results", [[0, 1, 0, 0, 0], [0, 0, 1, 0, 0], [0, 2, 5, 0, 0], [0, 0, 0, 0, 1]]
)
def test_test_fails_when_any_part_fails(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, results: list[int]
) -> None:
    left = iter(results)
    monkeypatch.setattr(kit, "run", lambda *_, **__: next(left))
    assert kit.test([]) != 0
    assert next(left, None) is None, "the notebooks run even when a test failed"


def test_an_existing_env_is_never_touched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kit, "ROOT", tmp_path)
    (tmp_path / ".env.example").write_text("#A=\n")
    kit.copy_settings()
    assert (tmp_path / ".env").read_text() == "#A=\n"
    if os.name != "nt":
        assert (tmp_path / ".env").stat().st_mode & 0o777 == 0o600
    (tmp_path / ".env").write_text("A=mine\n")
    kit.copy_settings()
    assert (tmp_path / ".env").read_text() == "A=mine\n"


def test_ctrl_c_during_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []

    def interrupted(*_: object) -> str:
        raise KeyboardInterrupt

    monkeypatch.setattr(kit, "set_up", interrupted)
    monkeypatch.setattr(sys, "argv", ["kit.py", "lab"])
    monkeypatch.setattr(sys, "stdout", sys.__stdout__)  # main() sets how it encodes
    monkeypatch.setattr(sys, "stderr", sys.__stderr__)
    monkeypatch.setattr(kit, "say", lambda text, _: said.append(text))
    assert kit.main() == 130
    assert said == ["Stopped. The same command goes on where this one ended."]


def test_no_network_is_said_in_a_sentence(project: Path) -> None:
    done = start(project, "lab", "--no-browser")
    assert done.returncode == 1
    [line] = done.stderr.splitlines()
    assert "The package index does not answer (pip is set to http://127.0.0.1:9/simple)" in line
    assert "secret" not in done.stdout + done.stderr


def test_a_missing_list_of_packages_is_said_in_a_sentence(project: Path) -> None:
    (project / "requirements.txt").unlink()
    done = start(project, "lab")
    assert done.returncode == 1
    assert done.stderr.startswith("First Call · requirements.txt is missing. Get the whole project")
    assert len(done.stderr.splitlines()) == 1


def test_an_unknown_command_lists_the_known_ones(project: Path) -> None:
    done = start(project, "labb")
    assert done.returncode == 2
    assert "lab" in done.stderr


def test_a_second_start_installs_nothing() -> None:
    if not environment.is_set_up():
        pytest.skip("this test run was not started by kit.py")
    done = start(ROOT, "lab", "--version")
    assert done.returncode == 0, done.stderr
    assert "installing" not in done.stdout
    assert "opening JupyterLab" in done.stdout


# doctor


def test_set_up_and_doctor_need_nothing_installed(project: Path) -> None:
    bare = [sys.executable, "-S", "kit.py", "doctor"]  # without the folder of what is installed
    done = subprocess.run(bare, cwd=project, capture_output=True, encoding="utf-8", timeout=60)
    assert done.stderr == ""
    assert "FIX   environment  not made yet" in done.stdout


def test_doctor_before_anything_is_installed(project: Path) -> None:
    done = start(project, "doctor")
    assert done.returncode == 1
    assert "FIX   environment  not made yet" in done.stdout
    assert "-> Run in a terminal: python3 kit.py lab" in done.stdout
    assert not (project / ".venv").exists()
    assert not (project / ".env").exists()


def plant_utf16(project: Path) -> None:
    (project / ".env").write_bytes("OPENAI_MODEL=x".encode("utf-16"))


def plant_bom(project: Path) -> None:
    (project / ".env").write_bytes(b"\xef\xbb\xbfOPENAI_MODEL=x")


def plant_beside_notebooks(project: Path) -> None:
    (project / "notebooks" / ".env").write_text("OPENAI_MODEL=x")


def plant_txt(project: Path) -> None:
    (project / ".env.txt").write_text("OPENAI_MODEL=x")


def plant_broken_venv(project: Path) -> None:
    python = project / environment.environment_python().relative_to(ROOT)
    python.parent.mkdir(parents=True)
    python.write_text("not a program")


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        (plant_utf16, "is saved as UTF-16"),
        (plant_bom, "byte order mark"),
        (plant_beside_notebooks, "notebooks/.env"),
        (plant_txt, ".env.txt"),
        (plant_broken_venv, "is broken or of another Python"),
    ],
)
def test_doctor_finds(project: Path, plant: Callable[[Path], None], found: str) -> None:
    assert found not in start(project, "doctor").stdout
    plant(project)
    done = start(project, "doctor")
    assert done.returncode == 1
    line = next(line for line in done.stdout.splitlines() if found in line)
    assert line.startswith(("FIX", "look"))


def test_doctor_names_settings_and_never_their_values(project: Path) -> None:
    (project / ".env").write_text("# a comment\nOPENAI_API_KEY=do-not-show\n", encoding="utf-8")
    done = start(project, "doctor", OPENAI_API_KEY="nor-this", HTTPS_PROXY="http://u:p@proxy:1")
    assert "sets OPENAI_API_KEY" in done.stdout
    for value in ("do-not-show", "nor-this", "u:p"):
        assert value not in done.stdout + done.stderr
