"""Build the site from the committed notebooks: `python3 kit.py site [--repository ADDRESS]`.

It lies in build/site afterwards, English at the top and Chinese in zh-CN/, and can be opened from
there or from any web server; it asks no other host for anything. With the repository's address the
pages have buttons that open a lesson on Binder (in JupyterLab) or on Colab.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from practice.process.language import gettext as _
from practice.process.language import of_the_user
from tools.site.pages import ROOT, Edition, editions, write_pages

SITE = ROOT / "build" / "site"
LARGEST = 15_000_000
UNUSED = ("*.map", "*.doctree", ".buildinfo", "objects.inv", ".doctrees")


def build(target: Path, repository: str = "") -> int:
    """Write the site into `target`, anew; return its size in bytes. Raises CalledProcessError."""
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        for number, edition in enumerate(editions()):
            source = Path(folder, f"pages-{number}")
            write_pages(edition, source, repository)
            command = [sys.executable, "-m", "sphinx", "-b", "html", "-q", "-W", "--keep-going"]
            command += ["-d", f"{folder}/read-{number}", str(source), str(target / edition.folder)]
            environment = os.environ | {"PYTHONPATH": str(ROOT)}  # conf.py names a function of ours
            subprocess.run(command, cwd=source, check=True, env=environment)
    for above in (target.parent, target):  # what is between two steps of myst-nb, beside each site
        shutil.rmtree(above / "jupyter_execute", ignore_errors=True)
    for pattern in UNUSED:
        for file in target.rglob(pattern):
            file.unlink()
    (target / ".nojekyll").touch()  # GitHub Pages would leave out folders that start with _
    return sum(file.stat().st_size for file in target.rglob("*") if file.is_file())


def main(arguments: list[str] | None = None) -> int:
    """Build it, and say where it lies."""
    parser = argparse.ArgumentParser(prog="python3 kit.py site", description=__doc__)
    parser.add_argument("--repository", default="", help="https://github.com/OWNER/NAME")
    options = parser.parse_args(arguments)
    try:
        size = build(SITE, options.repository.rstrip("/"))
    except subprocess.CalledProcessError:
        text = _("The site was not built; the lines above say which page is wrong.")
        print(text, file=sys.stderr)
        return 1
    print(f"{start_page(editions()).relative_to(ROOT)}: {size / 1e6:.1f} MB")
    if size > LARGEST:
        text = _("That is more than {megabytes:.0f} MB.")
        print(text.format(megabytes=LARGEST / 1e6), file=sys.stderr)
        return 1
    return 0


def start_page(built: list[Edition]) -> Path:
    """Return the page to begin with, in the language of the user where the site has it."""
    folders = {one.language.replace("_", "-"): one.folder for one in built}
    return SITE / folders.get(of_the_user(), "") / "index.html"


if __name__ == "__main__":
    sys.exit(main())
