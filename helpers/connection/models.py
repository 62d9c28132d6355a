"""The table of models to choose from, read from ``models.toml``."""

import datetime
import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Model(BaseModel):
    """One block of ``models.toml``; the file's first lines explain each field."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    provider: str
    price: tuple[float, float]
    context: int
    thinking: Literal["no", "default", "always"]
    images: bool
    ends: datetime.date | None = None
    checked: datetime.date

    def cost(self, sent: int, written: int) -> float:
        """Return the list price in dollars of so many tokens sent and written."""
        return (self.price[0] * sent + self.price[1] * written) / 1e6


def model_of(provider: str, name: str) -> Model | None:
    """Return what is known of the model called ``name`` at a provider, or None."""
    known = (model for model in all_models() if (model.provider, model.name) == (provider, name))
    return next(known, None)


@cache
def all_models() -> tuple[Model, ...]:
    """Return every model of ``models.toml``, in its order."""
    table = tomllib.loads(files(__package__).joinpath("models.toml").read_text("utf-8"))
    return tuple(Model(**block) for block in table["model"])
