"""``python3 kit.py doctor``: what is in order on this computer, and the one fix for what is not.

Changes nothing and never shows a key. With a key of your own it makes one call, which is free:
it lists the models. ``health_check()`` shows the same table in a notebook.
"""

import sys
from collections.abc import Callable, Iterator

from helpers.errors import FirstCallError
from practice.process.config import PracticeError
from practice.process.language import gettext as _

from .computer import computer_checks
from .files import file_checks
from .provider import model_checks
from .python import python_checks
from .service import practice_checks
from .settings import settings_checks
from .table import SET_UP, Check, as_text, to_fix


def doctor() -> int:
    """Print the table of all checks; return 1 when something has to be fixed, else 0."""
    found = list(all_checks())
    table = as_text(found)
    # An old console may lack a character of a path; the table is worth more than that character.
    encoding = sys.stdout.encoding or "utf-8"
    print(table.encode(encoding, "replace").decode(encoding))
    return 1 if to_fix(found) else 0


def all_checks() -> Iterator[Check]:
    """Yield every check. One that fails itself is a line of the table, not a traceback.

    One fault may end several groups, such as a .env file that cannot be read: it is one line.
    """
    said = set()
    for check in _each_groups_checks():
        if (check.text, check.fix) not in said:
            yield check
        said.add((check.text, check.fix))


def _each_groups_checks() -> Iterator[Check]:
    for group in GROUPS:
        try:
            yield from group()
        except (FirstCallError, PracticeError) as error:
            yield Check("FIX", "settings", error.what, error.fix or _(SET_UP))
        except Exception as error:  # whatever this computer has in store
            name = group.__name__.removesuffix("_checks")
            text = _("could not be checked ({error})").format(error=type(error).__name__)
            yield Check("look", name, text, _("Go on; if a lesson fails, fix what it says."))


GROUPS: tuple[Callable[[], Iterator[Check]], ...] = (
    python_checks,
    file_checks,
    settings_checks,
    practice_checks,
    model_checks,
    computer_checks,
)
