"""Small helpers for the notebooks of First Call. Open them: each file is one idea.

They save typing and explain errors; the calls themselves are the SDK's own.
"""

from doctor import health_check

from .asking import ask, complete, show_stream
from .beside import show_beside
from .bubbles import show_messages
from .chat import chat_window
from .checking import check
from .config import Settings, settings
from .cost import Meter, cost_line, session_meter
from .errors import BudgetError, CheckFailed, FirstCallError, SettingsError
from .explaining import explain
from .explorer import finish_explorer
from .finishing import Advice, continue_reply, finish_advice
from .jsontree import show_json
from .keyform import key_form, save_key
from .meterchart import show_meter
from .pictures import image_part
from .progressing import progress
from .providers import all_providers
from .reading import read_json
from .session import connect, current_model, usage_page
from .talking import Conversation

__all__ = [
    "Advice",
    "BudgetError",
    "CheckFailed",
    "Conversation",
    "FirstCallError",
    "Meter",
    "Settings",
    "SettingsError",
    "all_providers",
    "ask",
    "chat_window",
    "check",
    "complete",
    "connect",
    "continue_reply",
    "cost_line",
    "current_model",
    "explain",
    "finish_advice",
    "finish_explorer",
    "health_check",
    "image_part",
    "key_form",
    "progress",
    "read_json",
    "save_key",
    "session_meter",
    "settings",
    "show_beside",
    "show_json",
    "show_messages",
    "show_meter",
    "show_stream",
    "usage_page",
]
