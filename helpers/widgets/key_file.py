"""Write a key into ``.env``, and try whether it works. It is never shown."""

import os
from pathlib import Path

import dotenv
from openai import OpenAIError

from practice.process.envfile import decode_env, find_env, raw_env
from practice.process.files import write_whole
from practice.process.language import gettext as _

from ..connection.keys import check_key
from ..connection.session import TIMEOUT, own_client
from ..connection.settings import settings
from ..errors import FirstCallError, SettingsError, settings_errors
from ..explanations import explain


def save_key(key: str) -> str:
    """Write ``key`` as OPENAI_API_KEY into ``.env`` and return a sentence about it.

    The other lines stay. On Linux and macOS only you can read the file (mode 0600). Raises
    SettingsError when ``key`` cannot be a key or the file cannot be written.
    """
    if not key.strip():
        raise SettingsError(_("No key was given."), _("Paste one, or go on in practice mode."))
    check_key(key)
    path = find_env() or _folder() / ".env"
    try:
        path.touch(mode=0o600)
        path.chmod(0o600)  # before the key is in it
        with settings_errors():
            raw = raw_env(path)
            text = decode_env(raw)
        if text.encode() != raw:  # UTF-16 and byte order marks stand in python-dotenv's way
            write_whole(path.resolve(), text)
        dotenv.set_key(path, "OPENAI_API_KEY", key, follow_symlinks=True)
    except OSError as error:
        raise SettingsError(
            _(".env cannot be written ({error}).").format(
                error=error.strerror or _("unknown reason")
            ),
            _("Check that the folder is yours and that the disk is not full."),
        ) from error
    if os.environ.get("OPENAI_API_KEY", key) not in ("", key):
        return _(
            "Saved in .env. But the environment has another OPENAI_API_KEY, which comes first."
        )
    return _("Saved in .env. Run the cell with connect() again to use it.")


def try_key() -> str:
    """Return a sentence on whether the key in force works. It lists models, which is free."""
    try:
        chosen = settings()
        if chosen.mode == "practice":
            return _("Practice mode is on: there is no key to test.")
        count = len(own_client(chosen, {"timeout": TIMEOUT, "max_retries": 0}).models.list().data)
    except (FirstCallError, OpenAIError, UnicodeEncodeError) as error:
        return explain(error)
    said = _("The key works at {provider}: {count} models are listed.")
    return said.format(provider=_(chosen.provider.name), count=count)


def _folder() -> Path:
    """Return where a new ``.env`` belongs: the kit's folder, or else this one."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / "kit.py").exists()), here)
