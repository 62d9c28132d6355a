"""Setting up: what makes it run again, where packages come from, how it ends when it cannot."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import pytest

from conftest import ROOT
from tools.setup import commands, environment, jupyter, packages
from tools.setup import pip_settings as index
from tools.setup import steps as set_up_steps
from tools.setup.commands import Stop


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project of its own, whose environment is "installed"."""
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "REQUIREMENTS", tmp_path / "requirements.txt")
    monkeypatch.setattr(environment, "TEST_REQUIREMENTS", tmp_path / "tests.txt")
    monkeypatch.delenv("CONDA_PREFIX", raising=False)
    for name in ("requirements.txt", "tests.txt", "pyproject.toml"):
        (tmp_path / name).write_text(name)
    python = environment.environment_python()
    python.parent.mkdir(parents=True)
    python.write_text("")
    stamp(environment.REQUIREMENTS)
    return tmp_path


def stamp(requirements: Path) -> None:
    environment.stamp_path().write_text(json.dumps(environment.fingerprint(requirements)))


def ready(requirements: str = "REQUIREMENTS") -> bool:
    return environment.is_set_up(getattr(environment, requirements))


def test_done_once_is_done(place: Path) -> None:
    assert ready()
    assert not ready("TEST_REQUIREMENTS")
    stamp(environment.TEST_REQUIREMENTS)
    assert ready()
    assert ready("TEST_REQUIREMENTS")


@pytest.mark.parametrize("name", ["requirements.txt", "tests.txt", "pyproject.toml"])
def test_other_requirements_are_installed(place: Path, name: str) -> None:
    (place / name).write_text("something else")
    assert not ready()


def test_a_moved_folder_is_set_up_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moved = place / "moved"
    moved.mkdir()
    for name in ("requirements.txt", "tests.txt", "pyproject.toml", ".venv"):
        shutil.move(place / name, moved / name)
    monkeypatch.setattr(environment, "ROOT", moved)
    monkeypatch.setattr(environment, "REQUIREMENTS", moved / "requirements.txt")
    monkeypatch.setattr(environment, "TEST_REQUIREMENTS", moved / "tests.txt")
    assert environment.stamp_path().exists()
    assert not ready()


def test_another_python_is_set_up_again(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    version = (sys.version_info[0], sys.version_info[1] + 1, 0)
    monkeypatch.setattr(environment.sys, "version_info", version)  # type: ignore[attr-defined]
    assert not ready()


@pytest.mark.parametrize("content", ["", "{", "[1]", "null", '{"root": 1}'])
def test_a_damaged_stamp_counts_as_none(place: Path, content: str) -> None:
    environment.stamp_path().write_text(content)
    assert not ready()


def test_conda_is_used_when_it_runs_this_and_is_not_its_base(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CONDA_PREFIX", sys.prefix)
    monkeypatch.setenv("CONDA_DEFAULT_ENV", "first-call")
    assert str(environment.environment_python()) == sys.executable
    assert environment.stamp_path().parent == Path(sys.prefix)
    monkeypatch.setenv("CONDA_DEFAULT_ENV", "base")
    assert environment.environment_folder() == ROOT / ".venv"
    monkeypatch.setenv("CONDA_DEFAULT_ENV", "first-call")
    monkeypatch.setenv("CONDA_PREFIX", str(ROOT / "elsewhere"))
    assert environment.environment_folder() == ROOT / ".venv"


@pytest.fixture
def steps(place: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let set-up do nothing; return the steps that it would have taken."""
    taken: list[str] = []
    done = subprocess.Popen([sys.executable, "-c", ""])
    done.wait()

    def note(name: str, answer: object = None) -> None:
        monkeypatch.setattr(set_up_steps, name, lambda *_: (taken.append(name), answer)[1])

    for name in ("check_disk", "make_venv", "set_up_jupyter", "fetch_model"):
        note(name)
    note("install", done)
    monkeypatch.setattr(set_up_steps, "works", lambda _: True)
    return taken


REDONE = ["install", "set_up_jupyter", "fetch_model"]


def test_a_second_start_only_looks_for_the_model(steps: list[str]) -> None:
    set_up_steps.set_up()
    assert steps == ["fetch_model"]


def test_changed_requirements_are_installed_into_the_same_environment(steps: list[str]) -> None:
    environment.REQUIREMENTS.write_text("another")
    set_up_steps.set_up()
    assert steps == ["check_disk", *REDONE]
    set_up_steps.set_up()
    assert steps == ["check_disk", *REDONE, "fetch_model"]


def test_a_broken_or_moved_environment_is_made_anew(
    steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    written = environment.stamp_path().read_text()
    environment.stamp_path().write_text(written.replace(str(environment.ROOT), "/elsewhere"))
    set_up_steps.set_up()
    assert steps == ["check_disk", "make_venv", *REDONE]
    steps.clear()
    environment.stamp_path().unlink()
    monkeypatch.setattr(set_up_steps, "works", lambda _: False)
    set_up_steps.set_up()
    assert steps == ["check_disk", "make_venv", *REDONE]


def test_an_installation_that_ends_early_is_taken_up_again(
    steps: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.stamp_path().unlink()

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(set_up_steps, "set_up_jupyter", interrupted)
    with pytest.raises(KeyboardInterrupt):
        set_up_steps.set_up()
    assert not ready()


def test_what_env_says_about_the_model_is_heeded(tmp_path: Path) -> None:
    model = tmp_path / "课 own.gguf"
    model.write_bytes(b"GGUF\x03\0\0\0" + (2).to_bytes(8, "little"))
    (tmp_path / ".env").write_text(f"PRACTICE_MODEL={model}\n", encoding="utf-16")
    environment = {name: os.environ[name] for name in os.environ if name != "PRACTICE_MODEL"}
    command = [sys.executable, "-m", "practice", "fetch"]
    options: dict[str, object] = {"cwd": tmp_path, "capture_output": True, "encoding": "utf-8"}
    environment["PYTHONUTF8"] = "1"
    done = subprocess.run(command, env=environment, timeout=60, **options)
    assert done.stdout == f"课 own is ready: {model}\n"
    environment["PRACTICE_MODEL"] = str(tmp_path / "gone.gguf")  # the environment comes first
    done = subprocess.run(command, env=environment, timeout=60, **options)
    assert "gone.gguf" in done.stderr


def test_the_kernel_is_named_here_alone(place: Path) -> None:
    """uv links a package's files into its cache, and so into every other environment."""
    cached = place / "cache.json"
    spec = {"argv": ["python", "-m", "x"], "display_name": "Python 3 (ipykernel)"}
    cached.write_text(json.dumps(spec))
    kernel = (
        environment.environment_folder()
        / "share"
        / "jupyter"
        / "kernels"
        / "python3"
        / "kernel.json"
    )
    kernel.parent.mkdir(parents=True)
    os.link(cached, kernel)
    jupyter.set_up_jupyter(environment.environment_python())
    written = json.loads(kernel.read_text())
    assert written["argv"][0] == str(environment.environment_python())
    assert written["argv"][-2] == "{connection_file}"
    assert written["display_name"] == "Python 3 (First Call)"
    assert json.loads(cached.read_text()) == spec
    assert (environment.environment_folder() / "share/jupyter/lab/settings/overrides.json").exists()
    kernel.unlink()
    with pytest.raises(Stop, match="kernel could not be registered"):
        jupyter.set_up_jupyter(environment.environment_python())


# What cannot be done is said


def refuse(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    answer = subprocess.CompletedProcess([], 1, stdout=said, stderr="")
    monkeypatch.setattr(environment, "call", lambda *_, **__: answer)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("The virtual environment was not created: ensurepip is not available.", "apt install py"),
        ("/usr/bin/python3: No module named venv", "apt install python3"),
        ("Error: [Errno 13] Permission denied: '.venv'", "Copy the project to a folder"),
        ("Error: [Errno 30] Read-only file system: '.venv'", "Copy the project to a folder"),
        ("one\nsomething new", r"could not be made \(something new\)"),
    ],
)
def test_no_environment(
    place: Path, monkeypatch: pytest.MonkeyPatch, said: str, sentence: str
) -> None:
    refuse(monkeypatch, said)
    with pytest.raises(Stop, match=sentence):
        environment.make_venv(environment.environment_python())


def test_a_full_disk(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(environment.shutil, "disk_usage", lambda _: usage(1, 1, 300_000_000))
    with pytest.raises(Stop, match=r"0\.3 GB free, and the packages need 2\.0\. Make room"):
        environment.check_disk()


@pytest.mark.skipif(os.name == "nt", reason="there, each environment has a Python of its own")
def test_an_environment_without_pip_is_made_and_works(place: Path) -> None:
    environment.make_venv(environment.environment_python())
    assert environment.works(environment.environment_python())
    command = packages.pip(environment.environment_python(), "--version")
    assert commands.call(command, packages.pip_environment()).stdout.startswith("pip ")


def test_a_broken_environment_is_noticed(place: Path) -> None:
    assert not environment.works(environment.environment_python())


# Where packages come from

LISTED = r"""
:env:.timeout='5'
:env:.cert='/etc/ours.pem'
global.extra-index-url='\nhttps://one.example/simple\nhttps://two.example/simple'
global.index-url='https://user:word@mirror.example/simple'
global.timeout='60'
global.trusted-host='mirror.example'
global.find-links='wheels more-wheels'
install.index-url='https://other.example/simple'
install.timeout='30'
list.format='columns'
"""


def test_pips_settings_are_weighed_as_pip_does() -> None:
    found = index.settings_of_pip(LISTED)
    assert found["timeout"] == "5"
    assert found["index-url"] == "https://other.example/simple"
    assert found["extra-index-url"] == "https://one.example/simple https://two.example/simple"
    assert "format" not in found


def test_uv_is_given_pips_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(("UV_", "SSL_", "ALL_"))]:
        monkeypatch.delenv(name)
    found = index.uv_settings(index.settings_of_pip(LISTED) | {"proxy": "proxy.example:3128"})
    assert found["UV_DEFAULT_INDEX"] == "https://other.example/simple"
    assert found["UV_INDEX"] == "https://one.example/simple https://two.example/simple"
    assert found["UV_INSECURE_HOST"] == "mirror.example"
    assert found["UV_FIND_LINKS"] == "wheels,more-wheels"
    assert found["UV_HTTP_TIMEOUT"] == "5"
    assert found["SSL_CERT_FILE"] == "/etc/ours.pem"
    assert found["ALL_PROXY"] == "http://proxy.example:3128"


def test_uvs_own_settings_stand_above_pips(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://chosen.example/simple")
    assert "UV_DEFAULT_INDEX" not in index.uv_settings({"index-url": "https://other.example"})


def test_a_local_index_that_is_not_there_is_passed_over(tmp_path: Path) -> None:
    gone = (tmp_path / "gone").as_uri()
    found = index.uv_settings({"extra-index-url": f"{gone} {tmp_path.as_uri()}"})
    assert found["UV_INDEX"] == tmp_path.as_uri()


def test_no_login_is_shown() -> None:
    said = index.network_sentence({"index-url": "https://user:pa@ss@mirror.example/simple"})
    assert "https://mirror.example/simple" in said
    assert "user" not in said
    assert "pip is set to" not in index.network_sentence({})


@pytest.mark.parametrize(
    ("said", "network"),
    [
        ("NewConnectionError: Failed to establish a new connection", True),
        ("Could not fetch URL: ConnectTimeoutError", True),
        ("WARNING: Retrying (Retry(total=1)) after connection broken", True),
        ("ProxyError('Cannot connect to proxy.')", True),
        ("Temporary failure in name resolution", True),
        ("[Errno 11001] getaddrinfo failed", True),
        ("ERROR: No matching distribution found for uv>=0.9", False),
        ("ERROR: Could not install packages: [Errno 28] No space left on device", False),
        ("ERROR: ResolutionImpossible", False),
    ],
)
def test_what_counts_as_no_network(said: str, network: bool) -> None:
    assert index.is_network(said) is network


# Ctrl+C and being ended

PARENT = """
import sys
from tools.setup import commands
child = "import signal, sys, time\\n"
child += "signal.signal(signal.SIGINT, lambda *_: (print('child ends', flush=True), sys.exit(CODE)))\\n"
child += "print('child runs', flush=True)\\ntime.sleep(60)"
print("returned", commands.run([sys.executable, "-c", child.replace("CODE", sys.argv[1])]))
"""


def parent(code: int) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(code)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "child runs\n"
    return process


@pytest.mark.skipif(os.name == "nt", reason="signals of a group are a POSIX matter")
@pytest.mark.parametrize(("code", "said"), [(0, "returned 0"), (3, "")])
def test_ctrl_c_lets_the_command_end_in_its_own_way(code: int, said: str) -> None:
    process = parent(code)
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    assert out.splitlines() == ["child ends", *filter(None, [said])]


@pytest.mark.skipif(os.name == "nt", reason="signals of a group are a POSIX matter")
def test_whoever_ends_the_kit_ends_what_it_started() -> None:
    process = parent(0)
    process.terminate()
    process.communicate(timeout=20)
    assert process.returncode == 143
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    pytest.fail("the command still runs")
