"""Take the README's pictures: real lessons, run in a real JupyterLab, in Debian's Chromium.

`python -m tools.screenshots` writes docs/*.png. It starts JupyterLab on a free port of this
computer, opens a lesson, runs every cell, scrolls to the place worth showing, and takes a picture.
"""

from __future__ import annotations

import contextlib
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

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
SIZE = {"width": 1180, "height": 860}
SECONDS = 120


@dataclass(frozen=True)
class Shot:
    """A picture: the file to write, the lesson, and the heading to scroll to."""

    file: str
    notebook: str
    heading: str


SHOTS = [
    Shot("lesson-00.png", "notebooks/00_start_here.ipynb", ""),
    Shot("lesson-02.png", "notebooks/02_first_chat.ipynb", "The smallest call"),
]


def main() -> None:
    DOCS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-background-networking", "--disable-component-update"],
        )
        for shot in SHOTS:
            with lab() as (address, token):
                page = browser.new_page(viewport=SIZE)
                page.goto(f"{address}/lab/tree/{shot.notebook}?token={token}")
                take(page, shot)
                page.close()
            print(f"docs/{shot.file}")
        browser.close()


def take(page: Page, shot: Shot) -> None:
    """Run the lesson that is open, go to the heading, and take the picture."""
    run_all(page)
    page.keyboard.press("Control+B")  # closes the list of files: the lesson fills the window
    if shot.heading:
        heading = page.locator(".jp-Notebook h2", has_text=shot.heading).first
        heading.evaluate("element => element.scrollIntoView()")
    page.wait_for_timeout(1500)
    page.screenshot(path=DOCS / shot.file)


@contextlib.contextmanager
def lab() -> Iterator[tuple[str, str]]:
    """A JupyterLab on a copy of the notebooks; yields its address and token."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    with tempfile.TemporaryDirectory() as home:
        # As kit.py sets it: no question about news, which would ask the network.
        news = Path(home, "settings", "@jupyterlab", "apputils-extension")
        news.mkdir(parents=True)
        (news / "notification.jupyterlab-settings").write_text('{"fetchNews": "false"}')
        # A copy, because JupyterLab saves what it shows.
        shutil.copytree(ROOT / "notebooks", Path(home, "notebooks"))
        environment = os.environ | {
            "JUPYTER_CONFIG_DIR": f"{home}/config",
            "JUPYTER_DATA_DIR": f"{home}/data",
            "JUPYTERLAB_SETTINGS_DIR": f"{home}/settings",
            "JUPYTERLAB_WORKSPACES_DIR": f"{home}/workspaces",
        }
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--ip=127.0.0.1"]
        command += [f"--port={port}", f"--IdentityProvider.token={token}", "--allow-root"]
        process = subprocess.Popen(
            command,
            cwd=home,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{address}/api?token={token}", process)
            yield address, token
        finally:
            process.terminate()
            process.wait(20)


def wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until JupyterLab answers. Raises RuntimeError when it ends or takes too long."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(address, timeout=2).close()  # noqa: S310 (always http)
            return
        time.sleep(0.2)
    raise RuntimeError("JupyterLab did not start")


def run_all(page: Page) -> None:
    """Run every cell of the open notebook and wait until the last one is done."""
    page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=SECONDS * 1000)
    # Running a cell before the kernel is there would ask which kernel to take.
    page.get_by_text("| Idle").wait_for(timeout=60_000)
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click()
    # The kernel is idle for a moment between two cells, too.
    for _ in range(3):
        page.wait_for_timeout(1000)
        page.get_by_text("| Idle").wait_for(timeout=SECONDS * 1000)


if __name__ == "__main__":
    main()
