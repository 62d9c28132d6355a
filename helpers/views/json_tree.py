"""JSON as a tree beside its text; broken JSON, and where it breaks."""

import json
import re
from html import escape
from typing import Any

from practice.process.language import gettext as _

from .display import BOX, show

AROUND = 30
"""Characters shown before the place where JSON breaks."""

CUT = re.compile(
    r"(t(ru?)?|f(a(ls?)?)?|n(ul?)?|-|(?<=\d)(\.|[eE][+-]?)|(?<=\\)u[0-9a-fA-F]{0,3})?\s*"
)
"""What may be left from the place of the error on, where JSON only ends too early."""


def show_json(text: str | None) -> None:
    """Show ``text`` as it came, and beside it the tree that a program gets from it.

    Text that is not JSON, such as a reply that was cut, is shown as broken, with the place.
    Where no notebook draws it, prints the text indented, or what is wrong with it.
    """
    raw = text or ""
    try:
        value = json.loads(raw)
        right, plain = _tree("", value), json.dumps(value, indent=2, ensure_ascii=False)
    except (ValueError, RecursionError) as error:
        broken, what = _("Broken."), _broken(raw, error)
        right, plain = f'<p role="note"><b>{broken}</b> {escape(what)}</p>', f"{broken} {what}"
    left, gets = _("The text"), _("What a program gets")
    column = "flex: 1 1 18em; min-width: 0; overflow-x: auto"
    show(
        f'<div style="display: flex; flex-wrap: wrap; gap: 12px">'
        f'<div style="{BOX}; {column}"><b>{left}</b>'
        f'<pre style="white-space: pre-wrap">{escape(raw)}</pre></div>'
        f'<div style="{BOX}; {column}"><b>{gets}</b>{right}</div></div>',
        plain,
    )


def _broken(raw: str, error: Exception) -> str:
    """Return what is wrong with text that is not JSON, and where."""
    if not raw.strip():
        return _("There is no text at all.")
    if isinstance(error, RecursionError):
        return _("It is nested too deeply.")
    if not isinstance(error, json.JSONDecodeError):
        return _("A number in it has too many digits.")  # Python's limit is 4,300
    before = raw[: error.pos][-AROUND:]
    if error.msg.startswith("Unterminated string") or CUT.fullmatch(raw, error.pos):
        return _("It ends in the middle, after: {text}").format(text=raw[-AROUND:])
    said = _("At line {line}, character {character}, after: {text}. Python says: {error}.")
    return said.format(
        line=error.lineno,
        character=error.colno,
        text=before or _("nothing"),
        error=error.msg,
    )


def _tree(name: str, value: Any) -> str:
    """Return a value as nested lists that can be folded, without a script."""
    label = f"<b>{escape(name)}</b>: " if name else ""
    if not isinstance(value, dict | list) or not value:
        written = json.dumps(value, ensure_ascii=False)
        return f"<div>{label}<code>{escape(written)}</code> <small>{_kind(value)}</small></div>"
    items = value.items() if isinstance(value, dict) else enumerate(value)
    inside = "".join(_tree(str(key), one) for key, one in items)
    return (
        f"<details open><summary>{label}<small>{_kind(value)}, {len(value)}</small></summary>"
        f'<div style="margin-left: 1.2em">{inside}</div></details>'
    )


def _kind(value: Any) -> str:
    """Return the name that JSON has for the kind of a value."""
    kinds = {bool: _("true or false"), type(None): "null", str: "string", dict: "object"}
    kinds |= {list: "array", int: "number", float: "number"}
    return kinds[type(value)]
