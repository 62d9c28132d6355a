"""Set up the project's Python: the environment, the packages, the kernel and the practice model.

Standard library only, and of this project only what needs nothing else: it runs before anything
is installed. Everything is done once; a stamp in the environment says what it was done for.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from typing import TextIO

from practice.process.pip import bundled_pip

from .pip_settings import is_network, network_sentence, pip_settings, uv_settings

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements.txt"
TEST_REQUIREMENTS = ROOT / "tests" / "requirements.txt"
DISK_NEEDED = 1_500_000_000  # bytes: packages and their cache take 1.1 GB, the model 0.2
# What fetching the practice model needs; it starts while the other packages arrive.
FETCH_NEEDS = ("filelock", "platformdirs", "python-dotenv")
KERNEL = "Python 3 (First Call)"
LAUNCH = ("-m", "ipykernel_launcher", "-f", "{connection_file}")
# JupyterLab asks a newcomer about news and looks for updates on the web; a lesson needs neither.
LAB_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}


class Stop(Exception):
    """Set-up cannot go on. The message says what happened and names the one fix."""


def set_up(requirements: Path = REQUIREMENTS) -> str:
    """Install what is missing, fetch the practice model; return the Python to use. Raises Stop."""
    python = environment_python()
    if is_set_up(requirements):
        fetch_model(python)
        return str(python)
    wanted = fingerprint(requirements)
    done = read_stamp()
    check_disk()
    # A moved folder leaves scripts that name the old one, another Python other packages.
    ours = (done.get("root", wanted["root"]), done.get("python", wanted["python"]))
    if not in_conda() and (not works(python) or ours != (wanted["root"], wanted["python"])):
        make_venv(python)
    say("installing packages · a few minutes on a slow line, once")
    began = time.monotonic()
    early = install(python, requirements)
    try:
        set_up_jupyter(python)
        with contextlib.suppress(OSError):  # an environment of others: checked again next time
            stamp_path().write_text(json.dumps(wanted), encoding="utf-8")
        say(f"packages are ready · {time.monotonic() - began:.0f} s")
        fetch_model(python)
    finally:
        end(early)
    return str(python)


def is_set_up(requirements: Path = REQUIREMENTS) -> bool:
    """Whether everything was installed for this folder, this Python and these requirements."""
    done, wanted = read_stamp(), fingerprint(requirements)
    if wanted["tests"] is False:
        done["tests"] = False  # more than enough is enough
    return environment_python().exists() and done == wanted


def environment() -> Path:
    """Return the folder of the environment: an active conda environment's, or .venv."""
    return Path(sys.prefix) if in_conda() else ROOT / ".venv"


def environment_python() -> Path:
    """Return the Python of the environment, which may not exist yet."""
    if in_conda():
        return Path(sys.executable)
    return ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def in_conda() -> bool:
    """Whether a conda environment made for this is active (its base is nobody's to fill)."""
    prefix = os.environ.get("CONDA_PREFIX", "")
    active = bool(prefix) and Path(prefix).resolve() == Path(sys.prefix).resolve()
    return active and os.environ.get("CONDA_DEFAULT_ENV") != "base"


def fingerprint(requirements: Path) -> dict[str, object]:
    """Return what the installation depends on; when any of it changes, it is done again."""
    digest = hashlib.sha256()
    for file in (REQUIREMENTS, TEST_REQUIREMENTS, ROOT / "pyproject.toml"):
        try:
            digest.update(file.read_bytes())
        except OSError as error:
            raise Stop(
                f"{file.relative_to(ROOT)} is missing. "
                "Get the whole project again: git clone, or unpack the download."
            ) from error
    return {
        "root": str(ROOT),
        "python": "{}.{}".format(*sys.version_info),
        "requirements": digest.hexdigest(),
        "tests": requirements == TEST_REQUIREMENTS,
    }


def stamp_path() -> Path:
    return environment() / ".first-call.json"


def read_stamp() -> dict[str, object]:
    try:
        return dict(json.loads(stamp_path().read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def works(python: Path) -> bool:
    """Whether this Python starts and is the version that runs this."""
    code = "import sys; sys.exit(sys.version_info[:2] != ({}, {}))".format(*sys.version_info)
    try:
        return call([python, "-c", code]).returncode == 0
    except OSError:
        return False


def make_venv(python: Path) -> None:
    """Make .venv anew. Raises Stop."""
    folder = ROOT / ".venv"
    say("making the virtual environment .venv")
    if folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
    # The base: this may be running in the very .venv that is made anew.
    base = getattr(sys, "_base_executable", None) or sys.executable
    # pip arrives with the packages: installing it here would take twice as long as all of uv.
    options = ["--without-pip"] if bundled_pip() else []
    try:
        made = call([base, "-m", "venv", *options, folder])
    except OSError as error:
        raise Stop(f"Python could not be started ({error}). Install Python again.") from error
    if made.returncode == 0 and works(python):
        return
    said = made.stdout + made.stderr
    shutil.rmtree(folder, ignore_errors=True)
    if "ensurepip" in said or "No module named" in said:
        raise Stop(
            "This Python has no venv module. On Debian and Ubuntu install it with: "
            "sudo apt install python{}.{}-venv".format(*sys.version_info)
        )
    if "Permission" in said or "Read-only" in said:
        raise Stop("This folder cannot be written to. Copy the project to a folder of your own.")
    raise Stop(f"The folder .venv could not be made ({last(said)}). Delete it and try again.")


def install(python: Path, requirements: Path) -> subprocess.Popen[bytes]:
    """Install with uv, or with pip where uv cannot be had. Raises Stop.

    Returns the process that meanwhile began to fetch the practice model.
    """
    with_pip = pip_environment()
    settings = pip_settings(call(pip(python, "config", "list"), with_pip).stdout)
    uv: list[str | Path] = [python, "-m", "uv", "pip", "install", "--python", python]
    with_uv = os.environ | uv_settings(settings)
    if call([python, "-m", "uv", "--version"]).returncode != 0:
        got = call(pip(python, "install", "--quiet", "uv>=0.9,<1"), with_pip)
        if got.returncode != 0 and is_network(got.stderr):
            raise Stop(network_sentence(settings))
    needs = [line for line in lines_of(REQUIREMENTS) if line.startswith(FETCH_NEEDS)]
    call([*uv, "pip", *needs], with_uv)
    early = begin_to_fetch(python)
    try:
        if run([*uv, "-r", requirements], with_uv) == 0:
            return early
        say("uv could not do it; installing with pip, which takes longer")
        call([python, "-m", "ensurepip"])
        if run(pip(python, "install", "-r", str(requirements)), with_pip) == 0:
            return early
        check_disk()
        raise Stop(
            "The packages could not be installed; the lines above say why.\n" + network_sentence({})
        )
    except BaseException:
        end(early)
        raise


def can_use_own_pip() -> bool:
    """Whether the pip of the Python that runs this can install into another environment.

    It is compiled, and starts twice as fast as the one in a wheel that comes with Python.
    """
    try:
        version = tuple(int(part) for part in metadata.version("pip").split(".")[:2])
    except (ImportError, ValueError):
        return False
    return version >= (22, 3) and Path(sys.prefix) != environment()


def pip(python: Path, *arguments: str) -> list[str]:
    """Return a pip command for an environment that may have no pip of its own yet."""
    if not can_use_own_pip():
        return [str(python), "-m", "pip", *arguments]
    to = [] if arguments[0] == "config" else ["--python", str(python)]
    return [sys.executable, "-m", "pip", *to, *arguments]


def pip_environment() -> dict[str, str]:
    """Return the environment in which pip runs."""
    # Five tries, pip's own number, leave a learner without network waiting. And some have set pip
    # to install for the user, which an environment refuses.
    found = {"PIP_RETRIES": "2", "PIP_DISABLE_PIP_VERSION_CHECK": "1"} | own_environment()
    found["PIP_USER"] = "0"
    if not can_use_own_pip():
        path = [str(bundled_pip() or ""), os.environ.get("PYTHONPATH", "")]
        found["PYTHONPATH"] = os.pathsep.join(filter(None, path))
    return found


def check_disk() -> None:
    """Raise Stop when the packages cannot fit."""
    free = shutil.disk_usage(ROOT).free
    if free < DISK_NEEDED:
        raise Stop(
            f"The disk has {free / 1e9:.1f} GB free, and the packages need "
            f"{DISK_NEEDED / 1e9:.1f}. Make room and try again."
        )


def set_up_jupyter(python: Path) -> None:
    """Name the kernel and quieten JupyterLab, both inside the environment. Raises Stop."""
    share = environment() / "share" / "jupyter"
    kernel = share / "kernels" / "python3" / "kernel.json"
    try:
        # Its name is neutral, so that notebooks name no machine; its path is this environment's.
        spec = json.loads(kernel.read_text(encoding="utf-8"))
        # Without frozen modules, as ipykernel itself has it: the debugger warns about them.
        spec["argv"] = [str(python), "-Xfrozen_modules=off", *LAUNCH]
        spec["display_name"] = KERNEL
        kernel.unlink()  # uv links files into its cache: writing into one would change them all
        kernel.write_text(json.dumps(spec, indent=1), encoding="utf-8")
    except (OSError, ValueError, TypeError) as error:
        raise Stop(
            f"The kernel could not be registered ({error}). Delete the folder .venv and try again."
        ) from error
    file = share / "lab" / "settings" / "overrides.json"
    if not file.exists():
        with contextlib.suppress(OSError):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(LAB_SETTINGS, indent=1), encoding="utf-8")


def begin_to_fetch(python: Path) -> subprocess.Popen[bytes]:
    """Fetch the practice model quietly beside the packages; `fetch_model` joins in."""
    quiet = subprocess.DEVNULL
    command = [str(python), "-m", "practice", "fetch"]
    return subprocess.Popen(
        command, cwd=ROOT, env=own_environment(), stdin=quiet, stdout=quiet, stderr=quiet
    )


def fetch_model(python: Path) -> None:
    """Fetch the practice model where it is missing. Raises Stop; what failed was said."""
    if run([python, "-m", "practice", "fetch"], own_environment()) != 0:
        raise Stop("Practice mode has no model yet.")


# Small things


def own_environment(**more: str) -> dict[str, str]:
    """Return the environment for our own programs: UTF-8 whatever the console speaks."""
    return os.environ | {"PYTHONUTF8": "1"} | more


def call(
    command: Sequence[str | Path], environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command quietly and return what it said."""
    return subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
    )


def run(command: Sequence[str | Path], environment: dict[str, str] | None = None) -> int:
    """Run a command that talks to the terminal; return its exit code."""
    process = subprocess.Popen([str(word) for word in command], cwd=ROOT, env=environment)
    # Whoever ends this ends what it started.
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    interrupted = False
    try:
        while True:
            try:
                code = process.wait()
                break
            except KeyboardInterrupt:
                # Ctrl+C reached the command too, and it ends in its own way: JupyterLab asks first.
                interrupted = True
    finally:
        end(process)
        signal.signal(signal.SIGTERM, before)
    if interrupted and code != 0:
        raise KeyboardInterrupt
    return code


def end(process: subprocess.Popen[bytes]) -> None:
    """End a process that still runs."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)


def lines_of(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines()


def last(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def say(text: str, stream: TextIO | None = None) -> None:
    print("First Call · " + text, file=stream or sys.stdout, flush=True)
