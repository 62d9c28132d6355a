"""A folder `pack` beside kit.py, which `kit.py pack` made: then nothing comes from the network.

Standard library only: it is looked for before anything is installed.
"""

from __future__ import annotations

import json
import os
import platform
import sys
import tomllib
from pathlib import Path
from typing import Any

from .commands import ROOT, Stop, say

PACK = "pack"
LIST = "pack.json"
"""In the pack: for which computers it is."""


def platforms() -> dict[str, dict[str, Any]]:
    """Return the kinds of computers by name."""
    return tomllib.loads(Path(__file__).with_name("platforms.toml").read_text("utf-8"))


def this_platform() -> str:
    """Return the name of this kind of computer, or what Python calls it."""
    here = (sys.platform, platform.machine())
    for name, row in platforms().items():
        if here[0] == row["system"] and here[1] in row["machine"]:
            return name
    return " ".join(here)


def this_python() -> str:
    """Return the version of this Python, as in 3.12."""
    return "{}.{}".format(*sys.version_info)


def use_pack(root: Path = ROOT) -> bool:
    """Have packages and models come from the pack, if there is one.

    Raises Stop when it is for other computers than this.
    """
    folder = root / PACK
    try:
        made_for = json.loads((folder / LIST).read_text("utf-8"))["for"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    here = [this_platform(), this_python()]
    if here not in made_for:
        those = ", ".join(f"Python {version} on {name}" for name, version in made_for)
        raise Stop(
            f"The folder pack holds packages for {those}; this is Python {here[1]} on {here[0]}.\n"
            f"Make it again with: python3 kit.py pack FOLDER --platform {here[0]} "
            f"--python {here[1]}. Or delete the folder pack, and packages come over the network."
        )
    os.environ |= {
        "PIP_NO_INDEX": "1",
        # An address and not a path: pip separates several by spaces, and a path may hold some.
        "PIP_FIND_LINKS": (folder / "wheels").as_uri(),
        "PRACTICE_WEIGHTS": str(folder / "models"),
        "HF_HUB_OFFLINE": "1",
    }
    say("packages and model come from the folder pack · nothing is fetched")
    return True
