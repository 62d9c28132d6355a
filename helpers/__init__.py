"""Small helpers for the notebooks of First Call. Open them: each file is one idea.

They save typing and explain errors; the calls themselves are the SDK's own.
"""

from .config import Settings, settings
from .errors import BudgetError, FirstCallError, SettingsError
from .providers import all_providers
from .session import connect, current_model

__all__ = [
    "BudgetError",
    "FirstCallError",
    "Settings",
    "SettingsError",
    "all_providers",
    "connect",
    "current_model",
    "settings",
]
