"""`python3 kit.py facts`: what the kit says of the outside world and has not checked for long.

Prints facts older than 90 days and models past their last day. `--links` also asks every web
address of pages, lessons and data whether it is still there; this alone needs a network.
"""

from __future__ import annotations

import argparse
import datetime
import subprocess
import sys
from pathlib import Path

from . import ages, web_links

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "helpers" / "connection" / "models.toml"


def main(arguments: list[str] | None = None) -> int:
    """Print what is to be looked at again; return 1 where there is something."""
    parser = argparse.ArgumentParser(prog="kit.py facts", description=__doc__)
    parser.add_argument("--links", action="store_true", help="ask every web address, too")
    links = parser.parse_args(arguments).links
    files = _tracked()
    dated = list(ages.facts(ROOT, [name for name in files if name.endswith(".toml")]))
    today = datetime.date.today()
    found = ages.old(dated, today) + ages.past(MODELS, today)
    said = f"{len(dated)} dated facts"
    if links:
        addresses = web_links.addresses(ROOT, files)
        found += web_links.broken(addresses)
        said += f", {len(addresses)} web addresses"
    print(*found, f"{said}; {len(found)} to look at again.", sep="\n")
    return 1 if found else 0


def _tracked() -> list[str]:
    command = ["git", "ls-files", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return sorted(name for name in done.stdout.split("\0") if name and (ROOT / name).is_file())


if __name__ == "__main__":
    sys.exit(main())
