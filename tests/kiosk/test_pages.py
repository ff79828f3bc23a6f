"""The kiosk's pages without a script: what they show, to whom, in which language."""

import pytest

from app.auth.cookies import DEVICE_COOKIES
from app.models.states import DeviceKind
from tests.kiosk.conftest import Screen
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.mall import AKTA, DKC, IMI, KTP, PASPOR

KIOSK_ADDRESSES = [
    "/kiosk/agencies/1",
    "/kiosk/services/1",
    "/kiosk/services/1/closed",
    "/kiosk/ticket",
]


async def test_the_start_page_leads_to_every_agency(screen: Screen) -> None:
    page = (await screen.look("/kiosk")).text

    assert 'href="/kiosk/agencies/1"' in page
    assert 'href="/kiosk/agencies/2"' in page
    assert "Dukcapil" in page
    assert 'data-icon="passport"' in page
    assert "Tidak ada antrean" in page


async def test_no_cookie_of_the_browser_holds_for_the_next_visitor(
    screen: Screen,
) -> None:
    screen.client.cookies.update(
        {"antrean_text": "large", "antrean_contrast": "high", "antrean_lang": "en"}
    )

    page = (await screen.look("/kiosk")).text

    assert '<html lang="id"' in page
    assert 'data-contrast="normal" data-text="normal"' in page


async def test_the_waiting_are_counted(screen: Screen, server: AppServer) -> None:
    await server.kiosk.issue(AKTA)
    await server.kiosk.issue(KTP)

    assert "2 menunggu" in (await screen.look("/kiosk")).text
    assert "1 menunggu" in (await screen.look(f"/kiosk/agencies/{DKC}")).text


async def test_an_agencys_page_leads_to_its_services(screen: Screen) -> None:
    page = (await screen.look(f"/kiosk/agencies/{DKC}")).text

    assert f'href="/kiosk/services/{AKTA}"' in page
    assert f'href="/kiosk/services/{KTP}"' in page
    assert f'href="/kiosk/services/{PASPOR}"' not in page


async def test_english_is_carried_in_the_address_and_in_no_cookie(
    screen: Screen,
) -> None:
    start = await screen.look("/kiosk?lang=en")
    agency = await screen.look(f"/kiosk/agencies/{IMI}?lang=en")

    assert 'href="/kiosk/agencies/2?lang=en"' in start.text
    assert "Passport" in agency.text
    assert f'href="/kiosk/services/{PASPOR}?lang=en"' in agency.text
    # the pairing, renewed by use, and nothing else
    (cookie,) = start.headers.get_list("set-cookie")
    assert cookie.startswith("antrean_kiosk=")
    assert "Anda memerlukan instansi apa?" in (await screen.look("/kiosk")).text


async def test_another_pages_choice_does_not_follow_to_the_kiosk(
    screen: Screen,
) -> None:
    await screen.look("/help?lang=en")

    assert '<html lang="id"' in (await screen.look("/kiosk")).text


async def test_a_closed_agency_says_why_and_cannot_be_touched(
    screen: Screen, server: AppServer
) -> None:
    body = {"until": "2026-11-24T06:00:00Z"}
    await server.admin.post(f"/agencies/{IMI}/close", body)

    page = (await screen.look("/kiosk")).text

    assert "Tutup sampai 13.00" in page
    assert 'href="/kiosk/agencies/2"' not in page
    assert 'href="/kiosk/agencies/1"' in page


async def test_a_closed_service_says_why_and_cannot_be_touched(
    screen: Screen, server: AppServer
) -> None:
    await server.admin.post(f"/services/{KTP}/close", {})

    page = (await screen.look(f"/kiosk/agencies/{DKC}?lang=en")).text

    assert "Closed for now" in page
    assert f'href="/kiosk/services/{KTP}' not in page
    assert f'href="/kiosk/services/{AKTA}?lang=en"' in page


async def test_outside_the_hours_the_mall_is_closed_until_it_opens(
    screen: Screen, clock: MovableClock
) -> None:
    clock.move(hours=8)

    page = (await screen.look("/kiosk")).text

    assert "Mal tutup. Dibuka lagi besok pukul 08.00" in page
    assert 'href="/kiosk/agencies/' not in page


async def test_a_screen_that_is_no_kiosk_shows_how_to_pair_it(nobody: Screen) -> None:
    page = (await nobody.look("/kiosk")).text

    assert "Pasangkan layar ini" in page
    assert 'data-kind="kiosk" data-next="/kiosk"' in page


@pytest.mark.parametrize("path", KIOSK_ADDRESSES)
async def test_a_screen_that_is_no_kiosk_is_led_to_the_start(
    nobody: Screen, path: str
) -> None:
    page = await nobody.look(path)

    assert page.url.path == "/kiosk"
    assert "Pasangkan layar ini" in page.text


async def test_a_revoked_kiosk_is_to_be_paired_again(
    screen: Screen, server: AppServer
) -> None:
    token_id = server.disk.one("SELECT min(id) FROM device_token WHERE device_id = 1")
    await server.admin.post(f"/device-tokens/{token_id}/revoke")

    assert "Pasangkan layar ini" in (await screen.look("/kiosk/agencies/1")).text


async def test_a_display_is_no_kiosk(nobody: Screen, server: AppServer) -> None:
    cookie = DEVICE_COOKIES[DeviceKind.DISPLAY]
    secret = server.hall.headers["Authorization"].removeprefix("Bearer ")
    nobody.client.cookies.set(cookie, secret)

    assert "Pasangkan layar ini" in (await nobody.look("/kiosk/ticket")).text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/kiosk/agencies/99", 404),
        ("/kiosk/agencies/x", 422),
        ("/kiosk/services/99", 404),
        ("/kiosk/services/x", 422),
        ("/kiosk/services/99/closed", 404),
        ("/kiosk?page=0", 422),
    ],
)
async def test_what_is_not_there_is_told_with_a_way_back(
    screen: Screen, path: str, status: int
) -> None:
    page = await screen.look(path)

    assert page.status_code == status
    assert 'href="/kiosk"' in page.text
    assert "Pengunjung baru" in page.text


async def test_a_sheet_past_the_end_is_the_last(screen: Screen) -> None:
    assert 'href="/kiosk/agencies/2"' in (await screen.look("/kiosk?page=9")).text


async def test_the_address_of_a_service_that_is_open_leads_to_its_agency(
    screen: Screen,
) -> None:
    page = await screen.look(f"/kiosk/services/{PASPOR}/closed?lang=en")

    assert str(page.url).endswith(f"/kiosk/agencies/{IMI}?lang=en")
