"""`python -m tools.platforms`: does every package come as a wheel, wherever the kit is to run?

Resolves requirements.txt for every platform and Python of platforms.toml, wheels only, and prints
one table; nothing is installed. Needs the package index. `--write` puts the table into
docs/PLATFORMS.md and the versions into classroom/requirements.lock, for a class whose computers
are to be alike.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.setup import resolver
from tools.setup.offline import platforms

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "PLATFORMS.md"
LOCK = ROOT / "classroom" / "requirements.lock"

HEAD = """\
# Where every package comes as a wheel

`python -m tools.platforms --write` asked the package index for each platform and Python, wheels
only, and wrote this page. The number is that of the packages with all they need. Linux is a
system with glibc 2.28 or newer. A package that is left out is so by a marker in
[requirements.txt](../requirements.txt).
"""


@dataclass(frozen=True)
class Resolution:
    """What the resolver found for one platform and one Python.

    ``packages`` holds the names; where there is no way, it is empty and ``trouble`` says why.
    """

    platform: str
    python: str
    packages: frozenset[str]
    trouble: str = ""


def resolve(platform: Mapping[str, str], python: str) -> Resolution:
    """Resolve requirements.txt for one platform and one Python, wheels only."""
    done = resolver.resolve(python, platform)
    if done.returncode != 0:
        return Resolution(platform["title"], python, frozenset(), done.stderr.strip())
    names = (line.partition("==")[0].strip() for line in resolver.packages(done.stdout))
    return Resolution(platform["title"], python, frozenset(names))


def page(found: list[Resolution], optional: Mapping[str, str]) -> str:
    """Return docs/PLATFORMS.md: a table of platform and Python, and what is missing where."""
    pythons = sorted({one.python for one in found}, key=_version)
    lines = [HEAD, f"| | {' | '.join(f'Python {python}' for python in pythons)} |"]
    lines.append("|---|" + "---|" * len(pythons))
    for platform in dict.fromkeys(one.platform for one in found):
        of = {one.python: one for one in found if one.platform == platform}
        cells = [_cell(of[python], optional) for python in pythons]
        lines.append(f"| {platform} | {' | '.join(cells)} |")
    lines += ["", "What the kit does without a package:", ""]
    lines += [f"- {name}: {what}." for name, what in optional.items()]
    return "\n".join(lines) + "\n"


def lock() -> str:
    """Return exact versions of all packages, for every platform in one file. Raises OSError."""
    done = resolver.resolve("3.11", universal=True)
    if done.returncode != 0:
        raise OSError(done.stderr.strip())
    head = (
        "# Exact versions for a class whose computers are to be alike; `python -m tools.platforms"
        " --write`\n# makes this file from requirements.txt. Use: pip install -r"
        " classroom/requirements.lock -e .\n"
    )
    return head + done.stdout


def main(arguments: list[str] | None = None) -> int:
    """Print the table; return 1 where something has no wheel."""
    parser = argparse.ArgumentParser(prog="python -m tools.platforms")
    parser.add_argument("--write", action="store_true", help="write the page and the lock file")
    write = parser.parse_args(arguments).write
    data: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    found = [
        resolve(platform, python) for platform in platforms().values() for python in data["python"]
    ]
    text = page(found, data["optional"])
    print(text)
    failed = [one for one in found if one.trouble]
    for one in failed:
        print(f"{one.platform}, Python {one.python}: {one.trouble}\n", file=sys.stderr)
    if write and not failed:
        PAGE.write_text(text, "utf-8")
        LOCK.write_text(lock(), "utf-8")
    return 1 if failed else 0


def _cell(one: Resolution, optional: Mapping[str, str]) -> str:
    if one.trouble:
        return "**no**"
    without = [name for name in optional if name not in one.packages]
    return str(len(one.packages)) + "".join(f", without {name}" for name in without)


def _version(python: str) -> tuple[int, ...]:
    return tuple(int(part) for part in python.split("."))


if __name__ == "__main__":
    sys.exit(main())
