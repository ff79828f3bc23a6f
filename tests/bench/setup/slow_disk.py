"""Tickets on a disk whose every sync takes 10 ms, as a cheap one's does."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.bench.measurement import HEAD, SLICES, measure, row
from tests.bench.sample import Sample, Table, ratio
from tests.bench.setup.clients import Clients
from tests.bench.setup.environment import Environment
from tests.bench.target import Target

CLIENTS = 32
SLOWER_MS = 10
TITLE = f"Durable tickets, every sync slowed by {SLOWER_MS} ms"
SOURCE = Path(__file__).with_name("slow_sync.c")


async def slow_disk(environment: Environment, seconds: float) -> Table:
    """Measure tickets at 32 clients over a shim around fsync and fdatasync."""
    shim = compiled_shim(environment.folder)
    if shim is None:
        return Table(TITLE, HEAD, (), ("Left out: there is no C compiler here.",))
    slower = {"LD_PRELOAD": str(shim), "SLOW_SYNC_MS": str(SLOWER_MS)}
    ours, insert = Sample(), Sample()
    site = environment.site("slow")
    with (
        environment.antrean(site, **slower) as antrean,
        environment.disk("slow.sqlite3", **slower) as disk,
    ):
        async with Clients(antrean.port, CLIENTS) as clients:
            await clients.run(site.issues_for(seconds / SLICES))
            for _ in range(SLICES):
                touches = site.issues_for(seconds / SLICES)
                ours += await measure(antrean, clients, touches)
                insert += disk.insert_for(seconds / SLICES)
    name = f"durable ticket, every sync slowed by {SLOWER_MS} ms"
    times = ratio(ours.rate, insert.rate)
    target = Target(name, "times one insert per commit", times, 12, 9)
    return Table(TITLE, HEAD, _rows(ours, insert), (), [target])


def compiled_shim(folder: Path) -> Path | None:
    """Compile the shim into a folder; None where there is no compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    shim = folder / "slow_sync.so"
    order = [compiler, "-shared", "-fPIC", "-O2", "-o", str(shim), str(SOURCE)]
    subprocess.run(order, check=True)  # noqa: S603 (our own source)
    return shim


def _rows(ours: Sample, insert: Sample) -> list[Sequence[str]]:
    references = {"route": Sample(), "insert": insert}
    return [
        row("durable ticket", CLIENTS, ours, **references),
        row("bare SQLite insert per commit", 1, insert, **references),
    ]
