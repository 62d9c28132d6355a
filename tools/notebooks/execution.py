"""Run a notebook in practice mode, and keep nothing of this machine in its outputs."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from tools.notebooks import lesson, rules
from tools.notebooks.course import LANGUAGE_TAGS
from tools.notebooks.lesson import METADATA, Target
from tools.notebooks.rules import LessonError


# The practice model writes about 60 tokens a second; no cell of a lesson needs minutes.
CELL_SECONDS = 120


def clean_environment(lang: str) -> dict[str, str]:
    """Return the environment for the kernel: practice mode, no key, nothing of this shell's.

    KIT_LANG is the notebook's language, so that the helpers speak it.
    """
    dropped = ("OPENAI_", "JPY_", "FORCE_COLOR", "PYTHONSTARTUP", "MPLBACKEND")
    env = {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
    env["KIT_LANG"] = LANGUAGE_TAGS[lang]
    return env | {"FIRST_CALL_MODE": "practice", "NO_COLOR": "1", "PYTHONHASHSEED": "0"}


def execute(target: Target) -> None:
    """Run every cell of a target in practice mode and keep the outputs in it.

    Raises LessonError when a cell raises, takes too long, or prints what may not be stored.
    """
    name = target.path.relative_to(lesson.NOTEBOOKS)
    client = NotebookClient(
        target.notebook,
        timeout=CELL_SECONDS,
        kernel_name="python3",
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(target.path.parent)}},
    )
    with (
        tempfile.TemporaryDirectory(prefix="first-call-ipython-") as profile,
        tempfile.TemporaryFile() as log,  # what the kernel itself says, shown only when it dies
    ):
        env = clean_environment(target.lang) | {
            "IPYTHONDIR": profile,  # no start-up files of the builder's
            "FIRST_CALL_PROGRESS": str(Path(profile) / "progress.sqlite3"),  # nor their progress
        }
        if target.kind == "solutions":
            env["FIRST_CALL_STRICT"] = "1"  # helpers.exercise() raises where a solution fails
        try:
            client.execute(env=env, stderr=log)
        except (CellExecutionError, CellTimeoutError) as error:
            plain = re.sub(r"\x1b\[[0-9;]*m", "", str(error))
            raise LessonError(f"A cell of {name} failed.\n{plain}") from None
        except (DeadKernelError, RuntimeError) as error:
            log.seek(0)
            said = log.read().decode(errors="replace")
            raise LessonError(f"The kernel of {name} died: {error}\n{said}") from None
    # Execution fills in the version of the Python that ran; the notebook stays neutral.
    target.notebook.metadata = nbformat.from_dict(METADATA)
    for cell in target.notebook.cells:
        if cell.cell_type == "code":
            drop_noise(cell)
            rules.check_outputs(cell, machine_words(), solutions=target.kind == "solutions")


def drop_noise(cell: NotebookNode) -> None:
    """Remove what differs from run to run and means nothing to a reader: widget model ids."""
    for output in cell.outputs:
        output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)


def machine_words() -> list[str]:
    """Return the paths of this machine that no stored output may hold."""
    places = [lesson.ROOT, Path.home(), Path(tempfile.gettempdir()), Path(sys.prefix)]
    home = os.environ.get("FIRST_CALL_HOME")
    words = [str(place) for place in places] + ([home] if home else [])
    return [word for word in words if len(word) > 4]  # not "/", not "/usr"
