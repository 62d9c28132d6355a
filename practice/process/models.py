"""The models that practice mode answers for, and whose list price stands for theirs.

One table, data/models.toml, for the service and for the helpers.
"""

from __future__ import annotations

from functools import cache

from practice.data import load


@cache
def model_ids() -> tuple[str, ...]:
    """Return the names that practice mode answers to, the practice model first."""
    return tuple(row["id"] for row in load("models.toml")["model"])


def list_price_model() -> tuple[str, str]:
    """Return the provider and the model whose list price says what a call would have cost."""
    priced_as = load("models.toml")["priced_as"]
    return priced_as["provider"], priced_as["model"]
