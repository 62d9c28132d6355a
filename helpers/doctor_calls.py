"""The part of the doctor about calls: the key, the address, proxies, practice mode, the model."""

import datetime
import os
import re
from collections.abc import Iterator
from importlib import util
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from openai import OpenAIError

from practice import config, launcher, state, weights
from practice.config import PracticeError

from .config import NAMES, Settings, check_base_url, check_key, settings
from .envfile import decode_env, find_env, read_env
from .errors import SettingsError
from .explaining import explain
from .session import PRACTICE_NAMES, own_client, reach_this_computer_directly

SET_UP = "Run: python3 kit.py lab"
SOON = datetime.timedelta(days=90)
WEB_PAGES = ("platform.openai.com", "chat.openai.com", "chatgpt.com", "openai.com")


class Check(NamedTuple):
    """One line of the table. ``!`` works but deserves a look, ``✗`` has to be fixed."""

    state: Literal["✓", "!", "✗"]
    name: str
    text: str
    fix: str = ""


def settings_checks() -> Iterator[Check]:
    """The key, the base URL and the proxies."""
    file = find_env()
    from_file = read_env(file, NAMES) if file else {}
    own, in_file = os.environ.get("OPENAI_API_KEY", ""), from_file.get("OPENAI_API_KEY", "")
    key = own or in_file
    if not key.strip():
        yield Check("✓", "key", "none, so practice mode")
    else:
        try:
            check_key(key)
        except SettingsError as error:
            yield Check("✗", "key", error.what, error.fix)
        else:
            yield Check("✓", "key", f"set in {'the environment' if own else '.env'}, not shown")
        if own.strip() and in_file.strip() and own != in_file:
            text = "the environment and .env each have one; the environment's is used"
            yield Check("!", "key", text, "Remove the one that you do not want.")
    url = os.environ.get("OPENAI_BASE_URL", "") or from_file.get("OPENAI_BASE_URL", "")
    if url.strip():
        yield base_url_check(url.strip())
    elif "OPENAI_BASE_URL" in os.environ:
        text = "OPENAI_BASE_URL is empty in the environment: a plain OpenAI() reaches nothing"
        yield Check("✗", "base URL", text, "Remove that variable from your system's settings.")
    elif file and re.search(r"^\s*OPENAI_BASE_URL\s*=", decode_env(file.read_bytes()), re.M):
        text = "OPENAI_BASE_URL is empty in .env: other programs may call nothing"
        yield Check("!", "base URL", text, "Put a # in front of that line.")
    else:
        yield Check("✓", "base URL", "the provider's own")
    yield from proxy_checks()


def base_url_check(url: str) -> Check:
    """Check the address alone; whether it answers is seen when the models are listed."""
    try:
        check_base_url(url)
    except SettingsError as error:
        return Check("✗", "base URL", error.what, error.fix)
    parts = urlsplit(url)
    if parts.hostname in WEB_PAGES or re.search(r"\.(html?|php|aspx)/?$|#", url):
        fix = "Use the address of the API, like https://api.openai.com/v1."
        return Check("✗", "base URL", "OPENAI_BASE_URL is a web page to read", fix)
    return Check("✓", "base URL", f"{parts.scheme}://{parts.netloc}{parts.path}")


def proxy_checks() -> Iterator[Check]:
    """Proxies: whether the SDK can use them, and whether this computer is reached without."""
    proxies = {name: url for name, url in getproxies().items() if name != "no" and url}
    for name, address in proxies.items():
        shown = f"{name.upper()}_PROXY"
        scheme = urlsplit(address if "://" in address else f"http://{address}").scheme
        if scheme.startswith("socks") and util.find_spec("socksio") is None:
            yield Check("✗", "proxy", f"{shown} needs the package socksio", SET_UP)
        elif scheme not in ("http", "https", "socks", "socks5", "socks5h"):
            yield Check("✗", "proxy", f"{shown} cannot be used", "Write it as http://host:port.")
    names = ", ".join(f"{name.upper()}_PROXY" for name in sorted(proxies))
    if proxies and not proxy_bypass("127.0.0.1"):
        text = f"{names} also covers this computer; connect() goes past it, a plain OpenAI() not"
        yield Check("!", "proxy", text, "Set NO_PROXY=127.0.0.1,localhost.")
    else:
        yield Check("✓", "proxy", names or "none")


def practice_checks() -> Iterator[Check]:
    """The practice model and its service."""
    file = find_env()
    for name, value in (read_env(file, PRACTICE_NAMES) if file else {}).items():
        if not os.environ.get(name):  # as connect() does
            os.environ[name] = value
    path = config.model_path()
    if path != config.cache() / config.MODEL_FILE:
        try:
            weights.fetch()  # a file of the learner's own is looked at, never downloaded
            yield Check("✓", "practice model", f"{path}, your own")
        except PracticeError as error:
            yield Check("✗", "practice model", str(error))
    elif not path.exists():
        yield Check("✗", "practice model", f"not fetched yet ({path})", SET_UP)
    elif not weights.is_intact(path):
        kind = "size" if path.stat().st_size != weights.MODEL_SIZE else "checksum"
        yield Check("✗", "practice model", f"damaged: wrong {kind} ({path})", SET_UP)
    else:
        yield Check("✓", "practice model", str(path))
    service, home = launcher.find(), nearest(config.home())
    if not os.access(home, os.W_OK):
        fix = "Set FIRST_CALL_HOME to a folder that you may write to."
        yield Check("✗", "service", f"{home} cannot be written to", fix)
    elif service:
        yield Check("✓", "service", f"runs at {service.base_url} (process {service.pid})")
    elif state.path().exists():
        text = f"does not answer; the next lesson starts it anew. Its log: {state.log_path()}"
        yield Check("!", "service", text, "If a lesson stays stuck: python -m practice stop")
    else:
        yield Check("✓", "service", "not running; a lesson starts it")


def model_checks() -> Iterator[Check]:
    """The learner's own service and model. In practice mode nothing is called."""
    try:
        chosen = settings()
    except SettingsError as error:
        if not error.what.startswith(("OPENAI_API_KEY", "OPENAI_BASE_URL")):  # said above
            yield Check("✗", "settings", error.what, error.fix)
        return
    if chosen.mode == "practice":
        yield Check("✓", "model", f"practice mode, {chosen.model}")
        return
    try:
        reach_this_computer_directly()
        page: Any = own_client(chosen, {"timeout": 10.0, "max_retries": 0}).models.list()
        listed = {model.id: getattr(model, "shutdown_date", None) for model in page.data}
    except (AttributeError, TypeError):
        text = f"{chosen.base_url} answers with a web page, not with models"
        yield Check("✗", "model", text, "Correct OPENAI_BASE_URL; it often ends in /v1.")
    except (OpenAIError, ImportError, ValueError) as error:
        yield Check("✗", "model", explain(error))
    else:
        yield listed_check(chosen, listed)


def listed_check(chosen: Settings, listed: dict[str, Any]) -> Check:
    """Check the model's name against the service's list, and its last day."""
    fix = "Set OPENAI_MODEL in .env to a newer one."
    if not chosen.model:
        return Check("✓", "model", f"the first that {chosen.provider.name} lists")
    if chosen.model not in listed:
        text = f"{chosen.provider.name} does not list {chosen.model}: retired, or not yours"
        return Check("✗" if chosen.provider.id == "openai" else "!", "model", text, fix)
    end, today = date_of(listed[chosen.model]), datetime.date.today()
    if end and end <= today:
        return Check("✗", "model", f"{chosen.model} was shut down on {end}", fix)
    if end and end <= today + SOON:
        return Check("!", "model", f"{chosen.model} will be shut down on {end}", fix)
    return Check("✓", "model", f"{chosen.model} at {chosen.provider.name}")


def date_of(value: Any) -> datetime.date | None:
    """Return a date from what a service may write: ISO text or seconds; None for all else."""
    try:
        if isinstance(value, (int, float)):
            return datetime.datetime.fromtimestamp(value, datetime.UTC).date()
        return datetime.date.fromisoformat(str(value)[:10])
    except (ValueError, OverflowError, OSError):
        return None


def nearest(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists."""
    return next(place for place in (folder, *folder.parents) if place.exists())
