"""The models that practice mode can run, and which one is chosen; all from data/models.toml."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from practice.data import load
from practice.process import config
from practice.process.config import PracticeError
from practice.process.encoding import Encoding
from practice.process.language import gettext as _


@dataclass(frozen=True)
class ModelFile:
    """A file of weights: where it belongs, its bytes, and the checksum that it must have."""

    path: Path
    size: int
    sha256: str


@dataclass(frozen=True)
class PracticeModel:
    """A model that the service can run; data/models.toml explains the fields.

    ``choice`` is its name in PRACTICE_MODEL, empty for a file of the learner's own, ``own`` that
    file; ``encoding`` what is made of the file once it is here. Sizes are bytes.
    """

    choice: str
    id: str
    name: str
    file: str
    size: int
    memory: int
    parameters: int = 0
    languages: tuple[str, ...] = ()
    licence: str = ""
    sha256: str = ""
    download: int = 0
    packages: tuple[str, ...] = ()
    piece: int = 0
    hub: str = ""
    encoding: Encoding | None = None
    own: Path | None = None

    @property
    def fetched(self) -> ModelFile:
        """The file as it is published and fetched."""
        return ModelFile(config.cache() / self.file, self.size, self.sha256)

    @property
    def runs(self) -> ModelFile:
        """The file that runs: the learner's own, the fetched one, or what is encoded of it."""
        if self.own is not None:
            return ModelFile(self.own, self.size, self.sha256)
        if (as_ := self.encoding) is not None:
            return ModelFile(config.cache() / as_.file, as_.size, as_.sha256)
        return self.fetched

    @property
    def path(self) -> Path:
        """The GGUF file that runs, which may not be there yet."""
        return self.runs.path


@cache
def practice_models() -> dict[str, PracticeModel]:
    """Return the models of the kit by their names in PRACTICE_MODEL, the smallest first."""
    found = {}
    for choice, row in load("models.toml")["practice"].items():
        lists: dict[str, Any] = {name: tuple(row[name]) for name in ("languages", "packages")}
        encoding = Encoding(**row["encoding"]) if "encoding" in row else None
        found[choice] = PracticeModel(**{**row, **lists, "choice": choice, "encoding": encoding})
    return found


def default_model() -> PracticeModel:
    """Return the model that runs where nothing is chosen."""
    return practice_models()[load("models.toml")["default"]]


def chosen(value: str | None = None) -> PracticeModel:
    """Return the model that PRACTICE_MODEL (or ``value`` in its place) chooses.

    A name of the table, in upper or lower case, or the path of a GGUF file; nothing means the
    default. Raises PracticeError for anything else.
    """
    said = (os.environ.get("PRACTICE_MODEL", "") if value is None else value).strip()
    if not said:
        return default_model()
    if (known := practice_models().get(said.lower())) is not None:
        return known
    path = Path(said).expanduser().absolute()
    if not path.exists() and not _looks_like_a_path(said):
        raise PracticeError(
            _("PRACTICE_MODEL={name} is not a model of this kit.").format(name=said),
            _("Use one of: {names}; or the path of a GGUF file.").format(
                names=_(", ").join(practice_models())
            ),
        )
    return _own(path)


def smaller(model: PracticeModel) -> PracticeModel | None:
    """Return the largest model of the kit that takes less memory, or None."""
    less = [one for one in practice_models().values() if one.memory < model.memory]
    return max(less, key=lambda one: one.memory, default=None)


def model_ids() -> frozenset[str]:
    """Return every name that a reply of practice mode may carry."""
    listed: list[dict[str, Any]] = load("models.toml")["model"]
    ids = {row["id"] for row in listed} | {model.id for model in practice_models().values()}
    try:
        return frozenset(ids | {chosen().id})
    except PracticeError:
        return frozenset(ids)


def list_price_model() -> tuple[str, str]:
    """Return the provider and the model whose list price says what a call would have cost."""
    priced_as = load("models.toml")["priced_as"]
    return priced_as["provider"], priced_as["model"]


def _looks_like_a_path(said: str) -> bool:
    return said.lower().endswith(".gguf") or any(mark in said for mark in ("/", "\\", "~"))


def _own(path: Path) -> PracticeModel:
    """Return what is known of a file: the table's row where it is that file, else its name."""
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    for model in practice_models().values():
        for file in (model.fetched, model.runs):
            if (path.name, size) == (file.path.name, file.size):
                return replace(model, own=path, size=size, sha256=file.sha256)
    return PracticeModel(
        choice="",
        id=path.stem.lower(),
        name=path.stem,
        file=path.name,
        size=size,
        # The weights as they are, and about what the kit's models take beside them.
        memory=size * 11 // 10 + 300_000_000,
        own=path,
    )
