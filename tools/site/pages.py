"""The pages of the site: the built lessons, with links that work there, and a start page."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
NOTEBOOKS = ROOT / "notebooks"
ASSETS = ("pictures", "sketches", "drawings")


@dataclass(frozen=True)
class Edition:
    """One language of the site."""

    language: str  # as Sphinx calls it
    folder: str  # below notebooks/ and below the site; "" is its top
    name: str
    title: str
    start: str

    @property
    def notebooks(self) -> list[Path]:
        return sorted((NOTEBOOKS / self.folder).glob("[0-9][0-9]_*.ipynb"))


ENGLISH = Edition(
    "en",
    "",
    "English",
    "First Call",
    """# First Call

Learn the OpenAI API in nine notebooks. This site shows them as they are when they have run: every
reply below a cell came from running it.

To run them yourself you need no account and no key. Get the project, and type in its folder:

```
python3 kit.py lab
```

It opens JupyterLab with a small language model on your own computer.
""",
)
CHINESE = Edition(
    "zh_CN",
    "zh-CN",
    "中文",
    "First Call",
    """# First Call

用九个 notebook 学会 OpenAI API。这里展示的是它们运行之后的样子：
单元格下面的每个回复都是真实运行得到的。

自己运行也不需要账号或密钥。下载项目，在它的文件夹里输入：

```
python3 kit.py lab
```

它会打开 JupyterLab，并在你自己的电脑上启动一个小型语言模型。
""",
)
EDITIONS = (ENGLISH, CHINESE)


def editions() -> list[Edition]:
    """Return the languages that have lessons."""
    return [edition for edition in EDITIONS if edition.notebooks]


def write_pages(edition: Edition, target: Path, repository: str) -> None:
    """Write what Sphinx reads for one language into the folder `target`."""
    target.mkdir(parents=True)
    titles: dict[Path, str] = {}
    for path in edition.notebooks:
        notebook = json.loads(path.read_text("utf-8"))
        titles[path] = "".join(notebook["cells"][0]["source"]).partition("\n")[0].lstrip("# ")
        page = lesson_page(notebook, path, edition, repository)
        (target / path.name).write_text(json.dumps(page, ensure_ascii=False), "utf-8")
    for folder in ASSETS:
        shutil.copytree(NOTEBOOKS / folder, target / folder)
    (target / "_static").mkdir()
    shutil.copy(HERE / "site.css", target / "_static")
    shutil.copy(HERE / "conf.py", target)
    others = [one for one in editions() if one is not edition]
    switch = " · ".join(f"[{one.name}]({between(edition, one)}/index.html)" for one in others)
    entries = "\n".join(f"{path.stem[:2]} · {titles[path]} <{path.stem}>" for path in titles)
    start = f"{edition.start}\n{switch}\n\n```{{toctree}}\n:maxdepth: 1\n\n{entries}\n```\n"
    (target / "index.md").write_text(start, "utf-8")
    settings = {
        "language": edition.language,
        "title": edition.title,
        "repository": repository,
        "path": f"notebooks/{edition.folder}".rstrip("/"),
    }
    (target / "site.json").write_text(json.dumps(settings), "utf-8")


def lesson_page(
    notebook: dict[str, Any], path: Path, edition: Edition, repository: str
) -> dict[str, Any]:
    """Return a lesson as the site shows it: its links lead to pages that are there."""
    notebook["metadata"].pop("widgets", None)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            source = "".join(cell["source"])
            # The pictures of all languages lie in one folder; each language has them here.
            source = re.sub(rf"(\]\(|src=\")(?:\.\./)+({'|'.join(ASSETS)})/", r"\1\2/", source)
            cell["source"] = re.sub(
                r"(?<!!)\[([^\]]*)\]\(([^)\s]+)\)",
                lambda link: _link(link[1], link[2], path, edition, repository),
                source,
            )
        for output in cell.get("outputs", []):  # links that a helper drew, as progress() does
            drawn = output.get("data", {}).get("text/html")
            if drawn:
                page = re.sub(r'(href="\w+)\.ipynb\b', r"\1.html", "".join(drawn))
                output["data"]["text/html"] = page
    first = notebook["cells"][0]
    links = [
        f"[{one.name}]({between(edition, one)}/{path.stem}.html)"
        for one in editions()
        if one is not edition and (NOTEBOOKS / one.folder / path.name).exists()
    ]
    if links:
        title, _, rest = first["source"].partition("\n")
        first["source"] = f"{title}\n\n{' · '.join(links)}\n{rest}"
    return notebook


def anchor(heading: str) -> str:
    """Return the address of a heading as JupyterLab has it, so that links work in both."""
    return heading.strip().replace(" ", "-")


def between(edition: Edition, other: Edition) -> str:
    """Return the way from the pages of one language to those of another, as an address."""
    up = "./.." if edition.folder else "."
    return f"{up}/{other.folder}".rstrip("/")


def _link(words: str, address: str, path: Path, edition: Edition, repository: str) -> str:
    """A link of a lesson: as it is, or to the file in the repository, or only its words."""
    kept = f"[{words}]({address})"
    if re.match(r"[a-z]+:|#", address):
        return kept
    file = (path.parent / address.partition("#")[0]).resolve()
    here = {one.resolve() for one in edition.notebooks}
    if file in here or any(file.is_relative_to(NOTEBOOKS / folder) for folder in ASSETS):
        return kept
    if repository and file.is_relative_to(ROOT):
        return f"[{words}]({repository}/blob/HEAD/{file.relative_to(ROOT).as_posix()})"
    return words
