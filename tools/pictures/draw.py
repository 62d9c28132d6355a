"""Draw the kit's pictures into notebooks/pictures/: `python -m tools.pictures.draw`.

The committed pictures are what learners get; this script shows how they came about and draws them
again after a change. It needs two fonts: DejaVu, which matplotlib brings, and for Chinese Noto
Sans CJK (Debian: fonts-noto-cjk). Everything is drawn from fixed numbers, so a second run with
the same Pillow and fonts writes the same files.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from . import chinese
from .receipts import ANSWERS, EXAMPLE, PICTURES, RECEIPTS, WORKED, Labels, Receipt

CJK_FONT = Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc")
"""Debian's package fonts-noto-cjk puts it here."""
ENGLISH = Labels()


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


def draw_receipt(receipt: Receipt, seed: int, labels: Labels = ENGLISH) -> Image.Image:
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

    line(labels.shop + receipt.shop, size=22, bold=True)
    if receipt.address:
        line(receipt.address)
    line(labels.date + receipt.date)
    line(labels.currency + receipt.currency)
    y += step / 2
    line(labels.items)
    for name, price in receipt.items:
        rule()
        line(name, f"{price:.2f}")
    rule()
    y += step / 2
    line(labels.total, f"{receipt.total:.2f}", bold=True)
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
    for dish, english, price in (*MENU, *MENU_DRINKS):
        _write(draw, (60, y), dish, 32)
        _write(draw, (220, y), english, 28)
        _write(draw, (580, y), f"¥{price}", 30, anchor="rs")
        y += 66
    _write(draw, (320, 484), "营业时间 Open 11:00 - 21:00", 24, ink="darkred", anchor="ms")
    return image


def draw_chinese_menu() -> Image.Image:
    """The same menu in Chinese alone."""
    image = Image.new("RGB", (640, 520), "oldlace")
    draw = ImageDraw.Draw(image)
    draw.rectangle((14, 14, 626, 506), outline="darkred", width=6)
    _write(draw, (320, 80), chinese.MENU_TITLE, 44, ink="darkred", anchor="ms")
    for place, (dish, price) in enumerate(chinese.MENU):
        y = 150 + 66 * place
        _write(draw, (60, y), dish, 32)
        _write(draw, (580, y), f"{price} 元", 30, anchor="rs")
    _write(draw, (320, 484), chinese.MENU_HOURS, 24, ink="darkred", anchor="ms")
    return image


def main() -> None:
    """Draw everything, and write the answers beside the receipts."""
    draw_receipts(ANSWERS, RECEIPTS, EXAMPLE, WORKED, ENGLISH)
    draw_receipts(
        chinese.ANSWERS, chinese.RECEIPTS, chinese.EXAMPLE, chinese.WORKED, chinese.LABELS
    )
    _save(draw_sign(), PICTURES / "sign.png")
    _save(draw_chart(), PICTURES / "chart.png")
    _save(draw_menu(), PICTURES / "menu.png")
    _save(draw_chinese_menu(), chinese.MENU_FILE)


def draw_receipts(
    answers: Path,
    receipts: Sequence[Receipt],
    example: Path,
    worked: Receipt,
    labels: Labels,
) -> None:
    """Draw the receipts beside the file with their answers, and the worked example."""
    answers.parent.mkdir(parents=True, exist_ok=True)
    known = {}
    for number, receipt in enumerate(receipts, 1):
        name = f"receipt-{number:02}.png"
        _save(draw_receipt(receipt, number, labels), answers.parent / name)
        known[name] = _answer(receipt) | {"fails": receipt.fails or None}
    _write_json(answers, known)
    _save(draw_receipt(worked, 0, labels), example)
    _write_json(example.with_suffix(".json"), _answer(worked))


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
