"""Stopgap HTTP application (lead): plain and streaming chat, models, health. To be replaced."""

from __future__ import annotations

import hmac
import json
import os
import time
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from practice import config
from practice.engine import Engine, EngineError


def error(
    status: int,
    message: str,
    kind: str = "invalid_request_error",
    param: str | None = None,
    code: str | None = None,
) -> JSONResponse:
    return JSONResponse(
        {"error": {"message": message, "type": kind, "param": param, "code": code}},
        status,
        {"x-request-id": "req_" + uuid.uuid4().hex},
    )


def create_app(
    engine: Engine, *, key: str, on_activity: Callable[[], None] = lambda: None
) -> Starlette:
    def refuse(request: Request) -> Response | None:
        on_activity()
        sent = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not sent:
            return error(401, "You didn't provide an API key.")
        if sent == "simulate-no-credit":
            return error(
                429,
                "You have no credits remaining. Add credits to continue. [simulated by practice mode]",
                "insufficient_quota",
                None,
                "credit_balance_exhausted",
            )
        if not hmac.compare_digest(sent.encode(), key.encode()):
            return error(401, "Incorrect API key provided.", code="invalid_api_key")
        return None

    model = {
        "id": config.MODEL_ID,
        "object": "model",
        "created": 1738886400,
        "owned_by": "practice",
    }

    async def health(request: Request) -> Response:
        return JSONResponse({"status": "ok", "model": config.MODEL_ID, "pid": os.getpid()})

    async def models(request: Request) -> Response:
        return refuse(request) or JSONResponse({"object": "list", "data": [model]})

    async def chat(request: Request) -> Response:
        if no := refuse(request):
            return no
        body = json.loads(await request.body())
        if body.get("model") != config.MODEL_ID:
            return error(
                404,
                f"The model `{body.get('model')}` does not exist or you do not have access to it.",
                code="model_not_found",
            )
        ask = {
            k: body[k]
            for k in (
                "messages",
                "temperature",
                "top_p",
                "stop",
                "seed",
                "n",
                "response_format",
                "logprobs",
                "top_logprobs",
            )
            if k in body
        }
        for m in ask["messages"]:
            if m["role"] == "developer":
                m["role"] = "system"
        ask["max_tokens"] = body.get("max_completion_tokens", body.get("max_tokens", 512))
        ask["stream_options"] = {"include_usage": True}
        name = "chatcmpl-" + uuid.uuid4().hex
        base = {
            "id": name,
            "created": int(time.time()),
            "model": config.MODEL_ID,
            "service_tier": "default",
            "system_fingerprint": "fp_practice",
        }

        def usage(u: dict[str, Any]) -> dict[str, Any]:
            return {
                "prompt_tokens": u["prompt_tokens"],
                "completion_tokens": u["completion_tokens"],
                "total_tokens": u["total_tokens"],
                "prompt_tokens_details": {"cached_tokens": 0, "audio_tokens": 0},
                "completion_tokens_details": {
                    "reasoning_tokens": 0,
                    "audio_tokens": 0,
                    "accepted_prediction_tokens": 0,
                    "rejected_prediction_tokens": 0,
                },
            }

        if body.get("stream"):
            wants = (body.get("stream_options") or {}).get("include_usage")

            async def events() -> AsyncIterator[str]:
                async for c in engine.stream(ask):
                    if c["choices"]:
                        for ch in c["choices"]:
                            if ch["delta"].get("role"):
                                ch["delta"]["content"] = ""
                            ch.setdefault("logprobs", None)
                        yield (
                            "data: "
                            + json.dumps(
                                base
                                | {"object": "chat.completion.chunk", "choices": c["choices"]}
                                | ({"usage": None} if wants else {})
                            )
                            + "\n\n"
                        )
                    elif wants:
                        yield (
                            "data: "
                            + json.dumps(
                                base
                                | {
                                    "object": "chat.completion.chunk",
                                    "choices": [],
                                    "usage": usage(c["usage"]),
                                }
                            )
                            + "\n\n"
                        )
                yield "data: [DONE]\n\n"

            return StreamingResponse(events(), media_type="text/event-stream")
        texts: dict[int, str] = {}
        reasons: dict[int, str] = {}
        total: dict[str, Any] = {}
        try:
            async for c in engine.stream(ask):
                total = c.get("usage", total)
                for ch in c["choices"]:
                    i = ch["index"]
                    texts[i] = texts.get(i, "") + (ch["delta"].get("content") or "")
                    reasons[i] = ch["finish_reason"] or reasons.get(i, "")
        except EngineError as e:
            return error(400, str(e), param="messages", code="context_length_exceeded")
        return JSONResponse(
            base
            | {
                "object": "chat.completion",
                "usage": usage(total),
                "choices": [
                    {
                        "index": i,
                        "finish_reason": reasons[i],
                        "logprobs": None,
                        "message": {
                            "role": "assistant",
                            "content": t,
                            "refusal": None,
                            "annotations": [],
                        },
                    }
                    for i, t in sorted(texts.items())
                ],
            },
            headers={"x-request-id": "req_" + uuid.uuid4().hex},
        )

    return Starlette(
        routes=[
            Route("/health", health),
            Route("/v1/models", models),
            Route("/v1/chat/completions", chat, methods=["POST"]),
        ]
    )
