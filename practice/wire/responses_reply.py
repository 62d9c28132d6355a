"""Replies of POST /v1/responses: the response object, and its events while it is written.

Source: OpenAI API reference, "The response object" and "Streaming events".
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from practice.wire.errors import ApiError
from practice.wire.pieces import Piece, Usage, identifier
from practice.wire.responses_request import ResponsesRequest, Tool


class Written:
    """One response. It has one item: a message, a function call, or hidden reasoning."""

    def __init__(
        self,
        given: ResponsesRequest,
        model: str,
        function: str | None,
        keep: Callable[[dict[str, Any]], None] = lambda response: None,
    ) -> None:
        self._keep = keep
        self._text = ""
        self._tokens: list[dict[str, Any]] = []
        self._finish: str | None = None
        self._usage: Usage | None = None
        self._refusal: str | None = None
        self._started = False
        self._sent = 0
        self._function = function
        self._item_id = identifier("fc_" if function else "msg_", 50)
        self._call_id = identifier("call_", 24)
        self._common = _echo(given) | {
            "id": identifier("resp_", 50),
            "object": "response",
            "created_at": int(time.time()),
            "model": model,
        }

    def whole(self, pieces: list[Piece], usage: Usage, refusal: str | None) -> dict[str, Any]:
        self._refusal = refusal
        for piece in pieces:
            self._take(piece)
        self._usage = usage
        done = self._response()
        self._keep(done)
        return done

    def opening(self) -> Iterator[str]:
        yield self._event("response.created", response=self._response())
        yield self._event("response.in_progress", response=self._response())

    def events(self, piece: Piece | Usage, refusal: str | None) -> Iterator[str]:
        if isinstance(piece, Usage):
            self._usage = piece
            return
        self._refusal = refusal
        hidden = piece.finish_reason is not None and not self._started and not piece.text
        if not self._started and not hidden:
            self._started = True
            yield self._event("response.output_item.added", output_index=0, item=self._item(True))
            if self._function is None:
                yield self._part("added", self._content(""))
        self._take(piece)
        if self._function is not None:
            if piece.text:
                kind = "response.function_call_arguments.delta"
                yield self._event(kind, item_id=self._item_id, output_index=0, delta=piece.text)
        elif refusal is not None and piece.finish_reason is None:
            yield self._event("response.refusal.delta", **self._place(), delta=refusal)
        elif piece.text:
            tokens = piece.logprobs or []
            kind = "response.output_text.delta"
            yield self._event(kind, **self._place(), delta=piece.text, logprobs=tokens)
        if piece.finish_reason is not None:
            yield from self._item_done()

    def closing(self) -> Iterator[str]:
        done = self._response()
        self._keep(done)  # before the client can know of it
        yield self._event(f"response.{done['status']}", response=done)

    def failure(self, problem: ApiError) -> str:
        body = problem.body()["error"]
        del body["type"]  # that of the event stands in its place
        return self._event("error", **body)

    def _take(self, piece: Piece) -> None:
        self._text += piece.text
        self._tokens += piece.logprobs or []
        self._finish = piece.finish_reason or self._finish

    def _item_done(self) -> Iterator[str]:
        if self._function is not None:
            kind = "response.function_call_arguments.done"
            yield self._event(
                kind,
                item_id=self._item_id,
                output_index=0,
                name=self._function,
                arguments=self._text,
            )
        elif self._refusal is not None:
            yield self._event("response.refusal.done", **self._place(), refusal=self._refusal)
            yield self._part("done", self._content(""))
        elif self._started:
            kind, tokens = "response.output_text.done", self._tokens
            yield self._event(kind, **self._place(), text=self._text, logprobs=tokens)
            yield self._part("done", self._content(self._text))
        for item in self._output():
            if not self._started:
                yield self._event("response.output_item.added", output_index=0, item=item)
            yield self._event("response.output_item.done", output_index=0, item=item)

    def _part(self, what: str, content: dict[str, Any]) -> str:
        return self._event(f"response.content_part.{what}", **self._place(), part=content)

    def _place(self) -> dict[str, Any]:
        return {"item_id": self._item_id, "output_index": 0, "content_index": 0}

    def _event(self, kind: str, **fields: Any) -> str:
        value = {"type": kind, "sequence_number": self._sent, **fields}
        self._sent += 1
        written = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return f"event: {kind}\ndata: {written}\n\n"

    def _response(self) -> dict[str, Any]:
        status, why = "in_progress", None
        if self._usage is not None:
            status = "completed" if self._complete() else "incomplete"
            why = None if self._complete() else {"reason": self._reason()}
        done: dict[str, Any] = {}
        if status == "completed":
            done["completed_at"] = int(time.time())
        if self._usage is not None:
            done["usage"] = _usage(self._usage)
        return (
            self._common
            | done
            | {
                "status": status,
                "incomplete_details": why,
                "output": self._output() if self._usage is not None else [],
            }
        )

    def _complete(self) -> bool:
        return self._finish not in ("length", "content_filter")

    def _reason(self) -> str:
        return "max_output_tokens" if self._finish == "length" else "content_filter"

    def _output(self) -> list[dict[str, Any]]:
        if not (self._text or self._refusal or self._function):
            return [{"id": identifier("rs_", 50), "type": "reasoning", "summary": []}]
        return [self._item(False)]

    def _item(self, new: bool) -> dict[str, Any]:
        """The item, as it begins or as it is now."""
        status = "in_progress" if new else "completed" if self._complete() else "incomplete"
        if self._function is not None:
            return {
                "id": self._item_id,
                "type": "function_call",
                "status": status,
                "call_id": self._call_id,
                "name": self._function,
                "arguments": "" if new else self._text,
            }
        return {
            "id": self._item_id,
            "type": "message",
            "status": status,
            "role": "assistant",
            "content": [] if new else [self._content(self._text)],
        }

    def _content(self, text: str) -> dict[str, Any]:
        if self._refusal is not None:
            return {"type": "refusal", "refusal": self._refusal}
        # The tokens belong to the finished text; a part that only begins has none.
        tokens = self._tokens if text else []
        return {"type": "output_text", "text": text, "annotations": [], "logprobs": tokens}


def _echo(given: ResponsesRequest) -> dict[str, Any]:
    """The fields of a response that repeat the request, with the API's defaults."""
    text = given.text.model_dump(by_alias=True, exclude_none=True) if given.text else {}
    choice = given.tool_choice
    reasoning = given.reasoning
    return {
        "background": False,
        "error": None,
        "instructions": given.instructions,
        "max_output_tokens": given.max_output_tokens,
        "max_tool_calls": given.max_tool_calls,
        "metadata": given.metadata or {},
        "parallel_tool_calls": given.parallel_tool_calls is not False,
        "previous_response_id": given.previous_response_id,
        "prompt_cache_key": given.prompt_cache_key,
        "reasoning": {
            "effort": reasoning.effort if reasoning else None,
            "summary": reasoning.summary if reasoning else None,
        },
        "safety_identifier": given.safety_identifier,
        "service_tier": "default",
        "temperature": 1.0 if given.temperature is None else given.temperature,
        "text": {"format": {"type": "text"}, "verbosity": "medium"} | text,
        "tool_choice": choice.model_dump()
        if choice and not isinstance(choice, str)
        else choice or "auto",
        "tools": [_tool(tool) for tool in given.tools or ()],
        "top_logprobs": given.top_logprobs or 0,
        "top_p": 1.0 if given.top_p is None else given.top_p,
        "truncation": given.truncation or "disabled",
    } | ({} if given.user is None else {"user": given.user})


def _tool(tool: Tool) -> dict[str, Any]:
    """A tool as it was given, and what it leaves out of what every tool has."""
    always = {"description": None, "parameters": None, "strict": None}
    return always | tool.model_dump(by_alias=True, exclude_none=True)


def _usage(usage: Usage) -> dict[str, Any]:
    return {
        "input_tokens": usage.prompt,
        "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
        "output_tokens": usage.completion,
        "output_tokens_details": {"reasoning_tokens": usage.reasoning},
        "total_tokens": usage.prompt + usage.completion,
    }
