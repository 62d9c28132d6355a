"""Errors as OpenAI's API answers them; the table is data/errors.toml."""

from __future__ import annotations

from typing import Any

from practice.data import load


class ApiError(Exception):
    """A refusal: a row of the table, with the words that fill its message.

    `param` names the request field at fault, such as ``messages[0].role``; a row may set its own.
    """

    def __init__(self, row: str, *, param: str | None = None, **words: Any) -> None:
        entry = rows()[row]
        self.row, self.words = row, dict(words)
        param = _cut(param)
        words = {name: _cut(word) for name, word in words.items()} | {"param": param}
        self.status: int = entry["status"]
        self.type: str = entry.get("type", "invalid_request_error")
        self.code: str | None = entry["code"].format(**words) if "code" in entry else None
        self.param: str | None = entry.get("param", param)
        self.message: str = entry["message"].format(**words)
        self.headers: dict[str, str] = {}
        super().__init__(self.message)

    def body(self) -> dict[str, Any]:
        """The JSON body of the answer."""
        return {
            "error": {
                "message": self.message,
                "type": self.type,
                "param": self.param,
                "code": self.code,
            }
        }


_LONGEST = 1000
"""Characters of what a request said: a name of 1 MB is not sent back."""


def _cut(word: Any) -> Any:
    return f"{word[:_LONGEST]}…" if isinstance(word, str) and len(word) > _LONGEST else word


def rows() -> dict[str, dict[str, Any]]:
    """The error table by row name."""
    return load("errors.toml")


def masked(key: str) -> str:
    """A key as OpenAI quotes it, but without showing any of it."""
    return "*" * min(max(len(key), 4), 12)
