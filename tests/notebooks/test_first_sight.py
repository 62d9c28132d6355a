"""What is seen before anything was run: the window, and stored outputs, trusted or not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import pytest

from conftest import need
from helpers import Meter, show_beside, show_json, show_messages, show_meter
from helpers.views import display as showing
from tools.setup import trust
from tools.setup.jupyter import ARRANGEMENT, WORKSPACE

sync_api = pytest.importorskip("playwright.sync_api")
from playwright.sync_api import Browser, Page, expect  # noqa: E402

from tools.screens import browser as tools_browser  # noqa: E402
from tools.screens.browser import Lab  # noqa: E402

expect.set_options(timeout=30_000)  # milliseconds; the computer may be busy with other tests
SQUARE = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if tools_browser.chromium() is None:
        need("chromium", "the lessons are tested in a real browser")
    with sync_api.sync_playwright() as playwright:
        found = tools_browser.launch(playwright)
        yield found
        found.close()


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with tools_browser.lab() as found:
        yield found


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    one = browser.new_page(viewport={"width": 1180, "height": 860})
    one.set_default_timeout(60_000)
    yield one
    one.close()


def test_the_first_sight_of_jupyterlab(page: Page, lab: Lab) -> None:
    """The address is that of kit.py: the default workspace, and the first lesson."""
    page.goto(f"{lab.address}/lab/tree/notebooks/00_start_here.ipynb?token={lab.token}")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    contents = page.locator(".jp-TableOfContents")
    expect(contents).to_be_visible()
    expect(contents).to_contain_text("What you will be able to do")
    page.get_by_role("tab", name="File Browser").click()
    items = page.locator(".jp-DirListing-itemText")
    expect(items.filter(has_text="00_start_here.ipynb")).to_be_visible()
    folders = [name for name in items.all_inner_texts() if "." not in name]
    assert folders == ["pictures", "recall", "solutions", "zh-CN"]  # no folder that only programs read
    assert not items.filter(has_text="shipped").count()
    for name in (path.name for path in sorted((lab.folder / "notebooks").glob("0*.ipynb"))):
        item = page.locator(".jp-DirListing-itemText", has_text=name)
        assert item.evaluate("e => e.scrollWidth <= e.clientWidth"), f"{name} is cut"


def test_the_arrangement_is_found_by_jupyterlab() -> None:
    from jupyterlab_server.workspaces_handler import slugify

    assert WORKSPACE.removesuffix(".jupyterlab-workspace") == slugify("default")
    assert ARRANGEMENT["metadata"] == {"id": "default"}


def drawn(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A notebook whose one cell holds what helpers draw, as somebody else might have stored it."""
    cell = nbformat.v4.new_code_cell("show()")
    kind = "display_data"
    monkeypatch.setattr(showing, "in_notebook", lambda: True)
    monkeypatch.setattr(
        "IPython.display.display",
        lambda bundle, raw: cell.outputs.append(nbformat.v4.new_output(kind, bundle)),
    )
    meter = Meter()
    meter.history = [(49, 8), (44, 49)]
    show_meter(meter)
    show_messages([{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Hi"}])
    show_json('{"a": 1}')
    show_beside(SQUARE, "It is red.", alt="a red square")
    notebook = nbformat.v4.new_notebook(cells=[cell])
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    return notebook


def test_drawings_survive_in_a_notebook_that_is_not_trusted(
    page: Page, lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbformat.write(drawn(monkeypatch), lab.folder / "notebooks" / "stranger.ipynb")
    tools_browser.open_notebook(page, lab, "notebooks/stranger.ipynb")
    output = page.locator(".jp-OutputArea")
    pictures = output.get_by_role("img")
    expect(pictures).to_have_count(2)
    assert all(wide > 0 for wide in pictures.evaluate_all("all => all.map(e => e.naturalWidth)"))
    expect(pictures.first).to_have_attribute("alt", "Tokens of each call. call 1: 49 in, 8 out; call 2: 44 in, 49 out.")
    system, user = (output.locator("div", has_text=text).last for text in ("Be kind.", "Hi"))
    for bubble in (system, user):
        assert bubble.evaluate("e => getComputedStyle(e).borderTopWidth") == "1px"
    room, said = (one.bounding_box() for one in (output.first, user))
    assert room
    assert said
    assert said["x"] > room["x"] + room["width"] / 2  # what you say stands on the right
    assert said["width"] < room["width"] / 2
    text, tree = (output.locator("div", has_text=name).last for name in ("The text", "What a pro"))
    boxes = [one.bounding_box() for one in (text, tree)]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["y"] == boxes[1]["y"]  # side by side


def test_only_what_was_shipped_is_signed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nbformat.sign import NotebookNotary

    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    notebooks = tmp_path / "notebooks"
    (notebooks / "solutions").mkdir(parents=True)
    ours, changed, other = (
        notebooks / name for name in ("solutions/a.ipynb", "b.ipynb", "c.ipynb")
    )
    for path in (ours, changed):
        nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_raw_cell(path.name)]), path)
    trust.shipped(notebooks).write_text(trust.written(notebooks))
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_raw_cell("mine")]), changed)
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_raw_cell("other")]), other)
    ours.write_bytes(ours.read_bytes().replace(b"\n", b"\r\n"))  # as git on Windows may do
    assert trust.sign(notebooks) == 1
    notary = NotebookNotary()
    signed = [notary.check_signature(nbformat.read(path, 4)) for path in (ours, changed, other)]
    notary.store.close()
    assert signed == [True, False, False]


def test_the_digests_are_those_of_the_committed_notebooks() -> None:
    """The build writes them: a notebook that was edited by hand is not signed."""
    assert trust.shipped().read_text("utf-8") == trust.written()
