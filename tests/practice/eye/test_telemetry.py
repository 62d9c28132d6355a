"""A library that the eye loads would report to its maker. It does not, and leaves no file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from conftest import ROOT

READ = """
import sys
from pathlib import Path
from practice.eye import reader, recogniser
from practice.eye.image import decode
sign, cat = [decode((Path(sys.argv[1]) / name).read_bytes()) for name in ("sign.png", "cat.jpg")]
assert recogniser.guesses(cat.image)[0].english == "cat"  # without the reader
assert "GREEN MARKET" in reader.text(sign)
"""


def test_reading_a_picture_leaves_no_file(tmp_path: Path) -> None:
    """In a home of its own: onnxruntime keeps its device id and its queue in the user's cache."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    for name in ("ORT_DISABLE_TELEMETRY", "CI"):  # in CI onnxruntime is quiet by itself
        kept.pop(name, None)
    home = {name: str(tmp_path) for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA")}
    pictures = ROOT / "notebooks" / "pictures"
    subprocess.run(
        [sys.executable, "-B", "-c", READ, str(pictures)],
        env=kept | home,
        cwd=ROOT,
        check=True,
        timeout=120,
    )
    assert [file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*")] == []
