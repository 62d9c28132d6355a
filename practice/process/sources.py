"""Where weights come from, and how a source says that it has none."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from practice.process.language import gettext as _
from practice.process.models import ModelFile

Progress = Callable[[int], None]
"""Called with the bytes of the file that are here."""

FOLDER = "PRACTICE_WEIGHTS"

_BLOCK = 1 << 20


class SourceError(Exception):
    """A source did not give the file. ``what`` happened and the ``fix``, without a full stop."""

    def __init__(self, what: str, fix: str) -> None:
        super().__init__(_("{what}. {fix}.").format(what=what, fix=fix))
        self.what = what
        self.fix = fix


def given_folder() -> Path | None:
    """Return the folder that PRACTICE_WEIGHTS names: a USB stick, a school's share."""
    said = os.environ.get(FOLDER, "").strip()
    return Path(said).expanduser().absolute() if said else None


def copy(file: ModelFile, part: Path, folder: Path, progress: Progress) -> None:
    """Copy a file of weights from a folder to ``part``. Raises SourceError and OSError."""
    name = file.path.name
    origin = folder / name
    if not folder.is_dir():
        text = _("{setting} names {folder}, which is not a folder")
        raise SourceError(
            text.format(setting=FOLDER, folder=folder),
            _("Correct {setting}").format(setting=FOLDER),
        )
    try:
        source = origin.open("rb")
    except OSError as error:
        absent, locked = _("{folder} does not hold {file}"), _("{folder} cannot give {file}")
        text = locked if origin.exists() else absent
        fix = _("Copy {file} there, or correct {setting}").format(file=name, setting=FOLDER)
        raise SourceError(text.format(folder=folder, file=name), fix) from error
    with source, part.open("wb") as copied:
        have = 0
        while block := _read(source, folder):
            have += copied.write(block)
            progress(min(have, file.size))


def _read(source: BinaryIO, folder: Path) -> bytes:
    """Read a block; a stick that is pulled out is the source's fault, not the disk's."""
    try:
        return source.read(_BLOCK)
    except OSError as error:
        raise SourceError(
            _("{folder} cannot be read to the end ({reason})").format(
                folder=folder, reason=error.strerror or error
            ),
            _("Connect it again"),
        ) from error
