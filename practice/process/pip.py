"""A pip that can be called: the environment's own, or the one that comes with Python."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any


def command() -> tuple[list[str], dict[str, str]] | None:
    """Return the command and environment of a pip, or None where there is none.

    An environment made by uv has none; Python's own copy then runs from its wheel, so that
    nothing is installed into that environment.
    """
    from importlib.util import find_spec

    env = dict(os.environ)
    if find_spec("pip") is None:
        bundled = bundled_pip()
        if bundled is None:
            return None
        env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(bundled), env.get("PYTHONPATH")]))
    return [sys.executable, "-m", "pip"], env


def bundled_pip() -> Path | None:
    """Return the pip wheel that comes with Python, or None where the distributor left it out."""
    import sysconfig

    places: list[Any] = [sysconfig.get_config_var("WHEEL_PKG_DIR")]
    try:
        import ensurepip

        places.append(Path(ensurepip.__file__).with_name("_bundled"))
    except ImportError:
        pass
    for place in filter(None, places):
        for wheel in Path(str(place)).glob("pip-*.whl"):
            return wheel
    return None
