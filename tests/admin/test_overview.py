"""The first page and the printers: what a person must look at is said in words."""

import pytest
from sqlalchemy import update

from app.admin.words import (
    ALARMS,
    PRINT_REASONS,
    PRINT_STATES,
    PRINTER_STATES,
    PUBLIC_URL_WORDS,
)
from app.importing.public_url import WARNINGS
from app.models.states import PrintState
from app.queueing import rows
from app.queueing.slips import print_jobs
from app.queueing.slips.printer_status import CANNOT_TELL, READY
from app.queueing.views.printers import (
    AGENT_AWAY,
    FAILING,
    NEAR_END,
    UNHEARD,
    UNKNOWN_JOBS,
)
from printer import delivery
from tests.admin.conftest import Desk, words
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.mall import AKTA, DKC, LOKET_1


async def test_the_overview_counts(admin: Desk) -> None:
    page = words(await admin.get("/admin"))

    assert "5 of 5 kiosks and displays are paired." in page
    assert "2 of 2 agencies give numbers now." in page
    assert "No printer is known to be in trouble." in page


async def test_the_overview_names_what_is_closed_by_hand(admin: Desk) -> None:
    await admin.post(f"/admin/agencies/{DKC}/services/{AKTA}/close")
    assert "With closed services: Civil Registration." in words(
        await admin.get("/admin")
    )

    await admin.post(f"/admin/agencies/{DKC}/close")
    page = words(await admin.get("/admin"))

    assert "1 of 2 agencies give numbers now." in page
    assert "Closed by hand: Civil Registration." in page


async def test_the_overview_names_the_counters_whose_officer_is_not_back(
    server: AppServer, admin: Desk, clock: MovableClock
) -> None:
    assert "0 of 3 counters are open." in words(await admin.get("/admin"))
    await server.sari.command(LOKET_1, "open")
    await server.sari.command(LOKET_1, "pause", reason="meeting")
    assert "not back" not in words(await admin.get("/admin"))

    clock.move(minutes=31)

    assert "still there after hours: Loket 1." in words(await admin.get("/admin"))


async def test_a_slip_that_was_not_printed_is_told_with_its_cause(
    server: AppServer, admin: Desk
) -> None:
    number = (await server.kiosk.issue(AKTA))["number"]
    await server.until_printed()  # nothing listens at the small mall's printers

    page = words(await admin.get("/admin/printers"))

    assert "Look at this printer" in page
    assert f"{number} 09:00 Slip not printed Nothing listens at its address." in page
    assert "State Cannot print (since 09:00)" in page
    assert "Slips on this roll 0 of about 312" in page
    assert "These printers need a look: Printer 1." in words(await admin.get("/admin"))


async def test_numbers_without_a_sure_slip_are_named(
    server: AppServer, admin: Desk
) -> None:
    number = (await server.kiosk.issue(AKTA))["number"]
    await server.until_printed()
    with server.disk.writing() as db:
        db.execute(update(rows.print_job).values(state="unknown"))

    page = words(await admin.get("/admin/printers"))

    assert f"Look, or reprint: {number}" in page


async def test_a_printer_shows_where_it_is_and_who_uses_it(admin: Desk) -> None:
    page = words(await admin.get("/admin/printers"))

    assert "Address tcp://127.0.0.1:9" in page
    assert "Used by Kios 1" in page
    assert "No slip was asked for yet." in page


async def test_a_date_in_doubt_is_confirmed_here(
    server: AppServer, admin: Desk, clock: MovableClock
) -> None:
    assert "in doubt" not in words(await admin.get("/admin"))
    clock.jump(days=30)
    assert "Its clock says Thursday, 24 December 2026." in words(
        await admin.get("/admin")
    )

    wrong = await admin.post("/admin/clock", day="2026-12-01")
    assert wrong.status_code == 422
    assert "Set the clock of the machine first." in words(wrong)
    assert (await admin.post("/admin/clock", day="?")).status_code == 422

    assert (await admin.post("/admin/clock", day="2026-12-24")).status_code == 303
    assert "in doubt" not in words(await admin.get("/admin"))
    assert (await server.kiosk.issue(AKTA))["number"] == "A-001"


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("http://mal.example", None),
        ("http://192.168.1.10:8000", None),
        ("http://localhost:8000", "each phone looks for the page on itself"),
        ("http://0.0.0.0", "the address of no machine"),
        ("http://169.254.1.2", "gives itself such an address"),
    ],
)
async def test_an_address_that_phones_cannot_open_is_named(
    server: AppServer, admin: Desk, url: str, text: str | None
) -> None:
    with server.disk.writing() as db:
        db.execute(update(rows.site).values(public_url=url))

    page = words(await admin.get("/admin"))

    assert (text is not None) == ("Phones cannot open the slips' QR codes" in page)
    if text is not None:
        assert f"They lead to {url}." in page
        assert text in page


def test_every_warning_of_an_address_has_words() -> None:
    assert set(PUBLIC_URL_WORDS) == set(WARNINGS)


def test_every_state_and_reason_of_a_print_job_has_words() -> None:
    assert set(PRINT_STATES) == set(PrintState)
    assert set(PRINT_REASONS) == delivery.REASONS | print_jobs.REASONS


def test_every_standing_and_alarm_of_a_printer_has_words() -> None:
    assert set(PRINTER_STATES) == {READY, CANNOT_TELL, UNHEARD, FAILING}
    more = {AGENT_AWAY, NEAR_END, UNKNOWN_JOBS}
    assert set(ALARMS) == set(PRINT_REASONS) | more
