"""How much memory this computer can still give, and whether that is enough for a model."""

from __future__ import annotations

from pathlib import Path

from practice.process.config import PracticeError
from practice.process.language import gettext as _
from practice.process.models import PracticeModel, smaller

GROUP = Path("/sys/fs/cgroup")
"""Where Linux tells a container how much it may use."""

ENOUGH = 0.9
"""Of what a model takes at most (data/models.toml): with less than this part, loading is refused.

The system can make a little room; it cannot make a lot, and then ends the process.
"""


def free_bytes() -> int:
    """Return the bytes of memory that a new process can have, the swap file's included."""
    import psutil  # late: it is needed to start a service, not to find one

    free = psutil.virtual_memory().available + psutil.swap_memory().free
    try:
        most = int((GROUP / "memory.max").read_text())
        used = int((GROUP / "memory.current").read_text())
        # What the group only keeps of files it has read is given back when it is wanted.
        for line in (GROUP / "memory.stat").read_text().splitlines():
            if line.startswith("inactive_file "):
                used -= int(line.split()[1])
    except (OSError, ValueError):  # no container, or no limit ("max")
        return int(free)
    return min(int(free), max(0, most - used))


def is_enough(model: PracticeModel) -> bool:
    """Tell whether this computer has the memory for a model now."""
    return free_bytes() >= ENOUGH * model.memory


def check(model: PracticeModel) -> None:
    """Raise PracticeError when this computer lacks the memory for a model."""
    if is_enough(model):
        return
    raise PracticeError(
        _(
            "{model} takes up to {taken:.0f} MB of memory, and this computer has {free:.0f} MB "
            "free."
        ).format(model=model.name, taken=model.memory / 1e6, free=free_bytes() / 1e6),
        advice(model),
    )


def advice(model: PracticeModel) -> str:
    """Return what to do where a model does not fit."""
    other = smaller(model)
    if other is None:
        return _("Close other programs.")
    return _(
        "Close other programs, or set PRACTICE_MODEL={choice} in .env: it takes {taken:.0f} MB."
    ).format(choice=other.choice, taken=other.memory / 1e6)
