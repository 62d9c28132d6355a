"""Other settings for the length of a block: variables of the environment, and a ``.env``."""

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from practice.process.language import gettext as _

from ..errors import FirstCallError

PROGRAM = "import os, sys; sys.stdout.buffer.write(os.environ.get(sys.argv[1], '').encode())"
"""What the new program runs: it writes one variable, as bytes that mean the same everywhere."""


class Surroundings:
    """What a block sees while ``as_if()`` is in force."""

    def in_new_program(self, name: str) -> str | None:
        """Return the variable ``name`` as a Python that starts now sees it; None if not set."""
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, name], capture_output=True, check=True
        )
        return done.stdout.decode() or None


@contextlib.contextmanager
def as_if(*, dotenv: str | None = None, **variables: str | None) -> Iterator[Surroundings]:
    """Run a block as if the environment had these ``variables``; None means: not set.

    ::

        with as_if(OPENAI_API_KEY=None, dotenv="OPENAI_API_KEY=key-from-env-file"):
            print(settings().key_from)

    ``dotenv`` is the text of a ``.env``. With it, the block runs in a new, empty folder which
    holds that file, so that yours is neither read nor changed. Variables that you do not name
    stay as they are. Afterwards all is as before, also what the block itself changed, and also
    after an error. Raises FirstCallError for a value that is no text.
    """
    for name, value in {**variables, "dotenv": dotenv}.items():
        if value is not None and (not isinstance(value, str) or "\0" in value):
            raise FirstCallError(
                _("as_if() cannot use what it got for {name}.").format(name=name),
                _("Write a text between quotes, or None for “not set”."),
            )
    before = dict(os.environ)
    with contextlib.ExitStack() as after:
        after.callback(_put_back, before)
        for name, value in variables.items():
            _set(name, value)
        if dotenv is not None:
            # Windows deletes no folder that a program is in: leave it first, then delete it.
            made = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
            folder = Path(after.enter_context(made))
            (folder / ".env").write_text(dotenv, encoding="utf-8")
            after.enter_context(contextlib.chdir(folder))
        yield Surroundings()


def _put_back(before: dict[str, str]) -> None:
    """Make the environment what it was. Only what differs is touched: other threads read it."""
    for name in set(os.environ) | set(before):
        _set(name, before.get(name))


def _set(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    elif os.environ.get(name) != value:
        os.environ[name] = value
