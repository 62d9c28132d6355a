"""What cannot be a key or a base URL, said before anything is sent."""

import re
from urllib.parse import urlsplit

from practice.process.language import gettext as _

from ..errors import SettingsError

PLACEHOLDER = re.compile(
    r"(^|[-_ ])(your|paste|insert|replace|example)([-_ ]|$)|^(sk-)?your(key|api|secret|openai)"
    r"|api[-_ ]?key|change[-_ ]?me|\.\.\.|…|^(sk-)?[x*]+$|[<>{}]",
    re.IGNORECASE,
)
"""Texts that stand where a key should be; a real key matches once in a million times or less."""


def check_key(key: str) -> str:
    """Return ``key`` when it can be sent as a key.

    Raises SettingsError with the one fix when it cannot; the error never shows the key.
    """
    if key != key.strip():
        what = _("OPENAI_API_KEY is set, but it has a space or a line break at an end.")
        fix = _("Delete it and save again.")
    elif any(character in key for character in "“”‘’„«»＂＇"):
        what = _("OPENAI_API_KEY is set, but it has curly quotes.")
        fix = _("Remove the quotes; a key needs none.")
    elif key[0] in "\"'`" or key[-1] in "\"'`":
        what = _("OPENAI_API_KEY is set, but it still has quotes around it.")
        fix = _("Remove the quotes; a key needs none.")
    elif key.lower().startswith(("bearer", "authorization")):
        what = _("OPENAI_API_KEY is set, but it starts with the word Bearer.")
        fix = _("Keep only the key itself.")
    elif key.startswith(("http://", "https://")):
        what = _("OPENAI_API_KEY is set, but it is a web address.")
        fix = _("Put the key there; the address goes in OPENAI_BASE_URL.")
    elif not key.isascii() or not key.isprintable():
        what = _("OPENAI_API_KEY is set, but it has characters that no key has.")
        fix = _("Copy the key again from the key page.")
    elif any(character.isspace() for character in key):
        what = _("OPENAI_API_KEY is set, but it has a space inside.")
        fix = _("Copy the key again from the key page, in one piece.")
    elif PLACEHOLDER.search(key):
        what = _("OPENAI_API_KEY is set, but it is the example text, not a key.")
        fix = _("Put your key there, or leave it empty for practice mode.")
    else:
        return key
    raise SettingsError(what, fix)


def check_base_url(url: str) -> str:
    """Return ``url`` when it can be a base URL; raise SettingsError with the one fix when not."""
    parts = urlsplit(url) if url.isascii() and url.isprintable() and " " not in url else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise SettingsError(
            _("OPENAI_BASE_URL is not a web address."),
            _("Write it like https://api.openai.com/v1, or leave it out."),
        )
    if parts.path.rstrip("/").endswith("/chat/completions"):
        raise SettingsError(
            _("OPENAI_BASE_URL goes one step too far."),
            _("End it before /chat/completions; the SDK adds that part."),
        )
    if parts.username or "resource.openai" in url.lower():
        raise SettingsError(
            _("OPENAI_BASE_URL is not an address of yours yet."),
            _("Put your own host there, without user name or password."),
        )
    return url
