"""The pairs of commands that meet in a mall, each of which one may win."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from tests.load.wire import Answer, Wire

Ticket = dict[str, Any]


@dataclass(frozen=True)
class Hall:
    """Two counters of one agency, one of another, and everybody at work there.

    ``one`` and ``other`` are the counters that serve the service ``first``;
    ``third`` serves ``second``, of the other agency.
    """

    first: int
    second: int
    elsewhere: int
    one: int
    other: int
    third: int
    kiosk: Wire
    reception: Wire
    head: Wire
    officers: dict[int, Wire]

    def at(self, counter_id: int) -> Wire:
        """Return the officer of a counter."""
        return self.officers[counter_id]

    async def issue(self, *service_ids: int) -> Ticket:
        """Issue a ticket at the kiosk."""
        return await self.kiosk.done("/tickets", {"service_ids": [*service_ids]})

    async def give(self, counter_id: int, command: str, **body: Any) -> Ticket:
        """Give a command as a counter's officer; it must succeed."""
        path = f"/counters/{counter_id}/{command}"
        return await self.at(counter_id).done(path, body)

    async def called(self) -> Ticket:
        """Return a new ticket, called at the first counter."""
        ticket = await self.issue(self.first)
        return await self.give(self.one, "call", ticket_id=ticket["id"])

    async def serving(self) -> Ticket:
        """Return a new ticket, served at the first counter."""
        await self.called()
        return await self.give(self.one, "start")


class Shot(NamedTuple):
    """A command that one caller is about to give."""

    who: Wire
    path: str
    body: dict[str, Any]

    async def fire(self) -> Answer:
        """Give it."""
        return await self.who.post(self.path, self.body)


class Pair(NamedTuple):
    """Two shots at one ticket; ``tickets`` are all that were issued for it."""

    one: Shot
    other: Shot
    tickets: list[int]


async def recall_and_no_show(hall: Hall) -> Pair:
    """The officer announces again while the supervisor marks the absence."""
    ticket = await hall.called()
    seen = {"version": ticket["version"]}
    path = f"/counters/{hall.one}"
    return Pair(
        Shot(hall.at(hall.one), f"{path}/recall", seen),
        Shot(hall.head, f"{path}/no-show", {**seen, "reason": "left"}),
        [ticket["id"]],
    )


async def transfer_and_call(hall: Hall) -> Pair:
    """Reception sends a visitor on whom a counter is calling."""
    ticket = await hall.issue(hall.first)
    seen = {"version": ticket["version"]}
    away = {**seen, "service_id": hall.elsewhere}
    return Pair(
        Shot(hall.reception, f"/tickets/by-id/{ticket['id']}/transfer", away),
        _call(hall, hall.one, ticket, **seen),
        [ticket["id"]],
    )


async def undo_and_next(hall: Hall) -> Pair:
    """The supervisor takes back the start of whom the officer has just served."""
    waiting = await hall.issue(hall.first)
    ticket = await hall.serving()
    seen = {"version": ticket["version"]}
    path = f"/counters/{hall.one}"
    return Pair(
        Shot(hall.head, f"{path}/undo", seen),
        Shot(hall.at(hall.one), f"{path}/serve-next", seen),
        [ticket["id"], waiting["id"]],
    )


async def take_and_call(hall: Hall) -> Pair:
    """Two counters want one visitor: one stands there, the other calls."""
    ticket = await hall.issue(hall.first)
    take = {"ticket_id": ticket["id"]}
    return Pair(
        Shot(hall.at(hall.other), f"/counters/{hall.other}/take", take),
        _call(hall, hall.one, ticket),
        [ticket["id"]],
    )


async def cancel_and_call(hall: Hall) -> Pair:
    """The visitor gives up on the phone in the moment of the call."""
    ticket = await hall.issue(hall.first)
    visitor = Shot(hall.kiosk, f"/tickets/{ticket['token']}/cancel", {})
    return Pair(visitor, _call(hall, hall.one, ticket), [ticket["id"]])


async def call_and_call(hall: Hall) -> Pair:
    """Two counters call one ticket that waits in several lines."""
    ticket = await hall.issue(hall.first, hall.second)
    return Pair(
        _call(hall, hall.one, ticket), _call(hall, hall.third, ticket), [ticket["id"]]
    )


Race = Callable[[Hall], Awaitable[Pair]]
RACES: tuple[Race, ...] = (
    recall_and_no_show,
    transfer_and_call,
    undo_and_next,
    take_and_call,
    cancel_and_call,
    call_and_call,
)


def _call(hall: Hall, counter_id: int, ticket: Ticket, **seen: int) -> Shot:
    body = {"ticket_id": ticket["id"], **seen}
    return Shot(hall.at(counter_id), f"/counters/{counter_id}/call", body)
