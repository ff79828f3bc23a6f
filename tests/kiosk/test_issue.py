"""A touch gives one number; nobody sees another visitor's."""

import asyncio

import pytest

from printer.emulator import PrinterEmulator
from tests.kiosk.conftest import Screen, number_on
from tests.printing.conftest import set_printer
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.mall import AKTA, DKC, IMI, KTP, PASPOR

LOOKS = (
    "/kiosk",
    "/kiosk/agencies/1",
    "/kiosk/services/1?with=2&people=3&priority=hamil&assistance=yes",
    "/kiosk/services/1/closed",
    "/kiosk/ticket",
    "/kiosk/ticket/slip",
)


async def test_a_touch_gives_a_number(screen: Screen, server: AppServer) -> None:
    page = await screen.touch(PASPOR, await screen.key(PASPOR))

    assert number_on(page) == "P-001"
    assert page.url.path == "/kiosk/ticket"
    assert "Paspor" in page.text
    assert "Anda giliran berikutnya" in page.text
    assert "Silakan menunggu di Zona B" in page.text
    assert 'class="qr"' in page.text
    assert 'href="/kiosk/search' not in page.text
    assert server.disk.one("SELECT device_id FROM ticket_event") == 1


async def test_the_ones_ahead_are_counted(screen: Screen, server: AppServer) -> None:
    await server.kiosk.issue(AKTA)

    page = await screen.touch(AKTA, await screen.key(AKTA))

    assert "1 nomor di depan Anda" in page.text


async def test_the_number_is_in_the_visitors_language(
    screen: Screen, server: AppServer
) -> None:
    page = await screen.touch(PASPOR, await screen.key(PASPOR), "?lang=en")

    assert "Your queue number" in page.text
    assert "Immigration" in page.text
    assert server.disk.one("SELECT language FROM ticket_private") == "en"


async def test_two_touches_at_once_give_one_number(
    screen: Screen, server: AppServer
) -> None:
    key = await screen.key(AKTA)

    pages = await asyncio.gather(*(screen.touch(AKTA, key) for _ in range(2)))

    assert [number_on(page) for page in pages] == ["A-001", "A-001"]
    assert server.disk.count("ticket") == 1
    assert server.disk.count("print_job") == 1


async def test_a_second_touch_on_another_tile_gives_no_second_number(
    screen: Screen, server: AppServer
) -> None:
    key = await screen.key(AKTA)

    pages = [await screen.touch(AKTA, key), await screen.touch(KTP, key)]

    assert [number_on(page) for page in pages] == ["A-001", "A-001"]
    assert server.disk.count("ticket") == 1


async def test_one_key_at_two_kiosks_is_two_visitors(
    screen: Screen, other_screen: Screen
) -> None:
    key = await screen.key(AKTA)

    pages = [await screen.touch(AKTA, key), await other_screen.touch(AKTA, key)]

    assert [number_on(page) for page in pages] == ["A-001", "A-002"]


async def test_the_next_visitor_gets_the_next_number(screen: Screen) -> None:
    assert await screen.take(AKTA) == "A-001"
    await screen.look("/kiosk")
    assert await screen.take(AKTA) == "A-002"


async def test_after_the_start_page_nobody_sees_the_number_again(
    screen: Screen,
) -> None:
    await screen.take(AKTA)
    assert number_on(await screen.look("/kiosk/ticket")) == "A-001"
    await screen.look("/kiosk")

    back = await screen.look("/kiosk/ticket")

    assert back.url.path == "/kiosk"
    assert "A-001" not in back.text


async def test_another_kiosk_does_not_show_the_number(
    screen: Screen, other_screen: Screen
) -> None:
    await screen.take(AKTA)
    kept = screen.client.cookies["antrean_kiosk_ticket"]
    other_screen.client.cookies.set("antrean_kiosk_ticket", kept)

    assert (await other_screen.look("/kiosk/ticket")).url.path == "/kiosk"


async def test_a_number_of_long_ago_is_not_shown(
    screen: Screen, clock: MovableClock
) -> None:
    await screen.take(AKTA)
    clock.move(minutes=9)
    assert (await screen.look("/kiosk/ticket")).url.path == "/kiosk/ticket"
    clock.move(minutes=2)

    assert (await screen.look("/kiosk/ticket")).url.path == "/kiosk"


async def test_no_address_of_the_kiosk_holds_the_tickets_token(
    screen: Screen, server: AppServer
) -> None:
    page = await screen.touch(AKTA, await screen.key(AKTA))

    token = server.disk.one("SELECT token FROM ticket_private")
    addresses = [str(step.url) for step in (*page.history, page)]
    assert not any(token in address for address in addresses)
    assert token not in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_a_service_that_closed_meanwhile_gives_no_number(
    screen: Screen, server: AppServer
) -> None:
    key = await screen.key(KTP)
    await server.admin.post(f"/services/{KTP}/close", {})

    page = await screen.touch(KTP, key, "?lang=en")

    assert "Closed for now" in page.text
    assert "no number was given" in page.text
    assert f'href="/kiosk/agencies/{DKC}?lang=en"' in page.text
    assert server.disk.count("ticket") == 0


async def test_an_agency_that_closed_meanwhile_leads_on_to_the_others(
    screen: Screen, server: AppServer
) -> None:
    key = await screen.key(PASPOR)
    await server.admin.post(f"/agencies/{IMI}/close", {})

    page = await screen.touch(PASPOR, key, "?lang=en")

    assert "The whole agency closed just now" in page.text
    assert "Other agencies" in page.text
    assert 'href="/kiosk?lang=en"' in page.text
    assert f'href="/kiosk/agencies/{IMI}' not in page.text
    assert server.disk.count("ticket") == 0


@pytest.mark.parametrize(
    ("service_id", "key"),
    [("99", "0" * 32), ("x", "0" * 32), ("1", "short"), ("-1", "0" * 32)],
)
async def test_a_form_that_is_not_ours_gives_no_number(
    screen: Screen, server: AppServer, service_id: str, key: str
) -> None:
    page = await screen.touch(service_id, key)

    assert page.status_code == 422
    assert "Pengunjung baru" in page.text
    assert server.disk.count("ticket") == 0


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("multipart/form-data", "zz"),
        (f"multipart/form-data; boundary={'b' * 300}", "zz"),
        ("application/x-www-form-urlencoded", "a=1&" * 1_500),
    ],
)
async def test_what_is_no_form_gives_no_number(
    screen: Screen,
    server: AppServer,
    caplog: pytest.LogCaptureFixture,
    media: str,
    body: str,
) -> None:
    page = await screen.client.post(
        "/kiosk/tickets", content=body, headers={"Content-Type": media}
    )

    assert page.status_code in (400, 422)
    assert "Pengunjung baru" in page.text
    assert [r for r in caplog.records if r.exc_info] == []
    assert server.disk.count("ticket") == 0


async def test_looking_gives_no_number(screen: Screen, server: AppServer) -> None:
    for path in LOOKS:
        await screen.look(path)
    assert (await screen.look("/kiosk/tickets")).status_code == 405

    assert server.disk.count("ticket") == 0


async def test_a_screen_that_is_no_kiosk_gives_no_number(
    nobody: Screen, server: AppServer
) -> None:
    page = await nobody.touch(AKTA, "0" * 32)

    assert "Pasangkan layar ini" in page.text
    assert server.disk.count("ticket") == 0


async def test_another_sites_form_gives_no_number(
    screen: Screen, server: AppServer
) -> None:
    key = await screen.key(AKTA)
    screen.client.headers["Origin"] = "http://elsewhere.example"

    assert (await screen.touch(AKTA, key)).status_code == 403
    assert server.disk.count("ticket") == 0


async def test_a_dead_printer_is_told_and_the_number_stands(
    screen: Screen, server: AppServer
) -> None:
    page = await screen.touch(AKTA, await screen.key(AKTA))
    assert number_on(page) == "A-001"
    await server.until_printed()

    slip = (await screen.look("/kiosk/ticket/slip")).text

    assert "data-decided" in slip
    assert "Karcis Anda tidak dapat dicetak" in slip
    assert "Silakan foto layar ini" in slip
    assert number_on(await screen.look("/kiosk/ticket")) == "A-001"


async def test_a_slip_that_comes_out_at_another_kiosk_is_told(
    screen: Screen, server: AppServer
) -> None:
    async with PrinterEmulator() as other:
        set_printer(server.disk, mall.PRINTER_2, address=str(other.address))
        set_printer(server.disk, mall.PRINTER_1, sibling_id=mall.PRINTER_2)
        await screen.touch(AKTA, await screen.key(DKC))
        await server.until_printed()

    slip = (await screen.look("/kiosk/ticket/slip")).text

    assert "Ambil karcis Anda di Kios 2" in slip
    assert "data-decided" in slip


async def test_without_a_number_there_is_no_slip_to_ask_for(screen: Screen) -> None:
    assert (await screen.look("/kiosk/ticket/slip")).status_code == 204
