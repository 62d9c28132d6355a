"""Connections that do not make haste, and how many there may be: uvicorn limits neither."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import time
from typing import ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""For the request line and the headers."""

BODY_SECONDS = 90.0
"""For the body, also of a request that is refused without it. access.py answers 408 before that."""

UNREAD_SECONDS = 10.0
"""For a client to read on while others wait; six times as long while nobody does."""

SEND_BUFFER = 8192
"""Bytes: what a client does not read is noticed soon, and not written on for minutes."""


class Connection(H11Protocol):
    """One client's connection, closed when its request does not arrive in time, or is not read.

    Without it, somebody who opens connections and sends a byte now and then uses up the file
    descriptors that the system allows the process, and nobody else gets in.
    """

    most: ClassVar[int] = 512
    """Connections in all. `make_room` lowers it to what the system allows."""
    most_of_one: ClassVar[int] = 256
    """Of one address. A school may share one, so it is many."""

    _timer: asyncio.TimerHandle | None = None
    _awaited: object = None
    _unread: asyncio.TimerHandle | None = None
    _since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._since = time.monotonic()
        transport.set_write_buffer_limits(high=0)
        with contextlib.suppress(OSError, AttributeError):
            transport.get_extra_info("socket").setsockopt(
                socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER
            )
        self._wait_for(h11.IDLE)
        self._make_way()

    def data_received(self, data: bytes) -> None:
        self._since = time.monotonic()
        super().data_received(data)
        # IDLE: a part of a head is here. Between requests, where nothing is, uvicorn's own limit
        # for idle connections holds until the next byte comes.
        self._wait_for(self.conn.their_state)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait_for(None)
        self._read_on()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(UNREAD_SECONDS, self._not_read, 1)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._read_on()

    def _read_on(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None

    def _not_read(self, times: int) -> None:
        """Give up a reply that nobody reads: it takes a place that others wait for."""
        if len(self.tasks) > 1 or times >= 6:
            self.transport.abort()
        else:
            self._unread = self.loop.call_later(UNREAD_SECONDS, self._not_read, times + 1)

    def _make_way(self) -> None:
        """Close the connection that has been idle longest where there is one too many."""
        ours = [one for one in self._all() if one.address == self.address]
        crowd = ours if len(ours) > self.most_of_one else self._all()
        if len(ours) > self.most_of_one or len(crowd) > self.most:
            idle = [one for one in crowd if one is not self and one.is_idle]
            longest = min(idle, key=lambda one: one._since, default=self)
            longest.transport.abort()
            self.connections.discard(longest)

    def _all(self) -> list[Connection]:
        return [one for one in self.connections if isinstance(one, Connection)]

    @property
    def address(self) -> str:
        """Where the client is; its port is another for each connection."""
        return self.client[0] if self.client else ""

    @property
    def is_idle(self) -> bool:
        """Whether no request is under way."""
        return self.cycle is None or self.cycle.response_complete

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


def make_room() -> None:
    """Have the system allow files enough, and take no more connections than it does."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY:
        return
    wanted = 4096 if hard == resource.RLIM_INFINITY else min(hard, 4096)
    if soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    Connection.most = min(Connection.most, soft // 2)
    Connection.most_of_one = min(Connection.most_of_one, Connection.most)
