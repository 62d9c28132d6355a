"""The text of a lesson in two languages: what stands in one may not be missing in the other.

Links, numbers, images, headings, tables and folded parts are compared cell by cell, and the terms
of the glossary. Where a Chinese cell says something else on purpose, its header gives the reason:
``differs="readers in China pay in other ways"``; then only the glossary holds.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from nbformat import NotebookNode

from tools.notebooks import glossary
from tools.notebooks.course import addresses, without_code
from tools.notebooks.rules import LessonError, name_of, prose

ENGLISH_NUMBERS = {
    word: number
    for row in (
        "one two three four five six seven eight nine ten eleven twelve",
        "first second third fourth fifth sixth seventh eighth ninth tenth",
        "once twice",
        "january february march april may june july august september october november december",
    )
    for number, word in enumerate(row.split(), start=1)
} | {"both": 2, "single": 1}
CHINESE_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"两": 2}
SCALES = {
    "thousand": 3, "million": 6, "billion": 9, "十": 1, "百": 2, "千": 3, "万": 4, "百万": 6,
    "千万": 7, "亿": 8, "十亿": 9,
}  # fmt: skip
_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_NUMBER = re.compile(rf"(?<![A-Za-z0-9_.\-])(\d[\d,]*(?:\.\d+)?)(?:[ \-]?({_SCALE})(?![A-Za-z]))?")
_LOCALE = re.compile(
    r"(?<=[./_=\-])(?:en|zh)(?:[_-](?:us|gb|cn|hans|hans-cn))?(?=[./_&\-]|$)/?", re.I
)


def check_languages(cells: list[NotebookNode]) -> None:
    """Raise LessonError where the Chinese text of a lesson and the English one do not agree."""
    for cell, following in itertools.pairwise(cells):
        if following.metadata.get("lang") != "zh":
            continue
        problems = list(glossary.renderings(following.source))
        if following.cell_type == "markdown" and not following.metadata.get("differs"):
            problems += differences(cell.source, following.source)
            problems += glossary.missing(cell.source, following.source)
        if problems:
            raise LessonError(f"{name_of(following)}: {problems[0]}.")


def differences(english: str, chinese: str) -> Iterator[str]:
    """Yield, in plain words, what stands in one of two texts and is missing in the other."""
    for what, found in FOUND.items():
        here, there = Counter(found(english)), Counter(found(chinese))
        for one in here - there:
            yield f"the {what} {one} is missing in the Chinese text"
        for one in there - here:
            yield f"the {what} {one} is missing in the English text"
    of_english, of_chinese = numbers(english), numbers(chinese)
    for number in sorted(of_english - of_chinese - _chinese_words(chinese)):
        yield f"the number {number:f} is missing in the Chinese text"
    for number in sorted(of_chinese - of_english - _english_words(english)):
        yield f"the number {number:f} is missing in the English text"


def numbers(text: str) -> set[Decimal]:
    """Return the numbers that a text writes in digits: 30 million and 3000 万 are the same."""
    text = re.sub(r"\]\([^)]*\)|<[^>]*>|https?://\S+", " ", prose(text))
    text = re.sub(r"^#+ .*?\d+(?=[:：])", "", text, flags=re.MULTILINE)  # the number of an exercise
    return {
        Decimal(digits.replace(",", "")) * 10 ** SCALES.get(scale, 0)
        for digits, scale in _NUMBER.findall(text)
    }


def _english_words(text: str) -> set[Decimal]:
    words = re.findall(r"[a-z]+", text.lower())
    return {Decimal(ENGLISH_NUMBERS[word]) for word in words if word in ENGLISH_NUMBERS}


def _chinese_words(text: str) -> set[Decimal]:
    """Return the numbers up to 99 that a text writes in Chinese characters."""
    found = set()
    for tens, ten, ones in re.findall(
        r"([二三四五六七八九]?)(十?)([零一二三四五六七八九两]?)", text
    ):
        if tens and not ten:
            found |= {Decimal(CHINESE_DIGITS[tens])}
        if ten:
            found |= {Decimal(CHINESE_DIGITS.get(tens, 1) * 10 + CHINESE_DIGITS.get(ones, 0))}
        elif ones:
            found |= {Decimal(CHINESE_DIGITS[ones])}
    return found


def _neutral(address: str) -> str:
    """Return an address without its language: a page may have a Chinese edition."""
    return _LOCALE.sub("", address.partition("#")[0])


_IMAGE = r"!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>"


def _images(text: str) -> list[str]:
    found = re.findall(_IMAGE, without_code(text))
    return [_neutral(address) for address in addresses(" ".join(found))]


def _links(text: str) -> set[str]:
    return {_neutral(address) for address in addresses(re.sub(_IMAGE, "", text))}


def _facts(text: str) -> set[str]:
    return set(re.findall(r"{{\s*([\w.]+)\s*}}", text))


def _parts(text: str) -> list[str]:
    bare = prose(text)
    heads = [f"{level} heading" for level in re.findall(r"^(#{1,6}) ", bare, re.MULTILINE)]
    rows = [f"| row of {row.count('|') - 1} columns" for row in bare.splitlines() if row[:1] == "|"]
    blocks = ["``` block"] * (len(re.findall(r"^(?:```|~~~)", text, re.MULTILINE)) // 2)
    return [*heads, *rows, *blocks, *re.findall(r"<(?:details|summary|table|ul|ol)\b", bare)]


FOUND: dict[str, Callable[[str], Iterable[str]]] = {
    "image": _images,
    "link": _links,
    "fact": _facts,
    "part": _parts,
}
"""What is compared by name; numbers are compared by value."""
