"""Idle printers are looked at, and staff see how they stand: real server, real TCP."""

import asyncio
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from websockets.asyncio.client import connect

from app.errors import Busy
from app.printing.agents import Agents
from app.printing.printers import printer_row
from printer.agent.messages import hello_message, status_message
from printer.agent.session import socket_url
from printer.agent.worker import CANNOT_TELL
from printer.emulator import Faults, PrinterEmulator
from printer.status import QUESTIONS
from tests.printer.emulator.odd_printers import moody_printer
from tests.printing.agents import agent
from tests.printing.agents import until as until_so
from tests.printing.conftest import TOKEN, PrintShop, set_printer
from tests.support import mall
from tests.support.app_server import running
from tests.support.clock import MovableClock
from tests.support.database import Disk
from tests.support.http.callers import body_of, problem_of

SOON = 0.05


@pytest.fixture
async def watched(shop: PrintShop) -> PrintShop:
    """Return the print shop with looks every moment instead of every 15 s."""
    dispatcher = shop.server.context.printing
    dispatcher.poll_seconds = dispatcher.monitor.recheck_seconds = SOON
    for printer_id in (mall.PRINTER_1, mall.PRINTER_2):
        dispatcher.wake_worker(printer_id)
    return shop


async def standing(shop: PrintShop) -> dict[str, Any]:
    answer: dict[str, Any] = body_of(await shop.server.kepala.get("/printers"))
    return answer


async def until(
    shop: PrintShop, happened: Callable[[dict[str, Any]], object], printer: int = 0
) -> dict[str, Any]:
    """Ask as a supervisor's page would until something is told of a printer."""
    seen = await standing(shop)
    while not happened(seen["printers"][printer]):
        await asyncio.sleep(0.01)
        seen = await standing(shop)
    return seen


def is_ready(printer: dict[str, Any]) -> bool:
    return bool(printer["state"] == "ready")


def revision(shop: PrintShop) -> int:
    found: int = shop.server.disk.rows("SELECT revision FROM ledger_state")[0]
    return found


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("paper_end", "paper-end"),
        ("cover_open", "cover-open"),
        ("cutter_error", "cutter"),
        ("offline", "offline"),
        ("refuse", "connection-lost"),
        ("garbage", "garbled"),
    ],
)
async def test_a_fault_is_known_before_the_next_visitor(
    watched: PrintShop, fault: str, reason: str
) -> None:
    await until(watched, is_ready)
    setattr(watched.first.faults, fault, True)

    seen = await until(watched, lambda printer: printer["reason"] == reason)

    (alarm,) = seen["alarms"]
    assert (alarm["kind"], alarm["printer"]) == (reason, "Printer 1")
    assert seen["printers"][1]["state"] == "ready"
    ready = body_of(await watched.server.anyone.get(f"{watched.server.url}/readyz"))
    assert ready["printers"] == {"Printer 1": reason, "Printer 2": "ready"}
    assert [each["kind"] for each in ready["alarms"]] == [reason]
    assert "numbers" not in ready["alarms"][0]

    setattr(watched.first.faults, fault, False)
    mended = await until(watched, is_ready)
    assert mended["alarms"] == []
    assert mended["printers"][0]["last_seen"] is not None


async def test_a_silent_printer_is_told(watched: PrintShop) -> None:
    watched.first.faults.silent = True

    seen = await until(watched, lambda printer: printer["reason"] == "no-answer")

    assert seen["printers"][0]["last_seen"] is None


@pytest.mark.parametrize(
    ("moods", "state"), [([False, True], "ready"), ([False, False], "failing")]
)
async def test_a_doubt_is_an_alarm_only_when_a_second_look_has_it_too(
    shop: PrintShop, disk: Disk, moods: list[bool], state: str
) -> None:
    async with moody_printer(moods) as address:
        set_printer(disk, mall.PRINTER_1, address=str(address))
        await look_at(shop, recheck_seconds=0.0, wake=asyncio.Event())

    seen = await standing(shop)
    assert seen["printers"][0]["state"] == state
    assert len(seen["alarms"]) == (state == "failing")


async def test_a_job_does_not_wait_for_a_second_look(
    shop: PrintShop, disk: Disk
) -> None:
    wake = asyncio.Event()
    wake.set()
    async with moody_printer([]) as address:
        set_printer(disk, mall.PRINTER_1, address=str(address))
        await look_at(shop, recheck_seconds=600, wake=wake)

    assert (await standing(shop))["alarms"] == []


async def look_at(
    shop: PrintShop, *, recheck_seconds: float, wake: asyncio.Event
) -> None:
    """Look once at the first printer, as its worker does when it is idle."""
    context = shop.server.context
    row = partial(printer_row, printer_id=mall.PRINTER_1)
    context.printing.monitor.recheck_seconds = recheck_seconds
    await context.printing.monitor.check(await context.readers.read(row), wake)


async def test_a_changed_roll_is_noticed_while_nobody_prints(
    watched: PrintShop,
) -> None:
    ticket = await watched.server.kiosk.issue(mall.AKTA)
    await watched.job_of(ticket)
    used = (await standing(watched))["printers"][0]
    assert (used["slips_on_roll"], used["roll_since"]) == (1, None)
    watched.first.faults.paper_end = True
    await until(watched, lambda printer: printer["reason"] == "paper-end")

    watched.first.faults.paper_end = False
    seen = await until(watched, lambda printer: printer["roll_since"])

    assert seen["printers"][0]["slips_on_roll"] == 0
    assert [each["kind"] for each in seen["notices"]] == ["new-roll"]


async def test_a_roll_near_its_end_warns_before_it_is_empty(
    watched: PrintShop,
) -> None:
    watched.first.faults.near_end = True

    seen = await until(watched, lambda printer: printer["near_end"])

    assert [each["kind"] for each in seen["alarms"]] == ["near-end"]
    ticket = await watched.server.kiosk.issue(mall.AKTA)
    assert await watched.job_of(ticket) == ("printed", None)


async def test_a_slip_brings_word_of_the_sensor_too(shop: PrintShop) -> None:
    shop.first.faults.near_end = True
    ticket = await shop.server.kiosk.issue(mall.AKTA)
    assert await shop.job_of(ticket) == ("printed", None)

    assert (await standing(shop))["printers"][0]["near_end"]


async def test_a_look_that_takes_long_makes_no_slip_wait(watched: PrintShop) -> None:
    printer, questions = watched.first, Counter[int]()

    @dataclass(slots=True)
    class CountedFaults(Faults):
        """Counts the questions of each visit, which are answered slowly."""

        def reply(self, question: int) -> int:
            questions[printer.connection_count] += 1
            return super(CountedFaults, self).reply(question)

    printer._mechanism.faults = CountedFaults(seconds_per_reply=0.5)
    visit = printer.connection_count + 1
    await until_so(lambda: questions[visit])
    ticket = await watched.server.kiosk.issue(mall.AKTA)

    assert await watched.job_of(ticket) == ("printed", None)
    assert questions[visit] < len(QUESTIONS)  # the look was broken off for the slip


async def test_what_has_not_changed_is_not_written(watched: PrintShop) -> None:
    await until(watched, is_ready)
    await until(watched, is_ready, printer=1)
    before, visits = revision(watched), watched.first.connection_count

    await until_so(lambda: watched.first.connection_count >= visits + 3)

    assert revision(watched) == before


async def test_a_printer_that_cannot_tell_is_not_asked(
    printers: list[PrinterEmulator], disk: Disk, folder: Path, clock: MovableClock
) -> None:
    set_printer(disk, mall.PRINTER_1, reports_status=False)
    async with running(folder, clock) as server:
        shop = PrintShop(server, printers)
        server.context.printing.poll_seconds = SOON
        for printer_id in (mall.PRINTER_1, mall.PRINTER_2):
            server.context.printing.wake_worker(printer_id)
        await until(shop, is_ready, printer=1)

        assert shop.first.connection_count == 0
        assert (await standing(shop))["printers"][0]["state"] == "unheard"

        # its roll is counted, and a person says when it is a new one
        ticket = await server.kiosk.issue(mall.AKTA)
        assert await shop.job_of(ticket) == ("sent", None)
        assert (await standing(shop))["printers"][0]["slips_on_roll"] == 1
        path = f"/printers/{mall.PRINTER_1}/new-roll"
        changed = body_of(await server.resepsi.post(path))
        assert changed["printers"][0]["slips_on_roll"] == 0
        assert [each["kind"] for each in changed["notices"]] == ["new-roll"]
        problem_of(await server.resepsi.post("/printers/77/new-roll"), 404, "not-found")


async def test_a_wrong_address_is_told_before_the_first_slip(
    printers: list[PrinterEmulator], disk: Disk, folder: Path, clock: MovableClock
) -> None:
    set_printer(disk, mall.PRINTER_1, address="nonsense")
    async with running(folder, clock) as server:
        shop = PrintShop(server, printers)
        server.context.printing.poll_seconds = SOON
        server.context.printing.wake_worker(mall.PRINTER_1)

        await until(shop, lambda printer: printer["reason"] == "bad-address")


async def test_an_agents_word_is_told_and_so_is_its_absence(
    agent_shop: PrintShop, usb_printer: PrinterEmulator, tmp_path: Path
) -> None:
    agent_shop.server.context.printing.agents = Agents(
        away_seconds=0.3, taken_seconds=1.0
    )
    async with agent(agent_shop, usb_printer, tmp_path, is_waited_for=False):
        seen = await until(agent_shop, is_ready)
        assert seen["printers"][0]["agent"] == {
            "id": 6, "name": "Agen 1", "is_here": True, "away_since": None,
        }  # fmt: skip
        usb_printer.faults.cover_open = True
        await until(agent_shop, lambda printer: printer["reason"] == "cover-open")
        usb_printer.faults.cover_open = False
        again = await until(agent_shop, lambda printer: printer["roll_since"])
        assert [each["kind"] for each in again["notices"]] == ["new-roll"]

    gone = await until(agent_shop, lambda printer: printer["agent"]["away_since"])

    assert gone["printers"][0]["reason"] == "unreachable"
    assert [each["kind"] for each in gone["alarms"]] == ["agent-away"]


async def test_an_agents_printer_that_cannot_tell_is_in_no_trouble(
    agent_shop: PrintShop,
) -> None:
    url = socket_url(agent_shop.server.url)
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with connect(url, additional_headers=headers, proxy=None) as line:
        await line.send(hello_message(()))
        await line.send(status_message(CANNOT_TELL))
        seen = await until(
            agent_shop, lambda printer: printer["state"] == "cannot-tell"
        )

        assert seen["alarms"] == []
        assert seen["printers"][0]["last_seen"] is None


async def test_a_pipe_cannot_tell_how_its_printer_is(
    printers: list[PrinterEmulator],
    disk: Disk,
    folder: Path,
    clock: MovableClock,
    tmp_path: Path,
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    set_printer(disk, mall.PRINTER_1, address=f"file://{pipe}")
    async with running(folder, clock) as server:
        shop = PrintShop(server, printers)
        server.context.printing.poll_seconds = SOON
        server.context.printing.wake_worker(mall.PRINTER_1)

        await until(shop, lambda printer: printer["state"] == "cannot-tell")
    os.close(reader)


async def test_what_a_full_inbox_kept_out_is_told_by_the_next_look(
    watched: PrintShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    await until(watched, is_ready)
    ledger, refusals = watched.server.context.ledger, list[Any]()
    do = ledger.do

    async def full(*command: Any, **more: Any) -> Any:
        if not refusals:
            refusals.append(command)
            raise Busy
        return await do(*command, **more)

    monkeypatch.setattr(ledger, "do", full)
    watched.first.faults.offline = True

    await until(watched, lambda printer: printer["reason"] == "offline")
    assert refusals
