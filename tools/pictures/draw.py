"""Draw the kit's pictures into notebooks/pictures/: `python -m tools.pictures`.

The committed pictures are what learners get; this script shows how they came about and draws them
again after a change. It needs two fonts: DejaVu, which matplotlib brings, and for Chinese Noto
Sans CJK (Debian: fonts-noto-cjk). Everything is drawn from fixed numbers, so a second run with
the same Pillow and fonts writes the same files.

`receipts` and `score` measure how much of the receipts somebody has read right.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageFont

PICTURES = Path(__file__).resolve().parents[2] / "notebooks" / "pictures"
ANSWERS = PICTURES / "receipts" / "answers.json"
EXAMPLE = PICTURES / "receipt-example.png"
"""A receipt to show a model with its answer (the .json beside it); no part of the folder."""

CJK_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
"""Debian's package fonts-noto-cjk puts it here."""


@dataclass(frozen=True)
class Receipt:
    """What a receipt says, and how it looks. Prices in the currency's main unit."""

    shop: str
    date: str
    currency: str
    items: tuple[tuple[str, float], ...]
    address: str = ""
    thanks: str = "Thank you!"
    printed_total: float | None = None
    """Where the printed total is not the sum."""
    layout: str = "columns"
    """columns (prices at the right), close (right behind the names), or ruled (with lines)."""
    paper: str = "white"
    ink: str = "black"
    turned: float = 0.0
    """Degrees, against the clock."""
    noise: int = 0
    """Strength of the grain, 0 to 40."""
    blur: float = 0.0
    fails: str = ""
    """Why a program that checks its work must set this receipt aside."""

    @property
    def total(self) -> float:
        if self.printed_total is not None:
            return self.printed_total
        return round(sum(price for _, price in self.items), 2)


RECEIPTS = (
    Receipt(
        "GREEN MARKET",
        "2026-11-03",
        "EUR",
        (("Apples", 2.40), ("Bread", 3.10), ("Milk", 1.50)),
        "12 High Street",
    ),
    Receipt(
        "CORNER BAKERY",
        "2026-11-04",
        "GBP",
        (("Croissant", 1.80), ("Baguette", 1.20), ("Coffee", 2.50), ("Orange juice", 3.00)),
        "4 Mill Lane",
        paper="ivory",
        layout="ruled",
    ),
    Receipt(
        "SUNRISE DINER",
        "2026-11-05",
        "USD",
        (("Pancakes", 13.00), ("Coffee", 2.75), ("Omelette", 9.25)),
        "88 Lake Road",
        turned=1.5,
    ),
    Receipt(
        "HARBOUR BOOKS",
        "2026-11-06",
        "GBP",
        (("Atlas of islands", 24.99), ("Notebook", 6.50)),
        ink="navy",
        layout="close",
    ),
    Receipt(
        "绿茶小店 GREEN TEA SHOP",
        "2026-11-07",
        "CNY",
        (("绿茶 Green tea", 18.00), ("饺子 Dumplings", 26.00), ("米饭 Rice", 4.00)),
        thanks="谢谢光临 Thank you!",
    ),
    Receipt(
        "CITY PHARMACY",
        "2026-11-09",
        "EUR",
        (("Plasters", 3.95), ("Vitamin C", 8.49)),
        "7 Ring Road",
        ink="darkgreen",
        noise=9,
    ),
    Receipt(
        "TOOL BARN",
        "2026-11-10",
        "USD",
        (
            ("Hammer", 14.00),
            ("Nails", 2.35),
            ("White paint", 18.90),
            ("Brush", 4.75),
            ("Tape", 3.20),
            ("Gloves", 5.80),
        ),
        "2 Farm Road",
        paper="lightyellow",
    ),
    Receipt(
        "CAFE LUNA",
        "2026-11-11",
        "EUR",
        (("Espresso", 1.30), ("Tiramisu", 5.50), ("Water", 2.00)),
        "9 Via Roma",
        ink="maroon",
        turned=-2.0,
    ),
    Receipt(
        "PIZZA PRONTO",
        "2026-11-12",
        "EUR",
        (("Margherita", 8.50), ("Salad", 4.20), ("Lemonade", 2.80)),
        printed_total=18.50,
        layout="ruled",
        fails="The items add up to 15.50, the printed total is 18.50.",
    ),
    Receipt(
        "幸福书店 HAPPY BOOKS",
        "2026-11-13",
        "CNY",
        (("词典 Dictionary", 58.00), ("地图 Map", 12.50)),
        paper="mistyrose",
        thanks="欢迎再来 See you again!",
    ),
    Receipt(
        "GARDEN CENTRE",
        "2026-11-14",
        "GBP",
        (("Tulip bulbs", 6.99), ("Flower pot", 11.50), ("Soil 20 l", 4.49), ("Seeds", 2.25)),
        "30 Park Road",
        turned=1.0,
        noise=11,
    ),
    Receipt(
        "NIGHT TAXI",
        "2026-11-15",
        "USD",
        (("Ride", 21.40), ("Luggage", 3.00)),
        blur=9.0,
        noise=10,
        fails="The picture is blurred: nothing can be read.",
    ),
    Receipt(
        "SPORT POINT",
        "2026-11-16",
        "EUR",
        (("Socks", 7.95), ("Football", 19.90), ("Bottle", 6.50)),
        "15 Station Road",
        layout="close",
        paper="whitesmoke",
    ),
    Receipt(
        "NORTH CINEMA",
        "2026-11-17",
        "USD",
        (("Tickets", 24.00), ("Popcorn", 6.25)),
        "1 Main Street",
        paper="lavender",
        ink="midnightblue",
    ),
)


WORKED = Receipt(
    "ROSE CAFE",
    "2025-02-14",
    "EUR",
    (("Tea", 2.00), ("Scone", 3.50), ("Soup", 6.20)),
    "3 Main Square",
)
"""The receipt of EXAMPLE."""


def receipts() -> list[tuple[Path, dict[str, Any]]]:
    """Return each receipt's picture and its known answer (shop, date, currency, items, total).

    A receipt that cannot come out right has the reason in ``fails``; for the others it is None.
    """
    known = json.loads(ANSWERS.read_text("utf-8"))
    return [(ANSWERS.parent / name, answer) for name, answer in known.items()]


def score(answer: Mapping[str, Any], extracted: Mapping[str, Any] | None) -> tuple[int, int]:
    """Return (fields right, fields asked) for one receipt; see `fields`."""
    found = fields(answer, extracted)
    return sum(found.values()), len(found)


def fields(answer: Mapping[str, Any], extracted: Mapping[str, Any] | None) -> dict[str, bool]:
    """Return for each field of a receipt whether `extracted` has it right.

    The fields are shop, date, currency, total, the number of items and the price of each item.
    The shop may stand in one of its two languages; case and spaces do not count. None: nothing
    was extracted.
    """
    found = extracted or {}
    items = found.get("items")
    items = items if isinstance(items, list) else []
    right = {
        "shop": _same_shop(str(answer["shop"]), str(found.get("shop", ""))),
        "date": str(found.get("date", "")).strip() == answer["date"],
        "currency": str(found.get("currency", "")).strip().upper() == answer["currency"],
        "total": _same_amount(answer["total"], found.get("total")),
        "number of items": len(items) == len(answer["items"]),
    }
    prices = [item.get("price") for item in items if isinstance(item, dict)]
    for item in answer["items"]:
        # Each price that was read counts for one item only.
        same = [place for place, price in enumerate(prices) if _same_amount(item["price"], price)]
        right[f"price of {item['name']}"] = bool(same)
        if same:
            del prices[same[0]]
    return right


def _same_shop(known: str, said: str) -> bool:
    known, said = ("".join(text.split()).lower() for text in (known, said))
    latin = "".join(letter for letter in known if letter.isascii())
    other = "".join(letter for letter in known if not letter.isascii())
    return bool(said) and said in (known, latin, other)


def _same_amount(known: float, said: object) -> bool:
    try:
        return abs(float(str(said)) - known) < 0.005
    except ValueError:
        return False


@cache
def _font(size: int, *, chinese: bool = False, bold: bool = False) -> ImageFont.FreeTypeFont:
    if chinese:
        if not CJK_FONT.exists():
            sys.exit(f"The font {CJK_FONT.name} is missing: install Debian's fonts-noto-cjk.")
        return ImageFont.truetype(str(CJK_FONT), size, index=2)  # simplified Chinese
    import matplotlib

    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return ImageFont.truetype(str(Path(matplotlib.get_data_path(), "fonts", "ttf", name)), size)


def _write(
    draw: ImageDraw.ImageDraw,
    place: tuple[float, float],
    text: str,
    size: int,
    *,
    ink: str = "black",
    bold: bool = False,
    anchor: str = "ls",
) -> None:
    """Write one line at its baseline, in the font that has its letters."""
    font = _font(size, chinese=not text.isascii(), bold=bold)
    draw.text(place, text, font=font, fill=ink, anchor=anchor)


def draw_receipt(receipt: Receipt, seed: int) -> Image.Image:
    """Return the receipt as a picture; `seed` decides where its grain falls.

    Every field has its label: that is what the small practice model needs to find it.
    """
    wide, step, edge = 420, 36, 30
    rows = 8 + len(receipt.items) + bool(receipt.address)
    image = Image.new("RGB", (wide, rows * step + 40), receipt.paper)
    draw = ImageDraw.Draw(image)
    y = 48.0

    def line(left: str, right: str = "", size: int = 20, bold: bool = False) -> None:
        nonlocal y
        if right and receipt.layout == "close":
            left, right = f"{left}   {right}", ""
        _write(draw, (edge, y), left, size, ink=receipt.ink, bold=bold)
        if right:
            _write(draw, (wide - edge, y), right, size, ink=receipt.ink, bold=bold, anchor="rs")
        y += step

    def rule() -> None:
        if receipt.layout == "ruled":
            high = y - step + 12
            draw.line((edge, high, wide - edge, high), fill=receipt.ink, width=2)

    line(f"Shop: {receipt.shop}", size=22, bold=True)
    if receipt.address:
        line(receipt.address)
    line(f"Date: {receipt.date}")
    line(f"Currency: {receipt.currency}")
    y += step / 2
    line("Items:")
    for name, price in receipt.items:
        rule()
        line(name, f"{price:.2f}")
    rule()
    y += step / 2
    line("Total:", f"{receipt.total:.2f}", bold=True)
    y += step / 2
    line(receipt.thanks, size=17)
    return _used(image, receipt, seed)


def _used(image: Image.Image, receipt: Receipt, seed: int) -> Image.Image:
    """The picture as a phone takes it: turned, blurred, with grain."""
    if receipt.turned:
        image = image.rotate(
            receipt.turned, Image.Resampling.BICUBIC, expand=True, fillcolor="dimgray"
        )
    if receipt.blur:
        image = image.filter(ImageFilter.GaussianBlur(receipt.blur))
    if receipt.noise:
        dice = random.Random(seed)  # noqa: S311  (nothing secret)
        pixels = range(image.width * image.height)
        grain = bytes(3 * receipt.noise * (dice.random() < 0.12) for _ in pixels)
        mask = Image.frombytes("L", image.size, grain)
        image = Image.composite(Image.new("RGB", image.size, "gray"), image, mask)
    return image


def draw_sign() -> Image.Image:
    """A shop's sign over its door."""
    image = Image.new("RGB", (640, 400), "skyblue")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 300, 640, 400), fill="tan")
    draw.rounded_rectangle((60, 60, 580, 250), 24, fill="darkgreen", outline="gold", width=8)
    _write(draw, (320, 150), "GREEN MARKET", 52, ink="white", bold=True, anchor="ms")
    _write(draw, (320, 212), "Open daily 8:00 - 20:00", 30, ink="gold", anchor="ms")
    return image


CHART = {"Mon": 12, "Tue": 18, "Wed": 9, "Thu": 21, "Fri": 30}
"""Loaves sold: the numbers on the bar chart."""


def draw_chart() -> Image.Image:
    """A bar chart with its numbers written on it."""
    image = Image.new("RGB", (640, 480), "white")
    draw = ImageDraw.Draw(image)
    _write(draw, (320, 50), "Loaves sold this week", 30, bold=True, anchor="ms")
    draw.line((60, 400, 600, 400), fill="black", width=3)
    for place, (day, count) in enumerate(CHART.items()):
        left = 85 + 104 * place
        draw.rectangle((left, 400 - 9 * count, left + 64, 400), fill="royalblue")
        _write(draw, (left + 32, 390 - 9 * count), str(count), 28, anchor="ms")
        _write(draw, (left + 32, 435), day, 28, anchor="ms")
    return image


MENU = (("牛肉面", "Beef noodles", 28), ("饺子", "Dumplings", 22), ("炒饭", "Fried rice", 18))
MENU_DRINKS = (("绿茶", "Green tea", 10), ("豆浆", "Soy milk", 8))


def draw_menu() -> Image.Image:
    """A menu in Chinese and English, prices in yuan."""
    image = Image.new("RGB", (640, 520), "oldlace")
    draw = ImageDraw.Draw(image)
    draw.rectangle((14, 14, 626, 506), outline="darkred", width=6)
    _write(draw, (320, 80), "菜单 MENU", 44, ink="darkred", anchor="ms")
    y = 150
    for chinese, english, price in (*MENU, *MENU_DRINKS):
        _write(draw, (60, y), chinese, 32)
        _write(draw, (220, y), english, 28)
        _write(draw, (580, y), f"¥{price}", 30, anchor="rs")
        y += 66
    _write(draw, (320, 484), "营业时间 Open 11:00 - 21:00", 24, ink="darkred", anchor="ms")
    return image


def main() -> None:
    """Draw everything, and write the answers beside the receipts."""
    ANSWERS.parent.mkdir(parents=True, exist_ok=True)
    answers = {}
    for number, receipt in enumerate(RECEIPTS, 1):
        name = f"receipt-{number:02}.png"
        _save(draw_receipt(receipt, number), ANSWERS.parent / name)
        answers[name] = _answer(receipt) | {"fails": receipt.fails or None}
    _write_json(ANSWERS, answers)
    _save(draw_receipt(WORKED, 0), EXAMPLE)
    _write_json(EXAMPLE.with_suffix(".json"), _answer(WORKED))
    _save(draw_sign(), PICTURES / "sign.png")
    _save(draw_chart(), PICTURES / "chart.png")
    _save(draw_menu(), PICTURES / "menu.png")


def _answer(receipt: Receipt) -> dict[str, Any]:
    return {
        "shop": receipt.shop,
        "date": receipt.date,
        "currency": receipt.currency,
        "items": [{"name": name, "price": price} for name, price in receipt.items],
        "total": receipt.total,
    }


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8", newline="\n")


def _save(image: Image.Image, path: Path) -> None:
    """Write a small PNG: 32 colours are plenty for print on paper."""
    image.quantize(32, dither=Image.Dither.NONE).save(path, optimize=True)
    print(f"{path.name}: {image.width} x {image.height}, {path.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
