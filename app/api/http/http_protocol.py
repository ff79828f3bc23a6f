"""HTTP connections with a place and a deadline each (``connections``)."""

import asyncio
import re
from math import inf
from typing import Any

from app.api.http.bad_requests import ProblemHttpProtocol, raw_problem
from app.api.http.connections import (
    BODY_SECONDS,
    HANDSHAKE_SECONDS,
    HEAD_SECONDS,
    READING_SECONDS,
    Connections,
)
from app.api.http.turns import Turns

_TOO_LATE = raw_problem(
    408,
    "Request Timeout",
    "too-late",
    "The request did not come to its end",
    "The head or the body of the request took too long to arrive.",
)
_NO_PLACE = raw_problem(
    503,
    "Service Unavailable",
    "busy",
    "Too many connections are open",
    "This connection asked for nothing, and another one needed its place.",
)
IS_KNOWN = "is_known"
"""In the state of a request's scope: whether its caller is staff or a device."""
MAX_UNREAD_BYTES = 16 * 1024
"""What may wait for its turn before no more is read."""
_CREDENTIAL = re.compile(
    rb"\r\n(?:authorization: *bearer |cookie:[^\r\n]*antrean_(?:staff|kiosk|display))",
    re.IGNORECASE,
)
"""What staff and devices show, true or not: whether it is good is asked later."""
_HANDSHAKE = re.compile(rb"\r\nupgrade: *websocket", re.IGNORECASE)


class LimitedHttpProtocol(ProblemHttpProtocol):
    """uvicorn's HTTP, ended when a head, a body or a reader takes too long."""

    def __init__(
        self,
        *args: Any,
        places: Connections,
        turns: Turns,
        upgrades: Turns,
        known_upgrades: Turns,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self._turns, self._unread = turns, bytearray()
        self.address = "?"
        self._places = places
        self._upgrades, self._known_upgrades = upgrades, known_upgrades
        self._arriving_due = self._reading_due = inf
        self._is_in_head = self._is_in_body = False
        self._is_upgrading = self._has_received = False

    @property
    def due(self) -> float:
        """The event loop's time by which it has to be done with what it is at."""
        return min(self._arriving_due, self._reading_due)

    def connection_made(  # type: ignore[override]
        self, transport: asyncio.Transport
    ) -> None:
        """Take the connection in, or refuse it where no place is left."""
        super().connection_made(transport)
        if self.client is not None:
            self.address = self.client[0]
        self._arriving_due = self.loop.time() + HEAD_SECONDS
        if self._places.enter(self):
            self._places.begin_waiting(self)
        else:
            self.give_way()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the place to others."""
        self._places.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came: at once where a credential is shown, else in its turn."""
        self._has_received = True
        if self._unread:
            self._unread += data
        elif _CREDENTIAL.search(data) and not _HANDSHAKE.search(data):
            self._parse(data)
        else:
            self._unread += data
            self._turns.plan(self._parse_unread)
        if len(self._unread) > MAX_UNREAD_BYTES:
            self.flow.pause_reading()

    def _parse_unread(self) -> None:
        data, self._unread = bytes(self._unread), bytearray()
        # who has gone meanwhile has asked for nothing that was begun
        if data and self._may_go_on():
            if len(data) > MAX_UNREAD_BYTES:
                self.flow.resume_reading()
            self._parse(data)

    def _parse(self, data: bytes) -> None:
        super().data_received(data)
        # blank lines too: uvicorn lets each prolong the time of idleness
        if self._is_between_requests() and self._arriving_due == inf:
            self._arriving_due = self.loop.time() + HEAD_SECONDS

    def on_message_begin(self) -> None:
        """Note that a head has begun."""
        self._is_in_head = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Give the body its time."""
        self._is_in_head, self._is_in_body = False, True
        self._arriving_due = self.loop.time() + BODY_SECONDS
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Let the server take what time it needs."""
        self._is_in_body = False
        self._arriving_due = inf
        self._places.end_waiting(self)
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Wait for the next request: it may be long in coming (uvicorn ends that)."""
        super().on_response_complete()
        if not self.flow.write_paused:
            self._reading_due = inf
        if not self.pipeline:
            # staff and devices keep their line, whoever needs a place: for as long as
            # uvicorn lets it be idle
            if not self.scope["state"].get(IS_KNOWN):
                self._places.begin_waiting(self)
            if self._is_in_head:
                self._arriving_due = self.loop.time() + HEAD_SECONDS

    def pause_writing(self) -> None:
        """Give the caller time to read; the first pause of an answer counts."""
        self._reading_due = min(self._reading_due, self.loop.time() + READING_SECONDS)
        super().pause_writing()

    def resume_writing(self) -> None:
        """Go on, within the time that the answer as a whole has."""
        super().resume_writing()
        if self.cycle is None or self.cycle.response_complete:
            self._reading_due = inf

    def handle_websocket_upgrade(self) -> None:
        """Have the handshake done in its turn: it is the dearest of requests."""
        self._is_upgrading = True
        self._places.end_waiting(self)
        self._arriving_due = self.loop.time() + HANDSHAKE_SECONDS
        # what follows is for the other protocol
        self.transport.pause_reading()
        # screens that lost their line do not wait for strangers to get one
        head = b"".join(b"\r\n%s:%s" % header for header in self.headers)
        upgrades = self._known_upgrades if _CREDENTIAL.search(head) else self._upgrades
        upgrades.plan(self._upgrade)

    def expire(self) -> None:
        """End what took too long; who has said nothing is told nothing."""
        is_unread = self._reading_due <= self._arriving_due
        self._arriving_due = self._reading_due = inf
        if is_unread:
            self.transport.abort()
        elif self._has_received and not self._is_upgrading:
            self._refuse(_TOO_LATE)
        else:
            self.transport.close()

    def give_way(self) -> None:
        """Close at once, with a problem document where an answer may be expected."""
        self._is_refused = True
        is_idle = self.cycle is not None and self._is_between_requests()
        if (self._is_in_head or not is_idle) and self._take_answer_over():
            self.transport.write(_NO_PLACE)
        self.transport.close()

    def is_closing(self) -> bool:
        """Tell whether it is closed on our side."""
        return self.transport.is_closing()

    def abort(self) -> None:
        """Close without waiting for anything to be read."""
        self.transport.abort()

    def _upgrade(self) -> None:
        if self.transport.is_closing():
            return
        self._places.leave(self)
        self.transport.resume_reading()
        super().handle_websocket_upgrade()

    def _is_between_requests(self) -> bool:
        is_answered = self.cycle is None or self.cycle.response_complete
        return is_answered and not self._is_in_body

    def _may_go_on(self) -> bool:
        return not self._is_upgrading and super()._may_go_on()
