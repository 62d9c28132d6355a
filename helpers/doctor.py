"""``python3 kit.py doctor``: what is in order on this computer, and the one fix for what is not.

Changes nothing and never shows a key. With a key of your own it makes one call, which is free:
it lists the models.
"""

import datetime
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

from practice import config

from .config import NAMES
from .doctor_calls import SET_UP, Check, model_checks, nearest, practice_checks, settings_checks
from .envfile import decode_env, find_env, read_env
from .errors import FirstCallError, SettingsError
from .session import PRACTICE_NAMES

ROOT = Path(__file__).resolve().parents[1]
OLDEST = (3, 11)
OLDEST_CLOCK = datetime.date(2026, 11, 1)  # this file is younger
LOW_DISK = 200_000_000  # bytes
MISPLACED = {
    "env": "is not read: its name lacks the dot",
    ".env.txt": "is not read: its name ends in .txt, which Windows may hide",
    "notebooks/.env": "is read instead of the one above it",
}


def doctor() -> int:
    """Print the table of all checks; return 1 when something has to be fixed, else 0."""
    found = list(all_checks())
    width = max(len(check.name) for check in found)
    marks = {"✓": "✓", "!": "!", "✗": "✗"}
    try:
        "✓✗".encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:  # an old Windows console
        marks = {"✓": "+", "!": "!", "✗": "x"}
    for check in found:
        print(f"{marks[check.state]}  {check.name:{width}}  {check.text}")
        if check.fix:
            print(f"   {'':{width}}  -> {check.fix}")
    broken = sum(check.state == "✗" for check in found)
    print(f"\n{broken} to fix." if broken else "\nEverything that has to work is in order.")
    return 1 if broken else 0


def all_checks() -> Iterator[Check]:
    """Yield every check. One that fails itself is a line of the table, not a traceback."""
    for group in GROUPS:
        try:
            yield from group()
        except FirstCallError as error:
            yield Check("✗", "settings", error.what, error.fix)
        except Exception as error:  # whatever this computer has in store
            name = group.__name__.removesuffix("_checks")
            yield Check("!", name, f"could not be checked ({type(error).__name__})")


def python_checks() -> Iterator[Check]:
    """Python, the environment that runs this, its packages, and the kernel of the notebooks."""
    version = ".".join(str(part) for part in sys.version_info[:3])
    if tuple(sys.version_info[:2]) < OLDEST:
        yield Check("✗", "Python", f"{version} is too old", "Install 3.11 or newer, python.org.")
    else:
        yield Check("✓", "Python", version)
    prefix = Path(sys.prefix).resolve()
    conda = os.environ.get("CONDA_PREFIX")
    if prefix == (ROOT / ".venv").resolve() or (conda and Path(conda).resolve() == prefix):
        yield Check("✓", "environment", str(prefix))
    else:
        fix = "In a notebook choose the kernel Python 3 (First Call); or run: python3 kit.py lab"
        yield Check("!", "environment", f"{prefix} is not the kit's own", fix)
    wrong = list(wrong_packages(ROOT / "requirements.txt"))
    if wrong:
        yield Check("✗", "packages", "; ".join(wrong[:4]), SET_UP)
    else:
        yield Check("✓", "packages", "all installed")
    python = kernel_python()
    if python and Path(python).parent.resolve() == Path(sys.executable).parent.resolve():
        yield Check("✓", "kernel", "Python 3 runs in this environment")
    else:
        yield Check("✗", "kernel", f"Python 3 is {python or 'not registered'}", SET_UP)


def wrong_packages(requirements: Path) -> Iterator[str]:
    """Yield what is missing or of another version than ``requirements`` asks for."""
    for line in requirements.read_text("utf-8").splitlines():
        if not line.strip() or line.lstrip().startswith(("#", "-")):
            continue
        wanted = Requirement(line)
        if wanted.marker and not wanted.marker.evaluate():
            continue  # for another system
        try:
            installed = metadata.version(wanted.name)
        except metadata.PackageNotFoundError:
            yield f"{wanted.name} is missing"
        else:
            if not wanted.specifier.contains(installed, prereleases=True):
                yield f"{wanted.name} is {installed}"


def kernel_python() -> str | None:
    """Return the program that JupyterLab starts for the kernel ``python3``."""
    from jupyter_client.kernelspec import KernelSpecManager, NoSuchKernel

    try:
        program = KernelSpecManager().get_kernel_spec("python3").argv[0]  # type: ignore[no-untyped-call,unused-ignore]
    except NoSuchKernel:
        return None
    plain = re.fullmatch(r"python[\d.]*(\.exe)?", program)  # Jupyter takes its own Python then
    return sys.executable if plain else str(program)


def file_checks() -> Iterator[Check]:
    """The file ``.env``: its place, its encoding, who may read it."""
    for misplaced, what in MISPLACED.items():
        if (ROOT / misplaced).is_file():
            yield Check("✗", misplaced, what, f"Move its lines into {ROOT / '.env'}; delete it.")
    file = find_env()
    if file is None:
        yield Check("✓", ".env", "none, so every setting has its usual value")
        return
    try:
        raw = file.read_bytes()
        decode_env(raw)
        names = list(read_env(file, NAMES + PRACTICE_NAMES))
    except SettingsError as error:
        yield Check("✗", ".env", error.what, error.fix)
    except OSError as error:
        yield Check("✗", ".env", f"cannot be read ({error.strerror})", "Make the file your own.")
    else:
        place = "" if file.parent == ROOT else f" (at {file})"
        if raw.startswith(b"\xef\xbb\xbf") or b"\x00" in raw:
            what = "UTF-16" if b"\x00" in raw else "UTF-8 with a byte order mark"
            text = f"is saved as {what}: the kit reads it, other programs do not"
            yield Check("!", ".env", text, "Save it as UTF-8 in your editor.")
        else:
            yield Check("✓", ".env", f"sets {', '.join(names) or 'nothing'}{place}")
        if os.name != "nt" and "OPENAI_API_KEY" in names and file.stat().st_mode & 0o077:
            yield Check("!", ".env", "others on this computer can read it", f'chmod 600 "{file}"')
    git = shutil.which("git")
    if git and (ROOT / ".git").exists() and file.is_relative_to(ROOT):
        inside = file.relative_to(ROOT).as_posix()
        if run_git(git, "ls-files", "--error-unmatch", inside):
            fix = f"git rm --cached {inside}; if a key was in it, revoke the key."
            yield Check("✗", "git", "has .env in it", fix)
        elif not run_git(git, "check-ignore", "-q", inside):
            yield Check("✗", "git", "would add .env", "Put the line .env back into .gitignore.")
        else:
            yield Check("✓", "git", "ignores .env")


def run_git(git: str, *words: str) -> bool:
    """Return whether a quiet git command succeeds."""
    done = subprocess.run([git, *words], cwd=ROOT, capture_output=True, timeout=20, check=False)
    return done.returncode == 0


def computer_checks() -> Iterator[Check]:
    """The clock and the disk."""
    today = datetime.datetime.fromtimestamp(time.time()).date()
    if today < OLDEST_CLOCK or today.year > OLDEST_CLOCK.year + 15:
        text = f"says {today}; with a wrong date no secure connection works"
        yield Check("✗", "clock", text, "Set the date of this computer.")
    else:
        yield Check("✓", "clock", str(today))
    for folder in {nearest(folder) for folder in (ROOT, config.cache())}:
        free = shutil.disk_usage(folder).free
        low = free < LOW_DISK
        text = f"{free / 1e9:.1f} GB free at {folder}"
        yield Check("✗" if low else "✓", "disk", text, "Make room." if low else "")


GROUPS: tuple[Callable[[], Iterator[Check]], ...] = (
    python_checks,
    file_checks,
    settings_checks,
    practice_checks,
    model_checks,
    computer_checks,
)

if __name__ == "__main__":
    sys.exit(doctor())
