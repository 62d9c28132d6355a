"""`python -m tools.catalog`: keep the Chinese texts of the kit complete.

Reads every text that is marked ``_("…")``, ``ngettext("…", "…", n)`` or ``marked("…")`` in the
packages, and those of the data files named below; brings
practice/data/locale/zh_CN/LC_MESSAGES/first_call.po up to date and compiles it to the ``.mo`` that
Python's gettext reads. Prints the texts that have no Chinese yet; a test wants none. `--check`
changes nothing.

To translate: write the ``msgstr`` in the .po file and run this again.
"""

from __future__ import annotations

import argparse
import datetime
import io
import re
import string
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from practice.process.language import CHINESE, DOMAIN, FOLDER, LOCALE

ROOT = Path(__file__).resolve().parents[1]
PO = LOCALE / FOLDER[CHINESE] / "LC_MESSAGES" / f"{DOMAIN}.po"
CODE = ("kit.py", "tools", "doctor", "helpers", "practice")
KEYWORDS: dict[str, Any] = {"_": None, "ngettext": (1, 2), "marked": None}
DATA = {
    "helpers/errors.toml": ("what", "do"),
    "helpers/finish_reason.toml": ("what", "do"),
    "helpers/connection/providers.toml": ("name", "note"),
    "tools/dialects/needs.toml": ("reason",),
}
"""Data files with texts for learners, and the keys that hold them, at any depth."""

EARLY = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
"""One date for the head of the file: a run that changes no text changes no byte."""


def texts() -> Catalog:
    """Return every text of code and data, without a translation."""
    found = Catalog()
    for name in CODE:
        top = ROOT / name
        for file in sorted(top.rglob("*.py")) if top.is_dir() else [top]:
            for _, message, comments, _context in extract_from_file("python", file, KEYWORDS):
                # Python reads the braces of a format; the % of a text is only a percent sign.
                found.add(message, locations=[_place(file)], auto_comments=comments)
    for name, keys in DATA.items():
        tables = tomllib.loads((ROOT / name).read_text("utf-8"))
        for text in _values(tables, keys):
            found.add(text, locations=[_place(ROOT / name)])
    for one in found:
        one.flags.discard("python-format")
    return found


def translated() -> Catalog:
    """Return the texts of now with the translations that the .po file has."""
    catalog = read_po(io.BytesIO(PO.read_bytes()), locale=FOLDER[CHINESE]) if PO.exists() else None
    catalog = catalog or Catalog(locale=FOLDER[CHINESE])
    catalog.update(texts(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.project, catalog.version, catalog.copyright_holder = "First Call", "", ""
    catalog.fuzzy = False
    catalog.creation_date = catalog.revision_date = EARLY
    return catalog


def missing(catalog: Catalog) -> list[str]:
    """Return what is wrong with a catalog: texts without a twin, and braces that differ."""
    found = []
    for message in catalog:
        if not message.id:
            continue
        english = message.id if isinstance(message.id, str) else message.id[-1]
        for chinese in _strings(message):
            if not chinese:
                found.append(f"no Chinese: {english!r}")
            elif _fields(chinese) != _fields(english):
                found.append(f"other braces: {english!r} and {chinese!r}")
    return found


def compiled(catalog: Catalog) -> tuple[bytes, bytes]:
    """Return the .po and the .mo file of a catalog."""
    po, mo = io.BytesIO(), io.BytesIO()
    write_po(po, catalog, width=0, sort_by_file=True, include_lineno=False)
    write_mo(mo, catalog)
    return po.getvalue(), mo.getvalue()


def main(arguments: list[str] | None = None) -> int:
    """Bring the files up to date, or check them; return 1 where a text has no Chinese."""
    parser = argparse.ArgumentParser(prog="python -m tools.catalog")
    parser.add_argument("--check", action="store_true", help="change nothing")
    check = parser.parse_args(arguments).check
    catalog = translated()
    po, mo = compiled(catalog)
    wrong = missing(catalog)
    for file, content in ((PO, po), (PO.with_suffix(".mo"), mo)):
        if not file.exists() or file.read_bytes() != content:
            if check:
                wrong.append(f"{_place(file)[0]} is not up to date: python -m tools.catalog")
                continue
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    print(*wrong, f"{len(catalog)} texts, {len(wrong)} to do", sep="\n")
    return 1 if wrong else 0


def _place(file: Path) -> tuple[str, int]:
    return file.relative_to(ROOT).as_posix(), 0


def _values(tables: object, keys: tuple[str, ...]) -> Iterator[str]:
    """The texts under these keys, in the order of the file."""
    if isinstance(tables, list):
        for one in tables:
            yield from _values(one, keys)
    elif isinstance(tables, dict):
        for key, value in tables.items():
            if key in keys and isinstance(value, str):
                yield value
            else:
                yield from _values(value, keys)


def _strings(message: Message) -> list[str]:
    """The Chinese of a text; an empty string where there is none."""
    found = message.string or ""
    return [found] if isinstance(found, str) else [*found]


def _fields(text: str) -> list[str]:
    """What stands in braces. Text with braces of another kind (JSON, f-strings) has none."""
    try:
        return sorted(
            {
                re.split(r"[.\[]", name)[0]
                for _, name, _, _ in string.Formatter().parse(text)
                if name
            }
        )
    except ValueError:
        return []


if __name__ == "__main__":
    sys.exit(main())
