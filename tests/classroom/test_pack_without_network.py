"""A pack is made, copied to a place with no route to anywhere, and started there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT, missing, need

pytestmark = pytest.mark.classroom

SECONDS = 900

LAPTOP = """
set -e
ip link set lo up
if ip route get 192.0.2.1 2>/dev/null; then echo there is a route; exit 1; fi
python3 kit.py lab --no-browser --ip 127.0.0.1 --port 9753 --IdentityProvider.token=here &
lab=$!
trap 'kill $lab' EXIT
for second in $(seq 600); do
    sleep 1
    if curl --silent --fail --output answer.json "http://127.0.0.1:9753/api?token=here"; then break; fi
done
cat answer.json
.venv/bin/python program.py
.venv/bin/python -m practice stop
"""
PROGRAM = """
from helpers import ask, connect
print("REPLY", ask(connect(), "What is a computer program?"))
"""


def test_a_laptop_without_a_network(tmp_path: Path) -> None:
    need("unshare", "a network of its own is what this is about")
    need("ip", "a network of its own is what this is about")
    if os.name != "posix" or os.geteuid() != 0:
        missing("only root may make a network without a route")
    small = Path(os.environ["PRACTICE_MODEL"])  # conftest.py knows where this user's is
    # Packages are fetched here, as a teacher does: without the guard, which would refuse it.
    teacher = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "FIRST_CALL_GUARD")}
    teacher["PRACTICE_WEIGHTS"] = str(small.parent)
    stick = tmp_path / "stick"
    command = [sys.executable, "-m", "tools.pack", str(stick), "--model", "small"]
    done = subprocess.run(
        command, cwd=ROOT, env=teacher, capture_output=True, text=True, timeout=SECONDS
    )
    assert done.returncode == 0, done.stdout + done.stderr

    laptop = tmp_path / "我的 laptop"
    shutil.copytree(stick / "first-call", laptop)
    (laptop / "program.py").write_text(PROGRAM)
    keep = ("PATH", "LANG", "HOME")
    learner = {name: os.environ[name] for name in keep if name in os.environ}
    learner |= {"PRACTICE_MODEL": "small", "FIRST_CALL_HOME": str(tmp_path / "home")}
    learner["FIRST_CALL_MODE"] = "practice"
    done = subprocess.run(
        ["unshare", "--net", "bash", "-c", LAPTOP],
        cwd=laptop,
        env=learner,
        capture_output=True,
        text=True,
        timeout=SECONDS,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert "nothing is fetched" in said
    assert '"version"' in said  # JupyterLab answers
    assert "REPLY" in said
