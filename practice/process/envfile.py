"""Find and read the ``.env`` file, whatever an editor made of it. Everything reads it from here."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

from practice.process import config
from practice.process.config import PracticeError
from practice.process.language import gettext as _


def find_env() -> Path | None:
    """Return the nearest ``.env`` in this folder or one above it, or None.

    It may be no file (``read_env`` says so), but the folder of a virtual environment is passed.
    """
    here = Path.cwd()
    found = (folder / ".env" for folder in (here, *here.parents))
    return next((file for file in found if file.exists() and not _is_environment(file)), None)


def _is_environment(folder: Path) -> bool:
    """Tell whether this is a virtual environment: some call theirs ``.env``."""
    return (folder / "pyvenv.cfg").exists()


def decode_env(raw: bytes) -> str:
    """Return the text of a ``.env`` file from its bytes.

    UTF-8 with or without a byte order mark, and UTF-16 (what Notepad and PowerShell's ``>``
    may write), are read. Raises PracticeError for any other encoding.
    """
    try:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            return raw.decode("utf-16")
        if raw[1:2] == b"\x00":
            return raw.decode("utf-16-le")
        if raw[:1] == b"\x00":
            return raw.decode("utf-16-be")
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PracticeError(
            _("The .env file is not saved as UTF-8, so it cannot be read."),
            _("Open it in your editor, choose Save As or Save with Encoding, and pick UTF-8."),
        ) from error


def raw_env(path: Path) -> bytes:
    """Return the bytes of a ``.env`` file. Raises PracticeError when it cannot be read."""
    if not path.is_file():
        kind = _("a folder") if path.is_dir() else _("a pipe or a device")
        text = _("{file} is {kind}, not a file, so no setting can be read from it.")
        raise PracticeError(
            text.format(file=path, kind=kind),
            _("Rename it, and write the settings into a file called .env."),
        )
    try:
        return path.read_bytes()
    except OSError as error:
        raise PracticeError(
            _("The .env file is there but cannot be read ({reason}).").format(
                reason=error.strerror or _("unknown reason")
            ),
            _("Check that you own the file and may read it, then run this cell again."),
        ) from error


def read_env(path: Path, names: tuple[str, ...]) -> dict[str, str]:
    """Return the settings called ``names`` that the file at ``path`` sets to something.

    Raises PracticeError when the file cannot be read, or when a line is about one of
    ``names`` and is not ``NAME=value``: such a line must not count as "not set".
    """
    import dotenv  # late: the doctor looks at the file before anything is installed

    text = decode_env(raw_env(path))
    # What ${...} stands for is not looked up: a value is what the line says.
    values = dotenv.dotenv_values(stream=io.StringIO(text), interpolate=False)
    for number, line in enumerate(text.splitlines(), start=1):
        word = re.match(r"\s*(?:export\s+)?[^\w#]?(\w+)", line)
        if word and word[1] in names and values.get(word[1]) is None:
            raise unreadable(number, word[1])
    return {name: values[name] or "" for name in names if values.get(name)}


def unreadable(number: int, name: str) -> PracticeError:
    """Return the error about a line of ``.env`` that names a setting and gives it no value."""
    return PracticeError(
        _("Line {number} of .env is about {name}, but it cannot be read.").format(
            number=number, name=name
        ),
        _("Write it as {name}=value: one line, straight quotes or none.").format(name=name),
    )


def take_practice_settings() -> None:
    """Put what the nearest ``.env`` says to the service where that looks: in the environment.

    A variable that is set there already stays. Raises PracticeError when the file cannot be read.
    """
    file = find_env()
    for name, value in (read_env(file, config.ENVIRONMENT) if file else {}).items():
        if not os.environ.get(name):
            os.environ[name] = value
