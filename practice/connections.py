"""Connections that do not make haste: uvicorn waits for ever for the head of a request."""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""For the request line and the headers; app.py gives the body its own time."""


class Connection(H11Protocol):
    """One client's connection, closed when the head of its request does not arrive in time.

    Without it, somebody who opens connections and sends a byte now and then uses up the file
    descriptors that the system allows the process, and nobody else gets in.
    """

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._waiting = self.loop.call_later(HEAD_SECONDS, transport.close)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # IDLE: part of a head is here. Between requests, where nothing is, uvicorn's own limit
        # for idle connections holds until the next byte comes.
        if self.conn.their_state is not h11.IDLE:
            self._stop_waiting()
        elif self._waiting is None:
            self._waiting = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
