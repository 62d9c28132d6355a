"""The links to the web in pages, lessons and data: which of them lead nowhere any more."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urldefrag

SUFFIXES = (".md", ".py", ".toml", ".example", ".html")
SECONDS = 20
AT_ONCE = 8
GONE = (404, 410)
"""What a page that is not there answers. Some hosts answer programs with 403 or 429."""

ADDRESS = re.compile(r"https://[^\s\"'`<>{}\\，。）]+")
# A browser's name: some hosts answer 403 to Python's.
HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; first-call link check)"}
EXAMPLE = re.compile(
    r"https://([^/]*(example|\.test|localhost|127\.0\.0\.1)|host\b|RESOURCE|.*/OWNER/)"
)
# A base address is not a page: it answers 404 to a browser.
NO_PAGE = re.compile(r"^(base_url|hub) = .*$", re.MULTILINE)


def addresses(root: Path, files: Iterable[str]) -> dict[str, str]:
    """Return every address on the web that these files name, with the first file that does."""
    found: dict[str, str] = {}
    for name in files:
        if name.endswith(SUFFIXES) and not name.startswith("tests/"):
            text = NO_PAGE.sub("", (root / name).read_text("utf-8"))
            for match in ADDRESS.findall(text):
                address = urldefrag(_balanced(match)).url
                if not EXAMPLE.match(address):
                    found.setdefault(address, name)
    # A folder to which code adds a name is no page; that of the whole address is asked for.
    return {
        one: name for one, name in found.items() if not any(x.startswith(one + "/") for x in found)
    }


def broken(found: dict[str, str]) -> list[str]:
    """Return a line for each address that leads nowhere; asks each of them once."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = pool.map(trouble, found)
        return [
            f"{name}: {address} {answer}"
            for (address, name), answer in zip(found.items(), answers, strict=True)
            if answer
        ]


def trouble(address: str) -> str:
    """Return what is wrong with an address, or an empty text. Waits 20 seconds at most."""
    request = urllib.request.Request(address, headers=HEADERS)  # noqa: S310 (https alone)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310
            return ""
    except urllib.error.HTTPError as error:
        return f"answers {error.code}" if error.code in GONE else ""
    except OSError as error:
        return f"cannot be reached ({type(error).__name__})"


def _balanced(address: str) -> str:
    """Without the punctuation of the sentence or of Markdown that follows it."""
    address = address.rstrip(".,;:!?*|]")
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(".,;:!?*|]")
    return address
