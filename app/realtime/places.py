"""How many live sockets there may be, and for whom."""

from collections import Counter
from dataclasses import dataclass
from typing import Self

from app.errors import Busy, TooMany
from app.realtime.socket import Socket

MAX_SOCKETS = 5_000
MAX_OF_TICKET = 20
"""Screens that show one ticket: a visitor's, and those of the family."""
MAX_OF_ADDRESS = 400
"""Visitors' screens of one address: a hall's phones behind one access point."""
RETRY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """How many sockets there may be at all, and how many of them visitors'.

    The difference is kept for devices and staff, whoever floods the ticket pages.
    """

    total: int = MAX_SOCKETS
    visitors: int = MAX_SOCKETS * 3 // 4

    @classmethod
    def within(cls, descriptors: int) -> Self:
        """Return what a process with so many descriptors can hold.

        Three eighths are left to connections that come and go, and to files.
        """
        total = min(MAX_SOCKETS, descriptors * 5 // 8)
        return cls(total, total * 3 // 4)


class SocketPlaces:
    """Who holds a place: a visitor's socket rests on a ticket alone."""

    def __init__(self, limits: SocketLimits) -> None:
        self._limits = limits
        self._of_visitors: Counter[str] = Counter()
        self._visitors = 0
        self.count = 0

    def take(self, socket: Socket, on_topic: int) -> None:
        """Give a socket a place on a topic that so many watch already.

        Raises ``TooMany`` where a ticket or an address has its share, ``Busy`` where
        all places are taken.
        """
        if self.count >= self._limits.total:
            raise Busy(retry_after_seconds=RETRY_SECONDS)
        if socket.is_visitors:
            self._require_share(socket, on_topic)
            self._of_visitors[socket.address] += 1
            self._visitors += 1
        self.count += 1

    def leave(self, socket: Socket) -> None:
        """Take a socket's place back."""
        self.count -= 1
        if not socket.is_visitors:
            return
        self._visitors -= 1
        self._of_visitors[socket.address] -= 1
        if not self._of_visitors[socket.address]:
            del self._of_visitors[socket.address]

    def _require_share(self, socket: Socket, on_topic: int) -> None:
        if on_topic >= MAX_OF_TICKET:
            raise TooMany(retry_after_seconds=RETRY_SECONDS)
        if self._of_visitors[socket.address] >= MAX_OF_ADDRESS:
            raise TooMany(retry_after_seconds=RETRY_SECONDS)
        if self._visitors >= self._limits.visitors:
            raise Busy(retry_after_seconds=RETRY_SECONDS)
