"""The tables of the service, each one file; `load` reads them."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from typing import Any


def load(name: str) -> dict[str, Any]:
    """Read one of the data files of this package."""
    return tomllib.loads(files("practice").joinpath("data", name).read_text("utf-8"))
