#!/usr/bin/env python3
"""The one entry point of First Call. Standard library only.

python3 kit.py lab      set everything up and open the first lesson in JupyterLab
python3 kit.py test     set everything up and run every test and every notebook
python3 kit.py doctor   say what is in order on this computer, and how to fix what is not
python3 kit.py build    write the notebooks anew from lessons/ and run them
python3 kit.py bench    measure speed, memory and start-up

Anything after the command goes on to it: `kit.py lab --no-browser --port 9000`,
`kit.py test --facts`, `kit.py test -- -k settings`, `kit.py build 02`.
"""

import sys

# Kept free of newer syntax down to here and in the whole file, so that an old Python can read
# this sentence instead of reporting a syntax error.
OLDEST = (3, 11)
if sys.version_info < OLDEST:
    sys.exit(
        "First Call needs Python %d.%d or newer; this is Python %d.%d.\n"
        "Install a newer one from python.org or your system's packages, and start kit.py with it."
        % (OLDEST + sys.version_info[:2])
    )

import argparse
import contextlib
import hashlib
import json
import os
import platform
import shutil
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
REQUIREMENTS = ROOT / "requirements.txt"
TEST_REQUIREMENTS = ROOT / "tests" / "requirements.txt"
FIRST_LESSON = "notebooks/00_start_here.ipynb"
DISK_NEEDED = 2_000_000_000  # bytes: the packages take 1.1 GB, the model and its wheel 0.2
CELL_SECONDS = 180


class Stop(Exception):
    """Set-up cannot go on. The message says what happened and names the one fix."""


def main():
    for stream in (sys.stdout, sys.stderr):  # a terminal that cannot write "·" must not stop us
        stream.reconfigure(errors="replace")
    commands = {"lab": lab, "test": test, "doctor": doctor, "build": build, "bench": bench}
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=commands, metavar="command")
    parser.add_argument("rest", nargs=argparse.REMAINDER, metavar="...")
    chosen = parser.parse_args()
    try:
        return commands[chosen.command](chosen.rest)
    except Stop as stop:
        say(str(stop), sys.stderr)
        return 1
    except KeyboardInterrupt:
        say("Stopped. The same command goes on where this one ended.", sys.stderr)
        return 130


def lab(rest):
    """Set up, then open JupyterLab on the first lesson; `rest` goes to JupyterLab."""
    python = set_up()
    copy_settings()
    fetch_model(python)
    say("opening JupyterLab · to stop it, press Ctrl+C here")
    # The browser opens the lesson; a learner who names a file of their own gets that one.
    lesson = [] if any(word.endswith(".ipynb") for word in rest) else [FIRST_LESSON]
    return run([python, "-m", "jupyterlab", *rest, *lesson], environment=own_environment())


def test(rest):
    """Set up, run tests/, then run every notebook and compare; non-zero when either fails."""
    rest = list(rest)
    facts_only = "--facts" in rest or not (
        sys.platform == "linux" and platform.machine() in ("x86_64", "AMD64")
    )
    rest = [word for word in rest if word not in ("--facts", "--")]
    python = set_up(TEST_REQUIREMENTS)
    fetch_model(python)
    environment = own_environment(PYTHONWARNINGS="default")
    say("tests of the code")
    code = run([python, "-m", "pytest", *rest], environment=environment)
    if rest:
        return code  # a choice of tests was asked for; the notebooks are no part of it
    say("notebooks · comparing %s" % ("facts" if facts_only else "every output, prose included"))
    compare = ["--nbval-lax"] if facts_only else ["--nbval"]
    notebooks = run(
        [python, "-m", "pytest", *compare, "--nbval-current-env", "-p", "no:cacheprovider"]
        + ["--nbval-cell-timeout=%d" % CELL_SECONDS]
        + ["--nbval-sanitize-with=tests/sanitize.cfg", "--ignore=notebooks/pictures", "notebooks"],
        environment=environment,
    )
    return code or notebooks


def doctor(rest):
    """Say what is in order and how to fix what is not, without changing anything."""
    python = environment_python()
    if not python.exists():
        say("The packages are not installed yet. Install them: python3 kit.py lab")
        return 1
    return run([python, "-m", "helpers.doctor", *rest], environment=own_environment())


def build(rest):
    """Write and run the notebooks anew."""
    python = set_up(TEST_REQUIREMENTS)
    fetch_model(python)
    return run([python, "-m", "tools.build", *rest], environment=own_environment())


def bench(rest):
    """Measure."""
    python = set_up(TEST_REQUIREMENTS)
    fetch_model(python)
    return run([python, "-m", "tools.bench", *rest], environment=own_environment())


# Setting up


def set_up(requirements=REQUIREMENTS):
    """Install what is missing; return the environment's Python. Raises Stop."""
    python = environment_python()
    stamp = python.parent.parent / ".first-call.json"
    wanted = fingerprint()
    wanted["tests"] = requirements == TEST_REQUIREMENTS
    done = read_stamp(stamp)
    if python.exists() and {**done, "tests": wanted["tests"] and done.get("tests")} == wanted:
        return str(python)
    check_disk()
    if not in_conda() and (not works(python) or done.get("root", str(ROOT)) != str(ROOT)):
        make_venv(python)
    say("installing packages · a few minutes on a slow line, once")
    began = time.monotonic()
    install(str(python), requirements)
    # The kernel is registered inside the environment: its name is neutral, so the notebooks
    # name no machine, and its path is this environment's Python.
    kernel = ["--sys-prefix", "--name", "python3", "--display-name", "Python 3 (First Call)"]
    must([python, "-m", "ipykernel", "install", *kernel], "The kernel could not be registered.")
    stamp.write_text(json.dumps(wanted), encoding="utf-8")
    say("packages are ready · %.0f s" % (time.monotonic() - began))
    return str(python)


def environment_python():
    """Return the Python to use: an active conda environment's, or the one in .venv."""
    if in_conda():
        return Path(sys.executable)
    return ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def in_conda():
    """Whether a conda environment made for this is active (its base is nobody's to fill)."""
    prefix = os.environ.get("CONDA_PREFIX", "")
    active = bool(prefix) and Path(prefix).resolve() == Path(sys.prefix).resolve()
    return active and os.environ.get("CONDA_DEFAULT_ENV") != "base"


def fingerprint():
    """What the installation depends on; when any of it changes, it is done again."""
    digest = hashlib.sha256()
    for file in (REQUIREMENTS, TEST_REQUIREMENTS, ROOT / "pyproject.toml"):
        try:
            digest.update(file.read_bytes())
        except OSError as error:
            raise Stop(
                "%s is missing. Get the whole project again: git clone, or unpack the download."
                % file.relative_to(ROOT)
            ) from error
    return {
        "root": str(ROOT),
        "python": platform.python_version(),
        "requirements": digest.hexdigest(),
    }


def read_stamp(stamp):
    try:
        return dict(json.loads(stamp.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return {}


def works(python):
    """Whether this Python starts, is new enough and has pip."""
    if not python.exists():
        return False
    version = "import sys, pip; sys.exit(sys.version_info < (%d, %d))" % OLDEST
    with contextlib.suppress(OSError):
        return subprocess.run([python, "-c", version], **QUIET).returncode == 0
    return False


def make_venv(python):
    """Make .venv anew. Raises Stop."""
    folder = ROOT / ".venv"
    say("making the virtual environment .venv")
    if folder.exists():
        shutil.rmtree(folder, ignore_errors=True)
    try:
        made = subprocess.run([sys.executable, "-m", "venv", folder], **CAPTURED)
    except OSError as error:
        raise Stop("Python could not be started (%s). Install Python again." % error) from error
    if made.returncode == 0 and works(python):
        return
    said = made.stdout + made.stderr
    shutil.rmtree(folder, ignore_errors=True)
    if "ensurepip" in said or "No module named" in said:
        raise Stop(
            "This Python has no venv module. On Debian and Ubuntu install it with: "
            "sudo apt install python3-venv python3-pip"
        )
    if "Permission" in said or "Read-only" in said:
        raise Stop("This folder cannot be written to. Copy the project to a folder of your own.")
    raise Stop("The folder .venv could not be made (%s). Delete it and try again." % last(said))


def install(python, requirements):
    """Install with uv, or with pip where uv cannot be had. Raises Stop."""
    pip = [python, "-m", "pip", "--disable-pip-version-check"]
    settings = pip_settings(pip)
    uv = [python, "-m", "uv"]
    got_uv = subprocess.run([*uv, "--version"], **QUIET).returncode == 0
    if not got_uv:
        first = subprocess.run([*pip, "install", "--quiet", "uv>=0.9"], cwd=ROOT, **CAPTURED)
        got_uv = first.returncode == 0
        if not got_uv and is_network(first.stderr):
            raise Stop(network_sentence(settings))
    if got_uv:
        command = [*uv, "pip", "install", "--python", python, "-r", requirements]
        if run(command, environment={**os.environ, **uv_settings(settings)}) == 0:
            return
        say("uv could not install the packages; trying again with pip")
    # No compiler on a learner's computer: only the kit itself is built, and it is pure Python.
    done = run([*pip, "install", "--prefer-binary", "-r", requirements])
    if done != 0:
        check_disk()
        raise Stop(
            "The packages could not be installed; the lines above say why.\n" + network_sentence({})
        )


def pip_settings(pip):
    """Return what pip is set to (its files and the environment), by option name."""
    listed = subprocess.run([*pip, "config", "list"], **CAPTURED).stdout
    settings = {}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        section, _, option = name.strip().rpartition(".")
        # The environment stands above the files, as it does for pip itself.
        if section in ("global", "install", ":env:") and (
            section == ":env:" or option not in settings or section == "install"
        ):
            settings[option] = value.strip().strip("'\"").replace("\\n", " ")
    return settings


def uv_settings(pip):
    """Return uv's environment variables for pip's settings: uv reads none of pip's."""
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "trusted-host": "UV_INSECURE_HOST",
        "cert": "SSL_CERT_FILE",
        "client-cert": "SSL_CLIENT_CERT",
        "timeout": "UV_HTTP_TIMEOUT",
        "default-timeout": "UV_HTTP_TIMEOUT",
        "no-index": "UV_NO_INDEX",
        "proxy": "ALL_PROXY",
    }
    found = {names[option]: value for option, value in pip.items() if option in names}
    local = found.get("UV_INDEX", "").split()
    found["UV_INDEX"] = " ".join(index for index in local if is_index(index))
    if "UV_FIND_LINKS" in found:  # uv separates them by commas
        found["UV_FIND_LINKS"] = ",".join(found["UV_FIND_LINKS"].split())
    # pip looks through every index for the best version; uv stops at the first that has any.
    found["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    found["UV_SYSTEM_CERTS"] = "true"  # company certificates are in the system's store
    found["UV_LINK_MODE"] = os.environ.get(
        "UV_LINK_MODE", "copy" if os.name == "nt" else "hardlink"
    )
    return {name: value for name, value in found.items() if value and name not in os.environ}


def is_index(address):
    """Whether an index can be asked at all; pip passes over a local one that is not there."""
    return not address.startswith("file://") or Path(address[len("file://") :]).is_dir()


def is_network(text):
    signs = (
        "NewConnectionError",
        "ConnectionError",
        "ConnectTimeout",
        "Name or service",
        "Max retries",
    )
    return any(sign in text for sign in signs + ("ProxyError", "getaddrinfo", "resolve"))


def network_sentence(settings):
    where = " (pip is set to %s)" % settings["index-url"] if "index-url" in settings else ""
    return (
        "The package index does not answer%s. Check the network connection; behind a proxy set "
        "HTTPS_PROXY, and where the index is slow choose a mirror: "
        "python3 -m pip config set global.index-url ADDRESS" % where
    )


def check_disk():
    free = shutil.disk_usage(ROOT).free
    if free < DISK_NEEDED:
        raise Stop(
            "The disk has %.1f GB free, and the packages need %.0f. Make room and try again."
            % (free / 1e9, DISK_NEEDED / 1e9)
        )


def copy_settings():
    """Make .env from .env.example where there is none; never touch one that exists."""
    settings = ROOT / ".env"
    if not os.path.lexists(settings):
        with contextlib.suppress(OSError):  # a read-only folder works without one
            shutil.copyfile(ROOT / ".env.example", settings)
            settings.chmod(0o600)  # a key will stand in it
            say("made .env, where your key can go later")


def fetch_model(python):
    """Fetch the practice model where it is missing. Raises Stop; what failed was said."""
    if run([python, "-m", "practice", "fetch"], environment=own_environment()) != 0:
        raise Stop("Practice mode has no model yet.")


# Small things

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "stdin": subprocess.DEVNULL}
CAPTURED = {
    "stdout": subprocess.PIPE,
    "stderr": subprocess.PIPE,
    "stdin": subprocess.DEVNULL,
    "text": True,
    "encoding": "utf-8",
    "errors": "replace",
}


def own_environment(**more):
    """The environment for our own programs: UTF-8 everywhere, whatever the console speaks."""
    return {**os.environ, "PYTHONUTF8": "1", **more}


def run(command, environment=None):
    """Run a command that talks to the terminal; return its exit code."""
    return subprocess.run([str(word) for word in command], cwd=ROOT, env=environment).returncode


def must(command, complaint):
    """Run a quiet command. Raises Stop with the complaint and the last line it said."""
    done = subprocess.run([str(word) for word in command], cwd=ROOT, **CAPTURED)
    if done.returncode != 0:
        raise Stop(
            "%s It said: %s\nDelete the folder .venv and try again."
            % (complaint, last(done.stderr))
        )


def last(text):
    lines = text.strip().splitlines()
    return lines[-1] if lines else "nothing"


def say(text, stream=None):
    print("First Call · " + text, file=stream or sys.stdout, flush=True)


if __name__ == "__main__":
    sys.exit(main())
