"""What the ticket's page says in breaks, after closing, and while nobody serves."""

import re
from typing import Any

from sqlalchemy import insert

from app.queueing import rows
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of
from tests.support.rules.harness import clock_time

NEARBY = "Silakan menunggu di dekat loket"
HOURS = "Jam layanan hari ini: sampai pukul 15.30."


async def page(server: AppServer, ticket: dict[str, Any]) -> str:
    return (await server.anyone.get(f"{server.url}/t/{ticket['token']}")).text


def with_break(server: AppServer) -> None:
    """Give the site a break on Tuesdays, 12.00 to 13.00."""
    with server.disk.writing() as db:
        line = {"kind": "break", "weekday": 1, "opens": "12:00", "closes": "13:00"}
        db.execute(insert(rows.opening_hours).values(line))


async def test_in_a_break_the_page_says_until_when(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    with_break(staffed_server)
    ticket = await staffed_server.kiosk.issue(mall.AKTA)

    assert "Istirahat" not in await page(staffed_server, ticket)
    clock.set(clock_time("12:10"))
    in_break = await page(staffed_server, ticket)
    assert "Istirahat sampai 13.00" in in_break
    assert "Nomor Anda tetap berlaku hari ini." in in_break
    assert NEARBY not in in_break
    clock.set(clock_time("13:00"))
    assert NEARBY in await page(staffed_server, ticket)


async def test_a_counter_that_opens_in_the_break_ends_it_for_its_line(
    server: AppServer, clock: MovableClock
) -> None:
    with_break(server)
    await server.sari.command(mall.LOKET_1, "open")
    ticket = await server.kiosk.issue(mall.AKTA)
    clock.set(clock_time("12:10"))
    assert "Istirahat sampai 13.00" in await page(server, ticket)

    await server.sari.command(mall.LOKET_1, "open")
    answer = await page(server, ticket)

    assert "Istirahat" not in answer
    assert NEARBY in answer


async def test_a_counter_that_serves_into_its_break_does_not_end_it(
    server: AppServer, clock: MovableClock
) -> None:
    with_break(server)
    await server.sari.command(mall.LOKET_1, "open")
    await server.kiosk.issue(mall.AKTA)
    await server.sari.command(mall.LOKET_1, "call-next")
    ticket = await server.kiosk.issue(mall.AKTA)
    clock.set(clock_time("12:10"))

    answer = await page(server, ticket)

    assert "Istirahat sampai 13.00" in answer
    assert NEARBY not in answer


async def test_paused_counters_are_told_apart_from_closed_ones(
    server: AppServer,
) -> None:
    ticket = await server.kiosk.issue(mall.AKTA)
    await server.sari.command(mall.LOKET_1, "open")

    await server.sari.command(mall.LOKET_1, "pause", reason="break")
    paused = await page(server, ticket)
    assert "Loket layanan ini sedang jeda" in paused
    assert "Panggilan dilanjutkan setelah petugas kembali." in paused
    assert HOURS in paused
    await server.sari.command(mall.LOKET_1, "close")
    closed = await page(server, ticket)
    assert "Saat ini tidak ada loket yang buka" in closed
    assert HOURS in closed
    assert "jeda" not in closed


async def test_after_closing_the_page_says_what_becomes_of_the_number(
    server: AppServer, clock: MovableClock
) -> None:
    ticket = await server.kiosk.issue(mall.AKTA)
    clock.set(clock_time("16:00"))

    closed = await page(server, ticket)

    assert "Mal tutup. Dibuka lagi besok pukul 08.00" in closed
    assert "nomor ini tidak berlaku lagi" in closed
    assert "resepsi" in closed
    assert NEARBY not in closed


async def test_after_closing_an_open_counter_still_serves(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA)
    clock.set(clock_time("16:00"))

    late = await page(staffed_server, ticket)

    assert "nomor yang sudah diberikan masih dilayani" in late
    assert NEARBY in late


async def test_before_serving_begins_no_hours_are_over(
    server: AppServer, clock: MovableClock
) -> None:
    with server.disk.writing() as db:
        line = {"kind": "issuing", "weekday": 2, "opens": "07:00", "closes": "14:00"}
        db.execute(insert(rows.opening_hours).values(line))
    clock.set(clock_time("07:40", days=1))
    await server.sari.command(mall.LOKET_1, "open")
    ticket = await server.kiosk.issue(mall.AKTA)

    early = await page(server, ticket)

    assert NEARBY in early
    assert "Jam layanan sudah selesai" not in early


async def test_a_service_that_closed_does_not_end_the_wait_for_another(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    with staffed_server.disk.writing() as db:
        line = {"kind": "serving", "opens": "08:00", "closes": "12:00"}
        lines = [{**line, "weekday": day, "agency_id": mall.DKC} for day in (1, 2)]
        db.execute(insert(rows.opening_hours).values(lines))
    ticket = await staffed_server.kiosk.issue(mall.AKTA, mall.PASPOR)
    for officer, counter_id in ((staffed_server.sari, 1), (staffed_server.budi, 2)):
        await officer.command(counter_id, "close")
    clock.set(clock_time("12:10"))

    one_closed = await page(staffed_server, ticket)

    assert "Tutup. Dibuka lagi besok pukul 08.00" in one_closed
    assert "nomor ini tidak berlaku lagi" not in one_closed
    assert NEARBY in one_closed


async def test_one_may_come_back_until_the_day_ends_and_not_tomorrow(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    clock.set(clock_time("15:20"))
    ticket = await missed(staffed_server)

    answer = await page(staffed_server, ticket)

    assert "data-back=" in answer
    assert "Sampai pukul" not in answer


async def test_without_an_open_counter_the_page_says_so(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA)

    assert "Saat ini tidak ada loket yang buka" in await page(server, ticket)
    await server.sari.command(mall.LOKET_1, "open")
    assert "Saat ini tidak ada loket" not in await page(server, ticket)


async def test_who_missed_the_call_may_come_back_where_policy_allows(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    ticket = await missed(staffed_server)

    answer = await page(staffed_server, ticket)
    assert "data-back=" in answer
    assert "Sampai pukul 10.00" in answer
    clock.move(minutes=61)
    answer = await page(staffed_server, ticket)
    assert "data-back=" not in answer
    assert "Silakan datang ke resepsi" in answer


async def test_who_came_back_as_often_as_allowed_goes_to_the_reception(
    staffed_server: AppServer,
) -> None:
    ticket = await missed(staffed_server)
    body_of(await staffed_server.anyone.post(f"/tickets/{ticket['token']}/requeue"))
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.sari.command(mall.LOKET_1, "no-show", reason="left")

    answer = await page(staffed_server, ticket)

    assert "data-back=" not in answer
    assert "Silakan datang ke resepsi" in answer


async def test_the_page_says_what_a_sleeping_phone_cannot_do(
    server: AppServer,
) -> None:
    ticket = await server.kiosk.issue(mall.AKTA)

    assert "Ponsel yang tidur" in await page(server, ticket)


async def missed(server: AppServer) -> dict[str, Any]:
    """Bring a ticket to a no-show at counter 1."""
    ticket = await server.kiosk.issue(mall.AKTA)
    await server.sari.command(mall.LOKET_1, "call-next")
    await server.sari.command(mall.LOKET_1, "no-show", reason="left")
    return ticket


async def test_whom_an_officer_set_aside_is_told_of_breaks_and_closing(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    with_break(staffed_server)
    ticket = await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.sari.command(mall.LOKET_1, "park")
    stay = "Petugas akan memanggil Anda lagi"

    assert stay in await parked_words(staffed_server, ticket)
    clock.set(clock_time("12:10"))
    assert "Istirahat sampai 13.00" in await parked_words(staffed_server, ticket)
    for officer, counter_id in ((staffed_server.sari, 1), (staffed_server.budi, 2)):
        await officer.command(counter_id, "close")
    clock.set(clock_time("16:00"))
    closed = await parked_words(staffed_server, ticket)
    assert "Mal tutup. Dibuka lagi besok pukul 08.00" in closed
    assert "nomor ini tidak berlaku lagi" in closed
    assert stay not in closed


async def test_after_closing_nobody_is_told_to_wait_behind_a_few_numbers(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    clock.set(clock_time("15:20"))
    ticket = await missed(staffed_server)
    behind = "Anda menunggu lagi, setelah beberapa nomor berikutnya"

    assert behind in await page(staffed_server, ticket)
    for officer, counter_id in ((staffed_server.sari, 1), (staffed_server.budi, 2)):
        await officer.command(counter_id, "close")
    clock.set(clock_time("16:00"))
    closed = await page(staffed_server, ticket)

    assert "Mal tutup. Dibuka lagi besok pukul 08.00" in closed
    assert behind not in closed


async def parked_words(server: AppServer, ticket: dict[str, Any]) -> str:
    """Return what the page says to one who is set aside."""
    words = re.search(
        r'data-part="parked".*?</div>', await page(server, ticket), re.DOTALL
    )
    assert words
    return words[0]
