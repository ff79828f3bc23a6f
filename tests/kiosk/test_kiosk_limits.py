"""A scarce service at the kiosk: shown with all that is known, its number held back."""

from typing import Any

import pytest
from sqlalchemy import update

from app.queueing import rows
from tests.kiosk.conftest import Screen, number_on
from tests.kiosk.test_service import know, links
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.mall import AKTA, KTP, LOKET_1, PASPOR


@pytest.fixture
def guard(server: AppServer) -> Any:
    """Let a service be guarded, as an import would."""

    def set_rule(service_id: int, **rule: Any) -> None:
        with server.disk.writing() as db:
            db.execute(update(rows.service).filter_by(id=service_id).values(**rule))

    return set_rule


async def test_a_number_of_reception_alone_is_shown_and_not_given(
    screen: Screen, server: AppServer, guard: Any
) -> None:
    await server.sari.command(LOKET_1, "open")
    await server.kiosk.issue(AKTA)
    know(server, AKTA, documents=["Kartu Keluarga"], fee="Gratis")
    guard(AKTA, reception_only=True)

    listed = await screen.look("/kiosk/agencies/1")
    page = await screen.look(f"/kiosk/services/{AKTA}")

    assert "Di resepsionis" in listed.text
    assert links(listed)[f"service-{AKTA}"] == f"/kiosk/services/{AKTA}"
    for word in ("Nomor ini diambil di resepsionis", "meja resepsionis"):
        assert word in page.text
    for text in ("Kartu Keluarga", "Biaya: Gratis", "1 menunggu", "Zona A"):
        assert text in page.text
    assert "/kiosk/tickets" not in page.text
    assert links(page)["others"] == "/kiosk/agencies/1"
    english = await screen.look(f"/kiosk/services/{AKTA}?lang=en")
    assert "You get this number at the reception" in english.text


async def test_an_agency_of_reception_alone_is_still_touched(
    screen: Screen, guard: Any
) -> None:
    guard(PASPOR, reception_only=True)

    start = await screen.look("/kiosk")

    assert "Di resepsionis" in start.text
    assert links(start)["agency-2"] == "/kiosk/agencies/2"


async def test_a_page_shown_before_the_rule_gives_nothing(
    screen: Screen, server: AppServer, guard: Any
) -> None:
    key = await screen.key(AKTA)
    guard(AKTA, reception_only=True)

    refused = await screen.touch(AKTA, key)

    assert "Nomor ini diambil di resepsionis" in refused.text
    assert server.disk.rows("SELECT id FROM ticket") == []


async def test_an_agency_whose_other_service_closes_is_not_called_closed(
    screen: Screen, server: AppServer, guard: Any
) -> None:
    guard(AKTA, reception_only=True)
    key = await screen.key(KTP)
    await server.admin.post(f"/services/{KTP}/close", {})

    page = await screen.touch(KTP, key)

    assert "KTP-el" in page.text
    assert "Seluruh instansi" not in page.text
    assert links(page)["others"] == "/kiosk/agencies/1"


async def test_programs_and_people_are_told_that_reception_gives_it(
    server: AppServer, guard: Any
) -> None:
    guard(AKTA, reception_only=True)
    body = {"service_ids": [AKTA]}

    plain = (await server.kiosk.post("/tickets", body)).json()
    headers = {"Accept-Language": "en"}
    english = (await server.kiosk.post("/tickets", body, headers=headers)).json()

    assert plain["title"] == "Nomor ini hanya diberikan di resepsionis"
    assert plain["advice"] == "Silakan menuju meja resepsionis."
    assert english["title"] == "This number is given at the reception only"
    assert english["detail"] == "This number is given at the reception only."
    assert plain["code"] == english["code"] == "by-hand"


async def test_a_kiosk_that_cools_down_says_when_and_then_gives(
    screen: Screen, other_screen: Screen, guard: Any, clock: MovableClock
) -> None:
    guard(AKTA, kiosk_cooldown_seconds=60)
    assert await screen.take(AKTA) == "A-001"

    page = await screen.look(f"/kiosk/services/{AKTA}")

    assert "Nomor berikutnya di sini" in page.text
    assert 'data-ready-in="60">60</span> detik lagi' in page.text
    assert "/kiosk/tickets" not in page.text
    assert links(page)["again"] == f"/kiosk/services/{AKTA}"
    assert await other_screen.take(AKTA) == "A-002"
    assert await screen.take(KTP) == "K-001"
    clock.move(seconds=60)
    assert await screen.take(AKTA) == "A-003"


async def test_a_touch_too_early_keeps_what_else_was_chosen(
    screen: Screen, server: AppServer, guard: Any
) -> None:
    guard(AKTA, kiosk_cooldown_seconds=600)
    key = await screen.key(KTP)
    await screen.take(AKTA)

    form = {"service_id": [str(KTP), str(AKTA)], "key": key}
    page = await screen.client.post("/kiosk/tickets", data=form)

    assert "Nomor berikutnya di sini 10 menit lagi" in page.text
    assert links(page)["chosen"] == f"/kiosk/services/{KTP}"
    assert len(server.disk.rows("SELECT id FROM ticket")) == 1


async def test_a_second_touch_of_the_same_showing_shows_its_number(
    screen: Screen, guard: Any
) -> None:
    guard(AKTA, kiosk_cooldown_seconds=60)
    key = await screen.key(AKTA)

    first, second = await screen.touch(AKTA, key), await screen.touch(AKTA, key)

    assert number_on(first) == number_on(second) == "A-001"


async def test_the_contract_tells_programs_the_same(
    server: AppServer, guard: Any, clock: MovableClock
) -> None:
    guard(AKTA, reception_only=True)
    guard(KTP, kiosk_cooldown_seconds=60)
    await server.kiosk.issue(KTP)
    clock.move(seconds=20)

    only = await server.kiosk.post("/tickets", {"service_ids": [AKTA]})
    early = await server.kiosk.post("/tickets", {"service_ids": [KTP]})
    listed = (await server.anyone.get("/agencies")).json()
    staff = await server.sari.get(f"/services/{AKTA}/availability")
    await server.resepsi.issue(AKTA, KTP)

    refusal = only.json()
    assert (only.status_code, refusal["code"]) == (409, "by-hand")
    assert (refusal["service_id"], refusal["reception_only"]) == (AKTA, True)
    refusal = early.json()
    assert (early.status_code, refusal["code"]) == (409, "too-early")
    assert refusal["service_id"] == KTP
    assert refusal["retry_after_seconds"] == pytest.approx(40, abs=0.1)
    service = listed[0]["services"][0]
    assert (service["open"], service["reception_only"]) == (False, True)
    assert staff.json()["open"]
