"""Lines that end between words, for text at once and for text that arrives in pieces."""

import textwrap
import unicodedata

WIDTH = 88
"""Columns of printed text: what fits beside the prompt of a cell on a page of 1024 pixels."""


def wrapped(text: str) -> str:
    """Return ``text`` with its long lines broken between words; short lines stay as they are."""
    return "\n".join(_broken(line) if len(line) > WIDTH else line for line in text.split("\n"))


def _broken(line: str) -> str:
    rest = line.lstrip()
    return textwrap.fill(
        rest,
        WIDTH,
        initial_indent=line[: len(line) - len(rest)],
        break_long_words=False,
        break_on_hyphens=False,
    )


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
                wide = unicodedata.east_asian_width(character) in "WF"
                if wide and unicodedata.category(character)[0] != "P":
                    self.flush()  # Chinese has no spaces: a line may end before any character
                self.word += character
                if len(self.word) == WIDTH:
                    self.flush()  # no word: it cannot wait for its end
        if self.word and unicodedata.east_asian_width(self.word[-1]) in "WF":
            self.flush()

    def flush(self) -> None:
        """Print the word that waits."""
        if not self.word:
            return
        size = len(self.word) + sum(unicodedata.east_asian_width(c) in "WF" for c in self.word)
        if self.column and self.column + len(self.space) + size > WIDTH:
            print()
            self.column, self.space = 0, ""
        print(self.space + self.word, end="", flush=True)
        self.column += len(self.space) + size
        self.space = self.word = ""
