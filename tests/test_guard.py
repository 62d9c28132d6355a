"""The guard that keeps a test run on this computer has to bite, in every Python it starts."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

LEAVING = [
    "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
    "import socket; socket.getaddrinfo('example.com', 80)",
    "import urllib.request; urllib.request.urlopen('http://example.com/')",
    "from openai import OpenAI; OpenAI(api_key='x', max_retries=0).models.list()",
]


@pytest.mark.parametrize("code", LEAVING)
def test_leaving_is_refused_and_reported(code: str, tmp_path: Path) -> None:
    report = tmp_path / "guard.txt"
    environment = os.environ | {"FIRST_CALL_GUARD": str(report)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True)
    assert done.returncode != 0
    assert "192.0.2.1" in report.read_text() or "." in report.read_text()


def test_this_computer_may_be_reached() -> None:
    code = (
        "import socket; s = socket.create_server(('127.0.0.1', 0)); "
        "socket.create_connection(s.getsockname(), 1); socket.getaddrinfo('localhost', 80)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)
    assert not Path(os.environ["FIRST_CALL_GUARD"]).exists()
