"""The library that runs the eye's models, set up once for the reader and the recogniser."""

from __future__ import annotations

import importlib.util
import os
import threading
from pathlib import Path
from typing import Any

LOCK = threading.Lock()
"""Held while a model looks: one picture at a time, since the engine wants the cores."""

THREADS = max(1, (os.cpu_count() or 2) // 2)
"""Never every core: the model's engine suffers when its one thread has to wait."""


def is_here() -> bool:
    """Whether the library is installed: it has no wheel for every Python of every computer."""
    return importlib.util.find_spec("onnxruntime") is not None


def prepare() -> None:
    """Load onnxruntime so that it reports nothing to its maker; call before anything else does.

    The variable is read when the library is loaded. Without it, onnxruntime (1.32) keeps a device
    id and a queue of events for its maker's collector in the user's cache. Older ones on Windows
    know the call alone.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()


def model(path: Path) -> Any:
    """Return a model of ours, ready to run."""
    prepare()
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # Threads that wait for work sleep, instead of taking a core from the engine.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
