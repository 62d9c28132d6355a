"""Where notebooks stand, as seen from the one that runs: for links."""

from pathlib import Path


def notebook(lesson: str) -> str | None:
    """Return the way to the notebook of ``lesson``, such as ``"02"``, or None where it is not."""
    here = Path.cwd()
    up = "../" if here.name in ("solutions", "recall") else ""
    found = sorted((here / up).glob(f"{lesson}_*.ipynb"))
    return up + found[0].name if found else None


def solution(lesson: str) -> str | None:
    """Return the way to the solutions of ``lesson``, or None where they are not."""
    here = Path.cwd()
    folder = "../solutions/" if here.name == "recall" else "solutions/"
    found = sorted((here / folder).glob(f"{lesson}_*.ipynb"))
    return folder + found[0].name if found else None
