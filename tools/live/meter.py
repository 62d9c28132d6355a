"""A gate on this computer before the real provider: it hands requests on, and counts.

The lessons get its address and a key of its own, so the real key reaches no notebook. Standard
library only: it knows HTTP proxies from the environment, as the SDK does.
"""

from __future__ import annotations

import json
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from openai.types import CompletionUsage

SECONDS = 120
"""How long the provider may take for an answer, or for the next piece of one."""

LETTERS = 4
"""Characters per token where a stream tells no usage: a rule of thumb for English."""

Price = Callable[[str, CompletionUsage], float | None]


@dataclass
class Spent:
    """Calls, tokens in and out, and dollars; ``unknown`` calls had no list price."""

    calls: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    dollars: float = 0.0
    unknown: int = 0

    def add(self, tokens_in: int, tokens_out: int, dollars: float | None) -> None:
        """Count one call."""
        self.calls += 1
        self.tokens_in += tokens_in
        self.tokens_out += tokens_out
        self.dollars += dollars or 0.0
        self.unknown += dollars is None

    def since(self, before: Spent) -> Spent:
        """Return what was spent after `before`."""
        return Spent(
            self.calls - before.calls,
            self.tokens_in - before.tokens_in,
            self.tokens_out - before.tokens_out,
            self.dollars - before.dollars,
            self.unknown - before.unknown,
        )


class Meter(ThreadingHTTPServer):
    """The gate. ``base_url`` and ``key`` are for the lessons; ``spent`` is what went through.

    Once ``is_over`` says so of what was spent, every request is refused with 429.
    """

    daemon_threads = True

    def __init__(
        self, real_url: str, real_key: str, price: Price, is_over: Callable[[Spent], bool]
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.real_url, self._real_key = real_url.rstrip("/"), real_key
        self.key = f"metered-{secrets.token_hex(8)}"
        self.price, self.is_over = price, is_over
        self.spent, self.lock = Spent(), threading.Lock()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def ask(self, method: str, path: str, body: bytes | None) -> Any:
        """Send a request to the provider; return its answer, also where that is an error."""
        headers = {"authorization": f"Bearer {self._real_key}", "content-type": "application/json"}
        address = self.real_url + path.removeprefix("/v1")
        request = urllib.request.Request(address, body, headers, method=method)  # noqa: S310
        try:
            return urllib.request.urlopen(request, timeout=SECONDS)  # noqa: S310
        except urllib.error.HTTPError as error:
            return error

    def count(self, asked: dict[str, Any], replies: Iterable[dict[str, Any]]) -> None:
        """Count a call by the usage of its reply; without one, by its length."""
        usage, written = None, 0
        for reply in replies:
            whole = reply.get("response") or reply  # as the Responses API streams it
            usage = whole.get("usage") or usage
            written += len(json.dumps(reply.get("choices") or reply.get("delta") or ""))
        if usage:
            into = usage.get("prompt_tokens", usage.get("input_tokens", 0))
            out = usage.get("completion_tokens", usage.get("output_tokens", 0))
        else:
            into, out = len(json.dumps(asked)) // LETTERS, written // LETTERS
        tokens = CompletionUsage(prompt_tokens=into, completion_tokens=out, total_tokens=into + out)
        with self.lock:
            self.spent.add(into, out, self.price(str(asked.get("model")), tokens))

    def server_close(self) -> None:
        self.shutdown()
        super().server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Meter

    def do_GET(self) -> None:
        self._hand_on("GET", None)

    def do_DELETE(self) -> None:
        self._hand_on("DELETE", None)

    def do_POST(self) -> None:
        self._hand_on("POST", self.rfile.read(int(self.headers["content-length"])))

    def _hand_on(self, method: str, body: bytes | None) -> None:
        meter = self.server
        if self.headers["authorization"] != f"Bearer {meter.key}":
            # A lesson that shows a wrong key is to see the provider's own answer to one.
            self._refuse(401, "Incorrect API key provided.", "invalid_api_key")
        elif meter.is_over(meter.spent):
            self._refuse(429, "The budget of this run is spent.", "insufficient_quota")
        else:
            with meter.ask(method, self.path, body) as answer:
                self._pass(answer, json.loads(body) if body else {})

    def _pass(self, answer: Any, asked: dict[str, Any]) -> None:
        """Give the answer to the lesson as it comes, then count it."""
        kind = answer.headers.get("content-type", "application/json")
        # The end of the connection is the end of the answer.
        self.send_response(answer.status)
        self.send_header("content-type", kind)
        for name in ("retry-after", "x-request-id"):
            if answer.headers.get(name):
                self.send_header(name, answer.headers[name])
        self.end_headers()
        got = []
        try:
            for line in answer:
                got.append(line)
                self.wfile.write(line)
                self.wfile.flush()
        except ConnectionError:
            pass  # the reader has gone; what was written is paid for
        if asked and answer.status == 200:
            self.server.count(asked, _replies(b"".join(got), kind))

    def _refuse(self, status: int, message: str, code: str) -> None:
        error = {"message": message, "type": code, "param": None, "code": code}
        raw = json.dumps({"error": error}).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("x-should-retry", "false")
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_: object) -> None:
        pass


def _replies(raw: bytes, kind: str) -> list[dict[str, Any]]:
    """The reply, or the chunks of a stream, as far as they came."""
    texts = [raw]
    if kind.startswith("text/event-stream"):
        texts = [line[6:] for line in raw.splitlines() if line.startswith(b"data: {")]
    found = []
    for text in texts:
        try:
            found.append(json.loads(text))
        except ValueError:
            continue
    return [one for one in found if isinstance(one, dict)]
