"""JupyterLab in the environment: the name of its kernel, and no questions to a newcomer."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

from practice.process.language import gettext as _

from .commands import Stop
from .environment import environment_folder

KERNEL = "Python 3 (First Call)"
LAUNCH = ("-m", "ipykernel_launcher", "-f", "{connection_file}")
# JupyterLab writes the kernel's version of Python into each notebook that it opens, which makes a
# lesson look changed before anybody has touched it. So this kernel does not name its version.
NO_VERSION = "--IPKernelApp.exec_lines=get_ipython().kernel.language_info.pop('version', None);"
# JupyterLab asks a newcomer about news and looks for updates on the web; a lesson needs neither.
# The list of files shows the lessons with their whole names.
LAB_SETTINGS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False},
    "@jupyterlab/filebrowser-extension:browser": {
        "navigateToCurrentDirectory": True,
        "showLastModifiedColumn": False,
        "sortNotebooksFirst": True,
    },
    "@jupyterlab/toc-extension:registry": {
        "includeOutput": False,
        "maximalDepth": 3,
        "numberingH1": False,
    },
}
# What stands in the lessons already, and what only programs read, is not in the list of files.
HIDDEN = ("__pycache__", "*.pyc", "*~", "drawings", "sketches", "shipped.sha256", "*.egg-info")
LAB_OPTIONS = [
    # The settings above say so too, but a learner's own would override them.
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    *(f"--ContentsManager.hide_globs={name}" for name in HIDDEN),
]
# The first sight: the lesson, and its table of contents on the left, before the list of files.
# JupyterLab keeps the learner's own arrangement in the same file from then on.
WORKSPACE = "default-37a8.jupyterlab-workspace"
ARRANGEMENT = {
    "data": {
        "layout-restorer:data": {
            "main": {"dock": None},
            "down": {"size": 0, "widgets": []},
            "left": {
                "collapsed": False,
                "visible": True,
                "current": "@jupyterlab/toc:plugin",
                "widgets": ["filebrowser", "running-sessions", "@jupyterlab/toc:plugin"],
            },
            "right": {"collapsed": True, "visible": True, "widgets": []},
            "relativeSizes": [0.26, 0.74, 0],
            "top": {"simpleVisibility": True},
        }
    },
    "metadata": {"id": "default"},
}


def workspaces() -> Path:
    """Return the folder where `kit.py lab` has JupyterLab keep how its window is arranged."""
    return environment_folder() / "share" / "jupyter" / "lab" / "workspaces"


def kernel_spec(python: str) -> dict[str, object]:
    """Return what the kit sets of a kernel that runs this Python."""
    # Without frozen modules, as ipykernel itself has it: the debugger warns about them.
    argv = [python, "-Xfrozen_modules=off", *LAUNCH, NO_VERSION]
    return {"argv": argv, "display_name": KERNEL, "language": "python"}


def set_up_jupyter(python: Path) -> None:
    """Name the kernel and quieten JupyterLab, both inside the environment. Raises Stop."""
    share = environment_folder() / "share" / "jupyter"
    kernel = share / "kernels" / "python3" / "kernel.json"
    try:
        # Its name is neutral, so that notebooks name no machine; its path is this environment's.
        spec = json.loads(kernel.read_text(encoding="utf-8")) | kernel_spec(str(python))
        kernel.unlink()  # uv links files into its cache: writing into one would change them all
        kernel.write_text(json.dumps(spec, indent=1), encoding="utf-8")
    except (OSError, ValueError, TypeError) as error:
        raise Stop(
            _(
                "The kernel could not be registered ({error}). "
                "Delete the folder .venv and try again."
            ).format(error=error)
        ) from error
    settings = share / "lab" / "settings" / "overrides.json"
    with contextlib.suppress(OSError, ValueError):
        others = json.loads(settings.read_text(encoding="utf-8")) if settings.exists() else {}
        _write(settings, others | LAB_SETTINGS)
    if not (workspaces() / WORKSPACE).exists():
        with contextlib.suppress(OSError):
            _write(workspaces() / WORKSPACE, ARRANGEMENT)


def _write(file: Path, values: object) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(values, indent=1), encoding="utf-8")
