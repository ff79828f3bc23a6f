"""The server's open connections: how many there may be, and until when each.

uvicorn ends a connection that is idle between two requests, and no other: not one that
is silent, nor one that sends its head or body a byte at a time, nor one that reads
nothing (Kludex/uvicorn#157). Here each has a deadline that no byte prolongs, and where
places run out those give way that wait for nothing of ours.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable
from itertools import islice
from typing import Protocol

from app.process import descriptor_limit

HEAD_SECONDS = 20.0
"""From the connection, or a request's first byte, to the end of its head."""
BODY_SECONDS = 30.0
"""From the head to the end of the body."""
HANDSHAKE_SECONDS = 20.0
"""From a socket's head to its acceptance."""
READING_SECONDS = 60.0
"""How long a caller may take to read what it asked for."""
CLOSING_SECONDS = 10.0
"""How long a connection that we have closed may take to be gone."""
MAX_WAITING_OF_ADDRESS = 256
"""Connections of one address that ask for nothing: silent, half a head, idle."""
KEPT_DESCRIPTORS = 128
"""For the database, printers and files."""
MAX_UNACCEPTED = 512
"""Connections that wait to be taken in, where descriptors are no matter."""
UNREAD_SECONDS = 5.0
"""So long those beyond an address's share may wait: they may have asked, unread."""
ENDED_AT_ONCE = 100
"""Of one address, in one look at all connections: some 5 ms of the event loop."""

_SWEEP_SECONDS = 1.0
_ALERT_SECONDS = 60.0

security = logging.getLogger("antrean.security")


def max_unaccepted(descriptors: int) -> int:
    """Return how many connections may wait to be taken in.

    All that wait are taken in one turn of the event loop, 0.1 ms each, and have a
    descriptor before they can be refused. Who comes beyond asks again by itself after
    a second (TCP).
    """
    return min(MAX_UNACCEPTED, descriptors // 16)


def max_connections(descriptors: int) -> int:
    """Return how many connections there may be: the rest is for files and refusals."""
    return max(descriptors - KEPT_DESCRIPTORS - max_unaccepted(descriptors), 64)


class OpenConnection(Protocol):
    """A connection, as far as its place is concerned. Times are the event loop's."""

    address: str

    @property
    def due(self) -> float:
        """When it has to be done with what it is at."""
        ...

    def expire(self) -> None:
        """End it: its deadline has passed."""
        ...

    def give_way(self) -> None:
        """End it: somebody else needs its place."""
        ...

    def is_closing(self) -> bool:
        """Tell whether it is closed on our side."""
        ...

    def abort(self) -> None:
        """End it now, whatever has not been read yet."""
        ...


class Connections:
    """Every open connection of one server; belongs to its event loop.

    ``is_proxy`` tells of an address whether many callers share it.
    """

    def __init__(
        self,
        limit: int | None = None,
        *,
        is_proxy: Callable[[str], bool] = lambda _address: False,
    ) -> None:
        self.limit = limit or max_connections(descriptor_limit())
        self._is_proxy = is_proxy
        # since when it is closing; 0: it is not
        self._open: dict[OpenConnection, float] = {}
        # in the order in which they began to wait; a dict keeps it
        self._waiting: dict[OpenConnection, float] = {}
        self._waiting_of: dict[str, dict[OpenConnection, None]] = defaultdict(dict)
        self._sweep: asyncio.TimerHandle | None = None
        self._alerted_at: float | None = None

    def __len__(self) -> int:
        """Return how many are open."""
        return len(self._open)

    def enter(self, connection: OpenConnection) -> bool:
        """Take one in; False when there is no place, and it has to go."""
        if len(self._open) >= self.limit:
            oldest = next(iter(self._waiting), None)
            if oldest is None:
                self._alert("connections are refused", connection)
                return False
            self._end(oldest)
        self._open[connection] = 0.0
        if self._sweep is None:
            self._plan_sweep()
        return True

    def leave(self, connection: OpenConnection) -> None:
        """Forget one that is gone, or has become another's."""
        self._open.pop(connection, None)
        self.end_waiting(connection)

    def begin_waiting(self, connection: OpenConnection) -> None:
        """Note that a connection asks for nothing just now."""
        if connection not in self._open or connection in self._waiting:
            return
        self._waiting[connection] = asyncio.get_running_loop().time()
        self._waiting_of[connection.address][connection] = None

    def end_waiting(self, connection: OpenConnection) -> None:
        """Note that a connection is being served."""
        self._waiting.pop(connection, None)
        of_address = self._waiting_of.get(connection.address)
        if of_address is not None:
            of_address.pop(connection, None)
            if not of_address:
                del self._waiting_of[connection.address]

    def _end(self, waiting: OpenConnection) -> None:
        """End one that waits, for the sake of others."""
        self._alert("connections that ask for nothing are closed", waiting)
        self.leave(waiting)
        # it is not gone yet: it still has a descriptor
        self._open[waiting] = asyncio.get_running_loop().time()
        waiting.give_way()

    def _trim(self, now: float) -> None:
        """End what an address has beyond its share, the longest waiting first.

        Not at once: many may come together, and have asked before they are read.
        """
        for address, waiting in list(self._waiting_of.items()):
            excess = len(waiting) - MAX_WAITING_OF_ADDRESS
            if excess <= 0 or self._is_proxy(address):
                continue
            for connection in list(islice(waiting, min(excess, ENDED_AT_ONCE))):
                if now - self._waiting[connection] >= UNREAD_SECONDS:
                    self._end(connection)

    def _plan_sweep(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweep = loop.call_later(_SWEEP_SECONDS, self._run_sweep)

    def _run_sweep(self) -> None:
        """Look at every deadline; a timer each would cost every request three."""
        self._sweep = None
        if self._open:
            self._plan_sweep()
        now = asyncio.get_running_loop().time()
        self._trim(now)
        for connection, closing_since in list(self._open.items()):
            if connection.is_closing():
                self._look_at_closing(connection, closing_since, now)
            elif now >= connection.due:
                connection.expire()

    def _look_at_closing(
        self, connection: OpenConnection, since: float, now: float
    ) -> None:
        if not since:
            self._open[connection] = now
        # a transport waits for its last byte to be read, for ever if it must
        elif now - since >= CLOSING_SECONDS:
            connection.abort()

    def _alert(self, what: str, connection: OpenConnection) -> None:
        """Write one line a minute: the log may not be flooded either."""
        now = asyncio.get_running_loop().time()
        if self._alerted_at is None or now - self._alerted_at >= _ALERT_SECONDS:
            self._alerted_at = now
            security.warning(
                "%s open=%d limit=%d address=%s",
                what,
                len(self._open),
                self.limit,
                connection.address,
            )
