"""Show a request as a cell wrote it, and as it went out."""

import difflib
import json
from typing import Any

from openai import OpenAI

from practice.process.language import gettext as _

from .dialect import DialectClient, changes
from .settings import last_client, settings_of

LONGEST = 80
"""Characters of a text that are shown; a picture as a data URL has a million."""


def client_changes(client: OpenAI | None = None) -> None:
    """Print the last chat request of ``client`` as it was written and as it went out.

    None means the client that was made last. Lines with ``-`` are as the cell wrote them, lines
    with ``+`` as the provider got them; the others are the same. No header is shown, so no key.
    """
    client = client or last_client()
    web = getattr(client, "_client", None)  # also of a copy that with_options() made
    if not isinstance(web, DialectClient):
        said = _("Requests to {provider} go out as they are written.")
        print(said.format(provider=_(settings_of(client).provider.name)))
        return
    print(f"{_(web.row.name)}: {' · '.join(changes(web.row))}")
    if web.last is None:
        print(_("No chat request has been sent yet."))
        return
    print(_("(- as it was written, + as it went out)"))
    written, sent = web.last
    for line in difflib.ndiff(_lines(written), _lines(sent)):
        if not line.startswith("?"):
            print(line)


def _lines(body: dict[str, Any]) -> list[str]:
    """Return a line for each field of ``body``, and one for each message."""
    found = []
    for name, value in _shown(body).items():
        if name == "messages":
            found += ["messages:", *(f"  {json.dumps(one, ensure_ascii=False)}" for one in value)]
        else:
            found.append(f"{name}: {json.dumps(value, ensure_ascii=False)}")
    return found


def _shown(value: Any) -> Any:
    """Return ``value`` with its long texts cut."""
    if isinstance(value, dict):
        return {name: _shown(inside) for name, inside in value.items()}
    if isinstance(value, list):
        return [_shown(inside) for inside in value]
    if isinstance(value, str) and len(value) > LONGEST:
        size = _("{n:,} characters").format(n=len(value))
        return f"{value[:LONGEST]}… ({size})"
    return value
