"""A hub with two learners in a real browser: each their own lesson, key and files."""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from conftest import ROOT, missing, need
from practice.roster import keys_file, making
from practice.roster.keys_file import Learner

pytestmark = pytest.mark.classroom

sync_api = pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Browser, Page, expect  # noqa: E402

from tests.classroom import places  # noqa: E402
from tools.screens import browser as tools_browser  # noqa: E402

WAIT = 600  # seconds: 2 cores, two servers, a model, and perhaps other work on them
expect.set_options(timeout=60_000)
LESSON = "notebooks/02_first_chat.ipynb"


@dataclass
class Hub:
    """A hub that runs, with its keys, and the process to start it anew."""

    address: str
    file: Path
    command: list[str]
    environment: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command, cwd=ROOT, env=self.environment, stdout=out, stderr=out
            )
        end = time.monotonic() + WAIT
        while time.monotonic() < end and self.process.poll() is None:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"{self.address}/hub/login", timeout=5).close()
                return
            time.sleep(1)
        raise AssertionError(self.log.read_text()[-3000:])

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(60)

    def learner(self, number: int) -> Learner:
        return next(one for one in keys_file.read(self.file) if one.number == number)


def account(learner: Learner) -> str:
    return f"first-call-{learner.mark[:12]}"


@pytest.fixture(scope="module")
def hub() -> Iterator[Hub]:
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        missing("only root on Linux may make a user for each learner")
    for tool in ("npm", "useradd", "runuser"):
        need(tool, "a hub needs it")
    # Not pytest's own folder, which other users cannot pass through.
    folder = Path(tempfile.mkdtemp(prefix="first-call-class-"))
    folder.chmod(0o711)
    file = folder / "keys.csv"
    making.make(file, ["Ada", "王伟"])
    port, service = places.free_ports(3), places.free_ports(1)
    command = [sys.executable, "-m", "tools.hub", str(file), "--host", "127.0.0.1"]
    command += ["--port", str(port), "--service-port", str(service)]
    command += ["--state", str(folder / "state"), "--kernel", str(places.kernel_python())]
    environment = places.outside_environment() | {
        "FIRST_CALL_HOME": str(folder / "home"),
        "PRACTICE_MODEL": os.environ["PRACTICE_MODEL"],
        "PYTHONPATH": str(ROOT),
    }
    one = Hub(f"http://127.0.0.1:{port}", file, command, environment, folder / "hub.log")
    one.start()
    try:
        yield one
    finally:
        one.stop()
        for learner in keys_file.read(file):
            with contextlib.suppress(KeyError):
                pwd.getpwnam(account(learner))
                subprocess.run(["pkill", "-KILL", "-u", account(learner)], check=False)
                subprocess.run(
                    ["userdel", "--force", "--remove", account(learner)], capture_output=True
                )
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if tools_browser.chromium() is None:
        need("chromium", "learners are tested in a real browser")
    with sync_api.sync_playwright() as playwright:
        found = tools_browser.launch(playwright)
        yield found
        found.close()


def log_in(browser: Browser, hub: Hub, name: str, key: str) -> Page:
    page = browser.new_context(viewport={"width": 1180, "height": 860}).new_page()
    page.set_default_timeout(WAIT * 1000)
    page.goto(f"{hub.address}/hub/login")
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(key)
    page.get_by_role("button", name="Sign in").click()
    return page


def open_lesson(page: Page, hub: Hub, who: str, lesson: str = LESSON) -> None:
    page.wait_for_url(re.compile(f"/user/{who}/lab"))
    page.goto(f"{hub.address}/user/{who}/lab/workspaces/w/tree/{lesson}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    page.get_by_text("| Idle").wait_for()


def run_all(page: Page) -> None:
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Run All Cells")).click()


def executed(page: Page, saved: Path) -> list[nbformat.NotebookNode]:
    """The code cells of the learner's file, once all of them have run: the page shows a part."""
    end = time.monotonic() + WAIT
    while True:
        page.keyboard.press("Control+s")
        page.wait_for_timeout(3000)
        cells = nbformat.read(saved, 4).cells
        code = [cell for cell in cells if cell.cell_type == "code" and cell.source.strip()]
        left = [cell.source for cell in code if not cell.execution_count]
        # A stored notebook has outputs already; those of practice mode are not the learner's.
        if not left and "your key" in str(code[0].outputs):
            return code
        assert time.monotonic() < end, f"cells that did not run: {left[:3]}"


def as_learner(who: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = ["runuser", "-u", who, "--", *words]
    return subprocess.run(command, cwd="/", capture_output=True, text=True, timeout=60)


def test_two_learners_run_lesson_02_and_neither_reaches_the_other(
    hub: Hub, browser: Browser
) -> None:
    learners = [hub.learner(1), hub.learner(2)]
    pages = []
    for learner in learners:
        who = account(learner)
        page = log_in(browser, hub, learner.name, learner.key)
        open_lesson(page, hub, who)
        run_all(page)
        saved = Path(pwd.getpwnam(who).pw_dir) / "first-call" / LESSON
        code = executed(page, saved)
        assert "your key" in str(code[0].outputs)
        assert not [out for cell in code for out in cell.outputs if out.output_type == "error"]
        assert learner.key not in page.content() + saved.read_text("utf-8")
        pages.append(page)

    homes = [Path(pwd.getpwnam(account(learner)).pw_dir) for learner in learners]
    for (mine, home), (other, other_home) in (
        (list(zip(learners, homes, strict=True))),
        (list(zip(learners, homes, strict=True))[::-1]),
    ):
        who = account(mine)
        assert as_learner(who, "cat", str(home / "first-call" / LESSON)).returncode == 0
        assert as_learner(who, "ls", str(other_home)).returncode != 0
        assert as_learner(who, "cat", str(other_home / "first-call" / LESSON)).returncode != 0
        assert as_learner(who, "cat", str(hub.file)).returncode != 0
        # The environment of every process that is not one's own: no key can be read there.
        found = as_learner(who, "sh", "-c", "cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline")
        assert other.key not in found.stdout
        # Nor in any file of this class that can be read.
        found = as_learner(who, "grep", "-rl", other.key, str(hub.file.parent), str(other_home))
        assert found.stdout == ""
        # And the hub does not let one into the server of the other.
        page = pages[learners.index(mine)]
        answer = page.request.get(f"{hub.address}/user/{account(other)}/api/contents/{LESSON}")
        assert answer.status in (403, 404), answer.status
    log = hub.log.read_text("utf-8", "replace")
    assert not [learner for learner in keys_file.read(hub.file) if learner.key in log]


def test_a_wrong_and_a_stopped_key_do_not_open_it(hub: Hub, browser: Browser) -> None:
    page = log_in(browser, hub, "Eve", "class-" + "x" * 24)
    expect(page.get_by_text("Invalid username or password")).to_be_visible()
    learner = hub.learner(2)
    making.stop(hub.file, "2")
    page = log_in(browser, hub, "王伟", learner.key)
    expect(page.get_by_text("Invalid username or password")).to_be_visible()


def test_work_is_kept_when_the_hub_is_started_anew_and_new_lessons_do_not_overwrite_it(
    hub: Hub, browser: Browser
) -> None:
    ada = hub.learner(1)
    lesson = Path(pwd.getpwnam(account(ada)).pw_dir) / "first-call" / LESSON
    text = lesson.read_text("utf-8")
    changed = text.replace("\n", " \n", 1)
    lesson.write_text(changed, "utf-8")
    hub.stop()
    hub.start()
    page = log_in(browser, hub, "Ada", ada.key)
    page.wait_for_url(re.compile(f"/user/{account(ada)}/lab"))
    assert lesson.read_text("utf-8") == changed
