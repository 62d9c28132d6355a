"""Where no package of onnxruntime can be had, a picture is described without its text."""

from __future__ import annotations

import sys

import pytest
from PIL import Image

from practice.eye import reader, runtime
from practice.eye.image import Picture


def test_the_description_says_what_it_could_not_do(monkeypatch: pytest.MonkeyPatch) -> None:
    assert runtime.is_here()
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert not runtime.is_here()
    red = Picture(Image.new("RGB", (64, 40), (220, 30, 35)), "PNG", 64, 40)
    text = reader.describe([red])
    assert "64 × 40 pixels. Main colours: red." in text
    assert "Its text was not read: onnxruntime is not installed on this computer." in text
    assert "No text found" not in text
