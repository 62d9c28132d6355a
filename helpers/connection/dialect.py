"""What a provider spells otherwise, put right on the way out: no cell changes.

``connect()`` hands the SDK an HTTP client, as its option ``http_client`` allows, which changes
the body of a chat request as the provider's row in ``providers.toml`` says, and nothing else.
``connect()`` names what it changes and ``client_changes()`` shows it. Requests to OpenAI and to
practice mode go out as they are written, and so do Responses and everything that is no chat.
"""

import contextlib
import json
from typing import Any

import httpx2
from openai import DefaultHttpxClient

from practice.process.language import gettext as _

from .providers import Provider

LIMITS = ("max_tokens", "max_completion_tokens")
"""The two names of one parameter."""

Body = dict[str, Any]


def translated(body: Body, row: Provider) -> Body:
    """Return the body of a chat request as the provider of ``row`` takes it.

    The limit gets the name that it knows, what it refuses is left out, and hidden thinking is
    switched off, unless the request says itself how much to think. Where it cannot be switched
    off it is set to its least, and the limit gets room for it.
    """
    if row.as_written:
        return body
    named = row.token_limit in body
    sent = {
        row.token_limit if name in LIMITS and not named else name: value
        for name, value in body.items()
        if name not in row.refuses
    }
    if not body.keys() & {"reasoning_effort", *row.thinking_off}:
        sent |= row.thinking_off
    if isinstance(limit := sent.get(row.token_limit), int):
        sent[row.token_limit] = limit + row.thinking_room
    return sent


def changes(row: Provider) -> list[str]:
    """Return what ``translated`` changes for ``row``, each in a few words."""
    if row.as_written:
        return []
    limit = _("limits go as {name}")
    if row.thinking_room:
        limit = _("limits go as {name} with {room:,} more for thinking")
    said = [limit.format(name=row.token_limit, room=row.thinking_room)]
    if row.refuses:
        left = _("{name} and the like are left out") if row.refuses[1:] else _("{name} is left out")
        said.append(left.format(name=row.refuses[0]))
    if row.thinking_off:
        off = row.thinking == "default"
        said.append(_("thinking is off") if off else _("thinking is at its least"))
    return said


class DialectClient(DefaultHttpxClient):
    """The SDK's own HTTP client, with the same limits and proxies, that speaks a dialect."""

    def __init__(self, row: Provider) -> None:
        super().__init__()
        self.row = row
        self.last: tuple[Body, Body] | None = None
        """The last chat request as it was written and as it went out."""

    def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
        """Send ``request`` in the provider's dialect."""
        return super().send(self._in_dialect(request), **options)

    def _in_dialect(self, request: httpx2.Request) -> httpx2.Request:
        """Return ``request``, or the one to send in its place."""
        if request.method != "POST" or not request.url.path.endswith("/chat/completions"):
            return request
        body = json.loads(request.read())
        sent = translated(body, self.row)
        self.last = body, sent
        if sent == body:
            return request
        headers = request.headers.copy()
        del headers["content-length"]
        return httpx2.Request(
            request.method,
            request.url,
            headers=headers,
            content=json.dumps(sent, ensure_ascii=False).encode(),
            extensions=request.extensions,
        )

    def __del__(self) -> None:
        # As the SDK's own client does: a client made anew in a cell leaves none open.
        with contextlib.suppress(Exception):
            self.close()
