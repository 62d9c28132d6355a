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
from practice.eye import reader
from practice.eye.image import decode
assert "GREEN MARKET" in reader.text(decode(Path(sys.argv[1]).read_bytes()))
"""


def test_reading_a_picture_leaves_no_file(tmp_path: Path) -> None:
    """In a home of its own: onnxruntime keeps its device id and its queue in the user's cache."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    kept.pop("ORT_DISABLE_TELEMETRY", None)
    home = {name: str(tmp_path) for name in ("HOME", "USERPROFILE", "LOCALAPPDATA", "APPDATA")}
    picture = ROOT / "notebooks" / "pictures" / "sign.png"
    subprocess.run(
        [sys.executable, "-B", "-c", READ, str(picture)],
        env=kept | home,
        cwd=ROOT,
        check=True,
        timeout=120,
    )
    assert [file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*")] == []
