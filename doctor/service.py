"""The part of the doctor about practice mode: its model and its service."""

import os
import shutil
from collections.abc import Iterator

from practice.process import config, gguf, launcher, memory, weights
from practice.process import state as state_file
from practice.process.config import PracticeError
from practice.process.envfile import take_practice_settings
from practice.process.language import gettext as _
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
        fix = _("Set it to a folder of your own, or remove it from .env.")
        text = _("FIRST_CALL_HOME leads to {file}, which is a file").format(file=home)
        yield Check("FIX", "service", text, fix)
    elif not os.access(home, os.W_OK):
        fix = _("Set FIRST_CALL_HOME to a folder that you may write to.")
        text = _("{folder} cannot be written to").format(folder=home)
        yield Check("FIX", "service", text, fix)
    elif service:
        text = _("runs at {address} (process {pid})")
        text = text.format(address=service.base_url, pid=service.pid)
        yield Check("OK", "service", text)
    elif state_file.path().exists():
        text = _("does not answer; the next lesson starts it anew. Its log: {file}")
        fix = _("If a lesson stays stuck: python -m practice stop")
        yield Check("look", "service", text.format(file=state_file.log_path()), fix)
    else:
        yield Check("OK", "service", _("not running; a lesson starts it"))


def model_checks(model: PracticeModel, *, running: bool) -> Iterator[Check]:
    """The model's file, and whether disk and memory are enough for it. Raises PracticeError."""
    name, other = "practice model", smaller(model)
    if model.own is not None:
        weights.fetch(model)  # a file of the learner's own is looked at, never downloaded
        weights.check_projector()
        if gguf.is_whole(model.own):
            yield Check("OK", name, _("your own, {file}").format(file=model.file))
        else:
            text = _("PRACTICE_MODEL names {file}, a GGUF file that is damaged")
            yield Check("FIX", name, text.format(file=model.own), _(weights.REMOVE_OWN))
    elif not model.path.exists():
        free = shutil.disk_usage(nearest(model.path)).free
        if free < (needed := weights.space_needed(model)):
            text = _("{model} needs {needed:.0f} MB of disk, {free:.0f} MB are free")
            text = text.format(model=model.name, needed=needed / 1e6, free=free / 1e6)
            fix = _("Delete what you do not need.")
            if other:
                fix = _("Delete what you do not need, or set PRACTICE_MODEL={choice} in .env.")
                fix = fix.format(choice=other.choice)
            yield Check("FIX", name, text, fix)
        else:
            text = _("{model} is not fetched yet ({file})")
            text = text.format(model=model.name, file=model.path)
            yield Check("FIX", name, text, _(SET_UP))
    elif not weights.is_intact(model):
        other_size = model.path.stat().st_size != model.runs.size
        text = (
            _("damaged: wrong size ({file})")
            if other_size
            else _("damaged: wrong checksum ({file})")
        )
        yield Check("FIX", name, text.format(file=model.path), _(SET_UP))
    else:
        text = _("{model}, complete, {megabytes:.0f} MB")
        text = text.format(model=model.name, megabytes=model.runs.size / 1e6)
        yield Check("OK", name, text)
    if running:
        return  # it has its memory
    if memory.is_enough(model):
        yield Check("OK", "memory", _("enough for {model}").format(model=model.name))
    else:
        text = _("{model} takes {taken:.0f} MB, {free:.0f} MB are free").format(
            model=model.name, taken=model.memory / 1e6, free=memory.free_bytes() / 1e6
        )
        yield Check("FIX", "memory", text, memory.advice(model))
