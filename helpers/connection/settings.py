"""Which service is called, with which key and which model: one object, and one for each client."""

import os
from pathlib import Path
from typing import Literal
from weakref import WeakKeyDictionary

from openai import OpenAI
from pydantic import BaseModel, ConfigDict, Field, SecretStr

from practice.process.config import ENVIRONMENT, SIMULATION
from practice.process.envfile import find_env, read_env
from practice.process.language import gettext as _

from ..errors import SettingsError, settings_errors
from .keys import check_base_url, check_key
from .providers import Provider, practice_provider, provider_at, provider_named

NAMES = (
    "OPENAI_API_KEY",
    "OPENAI_BASE_URL",
    "OPENAI_MODEL",
    "OPENAI_ORG_ID",
    "OPENAI_PROJECT_ID",
    "PROVIDER",
    "FIRST_CALL_MODE",
    "FIRST_CALL_BUDGET",
)
"""Every setting that is read from the environment and from ``.env``."""


class Settings(BaseModel):
    """What ``connect()`` goes by. Showing it never shows the key, nor any part of it."""

    model_config = ConfigDict(frozen=True, hide_input_in_errors=True)

    mode: Literal["practice", "own key"]
    provider: Provider = Field(repr=False)
    base_url: str
    model: str
    api_key: SecretStr | None
    key_from: Literal["argument", "environment", ".env", "not set"]
    organization: str | None = Field(default=None, repr=False)
    project: str | None = Field(default=None, repr=False)
    budget: float | None = None
    env_file: Path | None = Field(default=None, repr=False)


def settings(
    *,
    api_key: str | None = None,
    base_url: str | None = None,
    model: str | None = None,
    provider: str | None = None,
) -> Settings:
    """Return the settings in force.

    Each is taken from the first place that sets it: the argument, the environment, the
    nearest ``.env``. An empty value counts as not set. Without a key the mode is practice;
    a key that is set and cannot be a key raises SettingsError, as does any other setting
    that cannot be used. Nothing is sent and nothing is changed.
    """
    given = {
        "OPENAI_API_KEY": api_key,
        "OPENAI_BASE_URL": base_url,
        "OPENAI_MODEL": model,
        "PROVIDER": provider,
    }
    file = find_env()
    with settings_errors():
        from_file = read_env(file, (*NAMES, *ENVIRONMENT)) if file else {}

    def value(name: str) -> str:
        return given.get(name) or os.environ.get(name) or from_file.get(name) or ""

    key = value("OPENAI_API_KEY")
    key_from: Literal["argument", "environment", ".env", "not set"] = "not set"
    if key.strip():
        check_key(key)
        key_from = (
            "argument" if api_key else "environment" if os.environ.get("OPENAI_API_KEY") else ".env"
        )
    url, row = _address(value("OPENAI_BASE_URL").strip(), value("PROVIDER").strip())
    mode = value("FIRST_CALL_MODE").strip().lower()
    if mode not in ("", "practice"):
        raise SettingsError(
            _("FIRST_CALL_MODE={mode} is not a mode.").format(mode=mode),
            _("Write practice there, or leave it out."),
        )
    simulation = key.startswith(SIMULATION)
    practice = mode == "practice" or simulation or (not key.strip() and row.needs_key)
    if practice:
        with settings_errors():
            url, row = "", practice_provider(value("PRACTICE_MODEL"))
    elif not url:
        what = _("{provider} has no fixed address.").format(provider=_(row.name))
        raise SettingsError(what, _(row.note))
    return Settings(
        mode="practice" if practice else "own key",
        provider=row,
        base_url=url,
        # Practice mode has models of its own: a name in .env is for the service with a key.
        model=(model if practice else value("OPENAI_MODEL").strip()) or row.model,
        api_key=SecretStr(key) if key.strip() and (not practice or simulation) else None,
        key_from=key_from,
        organization=value("OPENAI_ORG_ID").strip() or None,
        project=value("OPENAI_PROJECT_ID").strip() or None,
        budget=_dollars(value("FIRST_CALL_BUDGET").strip()),
        env_file=file,
    )


def _address(url: str, name: str) -> tuple[str, Provider]:
    """Return the base URL and the provider's row; either setting may be empty."""
    row = provider_named(name) if name else None
    if not url:
        row = row or provider_named("openai")
        return row.base_url, row
    return check_base_url(url), row or provider_at(url)


def _dollars(text: str) -> float | None:
    """Return the budget in dollars, or None where none is set."""
    if not text:
        return None
    try:
        amount = float(text.removeprefix("$"))
    except ValueError:
        amount = -1.0
    if not 0 <= amount < float("inf"):
        raise SettingsError(
            _("FIRST_CALL_BUDGET is not an amount."), _("Write dollars as a number, like 0.50.")
        )
    return amount


# ---- the settings of each client

_made: WeakKeyDictionary[OpenAI, Settings] = WeakKeyDictionary()
_last: OpenAI | None = None


def remember(client: OpenAI, chosen: Settings) -> None:
    """Note what ``connect()`` made a client with; it is the last one from now on."""
    global _last
    _made[client] = chosen
    _last = client


def last_client() -> OpenAI | None:
    """Return the client that ``connect()`` made last, or None before the first."""
    return _last


def settings_of(client: OpenAI | None = None) -> Settings:
    """Return the settings that belong to ``client``; None means the last one that was made.

    A client made by hand has those of the one at the same address, or else what is known of
    its host. Raises SettingsError where settings have to be read and cannot be used.
    """
    client = client or _last
    if client is None:
        return settings()
    if client in _made:
        return _made[client]
    address = str(client.base_url).rstrip("/")
    for other, chosen in _made.items():
        if str(other.base_url).rstrip("/") == address:
            return chosen
    chosen = settings()
    if chosen.base_url.rstrip("/") == address:
        return chosen
    row = provider_at(address)
    changes = {"mode": "own key", "provider": row, "base_url": address, "model": row.model}
    return chosen.model_copy(update=changes | {"api_key": None, "key_from": "argument"})
