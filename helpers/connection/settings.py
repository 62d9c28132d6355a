"""One object that says which service is called, with which key and which model."""

import os
import re
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from practice.process.envfile import find_env, read_env

from ..errors import SettingsError, settings_errors
from .providers import Provider, all_providers, provider_at, provider_named

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

PLACEHOLDER = re.compile(
    r"(^|[-_ ])(your|paste|insert|replace|example)([-_ ]|$)|^(sk-)?your(key|api|secret|openai)"
    r"|api[-_ ]?key|change[-_ ]?me|\.\.\.|…|^(sk-)?[x*]+$|[<>{}]",
    re.IGNORECASE,
)
"""Texts that stand where a key should be; a real key matches once in a million times or less."""

CARD = "simulate-"
"""How the keys begin that ask practice mode to simulate an error."""


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


def check_key(key: str) -> str:
    """Return ``key`` when it can be sent as a key.

    Raises SettingsError with the one fix when it cannot; the error never shows the key.
    """
    if key != key.strip():
        what, fix = "has a space or a line break at an end", "Delete it and save again."
    elif any(character in key for character in "“”‘’„«»＂＇"):
        what, fix = "has curly quotes", "Remove the quotes; a key needs none."
    elif key[0] in "\"'`" or key[-1] in "\"'`":
        what, fix = "still has quotes around it", "Remove the quotes; a key needs none."
    elif key.lower().startswith(("bearer", "authorization")):
        what, fix = "starts with the word Bearer", "Keep only the key itself."
    elif key.startswith(("http://", "https://")):
        what, fix = "is a web address", "Put the key there; the address goes in OPENAI_BASE_URL."
    elif not key.isascii() or not key.isprintable():
        what, fix = "has characters that no key has", "Copy the key again from the key page."
    elif any(character.isspace() for character in key):
        what, fix = "has a space inside", "Copy the key again from the key page, in one piece."
    elif PLACEHOLDER.search(key):
        what, fix = (
            "is the example text, not a key",
            "Put your key there, or leave it empty for practice mode.",
        )
    else:
        return key
    raise SettingsError(f"OPENAI_API_KEY is set, but it {what}.", fix)


def check_base_url(url: str) -> str:
    """Return ``url`` when it can be a base URL; raise SettingsError with the one fix when not."""
    parts = urlsplit(url) if url.isascii() and url.isprintable() and " " not in url else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(
            "OPENAI_BASE_URL is not a web address.",
            "Write it like https://api.openai.com/v1, or leave it out.",
        )
    if parts.path.rstrip("/").endswith("/chat/completions"):
        raise SettingsError(
            "OPENAI_BASE_URL goes one step too far.",
            "End it before /chat/completions; the SDK adds that part.",
        )
    if parts.username or "resource.openai" in url.lower():
        raise SettingsError(
            "OPENAI_BASE_URL is not an address of yours yet.",
            "Put your own host there, without user name or password.",
        )
    return url


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
        from_file = read_env(file, NAMES) if file else {}

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
            f"FIRST_CALL_MODE={mode} is not a mode.", "Write practice there, or leave it out."
        )
    practice = mode == "practice" or key.startswith(CARD) or (not key.strip() and row.needs_key)
    if practice:
        url, row = "", all_providers()["practice"]
    elif not url:
        raise SettingsError(f"{row.name} has no fixed address.", row.note)
    return Settings(
        mode="practice" if practice else "own key",
        provider=row,
        base_url=url,
        # Practice mode has models of its own: a name in .env is for the service with a key.
        model=(model if practice else value("OPENAI_MODEL").strip()) or row.model,
        api_key=SecretStr(key) if key.strip() and (not practice or key.startswith(CARD)) else None,
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
            "FIRST_CALL_BUDGET is not an amount.", "Write dollars as a number, like 0.50."
        )
    return amount
