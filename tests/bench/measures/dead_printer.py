"""One dead printer of three: what the others and its own visitors notice of it.

Three servers on copies of one mall, in turns: at one the third printer is well,
at one it is silent, at one nothing listens. Each visitor at the third kiosk is
followed by one at each of the others while that slip's printer is being tried.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from time import perf_counter

from sqlalchemy import Connection, insert

from app.auth.devices import add_token
from app.auth.secrets import new_secret
from app.clock import SystemClock, local_date
from app.db.engines import writer_engine
from app.models.states import DeviceKind
from app.queueing import rows
from app.queueing.change import Change
from app.queueing.rows import new_id
from app.queueing.site.rulebook import read_rulebook
from app.settings import Settings
from printer.emulator import Faults, PrinterEmulator
from tests.bench.measures.paper import newest_slip, slip_after
from tests.bench.sample import Sample, Table, figure, share
from tests.bench.setup.clients import Clients
from tests.bench.setup.environment import Environment, free_port
from tests.bench.setup.site import Site

HEAD = (
    "measured",
    "tickets",
    "p50 ms",
    "p99 ms",
    "p50, times well",
    "p99, times well",
)
WELL, SILENT, GONE = "well", "silent", "gone"
OTHERS = "the other two: touch to whole slip, third printer"
THIRD = "the third: touch to answer, its printer"
NOTES = (
    "Silent: it takes the connection and answers nothing. Gone: nothing listens. The"
    " slips of the dead one pile up meanwhile.",
)


@dataclass
class _Run:
    """A server, its three kiosks with their printers, and what was measured there."""

    site: Site
    kiosk: Clients
    tokens: list[str]
    printers: list[PrinterEmulator]
    third_is_well: bool
    others: Sample = field(default_factory=Sample)
    answers: Sample = field(default_factory=Sample)

    async def take_turn(self, number: int) -> None:
        """Let one visitor come to each kiosk, the third first."""
        service = self.site.service_ids[number % len(self.site.service_ids)]
        *others, third = self.printers
        before, began = newest_slip(third), datetime.now(UTC)
        self.answers += await self._touch(service, self.tokens[-1])
        if self.third_is_well:
            await slip_after(before, began, third, Sample())
        for token, printer in zip(self.tokens, others, strict=False):
            before, began = newest_slip(printer), datetime.now(UTC)
            await self._touch(service, token)
            await slip_after(before, began, printer, self.others)

    async def _touch(self, service: int, token: str) -> Sample:
        touched = await self.kiosk.run(iter([self.site.issue(service, token)]))
        if touched.refused:
            raise RuntimeError("a touch was refused")
        return touched


async def dead_printer(environment: Environment, seconds: float) -> Table:
    """Measure the three servers in turns, after one turn to warm up."""
    async with AsyncExitStack() as stack:
        runs = {
            kind: await stack.enter_async_context(_run(environment, kind))
            for kind in (WELL, SILENT, GONE)
        }
        until = perf_counter() + seconds
        for number in count():
            for run in runs.values():
                await run.take_turn(number)
            if number == 0:
                for run in runs.values():
                    run.others, run.answers = Sample(), Sample()
            elif perf_counter() >= until:
                break
    well = runs[WELL]
    table = [
        _row(f"{OTHERS} {kind}", run.others, well.others) for kind, run in runs.items()
    ]
    table += [
        _row(f"{THIRD} {kind}", run.answers, well.answers) for kind, run in runs.items()
    ]
    return Table("One dead printer of three", HEAD, table, NOTES)


@asynccontextmanager
async def _run(environment: Environment, kind: str) -> AsyncIterator[_Run]:
    site = environment.site(f"dead-printer-{kind}")
    async with AsyncExitStack() as stack:
        printers = [
            await stack.enter_async_context(
                PrinterEmulator(faults=Faults(silent=number == 2 and kind == SILENT))
            )
            for number in range(3)
        ]
        addresses = [str(printer.address) for printer in printers]
        if kind == GONE:
            addresses[-1] = f"tcp://127.0.0.1:{free_port()}"
        tokens = place_kiosks(site, addresses)
        antrean = stack.enter_context(environment.antrean(site))
        kiosk = await stack.enter_async_context(Clients(antrean.port, 1))
        yield _Run(site, kiosk, tokens, printers, kind == WELL)


def place_kiosks(site: Site, addresses: Sequence[str]) -> list[str]:
    """Place a kiosk with a printer of its own at each address; return their tokens."""
    engine = writer_engine(Settings(data=site.folder).database)
    with engine.begin() as db:
        rules, now = read_rulebook(db), SystemClock().now()
        change = Change(now, local_date(now, rules.site.zone), rules)
        tokens = [
            _bench_counter(db, change, f"BENCH-KIOSK-{number}", address)
            for number, address in enumerate(addresses)
        ]
    engine.dispose()
    return tokens


def _bench_counter(db: Connection, change: Change, code: str, address: str) -> str:
    made = insert(rows.printer).values(
        code=code, name=code, address=address, paper="80mm", reports_status=True
    )
    printer_id = new_id(db.execute(made))
    kiosk = insert(rows.device).values(
        code=code, kind=DeviceKind.KIOSK, name=code, printer_id=printer_id
    )
    secret = new_secret()
    add_token(db, change, device_id=new_id(db.execute(kiosk)), secret=secret)
    return secret


def _row(name: str, sample: Sample, well: Sample) -> Sequence[str]:
    p50, p99 = (sample.quantile(part) for part in (0.5, 0.99))
    return (
        name,
        str(len(sample.took)),
        figure(p50),
        figure(p99),
        share(p50, well.quantile(0.5)),
        share(p99, well.quantile(0.99)),
    )
