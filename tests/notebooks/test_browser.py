"""The lessons in a real browser: what a learner sees, types, presses and reloads."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest

from conftest import need
from practice.process import launcher
from practice.process.launcher import Service

sync_api = pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Browser, Page, expect  # noqa: E402

from tools.notebooks.lesson import METADATA  # noqa: E402
from tools.screens import browser as tools_browser  # noqa: E402
from tools.screens.browser import ROOT, Lab  # noqa: E402

WAIT = 60_000
expect.set_options(timeout=WAIT / 2)  # milliseconds; the computer may be busy with other tests


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if tools_browser.chromium() is None:
        need("chromium", "the lessons are tested in a real browser")
    with sync_api.sync_playwright() as playwright:
        found = tools_browser.launch(playwright)
        yield found
        found.close()


@pytest.fixture(scope="module")
def service(
    default_model_file: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """A service with the model of the stored outputs, in a home of its own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRST_CALL_HOME", str(tmp_path_factory.mktemp("home")))
        patch.setenv("PRACTICE_MODEL", str(default_model_file))
        yield launcher.ensure_running()
        launcher.stop()


@pytest.fixture(scope="module")
def lab(service: Service) -> Iterator[Lab]:
    with tools_browser.lab() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of its own profile; whatever it asked, it asked this computer."""
    context = browser.new_context(viewport={"width": 1180, "height": 860})
    asked: set[str | None] = set()
    context.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
    one = context.new_page()
    one.set_default_timeout(WAIT)
    yield one
    context.close()
    assert asked - {None} == {"127.0.0.1"}  # a data: address has no host


def only(lab: Lab, lesson: str, wanted: str, needed: str = "") -> str:
    """Make a notebook of the lesson's own cells: its first code cell and the one with `wanted`.

    The one with `needed`, which it builds on, stands between them.
    """
    notebook = nbformat.read(ROOT / "notebooks" / lesson, 4)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    (found,) = [cell for cell in code if wanted in cell.source]
    between = [cell for cell in code if needed and needed in cell.source]
    notebook.cells = [code[0], *between, found]
    for cell in notebook.cells:
        cell.outputs, cell.execution_count = [], None
    name = f"notebooks/only-{wanted.rstrip('()')}.ipynb"
    nbformat.write(notebook, lab.folder / name)
    return name


def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + WAIT / 1000
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.1)


def opened(page: Page, lab: Lab, path: str) -> None:
    tools_browser.open_notebook(page, lab, path)
    tools_browser.run_all(page)
    no_errors(page)


def save(page: Page, lab: Lab, path: str) -> None:
    """Save the notebook, and wait until its widget is in the file."""
    page.keyboard.press("Control+s")
    until(lambda: "jupyter.widget-view" in (lab.folder / path).read_text("utf-8"), "not saved")


def no_errors(page: Page) -> None:
    expect(page.locator('[data-mime-type="application/vnd.jupyter.error"]')).to_have_count(0)
    expect(page.locator(".jp-Dialog")).to_have_count(0)


def troubles_of(page: Page) -> list[str]:
    """Return a list that gets every error of the page's scripts and every one in its console."""
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda said: troubles.append(said.text) if said.type == "error" else None)
    return troubles


def test_an_untouched_lesson_is_not_changed_and_closes_without_a_question(
    page: Page, lab: Lab
) -> None:
    path = "notebooks/untouched.ipynb"
    notebook = nbformat.read(ROOT / "notebooks" / "00_start_here.ipynb", 4)
    notebook.metadata = nbformat.from_dict(METADATA)
    nbformat.write(notebook, lab.folder / path)
    tools_browser.open_notebook(page, lab, path)
    tab = page.locator("#jp-main-dock-panel .lm-TabBar-tab", has_text="untouched")
    page.wait_for_timeout(2000)  # the kernel's answer comes after its "Idle"
    expect(tab).not_to_have_class(re.compile("jp-mod-dirty"))
    tab.locator(".lm-TabBar-tabCloseIcon").click()
    expect(tab).to_have_count(0)
    expect(page.locator(".jp-Dialog")).to_have_count(0)


def test_lesson_00_runs_from_top_to_bottom(page: Page, lab: Lab) -> None:
    troubles = troubles_of(page)
    opened(page, lab, "notebooks/00_start_here.ipynb")
    prompts = page.locator(".jp-CodeCell .jp-InputArea-prompt").all_inner_texts()
    assert prompts == [f"[{n}]:" for n in range(1, len(prompts) + 1)]
    outputs = page.locator(".jp-OutputArea-output")
    expect(
        outputs.get_by_text("practice mode · Qwen2.5-Coder-0.5B-Instruct on this computer").first
    ).to_be_visible()
    expect(page.get_by_role("table").filter(has_text="Health check")).to_be_visible()
    # The reply itself: what this cell prints here is what the committed notebook shows.
    stored = nbformat.read(ROOT / "notebooks" / "00_start_here.ipynb", 4)
    reply = next(
        output.text
        for cell in stored.cells
        if cell.cell_type == "code" and "What is a computer program?" in cell.source
        for output in cell.outputs
        if "text" in output
    )
    assert any(reply.strip() in shown for shown in outputs.all_inner_texts())
    assert troubles == []


def test_the_key_form_keeps_the_key_out_of_the_page(page: Page, lab: Lab) -> None:
    key = "not-a-real-key-" + secrets.token_hex(16)
    settings = lab.folder / ".env"
    settings.write_text("# mine\n")
    settings.chmod(0o644)
    path = only(lab, "01_key_setup.ipynb", "key_form()")
    try:
        opened(page, lab, path)
        form = page.locator(".jp-OutputArea-output")
        field = form.get_by_label("API key")
        assert field.get_attribute("type") == "password"
        field.fill(key)
        field.press("Tab")
        # Empty before Save, too: JupyterLab can be set to save what fields hold.
        expect(form.get_by_role("status")).to_contain_text("The key is taken and not shown.")
        expect(field).to_have_value("")
        form.get_by_role("button", name="Save", exact=True).click()
        expect(form.get_by_role("status")).to_contain_text("Saved in .env.")
        expect(field).to_have_value("")
        assert key not in page.content()
        assert settings.read_text().splitlines()[0] == "# mine"
        assert key in settings.read_text()
        if os.name == "posix":
            assert settings.stat().st_mode & 0o777 == 0o600
        form.get_by_role("button", name="Test", exact=True).click()
        expect(form.get_by_role("status")).to_contain_text("Practice mode is on")
        save(page, lab, path)
        assert key not in page.content()
        assert key not in (lab.folder / path).read_text()
        for file in (lab.folder / "notebooks").rglob("*.ipynb"):
            assert key not in file.read_text("utf-8"), file.name
    finally:
        settings.unlink()


def test_chat_stop_go_on_and_reload(page: Page, lab: Lab) -> None:
    path = only(lab, "03_messages.ipynb", "chat_window(")
    own = (lab.folder / path).read_text("utf-8")
    assert "max_completion_tokens=100" in own
    longer = own.replace("max_completion_tokens=100", "max_completion_tokens=600")
    (lab.folder / path).write_text(longer, "utf-8")  # a busy browser, too, is in time to stop it
    opened(page, lab, path)
    field, log, status = (
        page.get_by_label("You:"),
        page.get_by_role("log"),
        page.get_by_role("status"),
    )
    field.fill("What is the capital of Japan?")
    field.press("Enter")
    expect(log).to_contain_text("Tokyo")
    expect(status).to_contain_text("3 messages kept")

    field.fill("Tell me a very long story about the sea and its ships.")
    page.get_by_role("button", name="Send", exact=True).click()
    stop = page.get_by_role("button", name="Stop", exact=True)
    expect(field).to_be_focused()  # also after a click
    answer = log.locator("div").filter(has_text=re.compile("^Model")).nth(1)
    early = answer.inner_text()
    until(lambda: len(answer.inner_text()) > len(early), "the reply does not grow")
    expect(stop).to_be_enabled()  # so it was not there at once: it streams
    page.keyboard.type("What is 2 + 3? Answer with ")  # the next question, meanwhile
    stop.click()
    expect(status).to_contain_text("stopped by you · 5 messages kept")
    expect(stop).to_be_disabled()
    kept = answer.inner_text()
    page.wait_for_timeout(1000)
    assert answer.inner_text() == kept
    # The frame scrolls, not the page: what was said last is in sight, the field below it too.
    expect(answer).to_be_in_viewport()
    seen = log.locator("..").locator("..").locator("..").evaluate("e => [e.scrollHeight, e.clientHeight]")
    assert seen[1] < 400

    page.keyboard.type("one number.")
    page.keyboard.press("Enter")
    expect(status).to_contain_text("7 messages kept", timeout=WAIT)
    expect(log).to_contain_text("What is 2 + 3?")

    page.locator(".jp-InputArea-editor").last.click()  # keys typed in a widget are its own
    page.keyboard.press("Escape")
    save(page, lab, path)
    page.reload()  # the kernel lives on, and so does the window
    expect(log).to_contain_text("Tokyo")
    field.fill("What is 2 + 2? Answer with one number.")
    field.press("Enter")
    expect(status).to_contain_text("9 messages kept", timeout=WAIT)


def test_a_window_whose_kernel_is_gone_says_how_to_get_it_back(page: Page, lab: Lab) -> None:
    path = only(lab, "04_finish_reason.ipynb", "finish_explorer(", "fruits = [")
    opened(page, lab, path)
    save(page, lab, path)
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_role("menuitem", name=re.compile("^Restart Kernel…")).click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    page.wait_for_timeout(2000)
    page.reload()
    page.get_by_text("| Idle").wait_for()
    cell = page.locator(".jp-CodeCell", has_text="finish_explorer(client")
    expect(cell).to_contain_text("After a restart, run this cell again.")
    # And that is what helps.
    tools_browser.run_all(page)
    expect(page.get_by_role("slider")).to_be_visible()


def test_the_explorer_finds_both_reasons_by_keyboard(page: Page, lab: Lab) -> None:
    opened(page, lab, only(lab, "04_finish_reason.ipynb", "finish_explorer(", "fruits = ["))
    slider = page.get_by_role("slider", name="Token limit:")
    reply = page.locator(".jp-OutputArea-output", has=page.get_by_role("status"))
    run = page.get_by_role("button", name="Run", exact=True)
    expect(slider).to_have_attribute("aria-valuenow", re.compile("10"))
    run.focus()
    page.keyboard.press("Enter")
    status = page.locator(".jp-OutputArea-output").get_by_role("status")
    expect(status).to_contain_text("finish_reason: 'length'")
    slider.focus()
    page.keyboard.press("End")
    run.focus()
    page.keyboard.press("Enter")
    expect(status).to_contain_text("finish_reason: 'stop'")
    expect(reply).to_contain_text("5. Fig")
    page.get_by_label("Stop text:").fill("3")
    page.get_by_label("Stop text:").press("Tab")
    expect(run).to_be_enabled()
    run.click()
    expect(reply).to_have_text(re.compile(r"2\. Banana\s*$"))
    expect(status).to_contain_text("finish_reason: 'stop'")


def test_the_usage_page(page: Page, service: Service) -> None:
    asked: list[str] = []
    troubles = troubles_of(page)
    page.on("request", lambda request: asked.append(request.url))
    address = launcher.ensure_running().base_url.removesuffix("/v1")
    page.goto(f"{address}/usage")
    expect(page.get_by_role("heading", name="Usage", exact=True)).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("Tokens a day"))).to_be_visible()
    try:
        page.get_by_role("button", name="Use it all up").click()
        expect(page.get_by_text("State: used up")).to_be_visible()
        page.get_by_role("button", name="Let it expire").click()
        expect(page.get_by_text("State: expired")).to_be_visible()
    finally:
        page.get_by_role("button", name=re.compile("^Add")).click()
    expect(page.get_by_text("5.00 of 5.00 dollars left")).to_be_visible()
    assert all(url.startswith(address) for url in asked)
    assert [said for said in troubles if "favicon" not in said] == []
