"""Draw the diagrams of the lessons into notebooks/drawings/: `python -m tools.pictures.drawings`.

One drawing, two files: NAME.en.svg and NAME.zh.svg. The words and the alt texts of both languages
stand side by side in drawings.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .sheet import AMBER, BLUE, GREEN, GREY, INK, QUIET, RED, VIOLET, Sheet, Tone

DRAWINGS = Path(__file__).resolve().parents[2] / "notebooks" / "drawings"
WORDS = Path(__file__).with_suffix(".toml")
LANGUAGES = ("en", "zh")
WIDE = 860


class Words:
    """The words of one drawing in one language."""

    def __init__(self, table: dict[str, Any], language: str) -> None:
        self.table, self.language = table, language

    def __getitem__(self, name: str) -> Any:
        word = self.table[name]
        return word[self.language] if isinstance(word, dict) else word


def _message(sheet: Sheet, y: float, role: str, text: str, tone: Tone, *, x: float = 232) -> None:
    """One message: its role on a pill, and what it says."""
    sheet.pill((x, y - 16), 86, role, tone)
    sheet.text((x + 98, y), text, room=300)


def request_response(words: Words) -> Sheet:
    sheet = Sheet(WIDE, 372, words["title"], words.language)
    sheet.computer((88, 160))
    sheet.text((88, 212), words["you"], room=140, bold=True, ink=BLUE.line, middle=True)
    sheet.network((772, 152))
    sheet.text((772, 212), words["service"], room=140, bold=True, ink=GREEN.line, middle=True)
    sheet.text((772, 232), words["model"], room=140, size=13, ink=QUIET, middle=True)

    sheet.card((200, 22), (460, 168), BLUE, words["request"])
    sheet.text((216, 78), 'model="…"', room=140, size=13, mono=True)
    sheet.text((646, 78), words["name"], room=260, size=13, ink=QUIET, right=True)
    sheet.text((216, 106), "messages=[…]", room=140, size=13, mono=True)
    sheet.text((646, 106), words["list"], room=310, size=13, ink=QUIET, right=True)
    _message(sheet, 138, "system", words["system"], VIOLET)
    _message(sheet, 168, "user", words["user"], BLUE)

    sheet.card((200, 212), (460, 138), GREEN, words["response"])
    _message(sheet, 270, "assistant", words["answer"], GREEN)
    sheet.text((216, 302), 'finish_reason="stop"', room=240, size=13, mono=True)
    sheet.text((646, 302), words["reason"], room=180, size=13, ink=QUIET, right=True)
    sheet.text((216, 332), "usage", room=120, size=13, mono=True)
    sheet.text((646, 332), words["tokens"], room=300, size=13, ink=QUIET, right=True)

    sheet.line([(88, 118), (88, 82), (200, 82)], BLUE, thick=2.5)
    sheet.arrow([(660, 82), (772, 82), (772, 114)], BLUE, thick=2.5)
    sheet.line([(772, 244), (772, 282), (660, 282)], GREEN, thick=2.5)
    sheet.arrow([(200, 282), (88, 282), (88, 224)], GREEN, thick=2.5)
    return sheet


def growing_history(words: Words) -> Sheet:
    sheet = Sheet(WIDE, 436, words["title"], words.language)
    roles = ["system", "user", "assistant", "user", "assistant", "user"]
    tones = {"system": VIOLET, "user": BLUE, "assistant": GREEN}
    tokens = words["tokens"]
    top, step, wide, bars = 56, 41, 250, 322
    for column in range(3):
        x = 30 + column * 275
        last = 2 * column + 1
        sheet.text((x + wide / 2, 38), words["calls"][column], room=wide, bold=True, middle=True)
        for row, role in enumerate(roles[: last + 1]):
            y, tone = top + row * step, tones[role]
            new = row == last
            sheet.box((x, y), (wide, 34), tone, edge=2.2 if new else 1)
            sheet.pill((x + 6, y + 6), 80, role, tone)
            ink = INK if new else QUIET
            sheet.text((x + 94, y + 22), words["texts"][row], room=150, ink=ink)
        long = round(wide * tokens[column] / tokens[-1])
        sheet.box((x, bars), (wide, 12), GREY, fill=GREY.pale, edge=0, radius=6, shadow=False)
        sheet.box((x, bars), (long, 12), BLUE, fill=BLUE.line, edge=0, radius=6, shadow=False)
        sheet.text((x + wide / 2, bars + 36), words["sent"][column], room=wide, middle=True)
    sheet.text((WIDE / 2, 408), words["note"], room=WIDE - 40, bold=True, middle=True)
    return sheet


def tool_round_trip(words: Words) -> Sheet:
    sheet = Sheet(WIDE, 520, words["title"], words.language)
    left, centre, right = 132, 390, 742
    for x, name, tone in (
        (left, "function", AMBER),
        (centre, "program", BLUE),
        (right, "model", GREEN),
    ):
        sheet.line([(x, 70), (x, 464)], tone, thick=1.5, dash="2 6")
        sheet.box((x - 90, 22), (180, 38), tone, fill=tone.pale)
        sheet.text((x, 47), words[name], room=170, size=15, bold=True, ink=tone.line, middle=True)
    sheet.badge((left - 92, 92), "1", AMBER)
    sheet.box((left - 76, 76), (168, 32), AMBER)
    sheet.text((left + 8, 97), "get_temperature(city)", room=162, size=12, mono=True, middle=True)
    sheet.badge((centre - 112, 92), "2", BLUE)
    sheet.box((centre - 96, 76), (212, 32), BLUE)
    sheet.text((centre + 10, 97), words["declared"], room=204, size=13, middle=True)

    def across(y: float, start: float, end: float, tone: Tone) -> None:
        inward = 8 if end > start else -8
        sheet.arrow([(start + inward, y), (end - inward, y)], tone, thick=2.5)

    middle = (centre + right) / 2
    across(160, centre, right, BLUE)
    sheet.badge((centre + 24, 138), "3", BLUE)
    sheet.text((middle + 14, 143), words["ask"], room=280, bold=True, middle=True)
    sheet.text((middle + 14, 182), words["question"], room=280, size=13, ink=QUIET, middle=True)

    across(250, right, centre, GREEN)
    sheet.text((middle, 217), words["please"], room=320, bold=True, middle=True)
    sheet.text((middle, 238), words["call"], room=320, size=13, mono=True, middle=True)
    reason = 'finish_reason="tool_calls"'
    sheet.text((middle, 271), reason, room=320, size=13, mono=True, ink=QUIET, middle=True)

    middle = (left + centre) / 2
    across(290, centre, left, BLUE)
    sheet.badge((left + 40, 268), "4", BLUE)
    sheet.text((middle + 14, 273), words["run"], room=190, bold=True, middle=True)
    across(332, left, centre, AMBER)
    sheet.text((middle, 322), words["result"], room=230, size=13, mono=True, middle=True)

    middle = (centre + right) / 2
    across(378, centre, right, BLUE)
    sheet.badge((centre + 24, 356), "5", BLUE)
    sheet.text((middle + 14, 361), words["back"], room=280, bold=True, middle=True)
    sheet.text(
        (middle + 14, 400), 'role="tool"', room=280, size=13, mono=True, ink=QUIET, middle=True
    )

    across(446, right, centre, GREEN)
    sheet.text((middle, 436), words["final"], room=320, bold=True, middle=True)
    reason = 'finish_reason="stop"'
    sheet.text((middle, 467), reason, room=320, size=13, mono=True, ink=QUIET, middle=True)
    sheet.text((WIDE / 2, 500), words["note"], room=WIDE - 40, middle=True)
    return sheet


def stream(words: Words) -> Sheet:
    sheet = Sheet(WIDE, 392, words["title"], words.language)
    left, right = 28, 832
    sheet.text((left, 42), words["whole"], room=400, bold=True)
    sheet.box((left, 56), (594, 40), GREY, fill=GREY.pale, edge=1, dashed=True, shadow=False)
    sheet.text((left + 297, 81), words["wait"], room=300, ink=QUIET, middle=True)
    sheet.box((632, 56), (200, 40), GREEN)
    sheet.text((732, 81), words["text"], room=190, middle=True)

    sheet.text((left, 146), "stream=True", room=300, bold=True, mono=True)
    chunks = [("delta.role", words["role"], BLUE)]
    chunks += [("delta.content", f"“{piece}”", GREEN) for piece in words["pieces"]]
    chunks += [("finish_reason", words["stop"], AMBER), ("usage", words["usage"], GREY)]
    wide, step = 108, 116
    for number, (name, value, tone) in enumerate(chunks):
        x, extra = left + number * step, tone is GREY
        sheet.box((x, 160), (wide, 66), tone, dashed=extra, shadow=not extra)
        middle = x + wide / 2
        sheet.text(
            (middle, 183), name, room=wide - 6, size=12, ink=tone.line, mono=True, middle=True
        )
        sheet.text((middle, 210), value, room=wide - 6, bold=True, middle=True)
    for number, name in ((0, "first"), (5, "last"), (6, "asked")):
        middle = left + number * step + wide / 2
        sheet.text((middle, 250), words[name], room=114, size=13, ink=QUIET, middle=True)

    sheet.line([(left + step + 6, 236), (left + step + 6, 246)], GREEN, thick=1.6)
    sheet.line([(left + 5 * step - 14, 236), (left + 5 * step - 14, 246)], GREEN, thick=1.6)
    sheet.line([(left + step + 6, 246), (left + 5 * step - 14, 246)], GREEN, thick=1.6)
    sheet.arrow([(376, 246), (376, 276)], GREEN)
    sheet.box((206, 276), (340, 40), GREEN, fill=GREEN.pale)
    sheet.text((376, 301), words["shown"], room=330, bold=True, middle=True)

    sheet.arrow([(left, 352), (right, 352)], GREY, thick=1.6)
    sheet.text((WIDE / 2, 374), words["time"], room=200, size=13, ink=QUIET, middle=True)
    return sheet


def validate_or_retry(words: Words) -> Sheet:
    sheet = Sheet(WIDE, 360, words["title"], words.language)
    row, high = 28, 84
    sheet.card((28, row), (152, high), BLUE, words["ask"])
    sheet.lines((42, row + 50), words["asked"], room=132, size=13, step=20, ink=QUIET)
    lefts, wide = (222, 370, 518), 112
    for number, x in enumerate(lefts):
        start = 180 if number == 0 else lefts[number - 1] + wide
        tone = BLUE if number == 0 else GREEN
        sheet.arrow([(start + 2, row + high / 2), (x - 2, row + high / 2)], tone)
        if number:
            sheet.mark((start + 18, row + high / 2 - 22), GREEN, right=True)
        sheet.box((x, row), (wide, high), VIOLET, fill=VIOLET.pale)
        middle = x + wide / 2
        sheet.lines(
            (middle, row + 34 - 9 * (len(words["questions"][number]) - 1)),
            words["questions"][number],
            room=wide - 8,
            step=19,
            bold=True,
            middle=True,
        )
        sheet.text(
            (middle, row + 66),
            words["with"][number],
            room=wide - 8,
            size=12.5,
            ink=VIOLET.line,
            mono=True,
            middle=True,
        )
        sheet.mark((middle + 18, row + high + 20), RED, right=False)
        sheet.line([(middle, row + high + 2), (middle, 176)], RED)
    sheet.arrow([(632, row + high / 2), (676, row + high / 2)], GREEN)
    sheet.mark((652, row + high / 2 - 22), GREEN, right=True)
    sheet.card((678, row), (154, high), GREEN, words["use"])
    sheet.lines((692, row + 50), words["used"], room=134, size=13, step=20, ink=QUIET)

    sheet.line([(lefts[0] + wide / 2, 176), (lefts[2] + wide / 2, 176)], RED)
    sheet.arrow([(lefts[1] + wide / 2, 176), (lefts[1] + wide / 2, 206)], RED)
    sheet.card((222, 208), (408, 116), AMBER, words["change"])
    for number, (why, what) in enumerate(words["changes"]):
        y = 262 + number * 22
        sheet.text((236, y), why, room=140, size=13, bold=True)
        sheet.text((382, y), what, room=208, size=13)
    sheet.arrow([(220, 266), (104, 266), (104, row + high + 4)], AMBER)
    sheet.lines((118, 226), words["again"], room=98, size=13, step=18, ink=AMBER.line, bold=True)
    sheet.arrow([(632, 266), (676, 266)], RED)
    sheet.text((755, 198), words["tries"], room=150, size=13, bold=True, ink=RED.line, middle=True)
    sheet.card((678, 208), (154, 116), RED, words["aside"])
    sheet.lines((692, 262), words["reason"], room=134, size=13, step=20, ink=QUIET)
    return sheet


def way_of_a_key(words: Words) -> Sheet:
    sheet = Sheet(WIDE, 466, words["title"], words.language)
    wide, high = 304, 84
    ways = (("system", BLUE), ("file", AMBER), ("custom", VIOLET))
    for number, (name, tone) in enumerate(ways):
        y = 28 + number * 104
        sheet.card((28, y), (wide, high), tone, "")
        sheet.badge((46, y + 15), str(number + 1), tone, radius=11)
        sheet.text((66, y + 20), words[name], room=256, bold=True, ink=tone.line)
        code = words["code"][number]
        sheet.text((44, y + 62), code, room=wide - 32, size=13, mono=True)
    middle = 122
    sheet.box((418, 72), (146, 100), BLUE, fill=BLUE.pale)
    sheet.lines((491, 112), words["environment"], room=136, bold=True, middle=True)
    sheet.text((491, 156), "os.environ", room=136, size=13, ink=QUIET, mono=True, middle=True)
    sheet.arrow([(334, 70), (375, 70), (375, 102), (416, 102)], BLUE)
    sheet.arrow([(334, 174), (375, 174), (375, 142), (416, 142)], AMBER)
    sheet.text((346, 196), "load_dotenv", room=130, size=12.5, ink=AMBER.line, mono=True)

    sheet.box((652, 72), (180, 100), GREEN, fill=GREEN.pale)
    sheet.text((742, 116), "OpenAI()", room=170, size=17, bold=True, mono=True, middle=True)
    sheet.text((742, 142), words["client"], room=170, ink=QUIET, middle=True)
    sheet.arrow([(566, middle), (650, middle)], BLUE)
    sheet.lines((608, 96), words["found"], room=84, size=13, step=17, ink=BLUE.line, middle=True)
    sheet.arrow([(334, 278), (742, 278), (742, 176)], VIOLET)
    sheet.text(
        (538, 268), words["passed"], room=390, size=13, ink=VIOLET.line, bold=True, middle=True
    )
    code = "OpenAI(api_key=os.environ.get(…))"
    sheet.text((538, 298), code, room=390, size=13, mono=True, middle=True)

    sheet.box((28, 348), (804, 92), GREY, fill="#ffffff", edge=1)
    sheet.text((48, 378), words["wins"], room=760, bold=True)
    for place, (line, tone) in enumerate(zip(words["order"], (VIOLET, BLUE, AMBER), strict=True)):
        x = 48 + place * 264
        sheet.pill((x, 394), 222, line, tone, size=13, high=30)
        if place:
            sheet.text((x - 21, 415), ">", room=30, size=18, bold=True, ink=QUIET, middle=True)
    return sheet


DRAWN: dict[str, Callable[[Words], Sheet]] = {
    "request-response": request_response,
    "growing-history": growing_history,
    "tool-round-trip": tool_round_trip,
    "stream": stream,
    "validate-or-retry": validate_or_retry,
    "way-of-a-key": way_of_a_key,
}


def words_of(name: str, language: str) -> Words:
    """Return the words of a drawing; `["alt"]` is its alt text."""
    return Words(tomllib.loads(WORDS.read_text("utf-8"))[name], language)


def files() -> dict[Path, str]:
    """Return every drawing's file and text."""
    return {
        DRAWINGS / f"{name}.{language}.svg": draw(words_of(name, language)).svg()
        for name, draw in DRAWN.items()
        for language in LANGUAGES
    }


def main() -> None:
    """Write them all."""
    DRAWINGS.mkdir(exist_ok=True)
    for file, text in files().items():
        file.write_text(text, "utf-8", newline="\n")
        print(f"notebooks/drawings/{file.name}: {len(text)} characters")


if __name__ == "__main__":
    main()
