"""Sign the notebooks that came with the kit, so that JupyterLab shows their outputs whole.

JupyterLab takes styles and scripts out of outputs that this user did not make, until the notebook
is signed (as by `jupyter trust`) or run. Signed is here only a notebook that is byte for byte as
it was built: its digest stands in notebooks/shipped.sha256, which comes with the code that the
learner runs anyway. A notebook from elsewhere, or one that was changed, stays as it is.
"""

from __future__ import annotations

import contextlib
import hashlib
import sys
from pathlib import Path

from practice.process.language import gettext as _

from .commands import ROOT, call, lines_of, own_environment
from .environment import environment_folder

NOTEBOOKS = ROOT / "notebooks"


def shipped(notebooks: Path = NOTEBOOKS) -> Path:
    """Return the file with the digest of each notebook that was built."""
    return notebooks / "shipped.sha256"


def digest(notebook: Path) -> str:
    """Return the sha256 of a notebook; git on Windows may have changed its line ends."""
    return hashlib.sha256(notebook.read_bytes().replace(b"\r\n", b"\n")).hexdigest()


def written(notebooks: Path = NOTEBOOKS) -> str:
    """Return what `shipped` says when the notebooks are as they should be."""
    found = sorted(path.relative_to(notebooks).as_posix() for path in notebooks.rglob("*.ipynb"))
    ours = [name for name in found if ".ipynb_checkpoints" not in name]
    return "".join(f"{digest(notebooks / name)}  {name}\n" for name in ours)


def sign(notebooks: Path = NOTEBOOKS) -> int:
    """Sign each notebook that is as it was shipped; return how many."""
    import nbformat
    from nbformat.sign import NotebookNotary

    notary = NotebookNotary()
    signed = 0
    for line in lines_of(shipped(notebooks)):
        known, _, name = line.partition("  ")
        path = notebooks / name
        with contextlib.suppress(OSError, ValueError):
            if digest(path) == known:
                notary.sign(nbformat.read(path, as_version=4))
                signed += 1
    notary.store.close()
    return signed


def sign_once(python: str) -> None:
    """Sign them with the environment's Python; once, and again when others were built.

    Without a signature everything works, too: so whatever goes wrong here stops nobody.
    """
    stamp = environment_folder() / ".first-call-signed"
    with contextlib.suppress(OSError):
        wanted = f"{ROOT}\n{digest(shipped())}"
        if stamp.exists() and stamp.read_text(encoding="utf-8") == wanted:
            return
        if call([python, "-m", "tools.setup.trust"], own_environment()).returncode == 0:
            stamp.write_text(wanted, encoding="utf-8")


if __name__ == "__main__":
    print(_("{number} notebooks are signed").format(number=sign()))
    sys.exit()
