"""What the dispatcher does when a job goes another way than it should."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from app.queueing.slips.print_jobs import begin_sending, end_job
from printer.delivery import Delivery, deliver
from printer.emulator import PrinterEmulator
from tests.printing.conftest import PrintShop, set_printer
from tests.support import mall
from tests.support.app_server import running
from tests.support.clock import MovableClock
from tests.support.database import Disk
from tests.support.rules.harness import rules_in


async def test_an_address_that_makes_no_sense_fails_the_job(
    printers: list[PrinterEmulator], disk: Disk, folder: Path, clock: MovableClock
) -> None:
    set_printer(disk, mall.PRINTER_1, address="somewhere")
    async with running(folder, clock) as server:
        shop = PrintShop(server, printers)

        ticket = await server.kiosk.issue(mall.AKTA)

        assert await shop.job_of(ticket) == ("failed", "bad-address")


async def test_after_a_surprise_nobody_knows_what_came_out(
    shop: PrintShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def surprise(*_args: Any) -> Delivery:
        raise RuntimeError("nobody thought of this")

    with monkeypatch.context() as patch:
        patch.setattr("app.printing.dispatcher.deliver", surprise)
        ticket = await shop.server.kiosk.issue(mall.AKTA)
        outcome = await shop.job_of(ticket)
    later = await shop.server.kiosk.issue(mall.AKTA)

    assert outcome == ("unknown", "internal")
    assert await shop.job_of(later) == ("printed", None)


async def test_an_end_that_is_not_understood_leaves_no_slip_under_way(
    shop: PrintShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def surprise(*_args: Any, **_facts: Any) -> None:
        raise RuntimeError("nobody thought of this")

    with monkeypatch.context() as patch:
        patch.setattr("app.printing.next_slip.end_attempt", surprise)
        ticket = await shop.server.kiosk.issue(mall.AKTA)

        assert await shop.job_of(ticket) == ("unknown", "internal")


async def test_a_next_slip_that_cannot_be_taken_leaves_the_last_ones_end(
    shop: PrintShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def surprise(*_args: Any, **_facts: Any) -> None:
        raise RuntimeError("nobody thought of this")

    gate = asyncio.Event()
    with monkeypatch.context() as patch:
        patch.setattr("app.printing.dispatcher.RETRY_SECONDS", 0.01)
        patch.setattr("app.printing.dispatcher.deliver", held_by(gate))
        ticket = await shop.server.kiosk.issue(mall.AKTA)
        while shop.jobs() != [("sending", None)]:  # noqa: ASYNC110 (on disk)
            await asyncio.sleep(0.01)
        patch.setattr("app.printing.next_slip.take_next", surprise)
        gate.set()

        assert await shop.job_of(ticket) == ("printed", None)


async def test_a_late_slip_says_how_many_were_ahead_when_the_number_was_given(
    shop: PrintShop,
) -> None:
    await shop.server.other_kiosk.issue(mall.AKTA)
    gate = asyncio.Event()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.printing.dispatcher.deliver", held_by(gate))
        first = await shop.server.kiosk.issue(mall.KTP)
        late = await shop.server.kiosk.issue(mall.AKTA, language="en")
        await shop.server.sari.post(f"/counters/{mall.LOKET_1}/open")
        for call in ("k1", "k2"):
            path = f"/counters/{mall.LOKET_1}/call-next"
            called = await shop.server.sari.post(path, key=call)
            assert called.status_code == 200
            await shop.server.sari.post(f"/counters/{mall.LOKET_1}/serve")
        gate.set()
        await shop.job_of(first)
        assert await shop.job_of(late) == ("printed", None)

    assert "2 numbers ahead of you" in "\n".join(shop.first.slips[-1].text)


async def test_a_slip_of_two_agencies_names_both_and_where_to_wait_for_each(
    shop: PrintShop,
) -> None:
    ticket = await shop.server.kiosk.issue(mall.AKTA, mall.PASPOR, language="en")

    await shop.job_of(ticket)

    text = " ".join(" ".join(shop.first.slips[0].text).split())
    assert "1. Birth (Civil Registration)" in text
    assert "2. Passport (Immigration)" in text
    # the mark once, behind the last of what is not English
    assert "Please wait in Zona A, Zona B (Indonesian)" in text


def test_a_job_ends_once(disk: Disk, clock: MovableClock) -> None:
    with rules_in(disk.path, clock) as rules:
        ticket_id = rules.issue(mall.AKTA)

        assert rules.do(begin_sending, job_id=1)
        assert rules.facts == {f"ticket:{ticket_id}"}
        assert not rules.do(begin_sending, job_id=1)
        end = partial(rules.do, end_job, job_id=1)
        assert end(state="printed", reason=None)
        assert rules.facts == {f"ticket:{ticket_id}"}
        assert not end(state="unknown", reason="internal")
        assert rules.facts == set()

    assert disk.rows("SELECT state, reason FROM print_job") == [("printed", None)]


def held_by(gate: asyncio.Event) -> Any:
    """Return a delivery that waits for the gate, then goes its way."""

    async def held(*args: Any) -> Delivery:
        await gate.wait()
        return await deliver(*args)

    return held


async def test_a_slip_whose_visitor_has_long_gone_lets_the_next_one_go_first(
    disk: Disk,
    printers: list[PrinterEmulator],
    folder: Path,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deliveries = asyncio.Event()

    async def slow(*args: Any) -> Delivery:
        await deliveries.wait()
        return await deliver(*args)

    monkeypatch.setattr("app.printing.dispatcher.deliver", slow)
    async with running(folder, clock) as server:
        shop = PrintShop(server, printers)
        first, *gone = [await server.kiosk.issue(mall.AKTA) for _ in range(3)]
        clock.move(minutes=5, seconds=1)
        here = await server.kiosk.issue(mall.AKTA)
        deliveries.set()

        assert await shop.job_of(here) == ("printed", None)
        assert [await shop.job_of(each) for each in (first, *gone)] == [
            ("printed", None),
            *[("failed", "too-late")] * 2,
        ]
    assert [slip.headline for slip in shop.first.slips] == [
        first["number"],
        here["number"],
    ]
