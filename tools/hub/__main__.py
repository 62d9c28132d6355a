"""`python3 kit.py hub keys.csv`: a JupyterHub for one room, and the practice service behind it.

As root on Debian, or another Linux with useradd: each learner becomes a user of the system. The
keys are made by `python -m practice keys`; a learner logs in with any name and the key.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from practice.process import models, state, weights
from practice.process.config import PracticeError
from practice.roster import commands
from practice.roster.roster import Roster
from tools.hub.environment import CLASSROOM, hub_python, is_for_all, proxy
from tools.hub.handout import hand_out
from tools.setup.commands import ROOT, Stop, end, own_environment, run, say
from tools.setup.jupyter import LAB_OPTIONS, LAB_SETTINGS, kernel_spec

STATE = Path("/var/lib/first-call")
PORT = 8000
SECONDS = 120  # until the practice service answers


def main() -> int:
    """Start both, and end both."""
    parser = argparse.ArgumentParser(prog="kit.py hub", description=__doc__)
    parser.add_argument("keys", type=Path, help="the CSV file with the keys")
    parser.add_argument("--host", default="", help="address to listen on (all of this computer)")
    parser.add_argument("--port", type=int, default=PORT, help="%(default)s; the two after it, too")
    parser.add_argument("--service-port", type=int, default=commands.PORT, help="%(default)s")
    parser.add_argument("--base-url", help="another service than the one started here: a gateway")
    parser.add_argument("--state", type=Path, default=STATE, help="%(default)s")
    parser.add_argument("--kernel", default=sys.executable, help=argparse.SUPPRESS)
    given = parser.parse_args()
    try:
        return serve(given)
    except (Stop, PracticeError) as error:
        print(error, file=sys.stderr)
        return 1


def serve(given: argparse.Namespace) -> int:
    """Prepare everything and run until told to end. Raises Stop and PracticeError."""
    check()
    keys = given.keys.absolute()
    roster = Roster(keys)  # a bad file is said before anything is installed
    python = hub_python()
    for one in (Path(given.kernel), python):
        if not is_for_all(one):
            raise Stop(
                f"Other users of this computer cannot start {one}. Put the kit where all may read "
                "it, such as /opt/first-call, and set it up there with /usr/bin/python3 kit.py lab."
            )
    # Learners pass through this folder to the handout, and read nothing else in it.
    given.state.mkdir(parents=True, exist_ok=True)
    given.state.chmod(0o711)
    hidden = given.state / "hub"
    hidden.mkdir(mode=0o700, exist_ok=True)
    hand_out(given.state / "handout.git")
    quieten(python)
    kernels = write_kernel(given.state / "jupyter", given.kernel)
    if not is_for_all(Path("/usr/bin/test"), "-r", f"{given.state}/handout.git/HEAD"):
        raise Stop(f"Other users of this computer cannot reach {given.state}: choose another one.")
    model = share_model(given.state / "model")
    environment = own_environment(
        FIRST_CALL_ROOT=str(ROOT),
        FIRST_CALL_KEYS=str(keys),
        FIRST_CALL_BASE_URL=given.base_url or f"http://127.0.0.1:{given.service_port}/v1",
        FIRST_CALL_HUB_HOST=given.host,
        FIRST_CALL_HUB_PORT=str(given.port),
        FIRST_CALL_HUB_STATE=str(hidden),
        FIRST_CALL_HUB_PYTHON=str(python),
        FIRST_CALL_HUB_PROXY=" ".join(proxy(python)),
        FIRST_CALL_HANDOUT=str(given.state / "handout.git"),
        FIRST_CALL_KERNELS=kernels,
        FIRST_CALL_MODEL=str(model),
        FIRST_CALL_SERVICE_PORT=str(given.service_port),
        FIRST_CALL_LAB_OPTIONS=json.dumps(LAB_OPTIONS),
    )
    # Also beside a gateway: some cells of the lessons ask practice mode, whatever key is set.
    service = start_service(keys, given.service_port)
    try:
        for line in commands.greeting(roster, keys, "127.0.0.1", given.service_port)[:1]:
            say(line)
        say(f"learners open http://ADDRESS-OF-THIS-COMPUTER:{given.port}: any name, and their key")
        settings = CLASSROOM / "jupyterhub_config.py"
        command: list[str | Path] = [python, "-m", "jupyterhub", "--config", settings]
        return run(command, environment)
    finally:
        end(service)


def check() -> None:
    """Raise Stop where this cannot be a hub's computer."""
    if not sys.platform.startswith("linux"):
        raise Stop("A hub runs on Linux alone. On this computer, learners use `kit.py lab`.")
    if os.geteuid() != 0:
        raise Stop("A hub makes a user of the system for each learner: start it with sudo.")
    for tool, package in (("useradd", "passwd"), ("npm", "npm"), ("git", "git")):
        if shutil.which(tool) is None:
            raise Stop(f"{tool} is missing. Install it with: apt install {package}")


def start_service(keys: Path, port: int) -> subprocess.Popen[bytes]:
    """Start the practice service of the class, on this computer alone. Raises Stop."""
    command = [sys.executable, "-m", "practice", "serve", "--class", str(keys), "--port", str(port)]
    service = subprocess.Popen(
        command, cwd=ROOT, env=own_environment(), stdin=subprocess.DEVNULL, stdout=sys.stderr
    )
    until = time.monotonic() + SECONDS
    while state.health(port) is None:
        if service.poll() is not None or time.monotonic() > until:
            end(service)
            raise Stop("The practice service did not start; the lines above say why.")
        time.sleep(0.2)
    return service


def share_model(folder: Path) -> Path:
    """Copy the model's file to where every learner may read it; return its path there."""
    file = weights.fetch(models.chosen())
    there = folder / file.name
    if not there.exists() or there.stat().st_size != file.stat().st_size:
        folder.mkdir(exist_ok=True)
        shutil.copyfile(file, there)
    folder.chmod(0o755)
    there.chmod(0o644)
    return there


def write_kernel(folder: Path, python: str) -> str:
    """Write the kernel that runs the kit's Python; return what JUPYTER_PATH has to name."""
    _write(folder / "kernels" / "python3" / "kernel.json", kernel_spec(python))
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return str(folder)


def quieten(python: Path) -> None:
    """Have the learners' JupyterLab ask nothing, as `kit.py lab` does."""
    share = python.parent.parent / "share" / "jupyter" / "lab" / "settings"
    _write(share / "overrides.json", LAB_SETTINGS)


def _write(file: Path, values: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)  # uv links files into its cache: writing would change them all
    file.write_text(json.dumps(values, indent=1), "utf-8")


if __name__ == "__main__":
    sys.exit(main())
