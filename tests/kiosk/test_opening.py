"""What a service's page says of breaks and counters before the number is drawn."""

from sqlalchemy import insert

from app.queueing import rows
from tests.kiosk.conftest import Screen
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of
from tests.support.mall import AKTA, DKC, KTP, LOKET_1

NO_COUNTER = "Saat ini tidak ada loket buka"
PAUSED = "Loket sedang jeda"
HOURS = "jam layanan sampai pukul 15.30"
NEXT = "Anda giliran berikutnya"


def with_lines(server: AppServer, *lines: tuple[str, str, str]) -> None:
    """Give the site further hours on Tuesdays: kind, opens, closes."""
    with server.disk.writing() as db:
        for kind, opens, closes in lines:
            line = {"kind": kind, "weekday": 1, "opens": opens, "closes": closes}
            db.execute(insert(rows.opening_hours).values(line))


async def test_a_pause_is_named_with_its_end(screen: Screen, server: AppServer) -> None:
    with_lines(server, ("break", "12:00", "13:00"))

    page = (await screen.look(f"/kiosk/services/{AKTA}")).text

    assert "Nomor diberikan sampai pukul 12.00, lalu lagi mulai pukul 13.00" in page


async def test_what_ends_for_the_day_has_no_resumption(screen: Screen) -> None:
    page = (await screen.look(f"/kiosk/services/{AKTA}")).text

    assert "Nomor diberikan sampai pukul 15.30" in page
    assert "lalu lagi" not in page


async def test_a_number_that_no_counter_would_call_is_given_with_a_warning(
    screen: Screen, server: AppServer
) -> None:
    before = (await screen.look(f"/kiosk/services/{AKTA}")).text
    ticket = (await screen.touch(AKTA, await screen.key(AKTA))).text
    with_a_line = (await screen.look(f"/kiosk/services/{AKTA}")).text
    await server.sari.command(LOKET_1, "open")
    after = (await screen.look(f"/kiosk/services/{AKTA}")).text

    assert NO_COUNTER in before
    assert NO_COUNTER in ticket
    assert NO_COUNTER in with_a_line
    assert "1 menunggu" in with_a_line
    assert NO_COUNTER not in after


async def test_counters_that_are_paused_are_told_apart_from_closed_ones(
    screen: Screen, server: AppServer
) -> None:
    """Both say until when the hours are, for by these a counter is expected."""
    await server.sari.command(LOKET_1, "open")
    ticket = (await screen.touch(AKTA, await screen.key(AKTA))).text
    assert PAUSED not in ticket

    await server.sari.command(LOKET_1, "pause", reason="break")
    for path in (f"/kiosk/services/{AKTA}", "/kiosk/ticket"):
        paused = (await screen.look(path)).text
        assert f"{PAUSED}, {HOURS}" in paused
        assert NO_COUNTER not in paused

    await server.sari.command(LOKET_1, "close")
    for path in (f"/kiosk/services/{AKTA}", "/kiosk/ticket"):
        closed = (await screen.look(path)).text
        assert f"{NO_COUNTER}, {HOURS}" in closed
        assert PAUSED not in closed


async def test_before_serving_begins_the_page_says_when_instead(
    screen: Screen, server: AppServer
) -> None:
    with_lines(server, ("issuing", "07:00", "15:00"), ("break", "08:30", "10:00"))

    page = (await screen.look(f"/kiosk/services/{AKTA}")).text

    assert "Dilayani mulai 10.00" in page
    assert NO_COUNTER not in page


async def test_who_waits_already_does_not_hide_that_no_counter_is_open(
    screen: Screen, server: AppServer
) -> None:
    await server.kiosk.issue(AKTA)

    plain = (await screen.look(f"/kiosk/services/{AKTA}")).text
    large = (await screen.look(f"/kiosk/services/{AKTA}?text=large")).text

    assert NO_COUNTER in plain
    assert "1 menunggu" in plain
    assert NO_COUNTER in large


async def test_a_number_that_waits_no_more_is_not_next(
    screen: Screen, server: AppServer
) -> None:
    page = (await screen.touch(AKTA, await screen.key(AKTA))).text
    token = server.disk.one("SELECT token FROM ticket_private")
    assert NEXT in page

    body_of(await server.anyone.post(f"/tickets/{token}/cancel", json={}))

    page = (await screen.look("/kiosk/ticket")).text
    assert "Nomor ini sudah dibatalkan" in page
    assert NEXT not in page
    assert "Silakan menunggu" not in page


async def test_who_is_called_before_is_told_though_they_wait_in_another_line(
    screen: Screen, server: AppServer
) -> None:
    await server.sari.command(LOKET_1, "open")
    for _ in range(3):
        await server.kiosk.issue(KTP)

    for path in (f"/kiosk/services/{AKTA}", f"/kiosk/agencies/{DKC}"):
        page = (await screen.look(path)).text
        assert "3 menunggu" in page
        assert "Tidak ada antrean" not in page
