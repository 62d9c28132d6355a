"""Checks of exercises. They look at how something was done, never at the model's prose."""

import os
from collections.abc import Callable

from ..errors import CheckFailed
from .record import note


def check(name: str, condition: object | Callable[[], object], hint: str) -> None:
    """Print ``✓ name``, or ``✗ name`` with the hint.

    ``condition`` is a value, or a function without arguments. An error inside it counts as
    not solved yet, as does ``...``, so that an open exercise does not stop the notebook. With
    FIRST_CALL_STRICT=1, as in the tests of the solutions, CheckFailed is raised instead.
    What has passed is recorded on this computer, for ``progress()``.
    """
    trouble: Exception | None = None
    try:
        value = condition() if callable(condition) else condition
        held = value is not ... and bool(value)
    except Exception as error:  # whatever the learner wrote
        held, trouble = False, error
    print(f"✓ {name}" if held else f"✗ {name}\n  Hint: {hint}")
    note(name, held)
    if not held and os.environ.get("FIRST_CALL_STRICT") == "1":
        raise CheckFailed(f"The check failed: {name}.", f"Hint: {hint}") from trouble
