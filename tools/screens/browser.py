"""A real JupyterLab in a real browser: for the tests, and for the README's pictures.

The browser is Debian's Chromium, or whatever `chromium` is called on this computer.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

from tools.setup.jupyter import ARRANGEMENT, LAB_OPTIONS, LAB_SETTINGS, WORKSPACE, kernel_spec

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 120
QUIET_SECONDS = 2.0
"""How long a kernel has to be idle to be done: between two cells it is, too, for a moment."""

NAMES = ("chromium", "chromium-browser", "google-chrome")


@dataclass(frozen=True)
class Lab:
    """A JupyterLab that runs: its address and token, and the folder it shows."""

    address: str
    token: str
    folder: Path

    def url(self, path: str) -> str:
        """The address of a file in JupyterLab, in a workspace of its own: no other tab is open."""
        workspace = re.sub(r"\W", "", path)
        return f"{self.address}/lab/workspaces/{workspace}/tree/{path}?token={self.token}"


def chromium() -> str | None:
    """Return the path of the browser, or None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def launch(playwright: Playwright) -> Browser:
    """Start the browser; it asks nobody for updates."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return playwright.chromium.launch(
        executable_path=chromium(), args=["--no-sandbox", "--no-first-run", *quiet]
    )


@contextlib.contextmanager
def lab(*, theme: str = "JupyterLab Light") -> Iterator[Lab]:
    """Run JupyterLab on a copy of the notebooks, because it saves what it shows."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        # As kit.py sets it up, and every cell is on the page, also those far below.
        settings = LAB_SETTINGS | {
            "@jupyterlab/apputils-extension:themes": {"theme": theme},
            "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},
        }
        for name, values in settings.items():
            file = Path(home, "settings", name.replace(":", "/") + ".jupyterlab-settings")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(values))
        arranged = Path(home, "workspaces", WORKSPACE)
        arranged.parent.mkdir()
        arranged.write_text(json.dumps(ARRANGEMENT))
        shutil.copytree(ROOT / "notebooks", Path(home, "kit", "notebooks"))
        for name in ("kit.py", ".gitignore"):  # they mark the kit's folder, where .env belongs
            shutil.copy(ROOT / name, Path(home, "kit"))
        kernel = Path(home, "data", "kernels", "python3", "kernel.json")  # the kit's own
        kernel.parent.mkdir(parents=True)
        kernel.write_text(json.dumps(kernel_spec(sys.executable)))
        environment = os.environ | {
            "JUPYTER_PREFER_ENV_PATH": "0",
            "JUPYTER_CONFIG_DIR": f"{home}/config",
            "JUPYTER_DATA_DIR": f"{home}/data",
            "JUPYTERLAB_SETTINGS_DIR": f"{home}/settings",
            "JUPYTERLAB_WORKSPACES_DIR": f"{home}/workspaces",
        }
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1"]
        command += [f"--port={port}", f"--IdentityProvider.token={token}", "--allow-root"]
        command += LAB_OPTIONS
        process = subprocess.Popen(
            command,
            cwd=Path(home, "kit"),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        found = Lab(f"http://127.0.0.1:{port}", token, Path(home, "kit"))
        try:
            _wait_for(found, process)
            yield found
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(20)


def open_notebook(page: Page, where: Lab, path: str) -> None:
    """Open a notebook and wait until its kernel is there."""
    page.goto(where.url(path))
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=SECONDS * 1000)
    # Running a cell before the kernel is there would ask which kernel to take.
    page.get_by_text("| Idle").wait_for(timeout=SECONDS * 1000)


def run_all(page: Page) -> None:
    """Run every cell of the open notebook and wait until the last one is done."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click()
    idle = page.get_by_text("| Idle")
    # The page learns late that the kernel works on when a first widget has to be loaded.
    waiting = page.locator(".jp-InputArea-prompt", has_text="[*]")
    until = time.monotonic() + 2 * SECONDS
    since = None
    while since is None or time.monotonic() - since < QUIET_SECONDS:
        if time.monotonic() > until:
            raise RuntimeError("the notebook did not come to its end")
        page.wait_for_timeout(100)
        done = idle.count() and not waiting.count()
        since = (since or time.monotonic()) if done else None


def _wait_for(where: Lab, process: subprocess.Popen[bytes]) -> None:
    """Wait until JupyterLab answers. Raises RuntimeError when it ends or takes too long."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            address = f"{where.address}/api?token={where.token}"
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 (always http)
            return
        time.sleep(0.2)
    raise RuntimeError("JupyterLab did not start")
