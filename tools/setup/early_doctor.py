"""`kit.py doctor`: what is in order on this computer, and the one fix for what is not.

Standard library only: it has to work where nothing could be installed. It changes nothing.
"""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Callable, Iterator
from typing import NamedTuple

from . import steps as install
from .steps import ROOT, Stop, call, environment, environment_python, own_environment

SET_UP = "Run: python3 kit.py lab"
TELL_TALE = ("OPENAI_", "FIRST_CALL_", "PRACTICE_", "PROVIDER")
MISPLACED = {
    "env": "is not read: its name lacks the dot",
    ".env.txt": "is not read: its name ends in .txt, which Windows may hide",
    "notebooks/.env": "is read instead of the one above it",
}


class Check(NamedTuple):
    """One line of the table; `fix` is empty where everything is in order."""

    name: str
    state: str
    fix: str = ""


def main(rest: list[str]) -> int:
    """Print the table, or hand over to the full check in helpers where it can run."""
    python = str(environment_python())
    # Where packages are missing, it cannot start, and the checks here say so.
    able = install.works(environment_python())
    if able and call([python, "-c", "import doctor.report"]).returncode == 0:
        return install.run([python, "-m", "doctor", *rest], own_environment())
    found = [check for group in GROUPS for check in group()]
    width = max(len(check.name) for check in found)
    for check in found:
        print(f"{'FIX' if check.fix else 'OK':3}  {check.name:{width}}  {check.state}")
        if check.fix:
            print(f"     {'':{width}}  -> {check.fix}")
    broken = sum(bool(check.fix) for check in found)
    print(f"\n{broken} to fix." if broken else "\nEverything is in order.")
    print("The key, the model and more are checked once the packages are installed.")
    return 1 if broken else 0


def environment_checks() -> Iterator[Check]:
    """Python, the virtual environment, the packages."""
    yield Check("Python", f"{platform.python_version()} on {platform.system()}")
    python = environment_python()
    if not python.exists():
        yield Check("environment", "not made yet", SET_UP)
    elif not install.works(python):
        yield Check("environment", f"{environment().name} is broken or of another Python", SET_UP)
    else:
        yield Check("environment", str(environment()))
        try:
            ready = install.is_set_up()
        except Stop as stop:
            yield Check("packages", "not known", str(stop))
        else:
            state = "installed" if ready else "not all installed, or for another folder"
            yield Check("packages", state, "" if ready else SET_UP)


def settings_checks() -> Iterator[Check]:
    """The file .env and variables that reach the lessons; never a value of either."""
    file = ROOT / ".env"
    try:
        raw = file.read_bytes()
        text = raw.decode("utf-8")
    except FileNotFoundError:
        yield Check(".env", "none, so practice mode; `kit.py lab` makes one")
    except (OSError, UnicodeDecodeError):
        yield Check(".env", "cannot be read as UTF-8", "Save it again as UTF-8 in your editor.")
    else:
        if raw.startswith(b"\xef\xbb\xbf"):
            yield Check(".env", "begins with a byte order mark", "Save it as UTF-8 without BOM.")
        else:
            lines = [line.strip() for line in text.splitlines()]
            names = [line.partition("=")[0].strip() for line in lines if line[:1] not in ("", "#")]
            yield Check(".env", "sets " + ", ".join(names) if names else "sets nothing")
    for misplaced, state in MISPLACED.items():
        if (ROOT / misplaced).is_file():
            fix = f"Move its lines into .env in {ROOT.name}, and delete {misplaced}."
            yield Check(misplaced, state, fix)
    if (ROOT / ".git").exists() and shutil.which("git"):
        ignored = call(["git", "check-ignore", "-q", ".env"]).returncode == 0
        fix = "" if ignored else "Put the line .env back into .gitignore."
        yield Check("git", "ignores .env" if ignored else "would add .env", fix)
    names = sorted(name for name in os.environ if name.startswith(TELL_TALE))
    yield Check("variables", ", ".join(names) or "none that concern the lessons")
    if os.environ.get("OPENAI_BASE_URL", "unset").strip() == "":
        fix = "Remove that variable from your system's settings."
        yield Check("variables", "OPENAI_BASE_URL is empty, so calls go nowhere", fix)
    proxies = sorted(name for name in os.environ if name.lower().endswith("_proxy"))
    yield Check("proxy", ", ".join(proxies) or "none")


def practice_checks() -> Iterator[Check]:
    """The practice model and its service."""
    python = environment_python()
    if not install.works(python):
        return
    code = "from practice import config, weights; path = config.model_path(); "
    code += "own = path != config.cache() / config.MODEL_FILE; "
    code += (
        "print('ok' if (path.is_file() if own else weights.is_intact(path)) else 'missing', path)"
    )
    model = call([python, "-c", code], own_environment())
    state, _, path = model.stdout.strip().partition(" ")
    if model.returncode != 0:
        yield Check("practice model", install.last(model.stderr), SET_UP)
    elif state == "ok":
        yield Check("practice model", path)
    else:
        yield Check("practice model", f"not complete at {path}", SET_UP)
    service = call([python, "-m", "practice", "status"], own_environment())
    if service.returncode in (0, 3):  # 3: not running, and then the next lesson starts it
        yield Check("service", install.last(service.stdout))
    else:
        yield Check("service", install.last(service.stderr), SET_UP)


def computer_checks() -> Iterator[Check]:
    """The disk, and whether this folder may be written to."""
    free = shutil.disk_usage(ROOT).free
    low = free < 200_000_000 or (not environment_python().exists() and free < install.DISK_NEEDED)
    yield Check("disk", f"{free / 1e9:.1f} GB free", "Make room." if low else "")
    writable = os.access(ROOT, os.W_OK)
    fix = "" if writable else "Copy the project to a folder of your own."
    yield Check("folder", str(ROOT) if writable else f"{ROOT} cannot be written to", fix)


GROUPS: tuple[Callable[[], Iterator[Check]], ...] = (
    environment_checks,
    settings_checks,
    practice_checks,
    computer_checks,
)
