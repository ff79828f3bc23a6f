"""A failing printer's slip is tried again, and comes out at its sibling."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from printer.delivery import deliver
from printer.emulator import PrinterEmulator
from printer.silence import Deadlines
from tests.printing.agents import (
    agent,
    printer_states,
    until_state,
)
from tests.printing.conftest import PrintShop, set_printer
from tests.support import mall
from tests.support.app_server import running
from tests.support.clock import MovableClock
from tests.support.database import Disk


@pytest.fixture
async def pair(
    printers: list[PrinterEmulator], disk: Disk, folder: Path, clock: MovableClock
) -> AsyncIterator[PrintShop]:
    """Return the mall with the second printer as the first one's sibling."""
    set_printer(disk, mall.PRINTER_1, sibling_id=mall.PRINTER_2)
    async with running(folder, clock) as server:
        yield PrintShop(server, printers)


async def test_a_printer_that_comes_back_in_time_prints_after_all(
    shop: PrintShop,
) -> None:
    shop.first.faults.paper_end = True
    shop.server.context.printing.retry_delays = (0.2,)
    ticket = await shop.server.kiosk.issue(mall.AKTA)
    await until_tried(shop)
    shop.first.faults.paper_end = False

    assert await shop.job_of(ticket) == ("printed", None)
    assert [slip.headline for slip in shop.first.slips] == [ticket["number"]]


async def test_a_printer_without_paper_fails_after_three_tries(
    shop: PrintShop,
) -> None:
    shop.first.faults.paper_end = True
    ticket = await shop.server.kiosk.issue(mall.AKTA)

    assert await shop.job_of(ticket) == ("failed", "paper-end")
    assert shop.server.disk.rows("SELECT attempts FROM print_job") == [2]
    assert shop.first.slips == ()


@pytest.mark.parametrize("fault", ["paper_end", "cover_open", "refuse", "garbage"])
async def test_the_sibling_prints_and_everybody_is_told_where(
    pair: PrintShop, fault: str
) -> None:
    setattr(pair.first.faults, fault, True)
    ticket = await pair.server.kiosk.issue(mall.AKTA)
    await pair.server.until_printed()

    assert [slip.headline for slip in pair.second.slips] == [ticket["number"]]
    assert "SALINAN" not in "\n".join(pair.second.slips[0].text).upper()
    assert pair.first.slips == ()
    view = (await pair.server.resepsi.get(f"/tickets/by-id/{ticket['id']}")).json()
    job = view["print_job"]
    assert (job["state"], job["location"]) == ("printed", "Kios 2")
    assert job["printer_id"] == mall.PRINTER_2


async def test_a_slip_lost_in_the_middle_is_left_to_a_person(pair: PrintShop) -> None:
    pair.first.faults.dies_after = 200
    ticket = await pair.server.kiosk.issue(mall.AKTA)

    state, _ = await pair.job_of(ticket)

    assert state == "unknown"
    assert len(pair.jobs(mall.PRINTER_1)) == 1
    assert pair.jobs(mall.PRINTER_2) == []
    assert pair.second.slips == ()


@pytest.fixture
def watchful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have printers looked at often while they print, and waited for without end."""
    deadlines = Deadlines(poll=0.05, finish=600)
    monkeypatch.setattr(
        "app.printing.dispatcher.deliver", partial(deliver, deadlines=deadlines)
    )


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"paper_ends_after": 300}, "paper-end"),
        ({"cover_opens_after": 300}, "cover-open"),
        ({"cutter_jams": True}, "cutter"),
    ],
    ids=str,
)
async def test_trouble_in_the_middle_is_told_and_the_next_slip_is_the_siblings(
    pair: PrintShop, watchful: None, fault: dict[str, Any], reason: str
) -> None:
    for name, value in fault.items():
        setattr(pair.first.faults, name, value)
    lost = await pair.server.kiosk.issue(mall.AKTA)
    assert await pair.job_of(lost) == ("unknown", reason)
    assert (await printer_states(pair))["Printer 1"] == reason
    printers = (await pair.server.kepala.get("/printers")).json()
    assert printers["printers"][0]["reason"] == reason

    following = await pair.server.kiosk.issue(mall.AKTA)
    await pair.server.until_printed()

    assert [slip.headline for slip in pair.second.slips] == [following["number"]]
    assert pair.jobs(mall.PRINTER_1)[1] == ("failed", reason)
    assert pair.server.disk.rows("SELECT DISTINCT attempts FROM print_job") == [0]


async def test_an_agent_tells_trouble_in_the_middle_at_once(
    agent_shop: PrintShop, usb_printer: PrinterEmulator, disk: Disk, tmp_path: Path
) -> None:
    async with PrinterEmulator() as other:
        set_printer(disk, mall.PRINTER_2, address=str(other.address))
        set_printer(disk, mall.PRINTER_1, sibling_id=mall.PRINTER_2)
        deadlines = Deadlines(poll=0.05, finish=600)
        async with agent(
            agent_shop, usb_printer, tmp_path, deadlines=deadlines, status_seconds=60
        ):
            usb_printer.faults.paper_ends_after = 300
            lost = await agent_shop.server.kiosk.issue(mall.AKTA)
            assert await agent_shop.job_of(lost) == ("unknown", "paper-end")
            await until_state(agent_shop, "paper-end")

            following = await agent_shop.server.kiosk.issue(mall.AKTA)
            await agent_shop.server.until_printed()
            assert (await printer_states(agent_shop))["Printer 1"] == "paper-end"

    assert [slip.headline for slip in other.slips] == [following["number"]]


async def test_two_failing_siblings_do_not_play_ball(
    pair: PrintShop, disk: Disk
) -> None:
    set_printer(disk, mall.PRINTER_2, sibling_id=mall.PRINTER_1)
    for printer in (pair.first, pair.second):
        printer.faults.paper_end = True
    await pair.server.kiosk.issue(mall.AKTA)
    await pair.server.until_printed()

    assert pair.jobs(mall.PRINTER_1) == [("failed", "paper-end")]
    assert pair.jobs(mall.PRINTER_2) == [("failed", "paper-end")]


async def test_a_sibling_named_while_the_server_runs_is_used(
    shop: PrintShop, disk: Disk
) -> None:
    shop.first.faults.paper_end = True
    set_printer(disk, mall.PRINTER_1, sibling_id=mall.PRINTER_2)
    ticket = await shop.server.kiosk.issue(mall.AKTA)
    await shop.server.until_printed()

    assert [slip.headline for slip in shop.second.slips] == [ticket["number"]]


async def test_an_agents_printer_is_tried_again_with_a_key_of_its_own(
    agent_shop: PrintShop, usb_printer: PrinterEmulator, tmp_path: Path
) -> None:
    agent_shop.server.context.printing.retry_delays = (0.2,)
    async with agent(agent_shop, usb_printer, tmp_path):
        usb_printer.faults.paper_end = True
        ticket = await agent_shop.server.kiosk.issue(mall.AKTA)
        await until_tried(agent_shop)
        usb_printer.faults.paper_end = False
        assert await agent_shop.job_of(ticket) == ("printed", None)

    assert len(usb_printer.slips) == 1


async def test_a_sibling_prints_for_an_agent_that_is_away(
    agent_shop: PrintShop, disk: Disk
) -> None:
    async with PrinterEmulator() as other:
        set_printer(disk, mall.PRINTER_2, address=str(other.address))
        set_printer(disk, mall.PRINTER_1, sibling_id=mall.PRINTER_2)
        ticket = await agent_shop.server.kiosk.issue(mall.AKTA)
        await agent_shop.server.until_printed()

    assert [slip.headline for slip in other.slips] == [ticket["number"]]
    assert agent_shop.jobs() == [("failed", "unreachable")]


async def test_an_agent_prints_for_a_failing_sibling(
    agent_shop: PrintShop, usb_printer: PrinterEmulator, disk: Disk, tmp_path: Path
) -> None:
    set_printer(disk, mall.PRINTER_2, sibling_id=mall.PRINTER_1)
    async with agent(agent_shop, usb_printer, tmp_path):
        ticket = await agent_shop.server.other_kiosk.issue(mall.AKTA)
        await agent_shop.server.until_printed()

    assert [slip.headline for slip in usb_printer.slips] == [ticket["number"]]
    assert agent_shop.jobs(mall.PRINTER_2) == [("failed", "unreachable")]


async def until_tried(shop: PrintShop) -> None:
    query = "SELECT id FROM print_job WHERE attempts > 0 AND state = 'queued'"
    while not shop.server.disk.rows(query):  # noqa: ASYNC110 (the disk has no event)
        await asyncio.sleep(0.005)
