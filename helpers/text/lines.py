"""Lines that end between words, for text at once and for text that arrives in pieces.

Chinese has no spaces: there a line may end after any character, but not before a mark that closes
something, nor after one that opens. Widths are columns: a Chinese character takes two (Unicode
Standard Annex 11, East Asian Width).
"""

import re
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

WIDTH = 88
"""Columns of printed text: what fits beside the prompt of a cell on a page of 1024 pixels."""

OPENING = frozenset("（【《〈「『〔［｛“‘([{")
CLOSING = frozenset("，。、；：？！）】》〉」』〕］｝”’…—～·％,.;:?!)]}%")

ROOM = 8
"""Columns at the end of a line where a Chinese character waits for the marks that may follow it."""


def columns(text: str) -> int:
    """Return how many columns ``text`` takes."""
    return len(text) + sum(map(_is_wide, text))


def in_columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a line for each row, with its cells below each other, two spaces apart."""
    widths = [max(map(columns, column)) for column in zip(*rows, strict=True)]
    cells = (
        (cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True))
        for row in rows
    )
    return ["  ".join(row).rstrip() for row in cells]


def filled(sentence: str, words: Mapping[str, object]) -> str:
    """Return ``sentence`` with its words in braces; no space is left between two of Chinese."""
    return re.sub(
        r"(?<=(.)) (?=(.))",
        lambda space: "" if _is_wide(space[1]) and _is_wide(space[2]) else " ",
        sentence.format_map(words),
    )


def wrapped(text: str) -> str:
    """Return ``text`` with its long lines broken between words; short lines stay as they are."""
    return "\n".join(_broken(line) if columns(line) > WIDTH else line for line in text.split("\n"))


def _broken(line: str) -> str:
    """Return a long line as several."""
    rest = line.lstrip()
    indent = line[: len(line) - len(rest)]
    if columns(line) == len(line):
        return textwrap.fill(
            rest, WIDTH, initial_indent=indent, break_long_words=False, break_on_hyphens=False
        )
    lines, now, space = [], indent, ""
    for word in _words(rest):
        if word.isspace():
            space = word
            continue
        if now.strip() and columns(now + space + word) > WIDTH:
            lines.append(now)
            now, space = "", ""
        now, space = now + space + word, ""
    return "\n".join([*lines, now])


def _words(text: str) -> Iterator[str]:
    """Yield the spaces of ``text``, and the parts between which a line may end."""
    for piece in re.findall(r"\s+|\S+", text):
        begun = 0
        for at in range(1, len(piece)):
            if not piece.isspace() and _may_end(piece[at - 1], piece[at]):
                yield piece[begun:at]
                begun = at
        yield piece[begun:]


def _may_end(before: str, after: str) -> bool:
    """Tell whether a line may end between two characters without a space."""
    wide = _is_wide(before) or _is_wide(after)
    return wide and before not in OPENING and after not in CLOSING


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


class Typist:
    """Prints text that arrives in pieces, word by word, and begins a new line between words."""

    def __init__(self) -> None:
        self.column, self.space, self.word = 0, "", ""

    def write(self, piece: str) -> None:
        """Print what is whole of the text so far; the word that is begun waits for its end."""
        for character in piece:
            if character == "\n":
                self.flush()
                print()
                self.column, self.space = 0, ""
            elif character.isspace():
                self.flush()
                self.space += character
            else:
                if self.word and _may_end(self.word[-1], character):
                    self.flush()
                self.word += character
                if len(self.word) == WIDTH:
                    self.flush()  # no word: it cannot wait for its end
        if self.word and _is_wide(self.word[-1]) and self.word[-1] not in OPENING and self._room():
            self.flush()

    def _room(self) -> bool:
        return self.column + columns(self.space + self.word) <= WIDTH - ROOM

    def flush(self) -> None:
        """Print the word that waits."""
        if not self.word:
            return
        size = columns(self.word)
        if self.column and self.column + len(self.space) + size > WIDTH:
            print()
            self.column, self.space = 0, ""
        print(self.space + self.word, end="", flush=True)
        self.column += len(self.space) + size
        self.space = self.word = ""
