"""A provider played on this computer: it refuses what the provider's row says it refuses.

What it takes, it hands on to the practice service, so that a real model answers. Without one it
answers a single word. Standard library only, as no test of it should hang on what it tests.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from helpers.connection.providers import Provider
from practice.rules.models import default_limit

KEY = "stand-in-key"
MODEL = "stand-in-model"
"""The name where the row has none."""

THOUGHT, LEAST = 400, 48
"""Tokens of hidden thinking: as it likes, and at its least."""

DEFAULTS = {"temperature": 1, "top_p": 1, "presence_penalty": 0, "frequency_penalty": 0}

PAGE = b"<!doctype html><title>A page</title><p>This is a web page, not an API."

Body = dict[str, Any]


class Refusal(NamedTuple):
    """An answer with an error."""

    status: int
    message: str
    code: str | None = None


class Upstream(NamedTuple):
    """The practice service behind it."""

    base_url: str
    key: str
    model: str


def refusal(body: Body, row: Provider) -> Refusal | None:
    """Return why the provider of ``row`` refuses a chat request, or None."""
    other = {"max_tokens": "max_completion_tokens"}.get(row.token_limit, "max_tokens")
    if other in body and not row.as_written:
        return _unsupported(other)
    for name in row.refuses:
        if name in body and body[name] != DEFAULTS.get(name):
            text = f"invalid {name}: only {DEFAULTS.get(name)} is allowed for this model"
            return Refusal(400, text)
    kind = (body.get("response_format") or {}).get("type", "text")
    if kind != "text":
        if getattr(row, kind) is False:
            return Refusal(400, f"This response_format type is unavailable: {kind}")
        if body.get("stream") and row.json_while_streaming is False:
            return Refusal(400, "response_format is not supported while streaming")
    if body.get("tools") and row.tools is False:
        return _unsupported("tools")
    for url in _pictures(body):
        if row.images is False:
            return Refusal(400, "image_url is only supported by certain models", "invalid_value")
        if row.image_urls is False and not url.startswith("data:"):
            return Refusal(400, "invalid image_url: only base64 data is supported")
    return None


def thought(body: Body, row: Provider) -> int:
    """Return the tokens that the model thinks, unseen, before it answers."""
    if row.thinking not in ("default", "always"):
        return 0
    asked_for = row.thinking_off.items() <= body.items()
    if row.thinking == "default":
        return 0 if asked_for else THOUGHT
    return LEAST if asked_for else THOUGHT


class StandIn(ThreadingHTTPServer):
    """The provider of ``row`` on a port of its own; ``asked`` keeps each chat request it got.

    ``out_of_balance`` answers every request with 402, ``web_page`` with HTML.
    """

    daemon_threads = True

    def __init__(
        self,
        row: Provider,
        upstream: Callable[[], Upstream] | None = None,
        *,
        out_of_balance: bool = False,
        web_page: bool = False,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.row, self.upstream = row, upstream
        self.out_of_balance, self.web_page = out_of_balance, web_page
        self.asked: list[Body] = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def model(self) -> str:
        return self.row.model or MODEL

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def server_close(self) -> None:
        self.shutdown()
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    server: StandIn

    def do_GET(self) -> None:
        if self.server.web_page:
            self._answer(200, PAGE, "text/html")
        elif self.path == "/v1/models":
            model = {"id": self.server.model, "object": "model", "created": 1, "owned_by": "me"}
            self._json(200, {"object": "list", "data": [model]})
        else:
            self._refuse(Refusal(404, f"Invalid URL (GET {self.path})"))

    def do_POST(self) -> None:
        body: Body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        row = self.server.row
        if self.server.web_page:
            self._answer(200, PAGE, "text/html")
        elif self.server.out_of_balance:
            self._refuse(Refusal(402, "Insufficient Balance"))
        elif self.headers["authorization"] != f"Bearer {KEY}" and row.needs_key:
            self._refuse(Refusal(401, "Incorrect API key provided.", "invalid_api_key"))
        elif body.get("model") != self.server.model:
            text = (
                f"The model `{body.get('model')}` does not exist or you do not have access to it."
            )
            self._refuse(Refusal(404, text, "model_not_found"))
        elif self.path == "/v1/chat/completions":
            self._chat(body, row)
        elif self.path == "/v1/responses" and row.responses is not False and self.server.upstream:
            self._hand_on(body, 0)
        else:
            self._refuse(Refusal(404, f"Invalid URL (POST {self.path})"))

    def _chat(self, body: Body, row: Provider) -> None:
        """Refuse, think the limit away, or answer."""
        self.server.asked.append(dict(body))
        if refused := refusal(body, row):
            self._refuse(refused)
            return
        hidden, limit = thought(body, row), body.get(row.token_limit)
        if limit is not None and limit <= hidden:
            self._say("", "length", limit, limit, body)
            return
        for name in row.thinking_off:
            body.pop(name, None)
        if limit is not None:
            body[row.token_limit] = limit - hidden
            if limit - hidden > default_limit():  # the practice model may never come to an end
                del body[row.token_limit]
        if self.server.upstream:
            self._hand_on(body, hidden)
        else:
            text = '{"ok": true}' if body.get("response_format") else "Hi"
            self._say(text, "stop", hidden + 1, hidden, body)

    def _say(self, text: str, reason: str, written: int, hidden: int, body: Body) -> None:
        """Answer without a model."""
        usage = {
            "prompt_tokens": 10,
            "completion_tokens": written,
            "total_tokens": 10 + written,
            "completion_tokens_details": {"reasoning_tokens": hidden},
        }
        reply: Body = {"id": "chatcmpl-1", "created": 1, "model": self.server.model}
        choice: Body = {"index": 0, "finish_reason": reason}
        message = {"role": "assistant", "content": text}
        if not body.get("stream"):
            choices = [choice | {"message": message}]
            whole = {"object": "chat.completion", "choices": choices, "usage": usage}
            self._json(200, reply | whole)
            return
        reply["object"] = "chat.completion.chunk"
        chunks = [reply | {"choices": [choice | {"delta": message}]}]
        if (body.get("stream_options") or {}).get("include_usage"):
            chunks.append(reply | {"choices": [], "usage": usage})
        lines = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
        self._answer(200, "".join([*lines, "data: [DONE]\n\n"]).encode(), "text/event-stream")

    def _hand_on(self, body: Body, hidden: int) -> None:
        """Let the practice service answer, under the provider's name for its model."""
        assert self.server.upstream, "nothing to hand on to"
        upstream = self.server.upstream()  # each time: a lesson may have had it replaced
        host = urlsplit(upstream.base_url).netloc
        path = urlsplit(upstream.base_url).path.rstrip("/") + self.path.removeprefix("/v1")
        sent = json.dumps(body | {"model": upstream.model}).encode()
        headers = {"authorization": f"Bearer {upstream.key}", "content-type": "application/json"}
        web = http.client.HTTPConnection(host, timeout=120)
        # A reader that has gone ends the generation, too.
        with contextlib.closing(web), contextlib.suppress(ConnectionError):
            web.request("POST", path, sent, headers)
            answer = web.getresponse()
            kind = answer.headers["content-type"]
            if not kind.startswith("text/event-stream"):
                whole = json.loads(answer.read())
                self._json(answer.status, self._ours(whole, hidden))
                return
            self._head(answer.status, kind)
            for line in answer:
                self.wfile.write(self._line(line, hidden))
                self.wfile.flush()

    def _line(self, line: bytes, hidden: int) -> bytes:
        """Return a line of a stream with the provider's names and counts."""
        if not line.startswith(b"data: {"):
            return line
        return b"data: " + json.dumps(self._ours(json.loads(line[6:]), hidden)).encode() + b"\n"

    def _ours(self, reply: Body, hidden: int) -> Body:
        """Return a reply with the provider's name for the model, and its thinking counted."""
        if "model" in reply:
            reply["model"] = self.server.model
        usage = reply.get("usage")
        if hidden and usage:
            usage["completion_tokens"] += hidden
            usage["total_tokens"] += hidden
            usage["completion_tokens_details"]["reasoning_tokens"] += hidden
        return reply

    def _refuse(self, refused: Refusal) -> None:
        kind = "invalid_request_error"
        error = {"message": refused.message, "type": kind, "param": None, "code": refused.code}
        self._json(refused.status, {"error": error})

    def _json(self, status: int, body: Body) -> None:
        self._answer(status, json.dumps(body).encode(), "application/json")

    def _answer(self, status: int, raw: bytes, kind: str) -> None:
        self._head(status, kind)
        self.wfile.write(raw)

    def _head(self, status: int, kind: str) -> None:
        # The end of the connection is the end of the answer.
        self.send_response(status)
        self.send_header("content-type", kind)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


def _unsupported(name: str) -> Refusal:
    text = f"Unsupported parameter: '{name}' is not supported with this model."
    return Refusal(400, text, "unsupported_parameter")


def _pictures(body: Body) -> Iterator[str]:
    """Yield the address of each picture in a chat request."""
    for message in body.get("messages", []):
        for part in message["content"] if isinstance(message.get("content"), list) else []:
            if part.get("type") == "image_url":
                yield part["image_url"]["url"]
