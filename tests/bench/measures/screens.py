"""From a call to the last of 200 displays, beside a bare broadcast of its bytes."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from time import perf_counter

from tests.bench.sample import Sample, Table, figure, minus, share
from tests.bench.setup.clients import Clients, request
from tests.bench.setup.environment import Environment, Server
from tests.bench.setup.site import SCREENS, Site
from tests.bench.setup.sockets import SNAPSHOT, Screens

CALLS_PER_SECOND = 20
HEAD = (
    "measured",
    "calls",
    "p50 ms",
    "p99 ms",
    "CPU µs per display",
    "bytes",
    "p50, times the floor",
)


async def screens(environment: Environment, seconds: float) -> Table:
    """Measure twenty calls for each second asked for."""
    alike, apart = environment.site("alike"), environment.site("apart")
    with (
        environment.antrean(alike) as one,
        environment.antrean(apart) as many,
        environment.bare() as bare,
    ):
        async with (
            _watched(one, [alike.hall_display] * SCREENS) as (office, watching),
            _watched(many, apart.screens) as (other_office, all_watching),
            _watched(bare, alike.screens) as (sender, receiving),
        ):
            same = _Calls(one, alike, office, watching)
            own = _Calls(many, apart, other_office, all_watching)
            floor = _Broadcasts(bare, sender, receiving)
            for _ in range(max(2, round(seconds * CALLS_PER_SECOND))):
                await same.call()
                await own.call()
                await floor.send(watching.newest)
    rows = [
        _row(f"{SCREENS} screens of one display", same.sample, floor.sample, watching),
        _row(f"{SCREENS} displays", own.sample, floor.sample, all_watching),
        _row("floor: a bare broadcast", floor.sample, floor.sample, receiving),
    ]
    notes = (
        "From sending the officer's call-next to the last screen that has the number; "
        "the floor from sending the order to broadcast.",
    )
    return Table(f"Call to the last of {SCREENS} displays", HEAD, rows, notes)


@asynccontextmanager
async def _watched(
    server: Server, displays: Sequence[tuple[int, str]]
) -> AsyncIterator[tuple[Clients, Screens]]:
    """Connect the screens, and one client that gives the commands."""
    async with (
        Clients(server.port, 1) as client,
        Screens(server.port, displays) as watching,
    ):
        yield client, watching


class _Calls:
    """Calls at one counter after the other, each seen by every screen."""

    def __init__(
        self, server: Server, site: Site, office: Clients, watching: Screens
    ) -> None:
        self._server, self._site = server, site
        self._office, self._watching = office, watching
        self._counters = cycle(site.counters)
        self.sample = Sample()

    async def call(self) -> None:
        """Let somebody come, call and serve; only the call is measured."""
        counter = next(self._counters)
        await self._office.ask(counter.command("open"))
        came = await self._after(self._site.issue(counter.service_ids[0]), SNAPSHOT)
        number = json.dumps(json.loads(came)["number"])
        before, began = self._server.cpu(), perf_counter()
        self._watching.expect(f'"number":{number}'.encode())
        await self._office.ask(counter.command("call-next"))
        self.sample.took.append(await self._watching.last() - began)
        self.sample.spend(minus(self._server.cpu(), before))
        await self._after(counter.command("serve"), SNAPSHOT)

    async def _after(self, command: bytes, needle: bytes) -> bytes:
        """Give a command and wait until every screen shows what came of it."""
        self._watching.expect(needle)
        answer = await self._office.ask(command)
        await self._watching.last()
        return answer


class _Broadcasts:
    """The same bytes from a server that has nothing else to do."""

    def __init__(self, server: Server, sender: Clients, receiving: Screens) -> None:
        self._server, self._sender = server, sender
        self._receiving = receiving
        self.sample = Sample()

    async def send(self, text: bytes) -> None:
        """Measure one broadcast; a number ahead tells it from the last."""
        marked = b"%d %s" % (len(self.sample.took), text)
        before, began = self._server.cpu(), perf_counter()
        self._receiving.expect(marked)
        await self._sender.ask(request("PUT", "/broadcast", marked))
        self.sample.took.append(await self._receiving.last() - began)
        self.sample.spend(minus(self._server.cpu(), before))


def _row(
    what: str, sample: Sample, floor: Sample, screens_seen: Screens
) -> Sequence[str]:
    return (
        what,
        str(len(sample.took)),
        figure(sample.quantile(0.5)),
        figure(sample.quantile(0.99)),
        figure(sample.cpu_each() / SCREENS),
        f"{len(screens_seen.newest):,}",
        share(sample.quantile(0.5), floor.quantile(0.5)),
    )
