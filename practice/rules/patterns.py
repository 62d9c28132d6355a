"""The `pattern` of a JSON schema, in the few signs that the engine follows.

llama.cpp knows literals, character classes, groups, `|` and repetition. What it does not know
(``\\d``, a pattern without anchors) it leaves out without a word; ``.`` lets it write a quote that
ends the string too early; and an optional part that is repeated (``(a?){200}``) keeps it busy for
minutes, and everybody else with it. So a pattern is read with Python's parser, refused where the
engine cannot follow it, and written anew. Measured: tests/practice/rules/test_patterns.py, which
also says for which Python versions that private parser is known.
"""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Sequence
from re import _constants as ops  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MOST_REPEATS = 200  # of one part, and of parts within parts multiplied: the engine unrolls them
MOST_QUANTIFIERS = 30  # how many ?, *, + and {} a pattern may have

Ranges = list[tuple[int, int]]

_LAST = 0x10FFFF
# What stands in a JSON string as itself: no control character, no quote, no backslash, no half
# of a surrogate pair.
_PLAIN: Ranges = [(0x20, 0x21), (0x23, 0x5B), (0x5D, 0xD7FF), (0xE000, _LAST)]
_CATEGORIES: dict[Any, Ranges] = {
    ops.CATEGORY_DIGIT: [(0x30, 0x39)],
    ops.CATEGORY_SPACE: [(0x20, 0x20)],
    ops.CATEGORY_WORD: [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)],
}
_NEGATED = {
    ops.CATEGORY_NOT_DIGIT: ops.CATEGORY_DIGIT,
    ops.CATEGORY_NOT_SPACE: ops.CATEGORY_SPACE,
    ops.CATEGORY_NOT_WORD: ops.CATEGORY_WORD,
}
_REPEATS = (ops.MAX_REPEAT, ops.MIN_REPEAT)
_SIGNS = set("^$.[]()|{}*+?\\")


class Impossible(ValueError):
    """The engine cannot follow a pattern. The message says what in it, without a full stop."""


def for_engine(pattern: str) -> str:
    """Return `pattern` as the engine follows it: anchored, and of literals and classes only.

    Every text that matches the result matches `pattern`. Raises Impossible.
    """
    try:
        with warnings.catch_warnings(action="ignore"):  # about signs of other dialects
            tree = parser.parse(pattern)
    except (re.error, OverflowError, RecursionError) as problem:
        raise Impossible(f"it is not a regular expression ({problem})") from problem
    if tree.state.flags & ~re.UNICODE:
        raise Impossible("flags are not possible")
    writer = _Writer()
    return f"^{writer.sequence(list(tree), 1, True, True)}$"


class _Writer:
    """Writes a parsed pattern anew. `times` is how often the part at hand may be repeated."""

    def __init__(self) -> None:
        self._quantifiers = 0

    def sequence(self, items: Sequence[Any], times: int, left: bool, right: bool) -> str:
        """Return the text of a sequence.

        `left` and `right`: anything may stand on that side of it, unless an anchor says no.
        """
        items = list(items)
        if items and items[0] == (ops.AT, ops.AT_BEGINNING):
            items, left = items[1:], False
        if items and items[-1] == (ops.AT, ops.AT_END):
            items, right = items[:-1], False
        if not items:
            return _class(_PLAIN) + "*" if left or right else ""
        written = []
        for number, item in enumerate(items):
            first, last = number == 0, number == len(items) - 1
            written.append(self._item(item, times, left and first, right and last))
        return "".join(written)

    def _item(self, item: Any, times: int, left: bool, right: bool) -> str:
        kind, value = item
        if kind is ops.BRANCH:
            options = (self.sequence(option, times, left, right) for option in value[1])
            return f"({'|'.join(options)})"
        if kind is ops.SUBPATTERN:
            _, add, remove, inner = value
            if add or remove:
                raise Impossible("flags are not possible")
            return f"({self.sequence(inner, times, left, right)})"
        anything = _class(_PLAIN) + "*"
        text = self._repeat(value, times) if kind in _REPEATS else _character(kind, value)
        return anything * left + text + anything * right

    def _repeat(self, value: Any, times: int) -> str:
        least, most, inner = value
        self._quantifiers += 1
        if self._quantifiers > MOST_QUANTIFIERS:
            raise Impossible(f"more than {MOST_QUANTIFIERS} repetitions are not possible")
        endless = most is ops.MAXREPEAT
        times *= max(least, 1) if endless else max(most, 1)
        if times > MOST_REPEATS:
            raise Impossible(f"repeating a part more than {MOST_REPEATS} times is not possible")
        if inner.getwidth()[0] == 0 and (endless or most > 1):
            raise Impossible("repeating a part that may be empty is not possible")
        text = self.sequence(inner, times, False, False)
        if most == 0:
            return ""
        one_class = len(inner) == 1 and text.startswith("[")  # the engine is faster without a group
        count = str(least) if least == most else f"{least},{'' if endless else most}"
        return f"{text if one_class else f'({text})'}{{{count}}}"


def _character(kind: Any, value: Any) -> str:
    """Return the text of one character, or of a class of characters."""
    if kind is ops.LITERAL:
        if 0xD800 <= value <= 0xDFFF:
            raise Impossible("half of a surrogate pair is not possible")
        # A quote or a line break stands in JSON as an escape, and the engine writes JSON.
        return "".join(_literal(sign) for sign in json.dumps(chr(value), ensure_ascii=False)[1:-1])
    if kind is ops.ANY:
        return _class(_PLAIN)
    if kind is ops.NOT_LITERAL:
        return _class(_without(_PLAIN, [(value, value)]))
    if kind is ops.IN:
        return _class(_members(value))
    raise Impossible("anchors in the middle, look-around and back references are not possible")


def _members(items: Sequence[Any]) -> Ranges:
    """Return the characters of a class, as far as they stand in JSON as themselves."""
    found: Ranges = []
    for kind, value in items:
        if kind is ops.LITERAL:
            found.append((value, value))
        elif kind is ops.RANGE:
            found.append(value)
        elif kind is ops.CATEGORY:
            negated = _NEGATED.get(value)
            plain = _CATEGORIES.get(value, [])
            found += plain if negated is None else _without(_PLAIN, _CATEGORIES[negated])
    if items[0][0] is ops.NEGATE:
        return _without(_PLAIN, found)
    return _without(found, _without([(0, _LAST)], _PLAIN))


def _without(given: Ranges, removed: Ranges) -> Ranges:
    """Return the ranges of `given` without the characters of `removed`."""
    for low, high in removed:
        kept: Ranges = []
        for start, end in given:
            if end < low or start > high:
                kept.append((start, end))
                continue
            if start < low:
                kept.append((start, low - 1))
            if end > high:
                kept.append((high + 1, end))
        given = kept
    return given


def _class(ranges: Ranges) -> str:
    if not ranges:
        raise Impossible("a class without a character that JSON writes as itself is not possible")
    written = (_sign(low) if low == high else f"{_sign(low)}-{_sign(high)}" for low, high in ranges)
    return f"[{''.join(written)}]"


def _sign(character: int) -> str:
    """Return a character as it stands in a class, by its number where the engine takes no other."""
    return f"\\x{character:02X}" if chr(character) in "[]^-" else chr(character)


def _literal(sign: str) -> str:
    """Return a character as it stands outside a class."""
    return f"\\{sign}" if sign in _SIGNS else sign
