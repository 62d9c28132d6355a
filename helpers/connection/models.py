"""The table of models to choose from, read from ``models.toml``."""

import datetime
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal

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
    checked: datetime.date

    @property
    def ends(self) -> datetime.date | None:
        """Its announced last day, where there is one."""
        return last_day(self.provider, self.name)

    def cost(self, sent: int, written: int) -> float:
        """Return the list price in dollars of so many tokens sent and written."""
        return (self.price[0] * sent + self.price[1] * written) / 1e6


def model_of(provider: str, name: str) -> Model | None:
    """Return what is known of the model called ``name`` at a provider, or None."""
    known = (model for model in all_models() if (model.provider, model.name) == (provider, name))
    return next(known, None)


def last_day(provider: str, name: str) -> datetime.date | None:
    """Return the announced last day of a model, past or to come, or None; also of an older one."""
    days: dict[str, dict[str, datetime.date]] = _table()["last_days"]
    return days.get(provider, {}).get(name)


@cache
def all_models() -> tuple[Model, ...]:
    """Return every model to choose from, in the order of ``models.toml``."""
    return tuple(Model(**block) for block in _table()["model"])


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("models.toml").read_text("utf-8"))
