"""Where packages come from: pip's settings, as uv understands them.

uv reads none of pip's configuration, and a learner behind a mirror, a proxy or a company
certificate has set up pip.
"""

from __future__ import annotations

import os
from pathlib import Path

from practice.process.language import gettext as _


def settings_of_pip(listed: str) -> dict[str, str]:
    """Return what `pip config list` printed, by option name, as pip weighs it."""
    found: dict[str, dict[str, str]] = {"global": {}, "install": {}, ":env:": {}}
    for line in listed.splitlines():
        name, _, value = line.partition("=")
        section, _, option = name.strip().rpartition(".")
        if section in found:
            found[section][option] = " ".join(value.strip().strip("'\"").split("\\n")).strip()
    return found["global"] | found["install"] | found[":env:"]


def uv_settings(pip: dict[str, str]) -> dict[str, str]:
    """Return uv's environment variables for pip's settings: uv reads none of pip's."""
    names = {
        "index-url": "UV_DEFAULT_INDEX",
        "extra-index-url": "UV_INDEX",
        "find-links": "UV_FIND_LINKS",
        "trusted-host": "UV_INSECURE_HOST",
        "cert": "SSL_CERT_FILE",
        "client-cert": "SSL_CLIENT_CERT",
        "default-timeout": "UV_HTTP_TIMEOUT",
        "timeout": "UV_HTTP_TIMEOUT",
        "proxy": "ALL_PROXY",
    }
    found = {names[option]: pip[option] for option in names if pip.get(option)}
    more = [address for address in found.get("UV_INDEX", "").split() if is_index(address)]
    found["UV_INDEX"] = " ".join(more)
    # uv separates them by commas, and wants a scheme where pip can do without.
    found["UV_FIND_LINKS"] = ",".join(found.get("UV_FIND_LINKS", "").split())
    if "ALL_PROXY" in found and "://" not in found["ALL_PROXY"]:
        found["ALL_PROXY"] = "http://" + found["ALL_PROXY"]
    # pip looks through every index for the best version; uv stops at the first that has any.
    found["UV_INDEX_STRATEGY"] = "unsafe-best-match"
    found["UV_SYSTEM_CERTS"] = "true"  # company certificates are in the system's store
    found["UV_PYTHON_DOWNLOADS"] = "never"
    if os.name == "nt":
        found["UV_LINK_MODE"] = "copy"  # virus scanners hold on to files, and links share them
    return {name: value for name, value in found.items() if value and name not in os.environ}


def is_index(address: str) -> bool:
    """Whether an index can be asked at all; pip passes over a local one that is not there."""
    return not address.startswith("file://") or Path(address[len("file://") :]).is_dir()


def is_network(text: str) -> bool:
    """Whether pip complains about the network."""
    signs = "ConnectionError ConnectTimeout ProxyError getaddrinfo resolution Retrying"
    return any(sign in text for sign in signs.split())


def network_sentence(settings: dict[str, str]) -> str:
    index = settings.get("index-url")
    where = _(" (pip is set to {address})").format(address=without_login(index)) if index else ""
    return _(
        "The package index does not answer{where}. "
        "Check the network connection; behind a proxy set HTTPS_PROXY, and where the index is "
        "slow choose a mirror: python3 -m pip config set global.index-url ADDRESS"
    ).format(where=where)


def without_login(address: str) -> str:
    """Return a web address without the user name and password that may stand in it."""
    scheme, separator, rest = address.rpartition("://")
    return scheme + separator + rest.rpartition("@")[2]
