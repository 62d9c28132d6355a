"""Small helpers for the notebooks of First Call. Open them: each file is one idea.

They save typing and explain errors; the calls themselves are the SDK's own.
"""

from .calls import ask, complete, show_stream
from .connection.changed_request import client_changes
from .connection.providers import all_providers
from .connection.session import connect, current_model, usage_page
from .connection.settings import Settings, settings
from .conversation import Conversation, continue_reply
from .cost import Meter, cost_line, session_meter
from .errors import BudgetError, CheckFailed, FirstCallError, SettingsError
from .exercises.checks import exercise
from .exercises.hints import hint
from .exercises.overview import progress
from .explanations import explain
from .finish_reason import Advice, finish_advice
from .images import image_part
from .json_replies import read_json
from .trials.expectation import expect_error
from .trials.folder_server import serve_folder
from .trials.surroundings import as_if
from .views.figure import show_figure
from .views.json_tree import show_json
from .views.messages import show_messages
from .views.meter_chart import show_meter
from .views.model_table import show_models
from .views.picture import show_beside
from .views.reply import show_reply
from .views.short_traceback import full_tracebacks
from .widgets.chat_box import chat_window
from .widgets.explorer_box import finish_explorer
from .widgets.key_box import key_form
from .widgets.key_file import save_key

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
    "as_if",
    "ask",
    "chat_window",
    "client_changes",
    "complete",
    "connect",
    "continue_reply",
    "cost_line",
    "current_model",
    "exercise",
    "expect_error",
    "explain",
    "finish_advice",
    "finish_explorer",
    "full_tracebacks",
    "hint",
    "image_part",
    "key_form",
    "progress",
    "read_json",
    "save_key",
    "serve_folder",
    "session_meter",
    "settings",
    "show_beside",
    "show_figure",
    "show_json",
    "show_messages",
    "show_meter",
    "show_models",
    "show_reply",
    "show_stream",
    "usage_page",
]
