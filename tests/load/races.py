"""The pairs of commands that meet in a mall, each of which one may win."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from tests.load.connection import Answer, Connection

Ticket = dict[str, Any]


@dataclass(frozen=True)
class RaceSite:
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
    kiosk: Connection
    reception: Connection
    head: Connection
    officers: dict[int, Connection]

    def at(self, counter_id: int) -> Connection:
        """Return the officer of a counter."""
        return self.officers[counter_id]

    async def issue(self, *service_ids: int) -> Ticket:
        """Issue a ticket at the kiosk."""
        return await self.kiosk.done("/tickets", {"service_ids": [*service_ids]})

    async def command_at(self, counter_id: int, command: str, **body: Any) -> Ticket:
        """Give a command as a counter's officer; it must succeed."""
        path = f"/counters/{counter_id}/{command}"
        return await self.at(counter_id).done(path, body)

    async def called(self) -> Ticket:
        """Return a new ticket, called at the first counter."""
        ticket = await self.issue(self.first)
        return await self.command_at(self.one, "call", ticket_id=ticket["id"])

    async def serving(self) -> Ticket:
        """Return a new ticket, served at the first counter."""
        await self.called()
        return await self.command_at(self.one, "start")


class Command(NamedTuple):
    """A command that one caller is about to give."""

    caller: Connection
    path: str
    body: dict[str, Any]

    async def give(self) -> Answer:
        """Give it."""
        return await self.caller.post(self.path, self.body)


class CommandPair(NamedTuple):
    """Two shots at one ticket; ``tickets`` are all that were issued for it."""

    one: Command
    other: Command
    tickets: list[int]


async def recall_and_no_show(site: RaceSite) -> CommandPair:
    """The officer announces again while the supervisor marks the absence."""
    ticket = await site.called()
    seen = {"version": ticket["version"]}
    path = f"/counters/{site.one}"
    return CommandPair(
        Command(site.at(site.one), f"{path}/recall", seen),
        Command(site.head, f"{path}/no-show", {**seen, "reason": "left"}),
        [ticket["id"]],
    )


async def transfer_and_call(site: RaceSite) -> CommandPair:
    """Reception sends a visitor on whom a counter is calling."""
    ticket = await site.issue(site.first)
    seen = {"version": ticket["version"]}
    away = {**seen, "service_id": site.elsewhere}
    return CommandPair(
        Command(site.reception, f"/tickets/by-id/{ticket['id']}/transfer", away),
        _call(site, site.one, ticket, **seen),
        [ticket["id"]],
    )


async def undo_and_next(site: RaceSite) -> CommandPair:
    """The supervisor takes back the start of whom the officer has just served."""
    waiting = await site.issue(site.first)
    ticket = await site.serving()
    seen = {"version": ticket["version"]}
    path = f"/counters/{site.one}"
    return CommandPair(
        Command(site.head, f"{path}/undo", seen),
        Command(site.at(site.one), f"{path}/serve-next", seen),
        [ticket["id"], waiting["id"]],
    )


async def take_and_call(site: RaceSite) -> CommandPair:
    """Two counters want one visitor: one stands there, the other calls."""
    ticket = await site.issue(site.first)
    take = {"ticket_id": ticket["id"]}
    return CommandPair(
        Command(site.at(site.other), f"/counters/{site.other}/take", take),
        _call(site, site.one, ticket),
        [ticket["id"]],
    )


async def cancel_and_call(site: RaceSite) -> CommandPair:
    """The visitor gives up on the phone in the moment of the call."""
    ticket = await site.issue(site.first)
    visitor = Command(site.kiosk, f"/tickets/{ticket['token']}/cancel", {})
    return CommandPair(visitor, _call(site, site.one, ticket), [ticket["id"]])


async def call_and_call(site: RaceSite) -> CommandPair:
    """Two counters call one ticket that waits in several lines."""
    ticket = await site.issue(site.first, site.second)
    return CommandPair(
        _call(site, site.one, ticket), _call(site, site.third, ticket), [ticket["id"]]
    )


Race = Callable[[RaceSite], Awaitable[CommandPair]]
RACES: tuple[Race, ...] = (
    recall_and_no_show,
    transfer_and_call,
    undo_and_next,
    take_and_call,
    cancel_and_call,
    call_and_call,
)


def _call(site: RaceSite, counter_id: int, ticket: Ticket, **seen: int) -> Command:
    body = {"ticket_id": ticket["id"], **seen}
    return Command(site.at(counter_id), f"/counters/{counter_id}/call", body)
