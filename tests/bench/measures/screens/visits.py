"""Visits, one after the other: each step is awaited on every screen that watches."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import cycle
from time import perf_counter
from typing import NamedTuple

from tests.bench.sample import Sample, minus
from tests.bench.setup.clients import Clients, request
from tests.bench.setup.environment import Environment, Server
from tests.bench.setup.site import BenchCounter, Site
from tests.bench.setup.sockets import SNAPSHOT, Screens, Watching

QUIET_SECONDS = 0.3


class Visit(NamedTuple):
    """Somebody who waits, and the counter that will call."""

    counter: BenchCounter
    number: str


class Visits:
    """Who comes, is called and served, at one counter after the other."""

    def __init__(
        self, server: Server, site: Site, office: Clients, watching: Screens
    ) -> None:
        self.watching = watching
        self.sample = Sample()
        self.message = b""  # the newest call, as a screen receives it
        self._server, self._site, self._office = server, site, office
        self._counters = cycle(site.counters)

    async def open(self) -> None:
        """Open all counters, and wait until no screen hears of it any more."""
        await self._office.run(iter([c.command("open") for c in self._site.counters]))
        await asyncio.sleep(QUIET_SECONDS)

    async def come(self) -> Visit:
        """Let the next visitor take a number, until every screen counts it."""
        counter = next(self._counters)
        answer = await self._after(self._site.issue(counter.service_ids[0]), SNAPSHOT)
        return Visit(counter, json.loads(answer)["number"])

    async def call(self, visit: Visit) -> None:
        """Measure from sending the call until the last screen has the number."""
        before, began = self._server.cpu(), perf_counter()
        self.watching.expect(f'"number":{json.dumps(visit.number)}'.encode())
        await self._office.ask(visit.counter.command("call-next"))
        self.sample.took.append(await self.watching.last() - began)
        self.sample.spend(minus(self._server.cpu(), before))
        self.message = self.watching.newest

    async def leave(self, visit: Visit) -> None:
        """Serve, until every screen knows."""
        await self._after(visit.counter.command("serve"), SNAPSHOT)

    async def take_turn(self) -> None:
        """Take one visit from its beginning to its end."""
        visit = await self.come()
        await self.call(visit)
        await self.leave(visit)

    async def _after(self, command: bytes, needle: bytes) -> bytes:
        """Give a command and wait until every screen shows what came of it."""
        self.watching.expect(needle)
        answer = await self._office.ask(command)
        await self.watching.last()
        return answer


class Broadcasts:
    """The same bytes from a server that has nothing else to do."""

    def __init__(
        self,
        server: Server,
        send: Callable[[bytes], Awaitable[object]],
        receiving: Screens,
    ) -> None:
        self._server, self._send = server, send
        self.receiving = receiving
        self.sample = Sample()

    async def send(self, text: bytes) -> None:
        """Measure one broadcast; a number ahead tells it from the last."""
        marked = b"%d %s" % (len(self.sample.took), text)
        before, began = self._server.cpu(), perf_counter()
        self.receiving.expect(marked)
        await self._send(marked)
        self.sample.took.append(await self.receiving.last() - began)
        self.sample.spend(minus(self._server.cpu(), before))


@asynccontextmanager
async def visits_at(
    environment: Environment, site: Site, watchings: Sequence[Watching]
) -> AsyncIterator[tuple[Server, Visits]]:
    """Run the product on a site, every counter open, with these screens."""
    with environment.antrean(site) as server:
        async with (
            Clients(server.port, 1) as office,
            Screens(server.port, watchings) as watching,
        ):
            visits = Visits(server, site, office, watching)
            await visits.open()
            yield server, visits


@asynccontextmanager
async def bare_broadcasts(
    environment: Environment, watchings: Sequence[Watching]
) -> AsyncIterator[tuple[Server, Broadcasts]]:
    """Run a bare FastAPI server that sends to these screens, one after the other."""
    with environment.bare() as server:
        async with (
            Clients(server.port, 1) as sender,
            Screens(server.port, watchings) as receiving,
        ):

            async def send(text: bytes) -> bytes:
                return await sender.ask(request("PUT", "/broadcast", text))

            yield server, Broadcasts(server, send, receiving)
