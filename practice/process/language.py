"""The language in which the kit speaks to a learner, and its texts in it.

Code holds the English text, ``_("No key was found.")``; the Chinese one stands in data/locale, a
gettext catalog that `python -m tools.catalog` keeps complete. What programs read (the service's
answers over HTTP, names of models) is never translated.
"""

from __future__ import annotations

import gettext as standard
import locale
import os
import unicodedata
from functools import lru_cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[1] / "data" / "locale"
DOMAIN = "first_call"
ENGLISH, CHINESE = "en", "zh-CN"
FOLDER = {CHINESE: "zh_CN"}
"""The catalog of a language, as gettext names it. English needs none."""


def in_force() -> str:
    """Return ``en`` or ``zh-CN``: KIT_LANG, else the notebook's, else the system's.

    A notebook's language is that of its folder, where Jupyter starts its kernel.
    """
    wish = os.environ.get("KIT_LANG", "").strip()
    if wish:
        return _named(wish)
    here = [part for part in Path.cwd().parts if part not in ("solutions", "recall")]
    # The end alone counts: the whole kit may lie in a folder that is called notebooks.
    if here[-2:] == ["notebooks", CHINESE]:
        return CHINESE
    return ENGLISH if here[-1:] == ["notebooks"] else system_language()


def of_the_user() -> str:
    """Return ``en`` or ``zh-CN``: KIT_LANG, else the system's, whatever folder this is."""
    wish = os.environ.get("KIT_LANG", "").strip()
    return _named(wish) if wish else system_language()


def system_language() -> str:
    """Return the language of this computer's user: ``zh-CN`` for any Chinese, else ``en``."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        wish = os.environ.get(name, "").strip()
        if wish and wish not in ("C", "C.UTF-8", "POSIX"):
            return _named(wish)
    # Windows, and macOS outside a terminal, set no variable; there Python asks the system.
    return _named(locale.getlocale()[0] or "")


def gettext(message: str) -> str:
    """Return the text in the language in force; in English, or without a twin, as it is."""
    return _catalog(in_force()).gettext(message) if message else ""  # "" is a catalog's head


def ngettext(one: str, many: str, number: int) -> str:
    """Return the text for this number of things, in the language in force."""
    return _catalog(in_force()).ngettext(one, many, number)


def marked(message: str) -> str:
    """Return the text as it is: it is only marked for the catalog, and translated when shown."""
    return message


def padded(text: str, columns: int) -> str:
    """Return the text with spaces up to this many columns of a terminal, see `columns_of`."""
    return text + " " * (columns - columns_of(text))


def columns_of(text: str) -> int:
    """Return how many columns a text takes in a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


@lru_cache
def _catalog(wish: str) -> standard.NullTranslations:
    if wish not in FOLDER:
        return standard.NullTranslations()
    return standard.translation(DOMAIN, LOCALE, [FOLDER[wish]], fallback=True)


def _named(wish: str) -> str:
    """``zh_CN.UTF-8``, ``zh-Hans``, ``zh``, and ``Chinese (Simplified)_China`` on Windows."""
    return CHINESE if wish.lower().startswith(("zh", "chinese")) else ENGLISH
