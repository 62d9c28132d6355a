"""What a provider and its model can do, found out by the smallest calls there are."""

import base64
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from openai import APIStatusError, OpenAI
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion

from helpers.connection.providers import Provider
from helpers.cost import Meter
from helpers.explanations import not_a_reply
from practice.process.language import gettext as _
from practice.process.language import marked

SMALL, LARGE = 16, 2000
"""Tokens of a reply: of one without hidden thinking, and of one that has to have some."""

NOT_TAKEN = (400, 404, 405, 415, 422)
"""The statuses of a request that is not taken as it is. Any other ends the check."""

SWITCHES: tuple[dict[str, Any], ...] = (
    {"reasoning_effort": "none"},
    {"thinking": {"type": "disabled"}},
    {"enable_thinking": False},
)
"""How providers let hidden thinking be switched off."""

LEAST = {"reasoning_effort": "low"}

SCHEMA = {
    "name": "answer",
    "strict": True,
    "schema": {
        "type": "object",
        "properties": {"ok": {"type": "boolean"}},
        "required": ["ok"],
        "additionalProperties": False,
    },
}
TOOL = {"type": "function", "function": {"name": "now", "description": "The time of day."}}


class Found(NamedTuple):
    """One ability: yes (True), no (False) or not clear (None), and in words.

    ``name`` is a field of a provider's row, or words that are translated when they are shown.
    """

    name: str
    works: bool | None
    said: str


@dataclass
class Abilities:
    """What has been found out so far, as a provider's row says it."""

    token_limit: str = "max_completion_tokens"  # noqa: S105 - a name
    room: int = SMALL
    row: dict[str, Any] = field(default_factory=dict)
    lines: list[Found] = field(default_factory=list)

    def note(self, name: str, works: bool | None, said: str) -> None:
        """Add a line, and its field of a provider's row where it has one."""
        self.lines.append(Found(name, works, said))
        if name in Provider.model_fields and works is not None:
            self.row[name] = works


class Asker:
    """Asks one model, counts the tokens, and keeps what it learns."""

    def __init__(self, client: OpenAI, model: str) -> None:
        self.client, self.model = client, model
        self.meter, self.found = Meter(), Abilities()

    def send(self, content: Any, **params: Any) -> Any:
        """Send one message, with the limit's name and the switch that are known by now."""
        extra = self.found.row.get("thinking_off", {}) | params.pop("extra_body", {})
        limit = {self.found.token_limit: params.pop("limit", self.found.room)}
        messages = [{"role": "user", "content": content}]
        options = {"extra_body": extra or None, **limit, **params}
        create: Any = self.client.chat.completions.create
        return create(model=self.model, messages=messages, **options)

    def ask(self, content: Any, **params: Any) -> ChatCompletion:
        """Send one message and count the reply."""
        reply = self.send(content, **params)
        if not isinstance(reply, ChatCompletion):
            raise not_a_reply(self.client)
        self.meter.add(reply, self.client)
        return reply

    def takes(self, name: str, call: Callable[[], tuple[bool | None, str]]) -> None:
        """Note what ``call`` finds; a request that is refused means no."""
        try:
            works, said = call()
        except APIStatusError as error:
            if error.status_code not in NOT_TAKEN:
                raise
            works, said = False, _short(error)
        self.found.note(name, works, said)


# ---- the probes, each a call or a few


def _text(asker: Asker) -> None:
    """The first reply: by which name the limit is known, and whether there is hidden thinking."""
    found, refused = asker.found, ""
    try:
        reply = asker.ask("Say OK.")
    except APIStatusError as error:
        if error.status_code not in (400, 422):
            raise
        found.token_limit, refused = "max_tokens", _short(error)
        reply = asker.ask("Say OK.")
    if _thinks(reply):
        _thinking(asker)
        reply = asker.ask("Say OK.")
    else:
        found.row["thinking"] = "no"
    found.row["token_limit"] = found.token_limit
    text = reply.choices[0].message.content
    found.note(marked("text"), bool(text), _says(text) if text else _("an empty reply"))
    known = _("known as {name} only: {refused}") if refused else _("known as {name}")
    found.note(marked("limit"), True, known.format(name=found.token_limit, refused=refused))
    off = json.dumps(found.row.get("thinking_off"))
    said = {
        "no": _("it answers at once"),
        "default": _("it thinks first; switched off by {switch}"),
        "always": _("it always thinks first; the least by {switch}"),
    }[found.row["thinking"]]
    found.note(marked("thinks first"), found.row["thinking"] != "no", said.format(switch=off))


def _thinking(asker: Asker) -> None:
    """Look for what switches hidden thinking off."""
    found = asker.found
    for switch in SWITCHES:
        try:
            reply = asker.ask("Say OK.", extra_body=switch)
        except APIStatusError as error:
            if error.status_code not in NOT_TAKEN:
                raise
            continue
        if not _thinks(reply):
            found.row |= {"thinking": "default", "thinking_off": switch}
            return
    found.row |= {"thinking": "always", "thinking_off": LEAST, "thinking_room": LARGE}
    found.room = LARGE
    try:
        asker.ask("Say OK.")
    except APIStatusError as error:
        if error.status_code not in NOT_TAKEN:
            raise
        found.row["thinking_off"] = {}


def _temperature(asker: Asker) -> None:
    def call() -> tuple[bool, str]:
        asker.ask("Say OK.", temperature=0)
        return True, _("0 is taken")

    asker.takes("temperature", call)
    if asker.found.lines[-1].works is False:
        asker.found.row["refuses"] = ["temperature"]


def _stop(asker: Asker) -> None:
    def call() -> tuple[bool, str]:
        text = asker.ask("Write exactly: one two three", stop=["three"]).choices[0].message.content
        return "three" not in (text or ""), _says(text)

    asker.takes("stop", call)


def _stream(asker: Asker) -> None:
    def call() -> tuple[bool, str]:
        chunks = _chunks(asker)
        return chunks > 0, _("{chunks} chunks").format(chunks=chunks)

    asker.takes(marked("stream"), call)


def _image(asker: Asker) -> None:
    def call() -> tuple[bool | None, str]:
        part = {"type": "image_url", "image_url": {"url": _red_square()}}
        question = {"type": "text", "text": "Which colour is this? One word."}
        text = asker.ask([question, part]).choices[0].message.content or ""
        seen = True if "red" in text.lower() else None
        return seen, _("of a red square it says: {text}").format(text=_start(text))

    asker.takes("images", call)


def _json(asker: Asker) -> None:
    formats: dict[str, dict[str, Any]] = {
        "json_object": {"type": "json_object"},
        "json_schema": {"type": "json_schema", "json_schema": SCHEMA},
    }
    question = 'Reply with the JSON object {"ok": true} and nothing else.'
    for name, wanted in formats.items():

        def call(wanted: dict[str, Any] = wanted) -> tuple[bool | None, str]:
            reply = asker.ask(question, response_format=wanted, limit=max(32, asker.found.room))
            text = reply.choices[0].message.content or ""
            try:
                json.loads(text)
            except ValueError:
                said = _("taken, but the reply is not JSON: {text}")
                return None, said.format(text=_start(text))
            return True, _says(text)

        asker.takes(name, call)
    taken = next((wanted for name, wanted in formats.items() if asker.found.row.get(name)), None)
    if taken is not None:

        def streamed() -> tuple[bool, str]:
            chunks = _chunks(asker, question, response_format=taken)
            return chunks > 0, _("{chunks} chunks").format(chunks=chunks)

        asker.takes("json_while_streaming", streamed)


def _tools(asker: Asker) -> None:
    def call() -> tuple[bool | None, str]:
        asked = "What time is it? Use the tool."
        message = asker.ask(asked, tools=[TOOL], limit=max(64, asker.found.room)).choices[0].message
        if message.tool_calls:
            return True, _("it calls the function")
        return None, _("taken, but the function was not called")

    asker.takes("tools", call)


def _responses(asker: Asker) -> None:
    def call() -> tuple[bool, str]:
        reply = asker.client.responses.create(
            model=asker.model, input="Say OK.", max_output_tokens=asker.found.room
        )
        if reply.usage is not None:
            sent, written = reply.usage.input_tokens, reply.usage.output_tokens
            usage = CompletionUsage(
                prompt_tokens=sent, completion_tokens=written, total_tokens=sent + written
            )
            counted = ChatCompletion.model_construct(model=reply.model, usage=usage)
            asker.meter.add(counted, asker.client)
        return True, _("/responses answers")

    asker.takes("responses", call)


PROBES = (_text, _temperature, _stop, _stream, _image, _json, _tools, _responses)


def _thinks(reply: ChatCompletion) -> bool:
    """Tell whether hidden thinking went before a reply."""
    details = reply.usage.completion_tokens_details if reply.usage else None
    choice = reply.choices[0]
    used_up = choice.finish_reason == "length" and not (choice.message.content or "").strip()
    return used_up or bool(details and details.reasoning_tokens)


def _chunks(asker: Asker, content: str = "Say OK.", **params: Any) -> int:
    """Return how many chunks a stream has, when it ends as it should; else 0."""
    options = {"include_usage": True}
    stream = asker.send(content, stream=True, stream_options=options, **params)
    if not hasattr(stream, "close"):
        raise not_a_reply(asker.client)
    chunks, ended = 0, False
    with stream:
        for chunk in stream:
            chunks += 1
            ended = ended or any(choice.finish_reason for choice in chunk.choices)
            if chunk.usage is not None and not chunk.choices:
                asker.meter.add(chunk, asker.client)
    return chunks if ended else 0


def _red_square() -> str:
    """Return a small picture as a data URL."""
    from PIL import Image

    raw = io.BytesIO()
    Image.new("RGB", (64, 64), "red").save(raw, "PNG")
    return f"data:image/png;base64,{base64.b64encode(raw.getvalue()).decode()}"


def _says(text: str | None) -> str:
    return _("it says: {text}").format(text=_start(text))


def _start(text: str | None) -> str:
    """Return the beginning of a reply, in one line."""
    return " ".join((text or "").split())[:40]


def _short(error: APIStatusError) -> str:
    """Return the provider's own words, cut."""
    body = error.body
    text = body.get("message") if isinstance(body, dict) else None
    said = " ".join(str(text or error).split())
    return said if len(said) <= 90 else said[:89] + "…"
