"""The tasks of `bench quality`: read from `tasks.toml`, checked, and put to a model.

A task's messages stand in the order in which they are sent. Where a user's or a tool's message is
not followed by a written reply, the model replies, and its own reply goes into the history.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from openai import OpenAI

from helpers import image_part

from .scoring import RULES, Reply

FILE = Path(__file__).with_name("tasks.toml")
KINDS = tuple(
    "facts memory extraction json tools few-shot stop format translation pictures".split()
)
LANGUAGES = ("en", "zh")
ROLES = ("system", "user", "assistant", "tool")
PICTURES = Path(__file__).parents[2] / "notebooks" / "pictures"
LIMIT = 120
"""Completion tokens where a task sets none: a long reply to a short question is cut off."""


@dataclass(frozen=True)
class Task:
    """One question to the model and the rules its last reply has to keep."""

    id: str
    kind: str
    language: str
    messages: tuple[tuple[str, str], ...]
    expect: dict[str, Any]
    parameters: dict[str, Any] = field(default_factory=dict)
    pictures: tuple[Path, ...] = ()
    """Shown with the first message of the user."""


class BadTaskError(ValueError):
    """A task in the file is not as the file's head says; the message names it."""


def load(path: Path = FILE) -> list[Task]:
    """Return the tasks of a file in its order. Raises BadTaskError for a wrong one."""
    content = tomllib.loads(path.read_text("utf-8"))
    tasks = [_task(entry, content.get("tool", {})) for entry in content["task"]]
    ids = [task.id for task in tasks]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise BadTaskError(f"{twice[0]}: this id is there twice")
    return tasks


def ask(client: OpenAI, model: str, task: Task) -> tuple[Reply, int]:
    """Put a task to the model; return its last reply and the completion tokens of all replies."""
    history: list[dict[str, Any]] = []
    reply, tokens = Reply(), 0
    for number, (role, content) in enumerate(task.messages):
        message: dict[str, Any] = {"role": role, "content": content}
        if role == "user" and task.pictures and not any(m["role"] == "user" for m in history):
            text = {"type": "text", "text": content}
            message["content"] = [text, *map(image_part, task.pictures)]
        if role == "tool":
            calls = history[-1].get("tool_calls", [])
            if not calls:
                return Reply("no tool was called"), tokens
            message["tool_call_id"] = calls[0]["id"]
        history.append(message)
        following = task.messages[number + 1][0] if number + 1 < len(task.messages) else "user"
        if role not in ("user", "tool") or following == "assistant":
            continue
        # The data is checked, but its types are beyond what the SDK's overloads can follow.
        found: Any = client.chat.completions.create(
            model=model,
            messages=list(history),  # type: ignore[arg-type]
            **({"temperature": 0, "max_completion_tokens": LIMIT} | task.parameters),
        )
        said = found.choices[0].message
        reply = Reply(
            said.content or "",
            found.choices[0].finish_reason,
            tuple((call.function.name, call.function.arguments) for call in said.tool_calls or ()),
        )
        tokens += found.usage.completion_tokens
        history.append(said.model_dump(exclude_none=True))
    return reply, tokens


def _task(entry: dict[str, Any], tools: Mapping[str, Any]) -> Task:
    entry = dict(entry)
    id = entry.pop("id", "a task without an id")
    try:
        task = Task(
            id,
            _one_of(KINDS, entry.pop("kind")),
            _one_of(LANGUAGES, entry.pop("language")),
            tuple(_message(message) for message in entry.pop("messages")),
            entry.pop("expect"),
            _parameters(entry, tools),
            tuple(_picture(name) for name in entry.pop("pictures", ())),
        )
    except (KeyError, ValueError) as problem:
        raise BadTaskError(f"{id}: {problem}") from problem
    unknown = [*entry, *(name for name in task.expect if name not in RULES)]
    if unknown:
        raise BadTaskError(f"{id}: unknown key {unknown[0]!r}")
    if not task.expect:
        raise BadTaskError(f"{id}: no way of scoring")
    if not task.messages or task.messages[-1][0] not in ("user", "tool"):
        raise BadTaskError(f"{id}: nothing is left to reply to")
    return task


def _one_of(names: tuple[str, ...], name: str) -> str:
    if name not in names:
        raise ValueError(f"{name!r} is none of {', '.join(names)}")
    return name


def _message(message: dict[str, str]) -> tuple[str, str]:
    ((role, content),) = message.items()
    return _one_of(ROLES, role), content


def _picture(name: str) -> Path:
    if not (path := PICTURES / name).is_file():
        raise ValueError(f"there is no picture {name!r}")
    return path


def _parameters(entry: dict[str, Any], tools: Mapping[str, Any]) -> dict[str, Any]:
    """Take the request's parameters out of an entry, in the wire's form."""
    plain = ("max_completion_tokens", "stop")
    found: dict[str, Any] = {name: entry.pop(name) for name in plain if name in entry}
    if entry.pop("json_object", False):
        found["response_format"] = {"type": "json_object"}
    if "json_schema" in entry:
        schema = {"name": "reply", "strict": True, "schema": _schema(entry.pop("json_schema"))}
        found["response_format"] = {"type": "json_schema", "json_schema": schema}
    if "tools" in entry:
        found["tools"] = [_tool(name, tools[name]) for name in entry.pop("tools")]
    return found


def _tool(name: str, about: Mapping[str, Any]) -> dict[str, Any]:
    function = {
        "name": about.get("name", name),
        "description": about["description"],
        "parameters": _schema(about["parameters"]),
    }
    return {"type": "function", "function": function}


def _schema(properties: Mapping[str, Any]) -> dict[str, Any]:
    """A strict object schema; a property is a type's name or a schema of its own."""
    return {
        "type": "object",
        "properties": {
            name: {"type": value} if isinstance(value, str) else value
            for name, value in properties.items()
        },
        "required": list(properties),
        "additionalProperties": False,
    }
