"""Tool calls from a model whose template knows no tools.

(One that knows them decides by itself: deciding.py.) The model is not asked whether to call: at
135 million parameters it cannot tell. The rule is
plain instead. With ``tool_choice`` "auto", the tool is called whose name, description and
parameters share the most words with the last user message, and none when no word is shared;
"required" takes the best one in any case. The arguments come from the model, held to the tool's
schema by the engine. One call a turn. What comes back as the tool's result, the model puts into a
sentence. Measured: tests/practice/server/test_service_tools.py.
"""

from __future__ import annotations

import json
import re
from typing import Any

from practice.rules import schemas
from practice.wire import chat_request as wire
from practice.wire.chat_request import ChatRequest, Function, question

# Words that say nothing about what a tool is for.
_COMMON = frozenset(
    "a about after all also an and any are as at be by can could current do does e for from g get "
    "give has have how i if in into is it its last me my name of on one or out please should tell "
    "that the their them then there this to up use what when where which who why will with work "
    "would you your".split()
)

_NO_ARGUMENTS: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}

# Examples of a result put into a sentence. Without them the model rambles about the question.
_RESULT_EXAMPLES = [
    {"role": "system", "content": "You say results in one plain sentence."},
    {"role": "user", "content": "Question: What is the capital of Spain?\nResult: Madrid"},
    {"role": "assistant", "content": "The capital of Spain is Madrid."},
    {"role": "user", "content": "Question: What is 3 plus 4?\nResult: 7"},
    {"role": "assistant", "content": "3 plus 4 is 7."},
    {"role": "user", "content": "Question: How tall is the tower?\nResult: height: 93, unit: m"},
    {"role": "assistant", "content": "The tower is 93 m tall."},
]


def chosen(request: ChatRequest) -> Function | None:
    """Return the function that the reply has to call, or None for a reply in words."""
    functions = [tool.function for tool in request.tools or ()]
    choice = request.tool_choice or "auto"
    if not functions or choice == "none":
        return None
    if isinstance(choice, wire.NamedChoice):
        return next(f for f in functions if f.name == choice.function.name)
    if choice == "auto" and isinstance(request.messages[-1], wire.ToolMessage):
        return None
    asked = words(question(request))
    scores = [len(asked & _about(function)) for function in functions]
    best = scores.index(max(scores))
    return functions[best] if choice == "required" or scores[best] else None


def shares_a_word(text: str, function: Function) -> bool:
    """Return whether a text and what is said about a function share a word."""
    return bool(words(text) & _about(function))


def parameters(function: Function) -> dict[str, Any]:
    """Return the schema of a function's arguments as the engine follows it."""
    return schemas.for_engine(function.parameters or _NO_ARGUMENTS)


def call_request(request: ChatRequest, function: Function) -> dict[str, Any]:
    """The engine's request for the arguments of a call."""
    schema = parameters(function)
    named = ", ".join(
        name + (f" ({about['description']})" if "description" in about else "")
        for name, about in (schema.get("properties") or {}).items()
        if isinstance(about, dict)
    )
    task = f"Extract the arguments of the function {function.name} from the question: {named}."
    return {
        "messages": [
            {"role": "system", "content": f"{task} Reply in JSON."},
            {"role": "user", "content": question(request)},
        ],
        "response_format": {"type": "json_schema", "json_schema": {"schema": schema}},
    }


def result_messages(request: ChatRequest) -> list[dict[str, str]] | None:
    """The engine's messages when the conversation ends with tool results, else None."""
    if not isinstance(request.messages[-1], wire.ToolMessage):
        return None
    results = []
    for message in reversed(request.messages):
        if isinstance(message, wire.UserMessage):
            break
        if isinstance(message, wire.ToolMessage):  # of every call since the question
            results.append(plain(wire.text(message)))
    asked = f"Question: {question(request)}\nResult: {'; '.join(reversed(results))}"
    return [*_RESULT_EXAMPLES, {"role": "user", "content": asked}]


def plain(result: str) -> str:
    """A tool's result as words: ``{"city": "Oslo"}`` becomes ``city: Oslo``."""
    try:
        value = json.loads(result)
    except (ValueError, RecursionError):
        return result
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_short(part)}" for name, part in value.items())
    return _short(value)


def _short(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _about(function: Function) -> set[str]:
    """The words that say what a function is for."""
    properties = (function.parameters or {}).get("properties") or {}
    said = [function.name, function.description or "", *properties]
    for about in properties.values():
        if isinstance(about, dict):
            said += [str(about.get("description", "")), *map(str, about.get("enum") or ())]
    return words(" ".join(said))


def words(text: str) -> set[str]:
    """The words of a text that mean something, lower case, without their commonest endings.

    Chinese has no spaces: any two characters side by side count as a word.
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", text).lower()
    chinese = re.findall(r"[\u4e00-\u9fff]+", spaced)
    pairs = {part[n : n + 2] for part in chinese for n in range(max(1, len(part) - 1))}
    found = re.findall(r"[^\W\d_\u4e00-\u9fff]+|[-+*/×÷=]|\d+", spaced)
    return {_stem(word) for word in found if word not in _COMMON} | pairs


def _stem(word: str) -> str:
    for ending in ("ing", "es", "ed", "s", "y"):
        if len(word) > len(ending) + 2 and word.endswith(ending):
            return word[: -len(ending)]
    return word
