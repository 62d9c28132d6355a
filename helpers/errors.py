"""The errors that helpers raise.

    Exception
    └── FirstCallError        one sentence on what happened, one on what to do
        ├── SettingsError     a setting or the .env file is wrong
        ├── BudgetError       the budget is used up, so the call was not made
        └── CheckFailed       an exercise's check failed while FIRST_CALL_STRICT is set

Where an error of the SDK is the reason, it stays as ``__cause__``.
"""

import contextlib
from collections.abc import Iterator

from practice.process.config import PracticeError
from practice.process.language import gettext as _


class FirstCallError(Exception):
    """What happened and what to do about it, in two plain sentences.

    ``what`` and ``fix`` hold them one by one; ``str(error)`` is both.
    """

    def __init__(self, what: str, fix: str = "") -> None:
        super().__init__(_("{what} {fix}").format(what=what, fix=fix).strip())
        self.what = what
        self.fix = fix


class SettingsError(FirstCallError):
    """A setting, the key or the ``.env`` file cannot be used as it is."""


class BudgetError(FirstCallError):
    """The budget is used up; the next call was stopped before it was sent."""


class CheckFailed(FirstCallError):
    """A check of an exercise failed while ``FIRST_CALL_STRICT`` is set (tests set it)."""


@contextlib.contextmanager
def settings_errors() -> Iterator[None]:
    """Raise what practice mode says about ``.env`` in this block as a SettingsError."""
    try:
        yield
    except PracticeError as error:
        raise SettingsError(error.what, error.fix) from error
