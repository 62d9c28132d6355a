"""The models of practice mode, from data/models.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from practice.data import load
from practice.process.models import PracticeModel, chosen
from practice.wire.errors import ApiError

CREATED = 1738886400
"""When the practice models first came with the kit, as the API says it: seconds since 1970."""


@dataclass(frozen=True)
class Model:
    """A model that answers: its wire fields, and what it refuses."""

    id: str
    owned_by: str
    images: bool = True
    refuses: tuple[str, ...] = ()

    def wire(self) -> dict[str, Any]:
        """The model as /v1/models lists it."""
        return {
            "id": self.id,
            "object": "model",
            "created": CREATED,
            "owned_by": self.owned_by,
            "shutdown_date": None,
        }


def listed() -> dict[str, Model]:
    """Every model by id; the one that runs comes first."""
    return _listed(chosen())


@cache
def _listed(running: PracticeModel) -> dict[str, Model]:
    models = [Model(running.id, "practice")]
    for row in load("models.toml")["model"]:
        models.append(Model(**{**row, "refuses": tuple(row.get("refuses", ()))}))
    return {model.id: model for model in models}


@cache
def default_limit() -> int:
    """Completion tokens where the caller sets no limit."""
    return int(load("models.toml")["default_limit"])


def find(name: str) -> Model:
    """Return the model of that name. Raises ApiError, which says the same of a retired one."""
    if name not in listed():
        raise ApiError("model_not_found", model=name[:200])
    return listed()[name]
