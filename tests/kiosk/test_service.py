"""A service's page before the number, and what may be chosen on it."""

import asyncio
import re
from html import unescape

import httpx2
import pytest
from sqlalchemy import update

from app.queueing import rows
from tests.kiosk.conftest import Screen, number_on
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.mall import AKTA, DKC, KTP, LOKET_1, PASPOR

HREF = re.compile(r'id="([\w-]+)"\s+href="([^"]*)"')


def links(page: httpx2.Response) -> dict[str, str]:
    """Return where the page's links lead, by their ids."""
    return {name: unescape(address) for name, address in HREF.findall(page.text)}


def know(server: AppServer, service_id: int, **facts: object) -> None:
    """Let a service's documents, fee and standard time be known."""
    with server.disk.writing() as db:
        db.execute(update(rows.service).filter_by(id=service_id).values(**facts))


async def test_the_page_says_what_to_know_before_the_number(
    screen: Screen, server: AppServer
) -> None:
    await server.sari.command(LOKET_1, "open")
    await server.kiosk.issue(AKTA)
    know(
        server,
        AKTA,
        documents=["Kartu Keluarga", "Surat <lahir>"],
        fee="Gratis",
        standard_minutes=15,
    )

    page = (await screen.look(f"/kiosk/services/{AKTA}")).text

    assert "Akta kelahiran" in page
    assert "Dinas Kependudukan" in page
    assert "1 menunggu" in page
    assert "Zona A" in page
    assert "Dokumen yang perlu dibawa" in page
    assert "Kartu Keluarga" in page
    assert "Surat &lt;lahir&gt;" in page
    assert "Biaya: Gratis" in page
    assert "Sekitar 15 menit" in page
    assert "Ambil nomor" in page


async def test_what_no_source_names_is_left_out(screen: Screen) -> None:
    page = (await screen.look(f"/kiosk/services/{AKTA}")).text

    for word in ("Dokumen", "Biaya", "menit"):
        assert word not in page


async def test_each_showing_has_a_key_of_its_own(screen: Screen) -> None:
    assert await screen.key(AKTA) != await screen.key(AKTA)


async def test_a_closed_service_says_why_and_offers_no_number(
    screen: Screen, clock: MovableClock
) -> None:
    clock.move(hours=8)

    page = await screen.look(f"/kiosk/services/{AKTA}")

    assert "Mal tutup. Dibuka lagi besok pukul 08.00" in page.text
    assert "/kiosk/tickets" not in page.text
    assert links(page)["others"] == "/kiosk"


async def test_a_service_closed_alone_leads_to_the_agencys_others(
    screen: Screen, server: AppServer
) -> None:
    await server.admin.post(f"/services/{KTP}/close", {})

    page = await screen.look(f"/kiosk/services/{KTP}")

    assert "Tutup sementara" in page.text
    assert links(page)["others"] == f"/kiosk/agencies/{DKC}"


async def test_a_further_service_comes_onto_the_same_number(
    screen: Screen, server: AppServer
) -> None:
    first = await screen.look(f"/kiosk/services/{PASPOR}")
    start = await screen.look(links(first)["add"])
    agency = await screen.look(links(start)[f"agency-{DKC}"])
    assert "1 layanan sudah dipilih" in agency.text
    second = links(agency)[f"service-{AKTA}"]

    page = await screen.send(second)

    assert number_on(page) == "P-001"
    assert "Paspor" in page.text
    assert "Akta kelahiran" in page.text
    assert server.disk.count("ticket") == 1
    lines = server.disk.rows("SELECT service_id FROM entry ORDER BY id")
    assert lines == [PASPOR, AKTA]


async def test_what_is_chosen_may_be_gone_back_to_and_removed(screen: Screen) -> None:
    both = await screen.look(f"/kiosk/services/{AKTA}?with={PASPOR}")
    assert "2 layanan" in both.text
    start = await screen.look(f"/kiosk?with={PASPOR},{AKTA}")

    assert links(start)["chosen"] == f"/kiosk/services/{AKTA}?with={PASPOR}"
    assert links(both)[f"without-{PASPOR}"] == f"/kiosk/services/{AKTA}"
    assert links(both)["start-over"] == "/kiosk"


async def test_the_fifth_service_is_the_last(screen: Screen) -> None:
    page = await screen.look(f"/kiosk/services/{AKTA}?with={KTP},{PASPOR}")
    assert "add" in links(page)
    way = await screen.look(f"/kiosk?with={KTP},{PASPOR},7,8,9,10")

    assert "4 layanan sudah dipilih" in way.text


async def test_an_address_may_say_anything_and_means_nothing_by_it(
    screen: Screen,
) -> None:
    for query in (
        "with=x,-1,0,1.5,,%00,²",
        f"with={'9' * 5000}",
        "with=99",
        f"with={AKTA},{AKTA}",
        "people=-1&priority=VIP&assistance=maybe",
        "people=999999999999",
        "people=%E2%82%AC",
    ):
        page = await screen.look(f"/kiosk/services/{AKTA}?{query}")

        assert page.status_code == 200, query
        assert "take__more" not in page.text, query


async def test_people_rise_and_fall_between_one_and_the_sites_most(
    screen: Screen, server: AppServer
) -> None:
    with server.disk.writing() as db:
        db.execute(update(rows.site).values(policy={"people_max": 2}))
    one = await screen.look(f"/kiosk/services/{AKTA}")
    assert "fewer" not in links(one)

    two = await screen.look(links(one)["more-people"])

    assert links(two)["fewer"] == f"/kiosk/services/{AKTA}"
    assert "more-people" not in links(two)
    assert "2 orang" in two.text
    many = await screen.look(f"/kiosk/services/{AKTA}?people=50")
    assert '<input type="hidden" name="people" value="2">' in many.text


async def test_party_class_and_help_reach_the_ticket(
    screen: Screen, server: AppServer
) -> None:
    page = await screen.look(f"/kiosk/services/{AKTA}")
    for touched in ("more-people", "more-people", "class-lansia", "person"):
        page = await screen.look(links(page)[touched])

    page = await screen.send(page.url.raw_path.decode())

    assert server.disk.one("SELECT people FROM ticket") == 3
    result = server.disk.rows("SELECT priority, assistance FROM ticket_private")
    assert [tuple(row) for row in result] == [("lansia", 1)]
    assert "Untuk 3 orang" in page.text
    assert "Petugas tahu bahwa Anda perlu dibantu" in page.text
    assert "lansia" not in page.text.lower()
    assert page.url.query == b""


async def test_the_page_says_until_when_numbers_are_given(screen: Screen) -> None:
    page = await screen.look(f"/kiosk/services/{AKTA}")

    assert "Nomor diberikan sampai pukul 15.30" in page.text


async def test_a_class_touched_again_is_taken_back(screen: Screen) -> None:
    page = await screen.look(f"/kiosk/services/{AKTA}?priority=hamil&assistance=yes")

    assert links(page)["class-hamil"] == f"/kiosk/services/{AKTA}?assistance=yes"
    assert links(page)["person"] == f"/kiosk/services/{AKTA}?priority=hamil"
    assert "class-regular" not in links(page)


async def test_no_cookie_holds_what_was_chosen(screen: Screen) -> None:
    before = dict(screen.client.cookies)

    await screen.look(f"/kiosk/services/{AKTA}?people=4&priority=hamil&with={KTP}")

    assert dict(screen.client.cookies) == before


async def test_one_of_several_that_closed_leaves_the_others_chosen(
    screen: Screen, server: AppServer
) -> None:
    form = {"key": await screen.key(AKTA), "people": "2"}
    await server.admin.post(f"/services/{PASPOR}/close", {})

    body = {**form, "service_id": [str(PASPOR), str(AKTA)]}
    page = await screen.client.post("/kiosk/tickets", data=body)

    assert server.disk.count("ticket") == 0
    assert page.url.path == f"/kiosk/services/{PASPOR}/closed"
    assert links(page)["chosen"] == f"/kiosk/services/{AKTA}?people=2"
    assert number_on(await screen.send(links(page)["chosen"])) == "A-001"


async def test_two_touches_at_once_give_several_services_one_number(
    screen: Screen, server: AppServer
) -> None:
    body = {"key": await screen.key(AKTA), "service_id": [str(AKTA), str(PASPOR)]}

    pages = await asyncio.gather(
        *(screen.client.post("/kiosk/tickets", data=body) for _ in range(2))
    )

    assert [number_on(page) for page in pages] == ["A-001", "A-001"]
    assert server.disk.count("ticket") == 1
    assert server.disk.count("entry") == 2


@pytest.mark.parametrize(
    "spoilt",
    [
        {"service_id": []},
        {"service_id": ["1", "1"]},
        {"service_id": ["1", "2", "3", "4", "5", "6"]},
        {"service_id": ["1", "99"]},
        {"service_id": ["9" * 30]},
        {"people": "0"},
        {"people": "21"},
        {"people": "1e3"},
        {"people": "9" * 5000},
        {"priority": "VIP"},
        {"assistance": "perhaps"},
        {"key": ["0" * 32, "x"]},
        {"more": "1"},
    ],
    ids=str,
)
async def test_a_spoilt_form_is_refused_on_a_page_and_gives_no_number(
    screen: Screen, server: AppServer, spoilt: dict[str, object]
) -> None:
    body = {"service_id": ["1"], "key": "0" * 32, **spoilt}

    page = await screen.client.post("/kiosk/tickets", data=body)

    assert page.status_code == 422, spoilt
    assert "Pengunjung baru" in page.text
    assert server.disk.count("ticket") == 0
