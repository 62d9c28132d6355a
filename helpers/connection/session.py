"""Connect: a plain OpenAI client for the service that the settings name."""

import io
import os
import sys
import time
import weakref
from collections.abc import Callable
from typing import Any
from urllib.request import getproxies

from openai import DefaultHttpxClient, OpenAI, Timeout

from practice.process.config import SIMULATION_HEADER
from practice.process.envfile import take_practice_settings
from practice.process.language import gettext as _

from ..errors import FirstCallError, SettingsError, settings_errors
from .dialect import DialectClient, changes
from .settings import Settings, last_client, remember, settings, settings_of

TIMEOUT = Timeout(120.0, connect=10.0)
"""Seconds to wait for a reply, and for a connection. The SDK's own 600 feel like a hang."""

LIST_SECONDS = 15.0
"""How long a list of models may take."""

SILENCE_SECONDS = 20.0
"""How long the practice service may be silent in a stream: it gives a sign of life every 5."""

QUIET_SECONDS = 3.0
"""How long a start may take before it says what it does: a usual one takes less."""

first: list[Callable[[], None]] = []
"""What connect() calls first. What is above this folder puts itself in: views/short_traceback."""


def connect(
    *,
    api_key: str | None = None,
    base_url: str | None = None,
    model: str | None = None,
    provider: str | None = None,
    **client_options: Any,
) -> OpenAI:
    """Return an ``openai.OpenAI`` client and print one line that says what it calls.

    The first four arguments override ``.env`` (see ``settings()``); any other goes to
    ``OpenAI(...)`` as it is. What the provider spells otherwise is put right on the way
    (dialect.py), unless an ``http_client`` is given; the line says what. Raises SettingsError
    when a setting cannot be used, and FirstCallError when the practice service cannot be started.
    """
    for prepare in first:
        prepare()
    chosen = settings(api_key=api_key, base_url=base_url, model=model, provider=provider)
    reach_this_computer_directly()
    _let_everything_be_printed()
    options = {"timeout": TIMEOUT, **client_options}
    try:
        client = (
            _practice(chosen, options) if chosen.mode == "practice" else own_client(chosen, options)
        )
    except Exception as error:  # what a proxy address that is no use ends in
        if not (isinstance(error, (ImportError, ValueError)) or "URL" in type(error).__name__):
            raise
        raise SettingsError(
            _("A proxy is set in the environment, but its address cannot be used."),
            _("Look at HTTP_PROXY, HTTPS_PROXY and ALL_PROXY: write http://host:port."),
        ) from error
    # The SDK reads these two from the environment, where an empty one would be sent as it is.
    client.organization, client.project = chosen.organization, chosen.project
    remember(client, chosen)
    print(_line(chosen, [] if "http_client" in client_options else changes(chosen.provider)))
    return client


def current_model(client: OpenAI | None = None) -> str:
    """Return the name of the model to call with ``client``, or with the one made last.

    It is the model of its settings or, where they name none, the first that the service
    lists. Raises SettingsError when the service lists none.
    """
    client = client or last_client() or connect()
    chosen = settings_of(client)
    if chosen.model:
        return chosen.model
    # A list is no long work: a service that keeps silent is not waited for.
    asking = client.with_options(timeout=LIST_SECONDS, max_retries=0)
    try:
        for listed in asking.models.list():
            return listed.id
    except (AttributeError, TypeError, ValueError) as error:  # made of a web page, for example
        raise SettingsError(
            _("What answers at {address} is not an API: it gave no list of models.").format(
                address=chosen.base_url
            ),
            _("Correct OPENAI_BASE_URL; most end in /v1. Or set OPENAI_MODEL in .env."),
        ) from error
    raise SettingsError(
        _("{provider} lists no model.").format(provider=_(chosen.provider.name)),
        _("Set OPENAI_MODEL in .env to a model's name."),
    )


def usage_page(client: OpenAI | None = None) -> None:
    """Print where the tokens and costs of past calls of ``client`` are shown.

    In practice mode that is a page of the practice service, with every call of this computer.
    Without ``client`` the one made last is meant.
    """
    client = client or last_client() or connect()
    chosen = settings_of(client)
    if chosen.mode == "practice":
        address = str(client.base_url).rstrip("/").removesuffix("/v1")
        print(_("Open this in a browser: {address}").format(address=f"{address}/usage"))
    else:
        said = _("Look for the page Usage in your account at {provider}.")
        print(said.format(provider=_(chosen.provider.name)))


def reach_this_computer_directly() -> None:
    """Keep calls to this computer off any proxy, for this process only.

    Adds 127.0.0.1 and localhost to NO_PROXY. Writes a proxy address that starts with
    ``socks://`` as ``socks5://``, which is what it means and what the SDK can read.
    """
    for scheme, address in getproxies().items():
        if scheme == "no":
            continue
        name = f"{scheme}_proxy"
        if address.startswith("socks://"):
            address = "socks5" + address.removeprefix("socks")
            os.environ[name] = os.environ[name.upper()] = address
        # On Windows and macOS the proxy may come from the system's settings. Python looks
        # there only while the environment names no proxy at all, so name it before NO_PROXY.
        os.environ.setdefault(name, address)
    hosts = os.environ.get("NO_PROXY") or os.environ.get("no_proxy") or ""
    listed = [host.strip() for host in hosts.split(",") if host.strip()]
    listed += [host for host in ("127.0.0.1", "localhost") if host not in listed]
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join(listed)


def _let_everything_be_printed() -> None:
    """Print a ``?`` for what an old console cannot show, a reply in Chinese say: no exception."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="replace")


def own_client(chosen: Settings, options: dict[str, Any]) -> OpenAI:
    """Return a client for the learner's own key, in the dialect of its provider."""
    if not chosen.provider.as_written:
        options = {"http_client": DialectClient(chosen.provider), **options}
    # Services on one's own computer ask for no key, but the SDK does.
    key = chosen.api_key.get_secret_value() if chosen.api_key else "not-needed"
    return OpenAI(api_key=key, base_url=chosen.base_url, **options)


def _soon_over(response: Any) -> None:
    """Wait in a stream of the practice service for its next word, not for a whole reply."""
    times = response.request.extensions.get("timeout", {})
    if response.headers.get("content-type", "").startswith("text/event-stream"):
        times["read"] = min(times.get("read") or SILENCE_SECONDS, SILENCE_SECONDS)


def _practice(chosen: Settings, options: dict[str, Any]) -> OpenAI:
    """Return a client for the practice service, which is started where it does not run."""
    with settings_errors():
        take_practice_settings()
    from practice.process import launcher
    from practice.process.config import PracticeError

    def running() -> launcher.Service:
        begun = time.monotonic()

        def say_if_slow(message: str) -> None:
            if time.monotonic() - begun > QUIET_SECONDS:
                print(message, flush=True)

        try:
            return launcher.ensure_running(notify=say_if_slow)
        except PracticeError as error:
            raise FirstCallError(error.what, error.fix) from error

    def key() -> str:
        """Return the key of the service that runs now; the SDK asks before every request."""
        service = running()
        if str(client.base_url).rstrip("/") != service.base_url.rstrip("/"):
            client.base_url = service.base_url
        return service.key

    http = DefaultHttpxClient(event_hooks={"response": [_soon_over]})
    options.setdefault("http_client", http)
    ask_each_time: Callable[[], str] = key
    if chosen.api_key:  # the name of a simulation: it goes along beside the service's own key
        name = {SIMULATION_HEADER: chosen.api_key.get_secret_value()}
        options["default_headers"] = name | dict(options.get("default_headers") or {})
    client = OpenAI(api_key=ask_each_time, base_url=running().base_url, **options)
    weakref.finalize(client, http.close)  # the SDK closes only what it made itself
    return client


def _line(chosen: Settings, changed: list[str]) -> str:
    """Return the line that says what is called, and what is changed on the way."""
    if chosen.mode == "practice":
        said = [_("practice mode"), chosen.provider.name, _("no key, no cost")]
        return " · ".join([*said, *([_("simulated error")] if chosen.api_key else [])])
    key = _("your key") if chosen.api_key else _("no key needed")
    model = chosen.model or _("the first model it lists")
    return " · ".join([key, _(chosen.provider.name), model, *changed])
