"""The part of the doctor about settings: the key, the base URL, the proxies."""

import os
import re
from collections.abc import Iterator
from importlib import util
from urllib.parse import SplitResult, urlsplit
from urllib.request import getproxies, proxy_bypass

from helpers.connection.keys import check_base_url, check_key
from helpers.connection.settings import NAMES
from helpers.errors import SettingsError
from practice.process.envfile import decode_env, find_env, raw_env, read_env
from practice.process.language import gettext as _

from .table import SET_UP, Check

WEB_PAGES = ("platform.openai.com", "chat.openai.com", "chatgpt.com", "openai.com")


def settings_checks() -> Iterator[Check]:
    """The key, the base URL and the proxies."""
    file = find_env()
    from_file = read_env(file, NAMES) if file else {}
    own, in_file = os.environ.get("OPENAI_API_KEY", ""), from_file.get("OPENAI_API_KEY", "")
    key = own or in_file
    if not key.strip():
        yield Check("OK", "key", _("none, so practice mode"))
    else:
        try:
            check_key(key)
        except SettingsError as error:
            yield Check("FIX", "key", error.what, error.fix)
        else:
            place = _("the environment") if own else ".env"
            yield Check("OK", "key", _("set in {place}, not shown").format(place=place))
        if own.strip() and in_file.strip() and own != in_file:
            text = _("the environment and .env each have one; the environment's is used")
            yield Check("look", "key", text, _("Remove the one that you do not want."))
    url = os.environ.get("OPENAI_BASE_URL", "") or from_file.get("OPENAI_BASE_URL", "")
    if url.strip():
        yield base_url_check(url.strip())
    elif "OPENAI_BASE_URL" in os.environ:
        text = _("OPENAI_BASE_URL is empty in the environment: a plain OpenAI() reaches nothing")
        fix = _("Remove that variable from your system's settings.")
        yield Check("FIX", "base URL", text, fix)
    elif file and re.search(r"^\s*OPENAI_BASE_URL\s*=", decode_env(raw_env(file)), re.M):
        text = _("OPENAI_BASE_URL is empty in .env: other programs may call nothing")
        yield Check("look", "base URL", text, _("Put a # in front of that line."))
    else:
        yield Check("OK", "base URL", _("the provider's own"))
    yield from proxy_checks()


def base_url_check(url: str) -> Check:
    """Check the address alone; whether it answers is seen when the models are listed."""
    try:
        check_base_url(url)
    except SettingsError as error:
        return Check("FIX", "base URL", error.what, error.fix)
    parts = urlsplit(url)
    if parts.hostname in WEB_PAGES or re.search(r"\.(html?|php|aspx)/?$|#", url):
        fix = _("Use the address of the API, like https://api.openai.com/v1.")
        return Check("FIX", "base URL", _("OPENAI_BASE_URL is a web page to read"), fix)
    return Check("OK", "base URL", f"{parts.scheme}://{parts.netloc}{parts.path}")


def _has_place(address: SplitResult) -> bool:
    """Return whether an address names a host, and its port in numbers."""
    try:
        return bool(address.hostname) and (address.port is None or address.port > 0)
    except ValueError:
        return False


def proxy_checks() -> Iterator[Check]:
    """Proxies: whether the SDK can use them, and whether this computer is reached without."""
    proxies = {name: url for name, url in getproxies().items() if name != "no" and url}
    unusable = []
    for name, address in proxies.items():
        shown = f"{name.upper()}_PROXY"
        parts = urlsplit(address if "://" in address else f"http://{address}")
        scheme = parts.scheme if _has_place(parts) else ""
        if scheme.startswith("socks") and util.find_spec("socksio") is None:
            text = _("{setting} needs the package socksio").format(setting=shown)
            unusable.append(Check("FIX", "proxy", text, _(SET_UP)))
        elif scheme not in ("http", "https", "socks", "socks5", "socks5h"):
            fix = _("Write {setting} as http://host:port.").format(setting=shown)
            text = _("{setting} cannot be used").format(setting=shown)
            unusable.append(Check("FIX", "proxy", text, fix))
    yield from unusable
    names = _(", ").join(f"{name.upper()}_PROXY" for name in sorted(proxies))
    if proxies and not proxy_bypass("127.0.0.1"):
        text = _("{names} also covers this computer; connect() goes past it, a plain OpenAI() not")
        fix = _("Set NO_PROXY=127.0.0.1,localhost.")
        yield Check("look", "proxy", text.format(names=names), fix)
    elif not unusable:
        yield Check("OK", "proxy", names or _("none"))
