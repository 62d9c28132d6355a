"""Where the practice service keeps its files, and the one error it shows to a learner.

Imports little, because every notebook pays for it. Environment variables read here:

``FIRST_CALL_HOME``   one folder for everything (weights, state, lock, log)
``PRACTICE_MODEL``    the model: a name of data/models.toml, or a GGUF file
``PRACTICE_MMPROJ``   the vision projector that belongs to that file
``PRACTICE_WEIGHTS``  a folder with model files, looked into before anything is downloaded
"""

from __future__ import annotations

import os
from pathlib import Path

from practice.process.language import gettext as _

ENVIRONMENT = ("FIRST_CALL_HOME", "PRACTICE_MODEL", "PRACTICE_MMPROJ", "PRACTICE_WEIGHTS")
"""What the environment, or ``.env``, may say to the service; explained above."""

SIMULATION = "simulate-"
"""How the name of each simulation begins, also where it stands in the place of a key."""

SIMULATION_HEADER = "x-practice-simulate"
"""Names the simulation that a request with the service's own key asks for."""

SIMULATED = "[simulated by practice mode]"
"""How the message of each simulated error ends."""

_APP = "first-call"


class PracticeError(Exception):
    """Practice mode cannot go on: what happened and what to do, in two plain sentences.

    ``what`` and ``fix`` hold them one by one; ``str(error)`` is both.
    """

    def __init__(self, what: str, fix: str = "") -> None:
        super().__init__(_("{what} {fix}").format(what=what, fix=fix).strip())
        self.what = what
        self.fix = fix


def home() -> Path:
    """Return the folder of the state file, lock and log (it may not exist yet)."""
    chosen = _path_from("FIRST_CALL_HOME")
    if chosen is not None:
        return chosen
    # Imported late: it costs 25 ms, and with FIRST_CALL_HOME it is not needed.
    import platformdirs

    return platformdirs.user_state_path(_APP, appauthor=False)


def cache() -> Path:
    """Return the folder of the model weights (it may not exist yet)."""
    chosen = _path_from("FIRST_CALL_HOME")
    if chosen is not None:
        return chosen
    import platformdirs

    return platformdirs.user_cache_path(_APP, appauthor=False)


def mmproj_path() -> Path | None:
    """Return the vision projector named by ``PRACTICE_MMPROJ``, or None."""
    return _path_from("PRACTICE_MMPROJ")


def _path_from(name: str) -> Path | None:
    """Read a path from the environment; unset and empty mean the same: None."""
    value = os.environ.get(name, "").strip()
    return Path(value).expanduser().absolute() if value else None
