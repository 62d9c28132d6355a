"""A stream of server-sent events that gives a sign of life while there is nothing to send."""

from __future__ import annotations

import asyncio
import contextlib
import time

from starlette.responses import StreamingResponse
from starlette.types import Message, Send

SIGN_SECONDS = 5.0
"""A client may give up a stream that is silent for a few times as long (helpers: 20 s)."""

SIGN_OF_LIFE = b": still here\n\n"  # a comment, which every reader of events passes over


class EventStream(StreamingResponse):
    """A streaming response whose reader can tell a long wait from a service that is gone."""

    media_type = "text/event-stream"

    async def stream_response(self, send: Send) -> None:
        sent_at = time.monotonic()

        async def send_and_note(message: Message) -> None:
            nonlocal sent_at
            await send(message)
            sent_at = time.monotonic()

        async def give_signs() -> None:
            sign = {"type": "http.response.body", "body": SIGN_OF_LIFE, "more_body": True}
            with contextlib.suppress(OSError):  # the reader has left
                while True:
                    silent = time.monotonic() - sent_at
                    if silent >= SIGN_SECONDS:
                        await send_and_note(sign)
                    else:
                        await asyncio.sleep(SIGN_SECONDS - silent)

        signs = asyncio.create_task(give_signs())
        try:
            await super().stream_response(send_and_note)
        finally:
            signs.cancel()
