"""Take the README's pictures: real lessons, run in a real JupyterLab, in a real browser.

`python -m tools.screens.screenshots` writes docs/*.png: it opens each lesson, runs every cell,
scrolls to the place worth showing, and takes a picture.
"""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from practice.process import launcher

from .browser import ROOT, lab, launch, open_notebook, run_all

DOCS = ROOT / "docs"
SIZE: ViewportSize = {"width": 1180, "height": 860}


@dataclass(frozen=True)
class Shot:
    """A picture of a lesson: the file to write, the lesson, and the text to scroll to."""

    file: str
    notebook: str
    place: str


SHOTS = [
    Shot("lesson-04.png", "notebooks/04_finish_reason.ipynb", "Now try both with your hands."),
    Shot("lesson-07.png", "notebooks/07_receipts.ipynb", "The whole folder"),
]
USAGE = "usage.png"


def main() -> None:
    DOCS.mkdir(exist_ok=True)
    with sync_playwright() as playwright, lab() as where:
        browser = launch(playwright)
        for shot in SHOTS:
            page = browser.new_page(viewport=SIZE)
            open_notebook(page, where, shot.notebook)
            take(page, shot)
            page.close()
        usage(browser)
        browser.close()


def take(page: Page, shot: Shot) -> None:
    """Run the lesson that is open, go to the place, and take the picture."""
    run_all(page)
    page.keyboard.press("Control+B")  # closes the list of files: the lesson fills the window
    if shot.notebook.endswith("04_finish_reason.ipynb"):
        page.get_by_role("button", name="Run", exact=True).click()
        page.get_by_text("finish_reason: 'length'").wait_for(timeout=30_000)
    place = page.locator(".jp-Notebook :is(h2, p)", has_text=shot.place).first
    place.evaluate("element => element.scrollIntoView()")
    page.wait_for_timeout(1500)
    keep(page, shot.file)


def usage(browser: Browser) -> None:
    """The usage page after all these lessons."""
    page = browser.new_page(viewport=SIZE)
    page.goto(launcher.ensure_running().base_url.removesuffix("/v1") + "/usage")
    keep(page, USAGE)


def keep(page: Page, file: str) -> None:
    """Write the picture, with fewer colours, so that the README loads fast."""
    path = DOCS / file
    page.screenshot(path=path)
    with Image.open(path) as picture:
        few = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    few.save(path, optimize=True)
    print(f"docs/{path.name}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
