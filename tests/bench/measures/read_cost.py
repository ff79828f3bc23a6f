"""What it costs to read a list or a page, in CPU of the whole server.

``python -m tests.bench.measures.read_cost [TREE …]`` prints the table; each TREE is
another copy of the project, measured beside this one in the same run. The reference
mall with a morning's tickets, by day and by night; each reading is asked again and
again with nothing changed between, and once after each of some tickets, as on a busy
day.
"""

import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count, repeat
from pathlib import Path
from typing import NamedTuple

import uvloop

from tests.bench.sample import Table, figure
from tests.bench.setup.clients import Clients, request
from tests.bench.setup.environment import Server, own_core
from tests.bench.setup.mall_at import ClockFrom, mall_at
from tests.bench.setup.site import Site, seed

MORNING = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
"""A Tuesday, 09:00 in Jambi, when the tickets are given."""
DAY, NIGHT = MORNING + timedelta(hours=1), MORNING + timedelta(hours=13)
TREE = Path(__file__).resolve().parents[3]
WAITING_EACH = 3
CALLED = 30
SAME, CHANGED = 40, 15
"""Readings in a turn: with nothing changed between, and after a ticket each."""
TURNS = 10
HEAD = ("read", "tree", "bytes", "the same again", "after a ticket")
NOTES = (
    "CPU µs of the whole server for one reading, the least of the turns' medians; "
    f"{WAITING_EACH} wait for each service, {CALLED} counters are open.",
)


class Reading(NamedTuple):
    """A request that reads, by day or by night."""

    name: str
    request: bytes
    by_night: bool = False


class Side:
    """One tree's servers, by day and by night, and what its readings cost."""

    def __init__(self, name: str, servers: dict[bool, Server]) -> None:
        self.name = name
        self.same: dict[str, list[float]] = {}
        self.changed: dict[str, list[float]] = {}
        self.bytes: dict[str, int] = {}
        self._servers = servers
        self._clients: dict[bool, Clients] = {}

    async def connect(self, stack: AsyncExitStack) -> None:
        """Connect one client to each server."""
        for by_night, server in self._servers.items():
            clients = await stack.enter_async_context(Clients(server.port, 1))
            self._clients[by_night] = clients

    async def measure(self, reading: Reading, tickets: Iterator[bytes]) -> None:
        """Measure one reading: the same again and again, then after tickets."""
        self.bytes[reading.name] = len(
            await self._clients[reading.by_night].ask(reading.request)
        )
        same = await self._cpu(reading, SAME)
        self.same.setdefault(reading.name, []).append(same)
        if reading.by_night:  # nobody takes a number then
            return
        changed = []
        for _ in range(CHANGED):
            await self._clients[False].ask(next(tickets))
            changed.append(await self._cpu(reading, 1))
        self.changed.setdefault(reading.name, []).append(statistics.median(changed))

    async def _cpu(self, reading: Reading, times: int) -> float:
        """Return the CPU µs of each of some requests; all must succeed."""
        server = self._servers[reading.by_night]
        clients = self._clients[reading.by_night]
        before = sum(server.cpu().values())
        sample = await clients.run(repeat(reading.request, times))
        spent = sum(server.cpu().values()) - before
        if sample.refused:
            raise RuntimeError(f"{self.name} refuses: {reading.name}")
        return spent / times * 1e6


def run_read_cost(trees: Sequence[Path] = (TREE,), turns: int = TURNS) -> Table:
    """Measure every reading of every tree in turns; return the table."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        core = stack.enter_context(own_core())
        seeded = Path(folder) / "seeded"
        seed(seeded, ClockFrom(MORNING), always_open=False)
        mall = Site.read(seeded)
        with mall_at(seeded, MORNING, TREE, core) as server:
            token = uvloop.run(_fill(server, mall))
        sides = []
        for number, tree in enumerate(trees):
            servers = {}
            for by_night, moment in ((False, DAY), (True, NIGHT)):
                copy = Path(folder) / f"{number}-{by_night}"
                shutil.copytree(seeded, copy)
                servers[by_night] = stack.enter_context(
                    mall_at(copy, moment, tree, core)
                )
            sides.append(Side(tree.name, servers))
        readings = readings_of(mall, token)
        uvloop.run(_take_turns(sides, readings, mall, turns))
    return _table(sides, readings)


def readings_of(mall: Site, token: str) -> list[Reading]:
    """Return what is read."""
    kiosk = f"antrean_kiosk={mall.kiosk}"
    officer = mall.counters[0]
    reception = f"antrean_staff={mall.reception}"
    service = f"/kiosk/services/{mall.service_ids[0]}"
    counter = f"/counter?counter={officer.counter_id}"
    agencies, counters = _get("/api/v1/agencies"), "/api/v1/counters"
    return [
        Reading("GET /agencies", agencies),
        Reading("GET /agencies, at night", agencies, by_night=True),
        Reading("kiosk, start", _get("/kiosk", kiosk)),
        Reading("kiosk, start, at night", _get("/kiosk", kiosk), by_night=True),
        Reading("kiosk, a service", _get(service, kiosk)),
        Reading("console, its page", _get(counter, officer.cookie)),
        Reading("GET /counters, an officer", _get(counters, officer.cookie)),
        Reading("GET /counters, reception", _get(counters, reception)),
        Reading("GET /tickets/{token}", _get(f"/api/v1/tickets/{token}")),
        Reading("phone, a ticket's page", _get(f"/t/{token}")),
        Reading("reception, its page", _get("/reception", reception)),
        Reading("reception, services", _get("/reception/services", reception)),
        Reading("GET /site", _get("/api/v1/site")),
    ]


def _get(path: str, cookie: str = "") -> bytes:
    return request("GET", path, b"", cookie=cookie)


async def _fill(server: Server, mall: Site) -> str:
    """Let some wait for each service, and some be called; return a ticket's token."""
    token = ""
    async with Clients(server.port, 1) as clients:
        for service_id in mall.service_ids * WAITING_EACH:
            answer = await clients.ask(mall.issue(service_id))
            token = json.loads(answer)["token"]
        for counter in mall.counters[:CALLED]:
            for command in ("open", "call-next"):
                await clients.ask(counter.command(command))
    return token


async def _take_turns(
    sides: Sequence[Side], readings: Sequence[Reading], mall: Site, turns: int
) -> None:
    tickets = [_tickets(mall) for _ in sides]
    async with AsyncExitStack() as stack:
        for side in sides:
            await side.connect(stack)
        for _ in range(turns):
            for reading in readings:
                for side, own in zip(sides, tickets, strict=True):
                    await side.measure(reading, own)


def _tickets(mall: Site) -> Iterator[bytes]:
    """Yield touches over all services: the same for every tree."""
    for number in count():
        service_id = mall.service_ids[number % len(mall.service_ids)]
        yield mall.issue(service_id)


def _table(sides: Sequence[Side], readings: Sequence[Reading]) -> Table:
    lines = [
        (
            reading.name,
            side.name,
            f"{side.bytes[reading.name]:,}",
            figure(min(side.same[reading.name])),
            figure(min(side.changed.get(reading.name, [float("nan")]))),
        )
        for reading in readings
        for side in sides
    ]
    return Table("What reading costs (CPU µs)", HEAD, lines, NOTES)


if __name__ == "__main__":
    others = [Path(each).resolve() for each in sys.argv[1:]]
    sys.stdout.write(f"{run_read_cost([*others, TREE]).text()}\n")
