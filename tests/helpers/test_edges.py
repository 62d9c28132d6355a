"""Edges that `bench mutants` found untried: the smallest shrinking, the largest picture."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from PIL import Image

from helpers import FirstCallError, image_part, images


def picture(path: Path, size: tuple[int, int] = (40, 10)) -> Path:
    Image.new("RGB", size, "red").save(path)
    return path


def test_a_picture_may_be_shrunk_to_a_dot(tmp_path: Path) -> None:
    part = image_part(picture(tmp_path / "a.png"), shrink=1)
    raw = base64.b64decode(part["image_url"]["url"].partition(",")[2])
    with Image.open(io.BytesIO(raw)) as small:
        assert max(small.size) == 1
    with pytest.raises(FirstCallError):
        image_part(tmp_path / "a.png", shrink=0)


def test_a_file_that_is_too_large_is_refused_unless_it_is_shrunk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = picture(tmp_path / "a.png")
    monkeypatch.setattr(images, "MAX_BYTES", file.stat().st_size)
    image_part(file)
    monkeypatch.setattr(images, "MAX_BYTES", file.stat().st_size - 1)
    with pytest.raises(FirstCallError, match=r"a\.png"):
        image_part(file)
    image_part(file, shrink=20)
