"""What the eye recognises in a photograph, and that it claims nothing for anything else."""

from __future__ import annotations

import base64
import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from conftest import ROOT
from practice.data import load
from practice.eye import reader, recogniser, runtime
from practice.eye.image import Picture, decode

PICTURES = ROOT / "notebooks" / "pictures"
DRAWN = [*sorted(PICTURES.rglob("*.png")), *sorted((ROOT / "docs").glob("*.png"))]


def read(path: Path) -> Picture:
    return decode(path.read_bytes())


def as_photo(picture: Picture) -> Picture:
    """The same as a JPEG, whose surfaces are less even."""
    out = io.BytesIO()
    picture.image.save(out, "JPEG", quality=75)
    return decode(out.getvalue())


def test_a_cat_is_a_cat_and_coffee_is_coffee() -> None:
    said = reader.describe([read(PICTURES / "cat.jpg"), read(PICTURES / "coffee.jpg")])
    first, second, limits = said.split("\n\n")
    assert limits == reader.LIMITS
    told = re.search(r"It is probably a photograph of: cat \((\d+) %\), (.+)\. No text", first)
    assert told
    assert int(told[1]) > 80
    assert "Egyptian cat (" in told[2]
    assert re.search(r"It is probably a photograph of: espresso coffee \(\d\d %\)\.", second)


def test_in_a_chinese_question_things_have_both_names() -> None:
    said = reader.describe([read(PICTURES / "cat.jpg")], chinese=True)
    assert "It is probably a photograph of: cat 猫 (" in said
    assert "Egyptian cat 埃及猫 (" in said


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_no_drawing_and_no_document_is_taken_for_a_photograph(path: Path) -> None:
    for picture in (read(path), as_photo(read(path))):
        # Without a look at its text: the sign and the chart have little.
        assert recogniser.guesses(picture.image) == []
    assert "photograph of" not in reader.describe([picture])


def test_pictures_of_the_notebooks_are_no_photographs() -> None:
    found = 0
    for notebook in (ROOT / "notebooks").rglob("*.ipynb"):
        for cell in json.loads(notebook.read_text("utf-8"))["cells"]:
            for output in cell.get("outputs", []):
                page = "".join(output.get("data", {}).get("text/html", ""))
                for raw in re.findall(r"data:image/png;base64,([\w+/=]+)", page):
                    found += 1
                    assert reader.things(decode(base64.b64decode(raw))) == []
    assert found


def test_drawings_are_told_from_photographs() -> None:
    for name in ("sign", "chart", "menu", "receipts/receipt-01"):
        assert recogniser.is_drawn(read(PICTURES / f"{name}.png").image)
    for name in ("cat", "coffee"):
        assert not recogniser.is_drawn(read(PICTURES / f"{name}.jpg").image)


def sure(monkeypatch: pytest.MonkeyPatch, **places: float) -> None:
    """Make the classifier say this; the picture is none."""
    said = [0.0] * 1000
    for place, value in places.items():
        said[int(place[1:])] = value
    monkeypatch.setattr(recogniser, "_probabilities", lambda _: said)
    monkeypatch.setattr(recogniser, "is_drawn", lambda _: False)


def english(text: str = "") -> list[str]:
    return [guess.english for guess in recogniser.guesses(Image.new("RGB", (9, 9)), text)]


def test_nothing_is_told_below_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    sure(monkeypatch, _950=recogniser.CERTAIN - 0.01, _951=0.3)
    assert english() == []
    sure(monkeypatch, _950=recogniser.CERTAIN, _951=0.3, _954=0.04)
    assert english() == ["orange", "lemon"]  # and no banana below TOLD


def test_many_breeds_are_one_dog(monkeypatch: pytest.MonkeyPatch) -> None:
    sure(monkeypatch, _207=0.2, _208=0.15, _219=0.15, _950=0.1)
    assert english() == ["dog", "Golden Retriever", "Labrador Retriever"]
    sure(monkeypatch, _207=0.2, _208=0.1, _950=0.1)
    assert english() == []


def test_pages_and_screens_are_never_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    for place in load("imagenet.toml")["never"]:
        sure(monkeypatch, **{f"_{place}": 0.9})
        assert english() == []


def test_much_text_makes_a_document(monkeypatch: pytest.MonkeyPatch) -> None:
    sure(monkeypatch, _654=0.9)
    assert english("a " * recogniser.TEXT) == ["bus", "minibus"]
    assert english("a " * (recogniser.TEXT + 1)) == []


def test_every_class_has_a_name_in_both_languages() -> None:
    known = load("imagenet.toml")
    assert list(known["classes"]) == [str(place) for place in range(1000)]
    names = list(known["classes"].values()) + [[kind["en"], kind["zh"]] for kind in known["kinds"]]
    for one, other in names:
        assert one.isascii()
        assert re.search("[\u4e00-\u9fff]", other)
    assert len({one for one, _ in known["classes"].values()}) == 1000
    # A few places that are known for sure.
    for place, word in {
        0: "tench",
        285: "Egyptian",
        504: "mug",
        817: "sports",
        999: "paper",
    }.items():
        assert word in known["classes"][str(place)][0]
    for kind in known["kinds"]:
        assert all(first <= last < 1000 for first, last in kind["runs"])


def test_the_model_is_small_and_never_takes_every_core() -> None:
    assert recogniser.MODEL.stat().st_size < 6_000_000
    options = recogniser._loaded().get_session_options()
    assert options.intra_op_num_threads == runtime.THREADS
    assert options.inter_op_num_threads == 1
