"""Make the README's first picture: `python -m tools.screens.hero` writes docs/hero.png.

Three cells of real lessons, as JupyterLab shows them before anything is run again: what is seen is
what the build of the notebooks stored. Nothing is drawn by hand, so the picture stays true.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageOps
from playwright.sync_api import Browser, Locator, sync_playwright

from .browser import ROOT, SECONDS, Lab, lab, launch

HERO = ROOT / "docs" / "hero.png"
WIDE, GAP, SCALE = 1640, 40, 2
PAPER, EDGE = "#f4f2ec", "#d9d5c9"


@dataclass(frozen=True)
class Piece:
    """A piece of a lesson: the cell with `text`, or only its last output, and how wide it is."""

    notebook: str
    text: str
    wide: int
    output_only: bool = False


LEFT = [
    Piece("00_start_here.ipynb", "You are back from a trip", 760),
    Piece("00_start_here.ipynb", "display(pandas.DataFrame", 760, output_only=True),
]
RIGHT = [
    Piece("04_finish_reason.ipynb", "show_messages(", 640, output_only=True),
    Piece("07_receipts.ipynb", "import matplotlib.pyplot", 640, output_only=True),
]


def main() -> None:
    with sync_playwright() as playwright, lab() as where:
        browser = launch(playwright)
        left, right = ([shown(browser, where, one) for one in column] for column in (LEFT, RIGHT))
        browser.close()
    picture = composed(left, right)
    few = picture.quantize(192, dither=Image.Dither.NONE)
    few.save(HERO, optimize=True)
    print(f"docs/{HERO.name}: {HERO.stat().st_size // 1000} kB, {picture.width}×{picture.height}")


def shown(browser: Browser, where: Lab, piece: Piece) -> Image.Image:
    """A piece as the browser draws it, without white above and below."""
    size = {"width": piece.wide, "height": 2400}
    page = browser.new_page(viewport=size, device_scale_factor=SCALE)  # type: ignore[arg-type]
    page.goto(where.url(f"notebooks/{piece.notebook}"))
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=SECONDS * 1000)
    page.keyboard.press("Control+b")  # the list at the side is not part of the picture
    cell: Locator = page.locator(".jp-Cell", has_text=piece.text).first
    place = cell.locator(".jp-OutputArea-child").last if piece.output_only else cell
    place.scroll_into_view_if_needed()
    # No bar of buttons, no mark of the cell that is chosen, and no outline.
    page.add_style_tag(
        content=".jp-cell-toolbar, .jp-Collapser, .jp-InputPrompt, .jp-OutputPrompt,"
        " .jp-InternalAnchorLink { display: none !important }"
        " .jp-Cell, .jp-Cell-inputWrapper, .jp-Cell-outputWrapper, .jp-InputArea,"
        " .jp-RenderedMarkdown { outline: none !important; border: none !important;"
        " box-shadow: none !important }"
        " .jp-Cell::before, .jp-Cell::after { display: none !important }"
    )
    page.wait_for_timeout(1500)
    taken = Image.open(io.BytesIO(place.screenshot())).convert("RGB")
    page.close()
    inside = ImageOps.invert(taken).point(lambda value: 255 if value > 6 else 0).getbbox()
    left, top, _, bottom = inside or (0, 0, *taken.size)
    # As wide as it was: then all pieces of a column are drawn at one scale.
    return taken.crop((left, top, taken.width, bottom))


def composed(left: list[Image.Image], right: list[Image.Image]) -> Image.Image:
    """All pieces on one sheet: a card on the left, one for each on the right, equally high."""
    column = (WIDE - 3 * GAP) * 58 // 100
    others = [card([one], WIDE - 3 * GAP - column) for one in right]
    high = sum(one.height + GAP for one in others) - GAP
    first = card(left, column, high)
    sheet = Image.new("RGB", (WIDE, max(high, first.height) + 2 * GAP), PAPER)
    sheet.paste(first, (GAP, GAP))
    below = GAP
    for one in others:
        sheet.paste(one, (2 * GAP + column, below))
        below += one.height + GAP
    return sheet


def card(pieces: list[Image.Image], wide: int, high: int = 0) -> Image.Image:
    """Pieces below one another, on white with an edge; at least `high`, with room between them."""
    room = wide - 2 * GAP
    fitted = [ImageOps.contain(one, (room, 4000)) for one in pieces]
    needed = sum(one.height for one in fitted) + GAP * (len(fitted) + 1)
    high = max(high, needed)
    found = Image.new("RGB", (wide, high), PAPER)
    ImageDraw.Draw(found).rounded_rectangle(
        (0, 0, wide - 1, high - 1), radius=18, fill="#ffffff", outline=EDGE, width=2
    )
    between = GAP + (high - needed) // (len(fitted) + 1)
    y = between
    for one in fitted:
        found.paste(one, (GAP, y))
        y += one.height + between
    return found


if __name__ == "__main__":
    main()
