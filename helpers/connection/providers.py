"""The table of providers, read from ``providers.toml``."""

import datetime
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict

from practice.process.language import gettext as _
from practice.process.language import marked
from practice.process.models import chosen

from ..errors import SettingsError


class Provider(BaseModel):
    """One block of ``providers.toml``; the file's first lines explain each field.

    ``None`` for an ability means: it varies by model, or is not confirmed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    base_url: str
    hosts: tuple[str, ...]
    key_page: str
    needs_key: bool
    model: str
    images: bool | None = None
    image_urls: bool | None = None
    json_object: bool | None = None
    json_schema: bool | None = None
    json_while_streaming: bool | None = None
    tools: bool | None = None
    responses: bool | None = None
    token_limit: Literal["max_tokens", "max_completion_tokens"]
    refuses: tuple[str, ...] = ()
    thinking: Literal["no", "default", "always"] | None = None
    thinking_off: dict[str, Any] = {}
    thinking_room: int = 0
    as_written: bool = False
    prices: str
    note: str
    checked: datetime.date | None = None


@cache
def all_providers() -> dict[str, Provider]:
    """Return every provider of ``providers.toml`` by its block name."""
    table = tomllib.loads(files(__package__).joinpath("providers.toml").read_text("utf-8"))
    return {name: Provider(id=name, **block) for name, block in table.items()}


def practice_provider(choice: str | None = None) -> Provider:
    """Return the row of practice mode for the model that PRACTICE_MODEL or ``choice`` names.

    Raises PracticeError for a choice that is none.
    """
    model = chosen(choice)
    row = all_providers()["practice"]
    return row.model_copy(update={"model": model.id, "name": _(row.name).format(model=model.name)})


def provider_named(name: str) -> Provider:
    """Return the provider called ``name`` (upper or lower case).

    Raises SettingsError, listing the known names, when there is none.
    """
    known = {key: row for key, row in all_providers().items() if key != "practice"}
    row = known.get(name.strip().lower())
    if row is None:
        raise SettingsError(
            _("PROVIDER={name} is not a provider this kit knows.").format(name=name),
            _("Use one of: {names}; or leave PROVIDER out and set OPENAI_BASE_URL.").format(
                names=", ".join(known)
            ),
        )
    return row


def provider_at(base_url: str) -> Provider:
    """Return the provider whose host ``base_url`` has, or a plain one for an unknown host."""
    host = urlsplit(base_url).netloc.rpartition("@")[2].lower().replace("127.0.0.1", "localhost")
    for row in all_providers().values():
        if any(host == known or host.endswith("." + known) for known in row.hosts):
            return row
    return Provider(
        id="other",
        name=host,
        base_url=base_url,
        hosts=(host,),
        key_page="",
        needs_key=True,
        model="",
        token_limit="max_tokens",  # noqa: S106 - the older name, which every service knows
        as_written=True,
        prices="",
        note=marked("This service is not in providers.toml."),
    )
