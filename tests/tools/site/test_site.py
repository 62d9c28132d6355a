"""The site, built for real and read in a real browser."""

from __future__ import annotations

import functools
import http.server
import json
import os
import subprocess
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from conftest import ROOT, need
from tools.setup.site_environment import FOLDER
from tools.site.__main__ import LARGEST

sync_api = pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Browser, Page, expect  # noqa: E402

from tools.screens import browser as tools_browser  # noqa: E402

PYTHON = FOLDER / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LESSONS = sorted(path.stem for path in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb"))


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a site that was built just now."""
    if not PYTHON.exists():
        pytest.skip("the site's packages are not installed: python3 kit.py site")
    folder = tmp_path_factory.mktemp("site")
    code = "import sys; from tools.site.__main__ import build; from pathlib import Path; "
    code += "print(build(Path(sys.argv[1]), sys.argv[2]))"
    command = [str(PYTHON), "-c", code, str(folder / "site"), "https://github.com/a/b"]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    assert 1_000_000 < int(built.stdout) < LARGEST
    serve = functools.partial(Quiet, directory=str(folder / "site"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if tools_browser.chromium() is None:
        need("chromium", "the site is tested in a real browser")
    with sync_api.sync_playwright() as playwright:
        found = tools_browser.launch(playwright)
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that may ask this computer alone."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    asked: set[str | None] = set()
    troubles: list[str] = []
    context.on("request", lambda request: asked.add(urlsplit(request.url).hostname))
    one = context.new_page()
    one.on("pageerror", lambda error: troubles.append(str(error)))
    yield one
    context.close()
    assert asked - {None} == {"127.0.0.1"}
    assert troubles == []


def test_every_lesson_is_a_page_with_its_outputs(page: Page, site: str) -> None:
    page.goto(f"{site}/index.html")
    for name in LESSONS:
        expect(page.locator(f'article a[href="{name}.html"]').first).to_be_visible()
    for name in LESSONS:
        page.goto(f"{site}/{name}.html")
        notebook = json.loads((ROOT / "notebooks" / f"{name}.ipynb").read_text("utf-8"))
        title = "".join(notebook["cells"][0]["source"]).splitlines()[0].lstrip("# ")
        expect(page.locator("article h1").first).to_contain_text(title)
        assert page.locator(".cell_output").count() > 3
        broken = "all => all.filter(e => e.complete && !e.naturalWidth).map(e => e.src)"
        assert page.locator("article img").evaluate_all(broken) == []
        links = page.locator('article a[href]:not([href^="http"]):not([href^="#"])')
        for address in set(links.evaluate_all("all => all.map(e => e.href.split('#')[0])")):
            assert page.request.get(address).ok, address


def test_one_reads_on_searches_and_opens_a_lesson_elsewhere(page: Page, site: str) -> None:
    page.goto(f"{site}/02_first_chat.html")
    page.locator(".prev-next-footer .right-next").click()
    expect(page).to_have_url(f"{site}/03_messages.html")
    expect(page.locator(".prev-next-footer .left-prev")).to_contain_text("First chat")
    binder, colab = (page.locator(f'a[href*="{host}"]').first for host in ("mybinder", "colab."))
    for link in (binder, colab):
        assert "notebooks/03_messages.ipynb" in str(link.get_attribute("href"))
    page.goto(f"{site}/search.html?q=recursion")
    expect(page.locator("#search-results")).to_contain_text("First chat")


def test_it_is_dark_where_the_reader_wants_it_dark_and_fits_a_phone(
    browser: Browser, site: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 800}, color_scheme="dark")
    one = context.new_page()
    for name in ("index", *LESSONS):
        one.goto(f"{site}/{name}.html")
        assert one.evaluate("document.documentElement.scrollWidth") <= 390, name
    colour = one.evaluate("getComputedStyle(document.body).backgroundColor")
    assert sum(int(part) for part in colour[4:-1].split(",")) < 150
    context.close()
