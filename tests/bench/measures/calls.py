"""Calls: every counter calls and serves, round after round, beside the bare ones."""

from collections.abc import Sequence
from itertools import chain
from time import perf_counter

from tests.bench.measurement import CLIENTS, HEAD, measure, row
from tests.bench.sample import Sample, Table
from tests.bench.setup.clients import Clients
from tests.bench.setup.environment import Disk, Environment, Server
from tests.bench.setup.site import Site

WAITING_EACH = 20


async def calls(environment: Environment, seconds: float) -> Table:
    """Measure call-next for so many seconds of rounds at each number of clients."""
    rows: list[Sequence[str]] = []
    site = environment.site("calls")
    with (
        environment.antrean(site) as antrean,
        environment.bare() as bare,
        environment.disk("calls.sqlite3") as disk,
    ):
        await _open_hall(site, antrean)
        for count in CLIENTS:
            async with (
                Clients(antrean.port, count) as ours,
                Clients(bare.port, count) as theirs,
            ):
                rounds = _Rounds(site, antrean, ours, bare, theirs, disk)
                await rounds.take()
                rows += await rounds.rows(count, seconds)
    notes = (
        f"{len(site.counters)} counters; about {WAITING_EACH} wait at each of "
        f"{len(site.service_ids)} services.",
        "Each round: as many tickets as counters (not measured), every counter calls "
        "next, every counter serves.",
    )
    return Table("Calls (POST …/call-next, POST …/serve)", HEAD, rows, notes)


async def _open_hall(site: Site, antrean: Server) -> None:
    """Open every counter and let people wait at every service."""
    opening = (counter.command("open") for counter in site.counters)
    waiting = (site.issue(each) for each in site.service_ids * WAITING_EACH)
    async with Clients(antrean.port, 32) as clients:
        sample = await clients.run(chain(opening, waiting))
    if sample.refused:
        raise RuntimeError(f"{sample.refused} requests were refused")


class _Rounds:
    """Rounds of calls, each with the references beside it."""

    def __init__(
        self,
        site: Site,
        antrean: Server,
        ours: Clients,
        bare: Server,
        theirs: Clients,
        disk: Disk,
    ) -> None:
        self._site = site
        self._antrean, self._ours = antrean, ours
        self._bare, self._theirs = bare, theirs
        self._disk = disk
        self._round = 0

    async def rows(self, count: int, seconds: float) -> list[Sequence[str]]:
        """Return the rows at this number of clients."""
        called, served, route, insert = (Sample() for _ in range(4))
        until = perf_counter() + seconds
        while perf_counter() < until:
            parts = await self.take()
            for total, part in zip((called, served, route, insert), parts, strict=True):
                total += part
        references = {"route": route, "insert": insert}
        return [
            row("call-next", count, called, **references),
            row("serve", count, served, **references),
            row("bare FastAPI route", count, route, **references),
            row("bare SQLite insert per commit", 1, insert, **references),
        ]

    async def take(self) -> tuple[Sample, Sample, Sample, Sample]:
        """Measure one round."""
        counters = self._site.counters
        await self._ours.run(map(self._site.issue, self._wanted()))
        calling = (counter.command("call-next") for counter in counters)
        called = await measure(self._antrean, self._ours, calling)
        serving = (counter.command("serve") for counter in counters)
        served = await measure(self._antrean, self._ours, serving)
        doing_nothing = (counter.command("call-next") for counter in counters)
        route = await measure(self._bare, self._theirs, doing_nothing)
        return called, served, route, self._disk.insert_for(called.seconds)

    def _wanted(self) -> list[int]:
        """Return a service of each counter, another in each round."""
        self._round += 1
        served = (counter.service_ids for counter in self._site.counters)
        return [ids[self._round % len(ids)] for ids in served]
