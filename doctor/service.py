"""The part of the doctor about practice mode: its model and its service."""

import os
import shutil
from collections.abc import Iterator

from practice.process import config, gguf, launcher, memory, weights
from practice.process import state as state_file
from practice.process.config import PracticeError
from practice.process.envfile import take_practice_settings
from practice.process.models import PracticeModel, chosen, smaller

from .table import SET_UP, Check, nearest


def practice_checks() -> Iterator[Check]:
    """The practice model and its service."""
    take_practice_settings()
    service, home = launcher.find(), nearest(config.home())
    try:
        yield from model_checks(chosen(), running=service is not None)
    except PracticeError as error:
        yield Check("FIX", "practice model", error.what, error.fix)
    if not home.is_dir():
        fix = "Set it to a folder of your own, or remove it from .env."
        yield Check("FIX", "service", f"FIRST_CALL_HOME leads to {home}, which is a file", fix)
    elif not os.access(home, os.W_OK):
        fix = "Set FIRST_CALL_HOME to a folder that you may write to."
        yield Check("FIX", "service", f"{home} cannot be written to", fix)
    elif service:
        yield Check("OK", "service", f"runs at {service.base_url} (process {service.pid})")
    elif state_file.path().exists():
        text = f"does not answer; the next lesson starts it anew. Its log: {state_file.log_path()}"
        yield Check("look", "service", text, "If a lesson stays stuck: python -m practice stop")
    else:
        yield Check("OK", "service", "not running; a lesson starts it")


def model_checks(model: PracticeModel, *, running: bool) -> Iterator[Check]:
    """The model's file, and whether disk and memory are enough for it. Raises PracticeError."""
    name, other = "practice model", smaller(model)
    if model.own is not None:
        weights.fetch(model)  # a file of the learner's own is looked at, never downloaded
        weights.check_projector()
        if gguf.is_whole(model.own):
            yield Check("OK", name, f"your own, {model.file}")
        else:
            text = f"PRACTICE_MODEL names {model.own}, a GGUF file that is damaged"
            yield Check("FIX", name, text, weights.REMOVE_OWN)
    elif not model.path.exists():
        free = shutil.disk_usage(nearest(model.path)).free
        if free < (needed := weights.space_needed(model)):
            text = f"{model.name} needs {needed / 1e6:.0f} MB of disk, {free / 1e6:.0f} MB are free"
            instead = f", or set PRACTICE_MODEL={other.choice} in .env" if other else ""
            yield Check("FIX", name, text, f"Delete what you do not need{instead}.")
        else:
            yield Check("FIX", name, f"{model.name} is not fetched yet ({model.path})", SET_UP)
    elif not weights.is_intact(model):
        kind = "size" if model.path.stat().st_size != model.runs.size else "checksum"
        yield Check("FIX", name, f"damaged: wrong {kind} ({model.path})", SET_UP)
    else:
        yield Check("OK", name, f"{model.name}, complete, {model.runs.size / 1e6:.0f} MB")
    if running:
        return  # it has its memory
    if memory.is_enough(model):
        yield Check("OK", "memory", f"enough for {model.name}")
    else:
        free = memory.free_bytes()
        text = f"{model.name} takes {model.memory / 1e6:.0f} MB, {free / 1e6:.0f} MB are free"
        yield Check("FIX", "memory", text, memory.advice(model))
