"""From a touch at the kiosk to the whole slip at the printer, beside its parts."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from time import perf_counter

from sqlalchemy import select, update

from app.db.engines import writer_engine
from app.models.states import DeviceKind
from app.queueing import rows
from app.settings import Settings
from printer.delivery import deliver
from printer.driven_printer import DrivenPrinter
from printer.emulator import PrinterEmulator
from printer.slips.paper import PAPER_80
from printer.slips.slip import render_slip
from tests.bench.measures.slips import SLIP
from tests.bench.sample import Sample, Table, figure
from tests.bench.setup.clients import Clients
from tests.bench.setup.environment import Environment
from tests.bench.setup.site import Site

HEAD = ("measured", "slips", "p50 ms", "p99 ms")
NOTES = (
    "The printer is an emulator that prints at once and runs beside the clients: a real"
    " one adds its own time (at 150 mm/s a slip of 150 mm takes 1 s).",
)


async def paper(environment: Environment, seconds: float) -> Table:
    """Measure one visitor after the other, each waiting for the slip."""
    site = environment.site("paper")
    whole, answer, delivery, bare = Sample(), Sample(), Sample(), Sample()
    data = render_slip(SLIP, PAPER_80)
    async with PrinterEmulator() as printer:
        driven = DrivenPrinter(printer.address)  # as the product: one for all slips
        _print_at(site, str(printer.address))
        with environment.antrean(site) as antrean:
            async with Clients(antrean.port, 1) as kiosk:
                await _touch(kiosk, site, 0, printer, Sample(), Sample())
                await _deliver(data, printer, driven, Sample())
                until, number = perf_counter() + seconds, 1
                while number == 1 or perf_counter() < until:
                    await _touch(kiosk, site, number, printer, whole, answer)
                    await _deliver(data, printer, driven, delivery)
                    await _send(data, printer, bare)
                    number += 1
    table = [
        _row("touch to whole slip", whole),
        _row("touch to answer, of these", answer),
        _row("the slip's bytes alone, with status before and after", delivery),
        _row("bare TCP: connect, send the bytes, no question", bare),
    ]
    return Table("Touch to whole slip", HEAD, table, NOTES)


async def _touch(
    kiosk: Clients,
    site: Site,
    number: int,
    printer: PrinterEmulator,
    whole: Sample,
    answer: Sample,
) -> None:
    service = site.service_ids[number % len(site.service_ids)]
    before, began = newest_slip(printer), datetime.now(UTC)
    touched = await kiosk.run(iter([site.issue(service)]))
    if touched.refused:
        raise RuntimeError("a touch was refused")
    answer += touched
    await slip_after(before, began, printer, whole)


async def _deliver(
    data: bytes, printer: PrinterEmulator, driven: DrivenPrinter, sample: Sample
) -> None:
    before, began = newest_slip(printer), datetime.now(UTC)
    await deliver(data, driven)
    await slip_after(before, began, printer, sample)


async def _send(data: bytes, printer: PrinterEmulator, sample: Sample) -> None:
    before, began = newest_slip(printer), datetime.now(UTC)
    address = printer.address
    _, writer = await asyncio.open_connection(address.host, address.port)
    writer.write(data)
    writer.close()
    await slip_after(before, began, printer, sample)


async def slip_after(
    before: int, began: datetime, printer: PrinterEmulator, sample: Sample
) -> None:
    """Wait for the next slip; its time is that of its cut, not of the hanging up."""
    slip = await printer.wait_for_slip(before + 1)
    sample.took.append((slip.received_at - began).total_seconds())


def newest_slip(printer: PrinterEmulator) -> int:
    """Return the number of the newest slip; 0 before the first."""
    return printer.slips[-1].id if printer.slips else 0


def _print_at(site: Site, address: str) -> None:
    """Let every kiosk print at one printer."""
    engine = writer_engine(Settings(data=site.folder).database)
    with engine.begin() as db:
        printer_id = db.scalars(select(rows.printer.c.id)).first()
        db.execute(update(rows.printer).values(address=address, reports_status=True))
        db.execute(
            update(rows.device)
            .where(rows.device.c.kind == DeviceKind.KIOSK)
            .values(printer_id=printer_id)
        )
    engine.dispose()


def _row(name: str, sample: Sample) -> Sequence[str]:
    p50, p99 = (figure(sample.quantile(share)) for share in (0.5, 0.99))
    return (name, str(len(sample.took)), p50, p99)
