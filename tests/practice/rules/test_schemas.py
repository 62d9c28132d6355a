"""The JSON schemas of a request: what is loaded to check them. (Refusals: test_service_errors.py.)"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def test_no_checker_of_formats_is_loaded() -> None:
    """One of them takes a second to build its grammar; whoever wants it later still gets it."""
    code = (
        "import sys; from practice.rules import schemas; "
        "schemas.check({'type': 'object'}, strict=False, what='function', name='f', param='p'); "
        "assert 'jsonschema' in sys.modules and 'rfc3987_syntax' not in sys.modules; "
        "import rfc3987_syntax"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
