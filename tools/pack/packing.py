"""Gathering the repository, the packages of several kinds of computers, and the model's file."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from practice.process import weights
from practice.process.models import PracticeModel, chosen, practice_models
from tools.setup import resolver
from tools.setup.commands import ROOT, Stop, last, run, say
from tools.setup.offline import LIST, PACK, platforms, this_platform, this_python
from tools.setup.packages import pip_environment

Target = tuple[str, str]
"""A kind of computer and a Python: ("linux", "3.12")."""

NAME = "first-call"

# What sets the kit up beside what it needs: requirements.txt says nothing of these.
TOOLS = ("pip", "uv>=0.9,<1", "uv_build>=0.9,<1")

SPACE = 500_000_000  # bytes of wheels for one kind of computer

_LEFT_OUT = {".git", ".venv", ".env", PACK, "build", "node_modules", "__pycache__"}

README = """First Call

Copy the folder first-call from here to your computer (do not start it on the stick), open a
terminal in the copy, and type:

    python3 kit.py lab          on Windows: python kit.py lab

No network is needed. It is made for: {targets}.

把这里的 first-call 文件夹复制到你的电脑上(不要直接在 U 盘上启动),在复制后的文件夹里打开终端,
输入上面的命令。不需要网络。
"""


def pack(folder: str, targets: list[Target], models: list[str]) -> Path:
    """Write everything into `folder`, or what is missing there; return the kit in it.

    Raises Stop and PracticeError.
    """
    for _, version in targets:
        if not re.fullmatch(r"3\.\d+", version):
            raise Stop(f"There is no Python {version}. Name one as in: --python 3.12")
    place = Path(folder).expanduser().absolute()
    kit = place / NAME
    if ROOT.is_relative_to(kit) or kit.is_relative_to(ROOT):
        raise Stop(f"{place} lies in the kit itself. Choose a folder outside of it.")
    wanted = [practice_models()[name] for name in models] or [chosen()]
    try:
        for part in ("wheels", "models"):
            (kit / PACK / part).mkdir(parents=True, exist_ok=True)
        needed = len(targets) * SPACE + sum(model.runs.size for model in wanted)
        free = shutil.disk_usage(kit).free
        here = sum(file.stat().st_size for file in (kit / PACK).rglob("*") if file.is_file())
        if free + here < needed:
            raise Stop(
                f"{place} has {free / 1e9:.1f} GB free, and {needed / 1e9:.1f} GB are needed. "
                "Make room, or choose another folder."
            )
        copy_kit(kit)
        for model in wanted:
            copy_model(model, kit / PACK / "models")
        for number, target in enumerate(targets, 1):
            say(f"packages for Python {target[1]} on {target[0]} · {number} of {len(targets)}")
            gather(target, kit / PACK / "wheels")
        (kit / PACK / LIST).write_text(json.dumps({"for": targets}), "utf-8")
        named = ", ".join(f"Python {version} on {name}" for name, version in targets)
        (place / "README.txt").write_text(README.format(targets=named), "utf-8")
    except OSError as error:
        raise Stop(f"{place} cannot be written to ({error}). Choose another folder.") from error
    size = sum(file.stat().st_size for file in kit.rglob("*") if file.is_file())
    say(f"{kit} is ready · {size / 1e9:.1f} GB · copy it to each laptop, then: python3 kit.py lab")
    return kit


def copy_kit(kit: Path) -> None:
    """Copy the repository: the files that git knows, or all but what was made here."""
    for name in kit_files():
        (kit / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, kit / name)


def kit_files() -> list[str]:
    """Return the files of the repository, as paths in it.

    Never a .env, nor a table at the top: keys may stand in them.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else []
    if not names:  # unpacked from an archive
        names = [file.relative_to(ROOT).as_posix() for file in ROOT.rglob("*")]
    return sorted(
        name
        for name in names
        if name
        and not _LEFT_OUT & set(Path(name).parts)
        and (ROOT / name).is_file()
        and not re.fullmatch(r"[^/]+\.csv", name)
    )


def copy_model(model: PracticeModel, folder: Path) -> None:
    """Copy the file of a model that runs, fetched first where it is not here."""
    file = weights.fetch(model)
    there = folder / file.name
    if not there.exists() or there.stat().st_size != file.stat().st_size:
        say(f"copying {model.name} · {model.runs.size / 1e6:.0f} MB")
        shutil.copy(file, there)


def gather(target: Target, folder: Path) -> None:
    """Download the wheels of every package for a kind of computer. Raises Stop."""
    with tempfile.TemporaryDirectory() as scratch:
        pinned = Path(scratch, "pinned.txt")
        pinned.write_text(resolve(target), "utf-8")
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
        command += ["--only-binary=:all:", "--dest", str(folder), "-r", str(pinned)]
        code = run([*command, *pip_options(target)], pip_environment())
    if code != 0:
        raise Stop(
            f"The packages for Python {target[1]} on {target[0]} could not be downloaded; the "
            "lines above say why. Check the network, and run the command again: it goes on."
        )


def pip_options(target: Target) -> list[str]:
    """Return what tells pip for which computer; nothing for one like this."""
    name, version = target
    if target == (this_platform(), this_python()):
        return []
    tags = [word for tag in platforms()[name]["tags"] for word in ("--platform", tag)]
    return [*tags, "--python-version", version, "--implementation", "cp"]


def resolve(target: Target) -> str:
    """Return every package with its version, in lines, as the kind of computer needs them.

    Raises Stop.
    """
    name, version = target
    here = target == (this_platform(), this_python())
    done = resolver.resolve(version, None if here else platforms()[name], more=TOOLS)
    if done.returncode != 0:
        raise Stop(
            f"There is no set of packages for Python {version} on {name}: {last(done.stderr)}\n"
            "Check the network, or name another --python (3.11 to 3.14) or --platform."
        )
    return "\n".join(resolver.packages(done.stdout)) + "\n"
