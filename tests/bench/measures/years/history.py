"""What two million tickets of history and 10,000 who wait add to the cost of a command.

An issue, a call and a board after a change, at a mall of years and at a new one, in
turns; the CPU of the whole process counts.
"""

from collections.abc import Sequence
from itertools import chain, cycle, islice
from time import perf_counter

from tests.bench.measurement import LEDGER, LOOP, measure
from tests.bench.sample import Sample, Table, figure, ratio, share
from tests.bench.setup.clients import Clients, request
from tests.bench.setup.environment import Environment, Server
from tests.bench.setup.site import Site
from tests.bench.setup.years import old_site, years_of
from tests.bench.target import Target

CLIENTS = 32
WAITING = 10_000
WAITING_IN_A_MOMENT = 500
WAITING_EACH = 2
"""At each service of the new mall, so that every counter finds somebody to call."""
BOARDS = 40
ISSUE, CALL, BOARD = "issue", "call-next", "board after a change"
HEAD = ("measured", "operations", "CPU µs", "loop µs", "ledger µs", "of the new mall")


async def history(environment: Environment, seconds: float) -> Table:
    """Measure turns for so many seconds, after one to warm up."""
    tickets = years_of(seconds)
    waiting = WAITING if seconds >= 1 else WAITING_IN_A_MOMENT
    sites = (old_site(environment, tickets), environment.site("new"))
    with environment.antrean(sites[0]) as one, environment.antrean(sites[1]) as other:
        async with (
            Clients(one.port, CLIENTS) as of_old,
            Clients(other.port, CLIENTS) as of_new,
        ):
            malls = _Mall(sites[0], one, of_old), _Mall(sites[1], other, of_new)
            for mall, people in zip(malls, (waiting, 0), strict=True):
                await mall.open(max(people, WAITING_EACH * len(mall.site.service_ids)))
            await _take_turns(malls, seconds)
    old, new = (mall.samples for mall in malls)
    name = f"{tickets:,} tickets of history, {waiting:,} waiting"
    rows = [
        row
        for what in (ISSUE, CALL, BOARD)
        for row in (
            _row(f"{what}: {name}", old[what], new[what]),
            _row(f"{what}: new, nearly empty", new[what], new[what]),
        )
    ]
    return Table("Years of history", HEAD, rows, (), _targets(name, old, new))


class _Mall:
    """A mall with its server; every turn leaves as many waiting as it found."""

    def __init__(self, site: Site, server: Server, clients: Clients) -> None:
        self.site = site
        self.samples: dict[str, Sample] = {}
        self._server, self._clients = server, clients
        self._services = cycle(site.service_ids)
        self._number = 0

    async def open(self, waiting: int) -> None:
        """Open every counter and let people wait at every service."""
        opening = (counter.command("open") for counter in self.site.counters)
        coming = map(self.site.issue, islice(self._services, waiting))
        sample = await self._clients.run(chain(opening, coming))
        if sample.refused:
            raise RuntimeError(f"{sample.refused} requests were refused")

    async def take_turn(self) -> None:
        """Let somebody come to each counter, be called and served."""
        counters = self.site.counters
        await self._measure(ISSUE, list(map(self.site.issue, self._wanted())))
        await self._measure(CALL, [each.command("call-next") for each in counters])
        for counter in counters[:BOARDS]:
            await self._clients.ask(counter.command("serve"))
            await self._measure(BOARD, [self._board()])
        serving = [each.command("serve") for each in counters[BOARDS:]]
        await self._clients.run(iter(serving))

    async def _measure(self, what: str, requests: Sequence[bytes]) -> None:
        sample = await measure(self._server, self._clients, iter(requests))
        self.samples.setdefault(what, Sample()).__iadd__(sample)

    def _wanted(self) -> list[int]:
        """Return a service of each counter, another in each turn."""
        self._number += 1
        served = (counter.service_ids for counter in self.site.counters)
        return [ids[self._number % len(ids)] for ids in served]

    def _board(self) -> bytes:
        display_id, token = self.site.hall_display
        path = f"/api/v1/displays/{display_id}/board"
        return request("GET", path, b"", authorization=f"Bearer {token}")


async def _take_turns(malls: Sequence[_Mall], seconds: float) -> None:
    for mall in malls:
        await mall.take_turn()
        mall.samples = {}
    until = perf_counter() + seconds
    while not malls[0].samples or perf_counter() < until:
        for mall in malls:
            await mall.take_turn()


def _row(what: str, sample: Sample, new: Sample) -> Sequence[str]:
    return (
        what if not sample.refused else f"{what} ({sample.refused} REFUSED)",
        f"{len(sample.took):,}",
        figure(sample.cpu_each()),
        figure(sample.cpu_each(LOOP)),
        figure(sample.cpu_each(LEDGER)),
        share(sample.cpu_each(), new.cpu_each()),
    )


def _targets(
    name: str, old: dict[str, Sample], new: dict[str, Sample]
) -> Sequence[Target]:
    return [
        Target(
            f"{what}, {name}",
            "times the CPU of a new mall",
            ratio(old[what].cpu_each(), new[what].cpu_each()),
            1.2,
            1.3,
        )
        for what in (ISSUE, CALL, BOARD)
    ]
