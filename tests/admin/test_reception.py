"""Reception's pages: who may see them, what they show, the spare roll's sheets."""

import re
from html import unescape

import pytest
from sqlalchemy import update

from app.models import ENDED, EntryState
from app.queueing import rows
from app.queueing.site.policy import MAX_SERVICES
from app.queueing.states import COMMANDS
from tests.admin.conftest import Desk, words
from tests.support import mall
from tests.support.app_server import AppServer

PAGES = ("/reception", "/reception/services", "/reception/roll", "/reception/roll/1")


async def with_roll(server: AppServer, first: int = 901, last: int = 920) -> None:
    path = f"/services/{mall.AKTA}/spare-roll"
    answer = await server.admin.post(path, {"first": first, "last": last})
    assert answer.status_code == 200


async def test_reception_and_admins_may_see_them(
    server: AppServer, reception: Desk, admin: Desk
) -> None:
    await with_roll(server)

    for path in PAGES:
        for desk in (reception, admin):
            assert (await desk.get(path)).status_code == 200, path


async def test_others_are_refused_or_led_to_the_form(
    officer: Desk, supervisor: Desk, anybody: Desk
) -> None:
    for path in PAGES:
        for desk in (officer, supervisor):
            assert (await desk.get(path)).status_code == 403, path
        answer = await anybody.get(path)
        assert answer.headers["location"] == f"/sign-in?next={path}%3Flang%3Den"


async def test_the_desk_has_what_is_open_for_reception_and_where_to_wait(
    server: AppServer, reception: Desk
) -> None:
    await server.kiosk.post("/tickets", {"service_ids": [mall.PASPOR]})
    await server.resepsi.post(f"/agencies/{mall.IMI}/close", {})

    services = (await reception.get("/reception/services")).json()

    assert services[0] == {
        "id": mall.AKTA,
        "agency": "Dukcapil",
        "name": "Birth",
        "waiting": 0,
        "closed": None,
        "zones": ["Zona A"],
    }
    passport = next(each for each in services if each["id"] == mall.PASPOR)
    assert passport["waiting"] == 1
    assert passport["closed"] == "The service is closed for the moment"
    assert passport["zones"] == ["Zona B"]


async def test_services_are_named_in_the_pages_language(reception: Desk) -> None:
    answer = await reception.get("/reception", lang="id")

    assert '"name":"Akta kelahiran"' in unescape(answer.text)


async def test_zones_are_named_in_the_pages_language(
    server: AppServer, reception: Desk
) -> None:
    with server.disk.writing() as db:
        zone = rows.zone
        named = update(zone).where(zone.c.id == mall.ZONE_A)
        db.execute(named.values(name_en="Zone A, ground floor"))

    for language, name in (("en", "Zone A, ground floor"), ("id", "Zona A")):
        answer = await reception.get("/reception/services", lang=language)
        birth = next(each for each in answer.json() if each["id"] == mall.AKTA)
        assert birth["zones"] == [name]


async def test_without_a_roll_the_page_says_so(reception: Desk) -> None:
    assert "No series has a spare roll." in words(
        await reception.get("/reception/roll")
    )


async def test_a_roll_offers_the_services_of_its_series(
    server: AppServer, reception: Desk
) -> None:
    await with_roll(server)

    page = (await reception.get("/reception/roll")).text

    assert "A-901" in page
    assert f'<option value="{mall.AKTA}">' in page
    assert f'<option value="{mall.KTP}">' not in page


async def test_a_sheet_holds_each_number_once_with_the_mall_and_the_agency(
    server: AppServer, reception: Desk
) -> None:
    await with_roll(server)

    page = (await reception.get("/reception/roll/1")).text

    assert [page.count(f">A-{n}<") for n in (900, 901, 920, 921)] == [0, 1, 1, 0]
    assert page.count("Mal Kecil</p>") == page.count("Civil Registration</p>") == 20
    assert page.count('class="sheet"') == 2
    assert "Sample data" not in page


@pytest.mark.parametrize(("series", "status"), [("2", 404), ("0", 422), ("x", 422)])
async def test_a_series_without_a_roll_has_no_sheet(
    reception: Desk, series: str, status: int
) -> None:
    assert (await reception.get(f"/reception/roll/{series}")).status_code == status


async def test_a_button_may_be_pressed_in_the_states_that_its_rule_names(
    reception: Desk,
) -> None:
    page = (await reception.get("/reception")).text
    rules = {"priority": "set_priority", "duplicate": "cancel"}

    for button in re.findall(r'<button[^>]*data-when="[^"]+"[^>]*>', page):
        send = re.search(r'data-(?:send|opens)="([^"]*)"', button)
        when = re.search(r'data-when="([^"]*)"', button)
        assert send
        assert when
        states, command = set(when[1].split()), rules.get(send[1], send[1])
        if command in COMMANDS:
            assert states == COMMANDS[command].from_states, command
        elif command == "copy":
            assert states == set(EntryState) - set(ENDED)
        else:
            assert states == {"any"}, command


async def test_a_number_has_as_many_services_as_the_text_says(
    server: AppServer, reception: Desk
) -> None:
    await with_roll(server)

    for path in ("/reception", "/reception/roll"):
        page = await reception.get(path)
        assert f'data-max-services="{MAX_SERVICES}"' in page.text
        assert "at most five services" in words(page)
    assert MAX_SERVICES == 5
