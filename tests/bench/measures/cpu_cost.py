"""What the main jobs cost the server's process, as multiples of a bare route.

A ticket and a ticket with its slip, at four kiosks whose printers are outside the
process, at 32 clients; a call and a serving at 40 counters; in turns with a bare
FastAPI route. The CPU of the whole process counts, whatever thread spends it. Of the
slips counts what falls into the issuing; before the next turn all of them are awaited.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from itertools import chain, cycle, islice
from time import perf_counter

from printer.emulator import PrinterEmulator
from tests.bench.measurement import LEDGER, LOOP, measure
from tests.bench.measures.dead_printer import place_kiosks
from tests.bench.measures.paper import newest_slip
from tests.bench.sample import Sample, Table, figure, ratio, share
from tests.bench.setup.clients import Clients
from tests.bench.setup.environment import Environment, Server
from tests.bench.setup.site import Site
from tests.bench.target import Target

COUNT = 32
COUNTERS = 40
PRINTERS = 4
TICKETS = 600
WAITING_EACH = 4
STEP_SECONDS = 0.05
LONGEST_PRINTING = 120.0
HEAD = (
    "measured",
    "operations",
    "CPU µs",
    "loop µs",
    "ledger µs",
    "bare route ÷ ours",
)
TICKET, SLIP = "durable ticket", "ticket with its slip"
CALL, SERVE, BARE = "call-next", "serve", "bare FastAPI route"
SHARE = "bare route ÷ ours, CPU"
NOTES = (
    f"At {COUNT} clients, {TICKETS} tickets a turn, {PRINTERS} printers outside the "
    f"process, {COUNTERS} counters that call and serve at once; the ratios are of the "
    "CPU of the whole process in this run.",
)


async def cpu_cost(environment: Environment, seconds: float) -> Table:
    """Measure turns for so many seconds, after one to warm up."""
    async with _hall(environment) as hall:
        tickets = TICKETS if seconds >= 1 else COUNT
        await hall.take_turn(tickets, {})
        samples = {name: Sample() for name in (TICKET, SLIP, CALL, SERVE, BARE)}
        until = perf_counter() + seconds
        while True:
            await hall.take_turn(tickets, samples)
            if perf_counter() >= until:
                break
    bare = samples[BARE].cpu_each()
    rows = [_row(name, sample, bare) for name, sample in samples.items()]
    return Table("What the main jobs cost", HEAD, rows, NOTES, _targets(samples))


def _targets(samples: dict[str, Sample]) -> Sequence[Target]:
    bare, ticket, slip, call = (
        samples[name].cpu_each() for name in (BARE, TICKET, SLIP, CALL)
    )
    ledger = samples[TICKET].cpu_each(LEDGER)
    counters = f"{CALL} at {COUNTERS} counters"
    return [
        Target(f"{TICKET} at {COUNT} clients", "CPU µs", ticket, 250, 350),
        Target(TICKET, SHARE, ratio(bare, ticket), 0.35, 0.22),
        Target(f"{TICKET}, the ledger's share", "CPU µs", ledger, 110, 170),
        Target(SLIP, SHARE, ratio(bare, slip), 0.25, 0.16),
        Target(counters, "CPU µs", call, 250, 370),
        Target(counters, SHARE, ratio(bare, call), 0.3, 0.18),
    ]


class _Hall:
    """The servers, their clients and printers."""

    def __init__(
        self,
        site: Site,
        servers: tuple[Server, Server],
        clients: tuple[Clients, Clients, Clients],
        kiosks: Sequence[str],
        printers: Sequence[PrinterEmulator],
    ) -> None:
        self._site = site
        self._antrean, self._bare = servers
        self._ours, self._officers, self._theirs = clients
        self._counters = site.counters[:COUNTERS]
        self._kiosks, self._printers = cycle(kiosks), printers
        self._services = cycle(site.service_ids)
        self._slips = 0

    async def take_turn(self, tickets: int, samples: dict[str, Sample]) -> None:
        """Do each once."""
        await self._measure(TICKET, self._touches(tickets), samples)
        await self._measure(SLIP, self._touches(tickets, self._kiosks), samples)
        self._slips += tickets
        await self._await_slips()
        for name, command in ((CALL, "call-next"), (SERVE, "serve")):
            commands = (counter.command(command) for counter in self._counters)
            await self._measure(name, commands, samples, self._officers)
        bare = await measure(self._bare, self._theirs, self._touches(tickets))
        samples.setdefault(BARE, Sample()).__iadd__(bare)

    async def open(self) -> None:
        """Open every counter, and let somebody wait for each in every turn."""
        opening = (counter.command("open") for counter in self._counters)
        waiting = map(self._site.issue, self._site.service_ids * WAITING_EACH)
        await self._ours.run(chain(opening, waiting))

    async def _measure(
        self,
        name: str,
        requests: Iterator[bytes],
        samples: dict[str, Sample],
        clients: Clients | None = None,
    ) -> None:
        sample = await measure(self._antrean, clients or self._ours, requests)
        samples.setdefault(name, Sample()).__iadd__(sample)

    def _touches(
        self, tickets: int, kiosks: Iterator[str] | None = None
    ) -> Iterator[bytes]:
        for service_id in islice(self._services, tickets):
            yield self._site.issue(service_id, next(kiosks) if kiosks else None)

    async def _await_slips(self) -> None:
        until = perf_counter() + LONGEST_PRINTING
        while sum(map(newest_slip, self._printers)) < self._slips:
            if perf_counter() > until:
                raise RuntimeError("slips are missing")
            await asyncio.sleep(STEP_SECONDS)


@asynccontextmanager
async def _hall(environment: Environment) -> AsyncIterator[_Hall]:
    site = environment.site("cpu")
    async with (
        PrinterEmulator() as one,
        PrinterEmulator() as two,
        PrinterEmulator() as three,
        PrinterEmulator() as four,
    ):
        printers = (one, two, three, four)
        kiosks = place_kiosks(site, [str(printer.address) for printer in printers])
        with environment.antrean(site) as antrean, environment.bare() as bare:
            async with (
                Clients(antrean.port, COUNT) as ours,
                Clients(antrean.port, COUNTERS) as officers,
                Clients(bare.port, COUNT) as theirs,
            ):
                clients = ours, officers, theirs
                hall = _Hall(site, (antrean, bare), clients, kiosks, printers)
                await hall.open()
                yield hall


def _row(name: str, sample: Sample, bare: float) -> Sequence[str]:
    done = len(sample.took)
    return (
        name if not sample.refused else f"{name} ({sample.refused} REFUSED)",
        f"{done:,}",
        figure(sample.cpu_each()),
        figure(sample.cpu_each(LOOP)),
        figure(sample.cpu_each(LEDGER)),
        share(bare, sample.cpu_each()),
    )
