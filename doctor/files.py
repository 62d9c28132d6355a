"""The part of the doctor about the file ``.env``. It works with nothing installed."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from practice.process.config import PracticeError
from practice.process.envfile import decode_env, find_env, raw_env, read_env, unreadable
from practice.process.language import gettext as _
from practice.process.language import marked

from .table import ROOT, Check

MISPLACED = {
    "env": marked("is not read: its name lacks the dot"),
    ".env.txt": marked("is not read: its name ends in .txt, which Windows may hide"),
    "notebooks/.env": marked("is read instead of the one above it"),
}
OURS = ("OPENAI_", "FIRST_CALL_", "PRACTICE_", "PROVIDER")
"""How the names of settings begin that concern the lessons."""

LINE = r"""^[ \t]*(?:export[ \t]+)?[^\w#\s]?(\w+)([ \t]*=[ \t]*(?!''|"")[^\s#])?"""
"""A line that is about a setting: its name, and whether a value begins after it."""


def file_checks() -> Iterator[Check]:
    """The file ``.env``: its place, its encoding, who may read it."""
    for misplaced, what in MISPLACED.items():
        if (ROOT / misplaced).is_file():
            fix = _("Move its lines into {file}; delete it.").format(file=ROOT / ".env")
            yield Check("FIX", misplaced, _(what), fix)
    file = find_env()
    if file is None:
        yield Check("OK", ".env", _("none, so every setting has its usual value"))
    else:
        yield from env_checks(file)
    yield from git_checks(file or ROOT / ".env")


def env_checks(file: Path) -> Iterator[Check]:
    """Where the file ``.env`` is, how it is saved, who may read it."""
    try:
        raw = raw_env(file)
        names = names_set(file, decode_env(raw))
    except PracticeError as error:
        yield Check("FIX", ".env", error.what, error.fix)
    else:
        if raw.startswith(b"\xef\xbb\xbf") or b"\x00" in raw:
            what = "UTF-16" if b"\x00" in raw else _("UTF-8 with a byte order mark")
            text = _("is saved as {what}: the kit reads it, other programs do not")
            fix = _("Save it as UTF-8 in your editor.")
            yield Check("look", ".env", text.format(what=what), fix)
        else:
            listed = _(", ").join(names) or _("nothing")
            yield Check("OK", ".env", _("sets {names}").format(names=listed))
        if not file.is_relative_to(ROOT):
            text = _("is read from {folder}, outside the kit, so git may take it")
            fix = _("Move it to {folder}.").format(folder=ROOT)
            yield Check("look", ".env", text.format(folder=file.parent), fix)
        if os.name != "nt" and "OPENAI_API_KEY" in names and file.stat().st_mode & 0o077:
            text = _("others on this computer can read it")
            fix = _('Run in a terminal: chmod 600 "{file}"').format(file=file)
            yield Check("look", ".env", text, fix)


def git_checks(file: Path) -> Iterator[Check]:
    """Whether git leaves the file alone, where the kit is a git repository."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists() and file.is_relative_to(ROOT):
        inside = file.relative_to(ROOT).as_posix()
        if run_git(git, "ls-files", "--error-unmatch", inside) == 0:
            fix = _("Run: git rm --cached {file}; if a key was in it, delete that key.")
            yield Check("FIX", "git", _("has .env in it"), fix.format(file=inside))
            return
        ignored = run_git(git, "check-ignore", "-q", inside)
        if ignored == 0:
            yield Check("OK", "git", _("ignores .env"))
        elif ignored == 1:
            fix = _("Put the line .env back into .gitignore.")
            yield Check("FIX", "git", _("would add .env"), fix)
        else:  # the folder is somebody else's, or .git is damaged
            text = _("does not say whether it would add .env")
            yield Check("look", "git", text, _("Run in a terminal: git status"))


def run_git(git: str, *words: str) -> int:
    """Run a quiet git command and return its exit code."""
    done = subprocess.run([git, *words], cwd=ROOT, capture_output=True, timeout=20, check=False)
    return done.returncode


def names_set(file: Path, text: str) -> list[str]:
    """Return the names of the lessons' settings that the file sets to something."""
    words = re.findall(LINE, text, re.M)
    ours = {name: bool(value) for name, value in words if name.startswith(OURS)}
    try:
        return list(read_env(file, tuple(ours)))
    except ImportError:  # before the installation: what the lines look like
        for number, line in enumerate(text.splitlines(), start=1):
            word = re.match(LINE, line)
            if word and word[1] in ours and "=" not in line:
                raise unreadable(number, word[1]) from None
        return [name for name, has_value in ours.items() if has_value]
