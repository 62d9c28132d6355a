"""The tables of the service, each one file; `load` reads them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """Return what one of the data files says; it is read once, so leave it as it is."""
    return tomllib.loads(files("practice").joinpath("data", name).read_text("utf-8"))
