"""NOTICE names what was made by others: the files that ship, and the models that are loaded."""

from __future__ import annotations

import re

import pytest
from PIL import Image

from conftest import ROOT
from practice.data import load

NOTICE = (ROOT / "NOTICE").read_text("utf-8")
CHAPTERS = dict(
    re.findall(r"^([A-Z ]{6,})\n\n(.+?)(?=\n\n\n|\Z)", NOTICE, re.MULTILINE | re.DOTALL)
)


def shipped(folder: str, *endings: str) -> set[str]:
    files = (ROOT / folder).rglob("*")
    return {file.relative_to(ROOT).as_posix() for file in files if file.suffix in endings}


def named(chapter: str) -> set[str]:
    """The files that a chapter has at the beginning of a line."""
    return set(re.findall(r"^(\w+/\S+)$", CHAPTERS[chapter], re.MULTILINE))


def test_the_photographs_are_those_that_ship() -> None:
    photographs = shipped("notebooks", ".jpg", ".jpeg", ".webp", ".gif")
    assert named("PHOTOGRAPHS") == photographs
    assert "notebooks/pictures/cat.jpg" in photographs
    for name in photographs:
        assert (ROOT / name).stat().st_size < 200_000
        with Image.open(ROOT / name) as picture:
            assert not picture.getexif()  # no camera, no place
        entry = CHAPTERS["PHOTOGRAPHS"].split(name)[1].split("\n\n")[0]
        assert re.search("CC0|public domain", entry)
        assert "From scikit-image" in entry


def test_the_models_of_the_eye_are_those_that_ship_and_are_loaded() -> None:
    chapter = CHAPTERS["MODELS OF THE EYE"]
    assert named("MODELS OF THE EYE") == shipped("practice", ".onnx") != set()
    reader = (ROOT / "practice" / "eye" / "reader.py").read_text("utf-8")
    loaded = set(re.findall(r'"(\S+\.onnx)"', reader))
    assert len(loaded) == 2
    assert loaded == set(re.findall(r"^(PP-\S+\.onnx), (PP-\S+\.onnx)$", chapter, re.M)[0])
    assert chapter.count("Apache-2.0") >= 2


def test_the_practice_models_are_those_of_the_data() -> None:
    said = set(re.findall(r"^(\S+), by .+\. (\S+)\.$", CHAPTERS["PRACTICE MODELS"], re.M))
    models = load("models.toml").get("practice")
    if models is None:
        pytest.skip("the table of practice models is not there yet")
    assert said == {(model["name"], model["licence"]) for model in models.values()}
