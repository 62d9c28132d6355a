"""Say in two sentences what an error means and what to do. The texts are in errors.toml."""

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from openai import OpenAI

from practice.process.config import SIMULATED
from practice.process.language import gettext as _

from .connection.settings import settings_of
from .errors import FirstCallError
from .text.lines import filled, wrapped

KEY_LIKE = re.compile(r"\b(?:sk|gsk|AIza)[-_*\w.]{6,}")
"""What looks like a key, also where the service has masked a part of it."""


def explain(error: BaseException, client: OpenAI | None = None) -> str:
    """Return one sentence on what happened and one on what to do, in short lines.

    ``error`` is any exception: of the SDK, of Python, or a FirstCallError; ``client`` the one
    that it came from (None: the one made last). The sentences come from ``errors.toml`` and
    never show a key.
    """
    if isinstance(error, FirstCallError):
        return wrapped(f"{error.what}\n{error.fix}".strip())
    return wrapped("\n".join(sentences(error, client)))


def sentences(error: BaseException, client: OpenAI | None = None) -> tuple[str, str]:
    """Return what happened and what to do, apart."""
    if isinstance(error, json.JSONDecodeError) and error.doc.lstrip().startswith("<"):
        return _sentences_of("web-page", client)  # one that is labelled as JSON
    words = _words(error, client)
    for rule in _rules():
        if _matches(rule, error):
            simulated = _(" (Simulated by practice mode.)") if SIMULATED in str(error) else ""
            what, fix = (filled(_(rule[key]), words) for key in ("what", "do"))
            return what[0].upper() + what[1:], fix + simulated
    return (
        f"{type(error).__name__}: {words['detail']}.".replace("..", "."),
        _("Read the last line of the traceback, then the line that its arrow points to."),
    )


def as_first_call_error(error: Exception, client: OpenAI | None = None) -> FirstCallError:
    """Return the FirstCallError to raise ``from error``."""
    if any("illegal header" in text.lower() for text in _causes(error)):
        # The text of that hidden cause holds the key: keep it out of the traceback.
        error.__cause__, error.__suppress_context__ = None, True
        return FirstCallError(*_sentences_of("key-line-break", client))
    return FirstCallError(*sentences(error, client))


def not_a_reply(client: OpenAI | None = None) -> FirstCallError:
    """Return the error for an answer that is a web page instead of a reply."""
    return FirstCallError(*_sentences_of("web-page", client))


@cache
def _rules() -> list[dict[str, Any]]:
    """Return the blocks of ``errors.toml``, in order."""
    text = files(__package__).joinpath("errors.toml").read_text("utf-8")
    rules: list[dict[str, Any]] = tomllib.loads(text)["error"]
    return rules


def _sentences_of(name: str, client: OpenAI | None) -> tuple[str, str]:
    """Return the two sentences of the block called ``name``, one about the service alone."""
    rule = next(rule for rule in _rules() if rule["name"] == name)
    words = _service(client)
    return filled(_(rule["what"]), words), filled(_(rule["do"]), words)


def _matches(rule: dict[str, Any], error: BaseException) -> bool:
    """Tell whether every condition of ``rule`` holds for ``error``."""
    kind = getattr(error, "type", None)
    code = getattr(error, "code", None) or kind
    wanted = rule.get("code", code)
    return (
        any(base.__name__ == rule["class"] for base in type(error).__mro__)
        and rule.get("status") in (None, getattr(error, "status_code", None))
        and rule.get("type") in (None, kind)
        and (code in wanted if isinstance(wanted, list) else code == wanted)
        and rule.get("says", "").lower() in str(error).lower()
        and ("cause" not in rule or any(rule["cause"].lower() in c.lower() for c in _causes(error)))
    )


def _causes(error: BaseException) -> Iterator[str]:
    """Yield ``Class: message`` of each error underneath ``error``."""
    below = error.__cause__ or error.__context__
    for _step in range(10):  # a bound, because a chain may be a ring
        if below is None:
            return
        yield f"{type(below).__name__}: {below}"
        below = below.__cause__ or below.__context__


def _words(error: BaseException, client: OpenAI | None) -> dict[str, str]:
    """Return what the words in braces stand for."""
    body = getattr(error, "body", None)
    message = body.get("message") if isinstance(body, dict) else None
    detail = KEY_LIKE.sub("[key]", str(message or error).replace(SIMULATED, "").strip())
    response = getattr(error, "response", None)
    seconds = response.headers.get("retry-after") if response is not None else None
    return _service(client) | {
        "detail": detail,
        "wait": _("{n} seconds").format(n=seconds) if seconds else _("a minute"),
        "status": str(getattr(error, "status_code", "")),
    }


def _service(client: OpenAI | None) -> dict[str, str]:
    """Return the words in braces that are about the service which ``client`` calls."""
    try:
        chosen = settings_of(client)
    except FirstCallError:  # the settings themselves may be what is wrong
        provider = key_page = base_url = model = ""
    else:
        # An error in practice mode is a simulated one: it is about a provider, not about us.
        provider = "" if chosen.mode == "practice" else _(chosen.provider.name)
        key_page = chosen.provider.key_page
        base_url, model = chosen.base_url, chosen.model
    return {
        "provider": provider or _("the provider"),
        "key_page": key_page or _("the provider's key page"),
        "base_url": base_url or _("the service's address"),
        "model": model,
    }
