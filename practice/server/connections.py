"""Connections that do not make haste: uvicorn waits for ever for a request to arrive."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""For the request line and the headers."""

BODY_SECONDS = 90.0
"""For the body, also of a request that is refused without it. access.py answers 408 before that."""


class Connection(H11Protocol):
    """One client's connection, closed when its request does not arrive in time.

    Without it, somebody who opens connections and sends a byte now and then uses up the file
    descriptors that the system allows the process, and nobody else gets in.
    """

    _timer: asyncio.TimerHandle | None = None
    _awaited: object = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._wait_for(h11.IDLE)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # IDLE: a part of a head is here. Between requests, where nothing is, uvicorn's own limit
        # for idle connections holds until the next byte comes.
        self._wait_for(self.conn.their_state)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_for(None)
        super().connection_lost(exc)

    def _wait_for(self, state: object) -> None:
        """Give what the client has to send next its time, if that has not begun."""
        if state is self._awaited:
            return
        self._awaited = state
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if state is h11.IDLE:
            self._timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)
        elif state is h11.SEND_BODY:
            self._timer = self.loop.call_later(BODY_SECONDS, self.transport.close)
