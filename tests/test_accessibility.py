"""What people who see little, or nothing, or no colours, need: names, order, contrast, words."""

from __future__ import annotations

import itertools
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest

from helpers import Meter, show_beside, show_json, show_messages, show_meter
from helpers.views import display as showing
from helpers.views import messages
from helpers.widgets.chat_box import transcript
from helpers.widgets.explorer_box import FALLBACK as EXPLORER
from helpers.widgets.key_box import FALLBACK as KEY_FORM
from practice.ledger import class_page
from practice.ledger import page as usage
from practice.ledger.attendance import Record
from practice.ledger.ledger import Call, Ledger
from practice.pages import render
from practice.simulated import cards
from practice.wire.pieces import Piece, Usage

ROOT = Path(__file__).resolve().parents[1]
READMES = sorted([*ROOT.glob("*.md"), *ROOT.glob("*/README.md")])
NOTEBOOKS = sorted(ROOT.glob("notebooks/**/*.ipynb"))

# Contrast that WCAG 2.2 asks of text (criterion 1.4.3, level AA), and of shapes (1.4.11).
TEXT, SHAPES = 4.5, 3.0

# JupyterLab's own colours for what the helpers draw with, by theme (JupyterLab 4.6).
THEMES = {
    "light": {"--jp-layout-color1": "#ffffff", "--jp-content-font-color1": "#212121"},
    "dark": {"--jp-layout-color1": "#111111", "--jp-content-font-color1": "#ffffff"},
}


class Page(HTMLParser):
    """What a page is made of: its tags with their attributes, in order, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attributes)))

    def all(self, *names: str) -> list[dict[str, str | None]]:
        return [found for tag, found in self.tags if tag in names]

    def headings(self) -> list[int]:
        return [int(tag[1]) for tag, _ in self.tags if re.fullmatch(r"h[1-6]", tag)]


def markdown_headings(text: str) -> list[int]:
    """The levels of the headings of a Markdown text, code blocks left out."""
    text = re.sub(r"^(```|~~~).*?^\1", "", text, flags=re.MULTILINE | re.DOTALL)
    return [len(found) for found in re.findall(r"^(#{1,6}) ", text, flags=re.MULTILINE)]


def in_order(levels: list[int]) -> bool:
    """One heading of level 1, which comes first, and no level skipped on the way down."""
    steps = itertools.pairwise(levels)
    return levels[:1] == [1] and levels.count(1) == 1 and all(b <= a + 1 for a, b in steps)


def images(text: str) -> list[tuple[str, str]]:
    """The alt texts and addresses of the images of a Markdown text."""
    text = re.sub(r"`[^`\n]*`", "", text)  # code that shows how an image is written
    found = re.findall(r"!\[([^\]]*)\]\(([^)\s]+)", text)
    for page in re.findall(r"<img\b[^>]*>", text):
        attributes = Page(page).all("img")[0]
        found.append((attributes.get("alt") or "", attributes.get("src") or ""))
    return found


def luminance(colour: str) -> float:
    """Relative luminance, by WCAG 2.2."""
    digits = colour.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_says() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#fff") == pytest.approx(4.48, abs=0.01)


def test_there_is_something_to_look_at() -> None:
    assert ROOT / "notebooks" / "00_start_here.ipynb" in NOTEBOOKS
    assert {ROOT / "README.md", ROOT / "lessons" / "README.md"} <= set(READMES)


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_notebook(notebook: Path) -> None:
    cells = nbformat.read(notebook, 4).cells
    text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    assert in_order(markdown_headings(text))
    for alt, address in images(text):
        assert len(alt) > 10, f"{address} is not described"
        if "://" not in address and not address.startswith("data:"):
            assert (notebook.parent / address).exists(), f"{address} is not there"
    for cell in cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            page = Page("".join(data.get("text/html", "")))
            assert all(picture.get("alt") for picture in page.all("img"))
            # A drawing, a table or a widget also says in words what it shows.
            assert not data or "".join(data.get("text/plain", "")).strip()


@pytest.mark.parametrize("readme", READMES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_readme(readme: Path) -> None:
    text = readme.read_text("utf-8")
    assert in_order(markdown_headings(text))
    for alt, address in images(text):
        assert len(alt) > 10, f"{address} is not described"


@pytest.fixture
def pages(tmp_path: Path) -> dict[str, str]:
    """The pages of the service, the usage page with something on it."""
    ledger = Ledger(tmp_path / "ledger.sqlite3")
    call = Call("/v1/responses", "qwen2.5-coder-0.5b-instruct", True, "simulate-slow")
    call.see(Piece(0, "Hi", finish_reason="stop"))
    call.see(Usage(10, 20))
    ledger.record(call)
    found = {"usage": usage.usage_page(ledger, "token"), "cards": cards.page()}
    found["index"] = render("index.html", model="a model", usage=True)
    stuck = Record(9, 5, 1e9, 100, 20, 4, "invalid_value")
    learners = [
        class_page.Row(1, "Ada", stuck, ["one", "two"], None, False),
        class_page.Row(2, "learner 2", Record(), [], 1e9, True),
    ]
    found["class"] = class_page.class_html(learners, class_page.Strangers(1, 1e9), "A reason.")
    ledger.close()
    return found


@pytest.mark.parametrize(
    ("name", "buttons", "drawings"),
    [("usage", 3, 1), ("cards", 0, 0), ("index", 0, 0), ("class", 0, 0)],
)
def test_a_page_of_the_service(
    pages: dict[str, str], name: str, buttons: int, drawings: int
) -> None:
    page = Page(pages[name])
    assert page.all("html")[0]["lang"] == "en"
    assert page.all("title")
    assert page.all("main")
    assert in_order(page.headings())
    assert {head.get("scope") for head in page.all("th")} == {"col", "row"}
    assert [drawing.get("role") for drawing in page.all("svg")] == ["img"] * drawings
    assert all(drawing.get("aria-label") for drawing in page.all("svg"))
    assert not page.all("script")
    assert len(re.findall(r"<button>\s*\w.*?</button>", pages[name])) == buttons
    assert len(page.all("button")) == buttons


@pytest.mark.parametrize("name", ["usage", "cards", "index", "class"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_colours_of_a_page(pages: dict[str, str], name: str, theme: str) -> None:
    roots = re.findall(r":root \{(.*?)\}", pages[name], flags=re.DOTALL)
    assert len(roots) == 2, "one block of colours for light, one for dark"
    said = dict(re.findall(r"--(\w+): (#\w+)", roots[theme == "dark"]))
    backs = [said[back] for back in ("back", "box") if back in said]
    texts = [said[text] for text in ("text", "soft", "link") if text in said]
    assert len(texts) >= 2
    for back in backs:
        assert all(contrast(text, back) >= TEXT for text in texts)
    bars = {said[bar] for bar in ("in", "out") if name == "usage"}
    assert all(contrast(bar, said["back"]) >= SHAPES for bar in bars)


def test_the_helpers_draw_with_the_colours_of_the_theme() -> None:
    """So they are as readable as the notebook itself, in each theme."""
    assert "color" not in showing.BOX
    for theme in THEMES.values():
        back, ink = theme["--jp-layout-color1"], theme["--jp-content-font-color1"]
        for tint in messages.TINTS.values():
            assert contrast(ink, over(tint, back, 0.1)) >= TEXT
    files = list((ROOT / "helpers").rglob("*.py"))
    assert (ROOT / "helpers" / "views" / "display.py") in files
    for file in files:
        text = file.read_text("utf-8")
        assert not re.search(r"(?:color|background|fill): ?#[0-9a-f]{3}", text), file.name


def over(tint: str, back: str, share: float) -> str:
    """The colour that is seen where a thin one lies over another."""
    below = (int(back[i : i + 2], 16) for i in (1, 3, 5))
    mixed = (
        round(share * int(above) + (1 - share) * under)
        for above, under in zip(tint.split(","), below, strict=True)
    )
    return "#" + "".join(f"{part:02x}" for part in mixed)


def test_drawings_have_names(monkeypatch: pytest.MonkeyPatch) -> None:
    bundles: list[dict[str, Any]] = []
    monkeypatch.setattr(showing, "in_notebook", lambda: True)
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: bundles.append(bundle))
    meter = Meter()
    meter.history = [(10, 20)]
    show_meter(meter)
    show_messages([{"role": "user", "content": "Hi"}])
    show_json('{"a": [1]}')
    show_beside("data:image/png;base64,AAAA", "red", alt="a red square")
    assert len(bundles) == 4
    drawn = [Page(bundle["text/html"]) for bundle in bundles]
    assert sum(len(page.all("img")) for page in drawn) == 2
    for bundle, page in zip(bundles, drawn, strict=True):
        assert all(picture.get("alt") for picture in page.all("img"))
        assert bundle["text/plain"].strip()
    assert 'aria-live="polite"' in transcript([])
    assert "No form" in KEY_FORM
    assert "No window" in EXPLORER


def test_each_state_is_a_word_too(pages: dict[str, str]) -> None:
    """Nobody has to tell two colours apart: the bars and the states are named."""
    assert "on the left tokens in, on the right tokens out" in pages["usage"]
    assert re.search(r"<b>[\d.]+ of 5.00 dollars left</b>", pages["usage"])
