"""The guard that keeps a test run on this computer has to bite, in every Python of the run."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

LEAVING = {
    "a connection": "import socket; socket.create_connection(('192.0.2.1', 80), 1)",
    "a datagram": "import socket as s; s.socket(2, s.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    "a name": "import socket; socket.getaddrinfo('example.com', 80)",
    "an old name call": "import socket; socket.gethostbyname('example.com')",
    "a page": "import urllib.request; urllib.request.urlopen('http://example.com/')",
    "the SDK": "from openai import OpenAI; OpenAI(api_key='x', max_retries=0).models.list()",
    "asyncio": "import asyncio; asyncio.run(asyncio.open_connection('192.0.2.1', 80))",
}


def leave(code: str, report: Path, *options: str) -> subprocess.CompletedProcess[bytes]:
    environment = os.environ | {"FIRST_CALL_GUARD": str(report)}
    command = [sys.executable, *options, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, timeout=60)


@pytest.mark.parametrize("way", LEAVING)
def test_leaving_is_refused_and_reported(way: str, tmp_path: Path) -> None:
    report = tmp_path / "guard.txt"
    done = leave(LEAVING[way], report)
    assert done.returncode != 0
    assert any(host in report.read_text() for host in ("192.0.2.1", "example.com", "openai.com"))


def test_the_services_way_of_starting_is_guarded(tmp_path: Path) -> None:
    report = tmp_path / "guard.txt"
    assert leave(LEAVING["a name"], report, "-P").returncode != 0
    assert "example.com" in report.read_text()


def test_a_grandchild_is_guarded(tmp_path: Path) -> None:
    report = tmp_path / "guard.txt"
    code = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {LEAVING['a name']!r}])"
    leave(code, report)
    assert "example.com" in report.read_text()


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: socket.create_connection(("192.0.2.1", 80), 1),
        lambda: socket.getaddrinfo("example.com", 80),
    ],
)
def test_this_process_is_guarded(
    attempt: Callable[[], object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FIRST_CALL_GUARD", str(tmp_path / "guard.txt"))
    with pytest.raises(ConnectionRefusedError, match="tests stay on this computer"):
        attempt()
    assert (tmp_path / "guard.txt").exists()


def test_a_run_that_left_fails(tmp_path: Path) -> None:
    """A test that swallows the refusal passes, and its run fails all the same."""
    root = Path(__file__).parents[1]
    (tmp_path / "conftest.py").write_text((root / "conftest.py").read_text("utf-8"), "utf-8")
    shutil.copytree(root / "tests" / "guard", tmp_path / "tests" / "guard")
    (tmp_path / "test_it.py").write_text(
        "import socket\n\n\ndef test_it():\n    try:\n"
        "        socket.getaddrinfo('example.com', 80)\n    except OSError:\n        pass\n"
    )
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(root), os.environ["PYTHONPATH"]])
    }
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert "1 passed" in done.stdout
    assert "tried to leave this computer" in done.stdout
    assert done.returncode == 1


def test_this_computer_may_be_reached() -> None:
    code = (
        "import socket; s = socket.create_server(('127.0.0.1', 0)); "
        "socket.create_connection(s.getsockname(), 1); socket.getaddrinfo('localhost', 80)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=20)
    assert not Path(os.environ["FIRST_CALL_GUARD"]).exists()
