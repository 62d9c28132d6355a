"""`python3 kit.py pack FOLDER`: the kit, its packages and its model for computers without network.

FOLDER/first-call is then complete: copied to a laptop of the kinds that were named, `python3
kit.py lab` in it needs no network. Without options it is made for computers like this one.
"""

from __future__ import annotations

import argparse
import sys

from practice.process.config import PracticeError
from practice.process.models import practice_models
from tools.pack import packing
from tools.setup.commands import Stop
from tools.setup.offline import platforms, this_platform, this_python


def main() -> int:
    """Gather everything and say what it is."""
    parser = argparse.ArgumentParser(prog="kit.py pack", description=__doc__)
    parser.add_argument("folder", help="where to, for example a USB stick or a share")
    parser.add_argument(
        "--platform", action="append", choices=list(platforms()), help="may be given several times"
    )
    parser.add_argument(
        "--python", action="append", metavar="3.12", help="may be given several times"
    )
    parser.add_argument("--model", action="append", choices=list(practice_models()))
    given = parser.parse_args()
    targets = [
        (name, version)
        for name in given.platform or [this_platform()]
        for version in given.python or [this_python()]
    ]
    try:
        packing.pack(given.folder, targets, given.model or [])
    except (Stop, PracticeError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
