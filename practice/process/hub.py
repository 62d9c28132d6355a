"""The model hub as a source of weights: one file over HTTPS, taken up again where it ended.

``HF_ENDPOINT`` names a mirror, ``HF_HUB_OFFLINE`` says not to ask. Standard library, because the
weights are fetched while the packages are still being installed.
"""

from __future__ import annotations

import base64
import http.client
import os
import ssl
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import unquote, urlsplit

from practice.data import load
from practice.process.language import gettext as _
from practice.process.language import marked
from practice.process.models import PracticeModel
from practice.process.sources import Progress, SourceError

NAME = marked("the model hub")

SECONDS = 20.0
"""For a connection, and for each block of bytes."""

PAUSES = (1.0, 3.0, 10.0)
"""Seconds before a broken connection is tried again; bytes that arrive start the list anew."""

_BLOCK = 1 << 18


class _Broken(Exception):
    """The connection could not be made, or ended before the file did."""


def asked() -> bool:
    """Tell whether the hub may be asked at all."""
    return os.environ.get("HF_HUB_OFFLINE", "").strip().lower() not in ("1", "true", "yes", "on")


def address(model: PracticeModel) -> str:
    """Return the web address of the model's file."""
    base = os.environ.get("HF_ENDPOINT", "").strip() or load("models.toml")["hub"]
    return f"{base.rstrip('/')}/{model.hub}"


def fetch(model: PracticeModel, part: Path, progress: Progress) -> None:
    """Append to ``part`` what it lacks of the file.

    Raises SourceError; what has arrived stays in ``part``. Raises OSError for a full disk.
    """
    began_with, pauses = _size(part), list(PAUSES)
    while (have := _size(part)) < model.size:
        try:
            _append(model, part, have, progress)
        except _Broken as broken:
            if _size(part) > have:
                pauses = list(PAUSES)
            # Where nothing has come at all, the hub cannot be reached from here.
            if _size(part) == began_with or not pauses:
                raise _unreachable(model, broken) from broken
            time.sleep(pauses.pop(0))


def _append(model: PracticeModel, part: Path, have: int, progress: Progress) -> None:
    """Write what one connection gives, from byte ``have`` on. Raises _Broken and SourceError."""
    with _opened(model, have) as answer:
        if have and answer.status != 206:  # it knows no ranges, and sends the whole
            have = 0
        length = answer.headers.get("content-length")
        is_page = answer.headers.get_content_type() == "text/html"
        if is_page or (length is not None and have + int(length) != model.size):
            raise SourceError(
                _("{host} does not give the file but {length} bytes of another").format(
                    host=_host(model), length=length or _("some")
                ),
                _("Look in the browser whether this network asks for a login"),
            )
        with part.open("r+b" if part.exists() else "wb") as file:
            file.truncate(have)
            file.seek(have)
            while have < model.size:
                block = _read(answer)[: model.size - have]
                have += file.write(block)
                progress(have)


def _opened(model: PracticeModel, have: int) -> http.client.HTTPResponse:
    parts = urlsplit(address(model))
    if parts.scheme not in ("http", "https"):
        raise SourceError(_("HF_ENDPOINT is not a web address"), _("Write it as https://host"))
    login, _at, place = parts.netloc.rpartition("@")
    url = parts._replace(netloc=place).geturl()
    request = urllib.request.Request(url, headers={"User-Agent": "first-call-practice"})  # noqa: S310 (looked at above)
    if login:
        token = base64.b64encode(unquote(login).encode()).decode()
        request.add_header("Authorization", f"Basic {token}")
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        answer: http.client.HTTPResponse = urllib.request.urlopen(  # noqa: S310
            request, timeout=SECONDS
        )
    except urllib.error.HTTPError as error:
        with error:
            raise SourceError(
                _("{host} answers {status} for the file").format(
                    host=_host(model), status=error.code
                ),
                _("Set HF_ENDPOINT to a mirror that has it"),
            ) from error
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise _Broken from error
    return answer


def _read(answer: http.client.HTTPResponse) -> bytes:
    """Return the next bytes. Raises _Broken at the end, which came too early."""
    try:
        block = answer.read1(_BLOCK)
    except (OSError, http.client.HTTPException) as error:
        raise _Broken from error
    if not block:
        raise _Broken
    return block


def _size(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _host(model: PracticeModel) -> str:
    return urlsplit(address(model)).netloc.rpartition("@")[2]


def _unreachable(model: PracticeModel, broken: _Broken) -> SourceError:
    cause = broken.__cause__
    if isinstance(getattr(cause, "reason", cause), ssl.SSLError):
        return SourceError(
            _("the TLS certificate of {host} was not accepted").format(host=_host(model)),
            _("Set SSL_CERT_FILE to your network's certificate"),
        )
    return SourceError(
        _("{source} cannot be reached").format(source=_host(model)),
        _("Connect to the internet, or set HF_ENDPOINT"),
    )
