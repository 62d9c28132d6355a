"""The keys of a class, for LiteLLM Proxy: who may ask, how often, and for how many dollars.

LiteLLM calls `user_api_key_auth` at every request, and `spending` after every answer. What each
key has spent stands in an SQLite file, because LiteLLM's own budgets want a Postgres and a client
for it that is fetched from outside. The class's own key stays in the gateway's environment.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import threading
import time
from pathlib import Path

sys.path.append(os.environ["FIRST_CALL_ROOT"])

from litellm.integrations.custom_logger import CustomLogger
from litellm.proxy._types import ProxyException, UserAPIKeyAuth

from practice.roster.roster import Roster

PATHS = ("/v1/chat/completions", "/v1/responses", "/v1/models", "/v1/embeddings")
"""What learners may ask for; all else of the gateway is nobody's business in a class."""

_TABLE = (
    "CREATE TABLE IF NOT EXISTS spent (at REAL NOT NULL, mark TEXT NOT NULL, cost REAL NOT NULL)"
)

_roster = Roster(Path(os.environ["FIRST_CALL_KEYS"]))
_budget = float(os.environ["FIRST_CALL_BUDGET"])
_rate = int(os.environ["FIRST_CALL_RATE"])


class Refusal(ProxyException):
    """A refusal in the API's own words: LiteLLM would put the status in the place of the code."""

    def to_dict(self) -> dict:
        return super().to_dict() | {"code": self.openai_code}


class Spending(CustomLogger):
    """What each key has spent, in dollars."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._file = sqlite3.connect(path, check_same_thread=False)
        with self._file:
            self._file.execute(_TABLE)

    def of(self, mark: str) -> float:
        """Return what a key has spent so far."""
        query = "SELECT total(cost) FROM spent WHERE mark = ?"
        with self._lock:
            return float(self._file.execute(query, (mark,)).fetchone()[0])

    def add(self, mark: str, cost: float) -> None:
        """Write down the cost of an answer."""
        with self._lock, self._file:
            self._file.execute("INSERT INTO spent VALUES (?, ?, ?)", (time.time(), mark, cost))

    async def async_log_success_event(self, kwargs, response_obj, start_time, end_time) -> None:
        metadata = (kwargs.get("litellm_params") or {}).get("metadata") or {}
        mark = metadata.get("user_api_key_user_id")
        if mark:
            self.add(mark, float(kwargs.get("response_cost") or 0))


spending = Spending(Path(os.environ["FIRST_CALL_SPENT"]))


async def user_api_key_auth(request, api_key: str) -> UserAPIKeyAuth:
    """Let a learner's request through, or refuse it as the API does."""
    key = api_key.removeprefix("Bearer ").strip()
    learner = _roster.find(key)
    if learner is None or _roster.is_over(learner):
        raise Refusal(
            message=f"Incorrect API key provided: {'*' * 8}. You can find your API key at "
            "https://platform.openai.com/account/api-keys.",
            type="invalid_request_error",
            param=None,
            code=401,
            openai_code="invalid_api_key",
        )
    if not request.url.path.startswith(PATHS):
        raise Refusal(
            message=f"Invalid URL ({request.method} {request.url.path[:200]})",
            type="invalid_request_error",
            param=None,
            code=404,
            openai_code=None,
        )
    budget = learner.budget if learner.budget is not None else _budget
    if spending.of(learner.mark) >= budget:
        raise Refusal(
            message="You exceeded your current quota, please check your plan and billing details. "
            f"(The gateway of your class gives each learner ${budget:.2f}.)",
            type="insufficient_quota",
            param=None,
            code=429,
            openai_code="insufficient_quota",
        )
    return UserAPIKeyAuth(
        api_key=learner.mark,  # never the key itself: what stands here is logged
        user_id=learner.mark,
        user_role="internal_user",
        rpm_limit=learner.rate or _rate,
    )


with contextlib.suppress(OSError):
    Path(os.environ["FIRST_CALL_SPENT"]).chmod(0o600)
