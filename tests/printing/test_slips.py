"""The ticket does not depend on its paper, and paper is never claimed falsely."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.errors import NotDurable
from app.printing.next_slip import end_and_take_next
from printer.emulator import PrinterEmulator
from tests.printing.conftest import PrintShop, set_printer
from tests.support import mall
from tests.support.app_server import running
from tests.support.clock import MovableClock
from tests.support.database import Disk


async def test_the_slip_comes_out_with_the_number_and_the_way_to_its_page(
    shop: PrintShop,
) -> None:
    ticket = await shop.server.kiosk.issue(mall.AKTA, people=2)

    assert await shop.job_of(ticket) == ("printed", None)
    (slip,) = shop.first.slips
    assert slip.whole
    assert slip.qr == ticket["url"]
    text = "\n".join(slip.text)
    for expected in ("Mal Kecil", "Dinas Kependudukan", "Akta kelahiran", "A-001"):
        assert expected in text
    assert slip.unknown == []
    assert len(shop.second.slips) == 0


async def test_the_slip_speaks_the_visitors_language(shop: PrintShop) -> None:
    ticket = await shop.server.kiosk.issue(mall.AKTA, language="en")

    await shop.job_of(ticket)

    assert "Civil Registration" in "\n".join(shop.first.slips[0].text)


async def test_slips_come_in_the_order_of_their_numbers(shop: PrintShop) -> None:
    tickets = await asyncio.gather(
        *(shop.server.kiosk.issue(mall.AKTA) for _ in range(5))
    )
    for ticket in tickets:
        await shop.job_of(ticket)

    urls = [ticket["url"] for ticket in sorted(tickets, key=lambda t: str(t["number"]))]
    assert [slip.qr for slip in shop.first.slips] == urls


SLOW = pytest.mark.slow


@pytest.mark.parametrize(
    ("faults", "outcome"),
    [
        ({"paper_end": True}, ("failed", "paper-end")),
        ({"cover_open": True}, ("failed", "cover-open")),
        ({"offline": True}, ("failed", "offline")),
        ({"cutter_error": True}, ("failed", "cutter")),
        ({"silent": True}, ("failed", "no-answer")),
        ({"garbage": True}, ("failed", "garbled")),
        ({"dies_after": 200}, ("unknown", None)),
        ({"close_after": 200}, ("unknown", None)),
        # it waits for the end of a slip as long as a slow printer may need
        pytest.param({"paper_ends_after": 200}, ("unknown", None), marks=SLOW),
        ({"seconds_per_kib": 2.0}, ("printed", None)),
        ({"near_end": True}, ("printed", None)),
    ],
)
async def test_whatever_the_printer_does_the_visitor_has_the_number(
    shop: PrintShop, faults: dict[str, Any], outcome: tuple[str, str | None]
) -> None:
    for name, value in faults.items():
        setattr(shop.first.faults, name, value)

    ticket = await shop.server.kiosk.issue(mall.AKTA)

    assert ticket["number"] == "A-001"  # answered before anything was printed
    assert ticket["print_job"]["state"] == "queued"
    state, reason = await shop.job_of(ticket)
    assert state == outcome[0]
    assert reason == outcome[1] or (
        outcome[1] is None and state == "unknown" and reason
    )
    whole = [slip for slip in shop.first.slips if slip.whole]
    assert (state == "printed") is (len(whole) == 1)


async def test_an_absent_printer_fails_the_job_and_nothing_else(
    printers: list[PrinterEmulator], disk: Disk, folder: Path, clock: MovableClock
) -> None:
    set_printer(disk, mall.PRINTER_1, address="tcp://127.0.0.1:9")
    async with running(folder, clock) as server:
        shop = PrintShop(server, printers)

        ticket = await server.kiosk.issue(mall.AKTA)

        assert await shop.job_of(ticket) == ("failed", "unreachable")


async def test_a_printer_that_cannot_tell_is_sent_to_and_no_more_is_claimed(
    printers: list[PrinterEmulator], disk: Disk, folder: Path, clock: MovableClock
) -> None:
    set_printer(disk, mall.PRINTER_1, reports_status=False)
    printers[0].faults.silent = True
    async with running(folder, clock) as server:
        shop = PrintShop(server, printers)

        ticket = await server.kiosk.issue(mall.AKTA)

        assert await shop.job_of(ticket) == ("sent", None)


async def test_a_silent_printer_delays_no_other(shop: PrintShop) -> None:
    shop.first.faults.silent = True
    for _ in range(5):
        await shop.server.kiosk.issue(mall.AKTA)

    ticket = await shop.server.other_kiosk.issue(mall.AKTA)

    assert await shop.job_of(ticket) == ("printed", None)
    waiting = [state for state, _ in shop.jobs() if state in ("queued", "sending")]
    assert waiting  # each of the five is waited out, one after the other


async def test_a_printer_that_is_well_again_prints_what_still_waits(
    shop: PrintShop,
) -> None:
    shop.first.faults.silent = True
    tickets = [await shop.server.kiosk.issue(mall.AKTA) for _ in range(2)]
    await shop.job_of(tickets[0])
    shop.first.faults.silent = False

    later = await shop.server.kiosk.issue(mall.AKTA)

    assert await shop.job_of(later) == ("printed", None)
    assert [slip.qr for slip in shop.first.slips][-1] == later["url"]


async def test_a_slip_that_cannot_be_drawn_fails_its_job_alone(
    printers: list[PrinterEmulator], disk: Disk, folder: Path, clock: MovableClock
) -> None:
    set_printer(disk, mall.PRINTER_1, paper="wallpaper")
    async with running(folder, clock) as server:
        shop = PrintShop(server, printers)

        ticket = await server.kiosk.issue(mall.AKTA)

        assert await shop.job_of(ticket) == ("failed", "not-rendered")


async def test_an_outcome_that_could_not_be_written_is_written_later(
    shop: PrintShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.printing.dispatcher.RETRY_SECONDS", 0.01)
    do = shop.server.context.ledger.do
    lost: list[Any] = []

    async def unlucky(run: Any, **options: Any) -> Any:
        if getattr(run, "func", None) is end_and_take_next and len(lost) < 3:
            lost.append(run)
            raise NotDurable
        return await do(run, **options)

    with monkeypatch.context() as patch:
        patch.setattr(shop.server.context.ledger, "do", unlucky)
        ticket = await shop.server.kiosk.issue(mall.AKTA)
        outcome = await shop.job_of(ticket)

    assert outcome == ("printed", None)
    assert len(lost) == 3
    assert len(shop.first.slips) == 1
