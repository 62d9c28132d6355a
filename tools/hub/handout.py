"""What learners get: the committed lessons, in a git repository that only gives."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path

from tools.pack.packing import kit_files
from tools.setup.commands import ROOT, Stop

_WHO = ("-c", "user.name=First Call", "-c", "user.email=first-call@localhost")


def hand_out(folder: Path) -> None:
    """Write the kit as it is now into the bare repository `folder`, as a new commit if it changed.

    Beside it goes a settings file, with which other users of this computer may clone it.
    Raises Stop.
    """
    if not (folder / "HEAD").exists():
        _git("init", "--quiet", "--bare", "--initial-branch=main", str(folder))
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch, "work")
        _git("clone", "--quiet", str(folder), str(work))
        there = [name for name in _git("ls-files", "-z", at=work).split("\0") if name]
        for name in there:
            (work / name).unlink()
        for name in kit_files():
            (work / name).parent.mkdir(parents=True, exist_ok=True)
            (work / name).write_bytes((ROOT / name).read_bytes())
        _git("add", "--all", "--force", at=work)
        if _git("status", "--porcelain", at=work):
            _git(*_WHO, "commit", "--quiet", "--message", "The lessons", at=work)
            _git("push", "--quiet", "origin", "HEAD:main", at=work)
    settings = Path(f"{folder}.gitconfig")
    settings.write_text(
        f"[safe]\n\tdirectory = {folder}\n"
        "[user]\n\tname = A learner\n\temail = learner@localhost\n",
        "utf-8",
    )
    settings.chmod(0o644)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _git(*words: str, at: Path | None = None) -> str:
    done = subprocess.run(
        ["git", *words], cwd=at, capture_output=True, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        raise Stop(f"git {words[0]} failed: {done.stderr.strip()[-300:]}")
    return done.stdout
