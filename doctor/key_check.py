"""``python3 kit.py check-key``: what this key, base URL and model can do, and what it cost to ask.

The provider itself is asked: nothing is changed on the way, as connection/dialect.py would. A
provider that is not in providers.toml gets the block that it needs there.
"""

import datetime
import io
import json
import sys
from typing import Any

from openai import OpenAI, OpenAIError

from helpers.connection.providers import Provider
from helpers.connection.session import (
    connect,
    current_model,
    own_client,
    reach_this_computer_directly,
)
from helpers.connection.settings import Settings, settings
from helpers.errors import FirstCallError
from helpers.explanations import sentences
from practice.process.language import columns_of, padded
from practice.process.language import gettext as _

from .abilities import PROBES, Asker, Found


def main() -> int:
    """Say what the key in force can do; return 0 when its model answers, else 1.

    In practice mode the practice service is asked. No key is shown.
    """
    try:
        chosen = settings()
        client = _client(chosen)
        asker = Asker(client, chosen.model or current_model(client))
    except FirstCallError as error:
        print(error)
        return 1
    except OpenAIError as error:
        print(*sentences(error))
        return 1
    problem = ""
    try:
        for probe in PROBES:
            probe(asker)
    except FirstCallError as error:
        problem = str(error)
    except OpenAIError as error:
        problem = " ".join(sentences(error, client))
    print(f"{chosen.provider.name} · {asker.model}")
    print(_as_text(asker.found.lines))
    if problem:
        print(_("The check ended here. {problem}").format(problem=problem))
    if asker.meter.calls:
        print(_("What this cost: {cost}").format(cost=asker.meter))
    if asker.found.lines and not problem:
        print(_compared(chosen, asker))
    return 1 if problem else 0


def _client(chosen: Settings) -> OpenAI:
    """Return a client that changes nothing on the way."""
    if chosen.mode == "practice":
        return connect()
    reach_this_computer_directly()
    plain = chosen.provider.model_copy(update={"as_written": True})
    options = {"timeout": 60.0, "max_retries": 1}
    return own_client(chosen.model_copy(update={"provider": plain}), options)


def _as_text(lines: list[Found]) -> str:
    """Return a line for each ability."""
    marks = {True: _("yes"), False: _("no"), None: "?"}
    width = max((columns_of(_(line.name)) for line in lines), default=0)
    short = max(map(columns_of, marks.values()))
    return "\n".join(
        f"  {padded(_(line.name), width)}  {padded(marks[line.works], short)}  {line.said}"
        for line in lines
    )


def _compared(chosen: Settings, asker: Asker) -> str:
    """Return how the provider's row differs from what was found, or the row it should have."""
    row, found = chosen.provider, asker.found.row
    if row.id == "other":
        return _proposed(row, asker)
    said = []
    for name, value in found.items():
        known = getattr(row, name)
        known = list(known) if isinstance(known, tuple) else known
        if name in ("thinking_off", "thinking_room") or known == value:
            continue
        if name == "refuses" and "temperature" in known:
            continue
        text = _("  {field}: {known} there, {found} here")
        said.append(text.format(field=name, known=_toml(known), found=_toml(value)))
    if not said:
        text = _("That is what helpers/connection/providers.toml says of {provider}.")
        return text.format(provider=row.name)
    head = _("helpers/connection/providers.toml says otherwise of {provider}:")
    if row.model and row.model != asker.model:
        head = _("helpers/connection/providers.toml says otherwise of {provider} with {model}:")
    return "\n".join([head.format(provider=row.name, model=row.model), *said])


def _proposed(row: Provider, asker: Asker) -> str:
    """Return the block of providers.toml for a provider that is not in it."""
    labels = row.name.split(":")[0].split(".")
    name = labels[-2] if len(labels) > 1 and not labels[-1].isdigit() else "mine"
    fields: dict[str, Any] = {
        "name": row.name,
        "base_url": row.base_url,
        "hosts": list(row.hosts),
        "key_page": "",
        "needs_key": True,
        "model": asker.model,
        **asker.found.row,
        "prices": "",
        "note": "Asked with kit.py check-key.",
        "checked": datetime.date.today(),
    }
    lines = [f"{key} = {_toml(value)}" for key, value in fields.items() if value != {}]
    intro = _(
        "This provider is not in helpers/connection/providers.toml. With this block there, "
        "connect() puts right what it spells otherwise:"
    )
    return "\n".join([intro, "", f"[{name}]", *lines])


def _toml(value: Any) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, dict):
        inside = ", ".join(f"{key} = {_toml(inner)}" for key, inner in value.items())
        return f"{{ {inside} }}"
    if isinstance(value, datetime.date):
        return value.isoformat()
    return _("not said") if value is None else json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):  # a console that lacks a character
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main())
