"""Durable tickets over HTTP, beside a bare route and a bare insert."""

from collections.abc import Sequence

from tests.bench.measurement import CLIENTS, HEAD, SLICES, measure, row
from tests.bench.sample import Sample, Table
from tests.bench.setup.clients import Clients
from tests.bench.setup.environment import Disk, Environment, Server
from tests.bench.setup.site import Site

WARM_SECONDS = 0.5


async def tickets(environment: Environment, seconds: float) -> Table:
    """Measure POST /api/v1/tickets for so many seconds at each number of clients."""
    rows: list[Sequence[str]] = []
    site = environment.site("tickets")
    with (
        environment.antrean(site) as antrean,
        environment.bare() as bare,
        environment.disk("tickets.sqlite3") as disk,
    ):
        for count in CLIENTS:
            async with (
                Clients(antrean.port, count) as ours,
                Clients(bare.port, count) as theirs,
            ):
                turns = _Turns(site, antrean, ours, bare, theirs, disk)
                await turns.take(min(seconds, WARM_SECONDS))
                rows += await turns.rows(count, seconds)
    notes = ("One insert per commit has one writer at any number of clients.",)
    return Table("Durable tickets (POST /api/v1/tickets)", HEAD, rows, notes)


class _Turns:
    """The three, one after the other, again and again."""

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

    async def rows(self, count: int, seconds: float) -> list[Sequence[str]]:
        """Return the rows at this number of clients."""
        ours, route, insert = Sample(), Sample(), Sample()
        for _ in range(SLICES):
            for total, slice_ in zip(
                (ours, route, insert), await self.take(seconds / SLICES), strict=True
            ):
                total += slice_
        references = {"route": route, "insert": insert}
        return [
            row("durable ticket", count, ours, **references),
            row("bare FastAPI route", count, route, **references),
            row("bare SQLite insert per commit", 1, insert, **references),
        ]

    async def take(self, seconds: float) -> tuple[Sample, Sample, Sample]:
        """Measure each for so long."""
        touches = self._site.issues_for
        return (
            await measure(self._antrean, self._ours, touches(seconds)),
            await measure(self._bare, self._theirs, touches(seconds)),
            self._disk.insert_for(seconds),
        )
