"""Small helpers for the notebooks of First Call. Open them: each file is one idea.

They save typing and explain errors; the calls themselves are the SDK's own.
"""

from .asking import ask, show_stream
from .config import Settings, settings
from .cost import Meter, cost_line, session_meter
from .errors import BudgetError, FirstCallError, SettingsError
from .explaining import explain
from .providers import all_providers
from .session import connect, current_model

__all__ = [
    "BudgetError",
    "FirstCallError",
    "Meter",
    "Settings",
    "SettingsError",
    "all_providers",
    "ask",
    "connect",
    "cost_line",
    "current_model",
    "explain",
    "session_meter",
    "settings",
    "show_stream",
]
