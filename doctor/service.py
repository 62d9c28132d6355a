"""The part of the doctor about practice mode: its model and its service."""

import os
from collections.abc import Iterator

from practice.process import config, launcher, weights
from practice.process import state as state_file
from practice.process.config import PracticeError
from practice.process.envfile import take_practice_settings

from .table import SET_UP, Check, nearest


def practice_checks() -> Iterator[Check]:
    """The practice model and its service."""
    take_practice_settings()
    path = config.model_path()
    if path != config.cache() / config.MODEL_FILE:
        try:
            weights.fetch()  # a file of the learner's own is looked at, never downloaded
            yield Check("OK", "practice model", f"your own, {path.name}")
        except PracticeError as error:
            yield Check("FIX", "practice model", error.what, error.fix)
    elif not path.exists():
        yield Check("FIX", "practice model", f"not fetched yet ({path})", SET_UP)
    elif not weights.is_intact(path):
        kind = "size" if path.stat().st_size != weights.MODEL_SIZE else "checksum"
        yield Check("FIX", "practice model", f"damaged: wrong {kind} ({path})", SET_UP)
    else:
        yield Check("OK", "practice model", f"complete, {weights.MODEL_SIZE / 1e6:.0f} MB")
    service, home = launcher.find(), nearest(config.home())
    if not os.access(home, os.W_OK):
        fix = "Set FIRST_CALL_HOME to a folder that you may write to."
        yield Check("FIX", "service", f"{home} cannot be written to", fix)
    elif service:
        yield Check("OK", "service", f"runs at {service.base_url} (process {service.pid})")
    elif state_file.path().exists():
        text = f"does not answer; the next lesson starts it anew. Its log: {state_file.log_path()}"
        yield Check("look", "service", text, "If a lesson stays stuck: python -m practice stop")
    else:
        yield Check("OK", "service", "not running; a lesson starts it")
