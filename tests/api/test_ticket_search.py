"""A number as somebody says it, and whom staff then find."""

from urllib.parse import quote

import pytest

from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import Caller


async def issue(server: AppServer, *service_ids: int) -> int:
    answer = await server.kiosk.post("/tickets", {"service_ids": list(service_ids)})
    assert answer.status_code == 201
    return int(answer.json()["id"])


async def numbers_found(caller: Caller, number: str) -> list[str]:
    answer = await caller.get(f"/tickets/by-number/{number}")
    assert answer.status_code == 200
    return [ticket["number"] for ticket in answer.json()]


@pytest.mark.parametrize("text", ["A-001", "a1", "A%20001", "a001", "A.1", "%20A-1"])
async def test_a_number_is_found_however_it_is_written(
    server: AppServer, text: str
) -> None:
    await issue(server, mall.AKTA)
    await issue(server, mall.AKTA)
    await issue(server, mall.KTP)

    assert await numbers_found(server.resepsi, text) == ["A-001"]


async def test_without_its_prefix_every_series_is_meant(server: AppServer) -> None:
    for service_id in (mall.PASPOR, mall.AKTA, mall.KTP):
        await issue(server, service_id)

    assert await numbers_found(server.resepsi, "1") == ["A-001", "K-001", "P-001"]


@pytest.mark.parametrize("text", ["A", "A-", "B-001", "2", "AA1", "1234567", "%C2%B2"])
async def test_what_nobody_has_finds_nothing(server: AppServer, text: str) -> None:
    await issue(server, mall.AKTA)

    assert await numbers_found(server.resepsi, text) == []


async def test_yesterdays_number_is_not_found(
    server: AppServer, clock: MovableClock
) -> None:
    await issue(server, mall.AKTA)
    clock.move(days=1)
    await issue(server, mall.KTP)

    assert await numbers_found(server.resepsi, "1") == ["K-001"]


async def test_staff_find_what_they_may_know_of_and_no_more(server: AppServer) -> None:
    await issue(server, mall.AKTA)
    await issue(server, mall.PASPOR, mall.AKTA)
    await issue(server, mall.PASPOR)

    seen = {
        number: await numbers_found(server.made, number)
        for number in ("a1", "p1", "p2")
    }
    assert seen == {"a1": [], "p1": ["P-001"], "p2": ["P-002"]}
    answer = await server.sari.get("/tickets/by-number/p1")
    service_ids = [entry["service_id"] for entry in answer.json()[0]["entries"]]
    assert service_ids == [None, mall.AKTA]


async def test_more_than_a_number_can_be_is_refused(server: AppServer) -> None:
    answer = await server.resepsi.get(f"/tickets/by-number/{'1' * 301}")

    assert answer.status_code == 422


@pytest.mark.parametrize("form", ["{url}", "{token}", " {url} ", "{url}/"])
async def test_a_scanned_slip_finds_its_ticket(server: AppServer, form: str) -> None:
    await issue(server, mall.AKTA)
    ticket = await server.kiosk.issue(mall.KTP)
    scanned = form.format(url=ticket["url"], token=ticket["token"])

    assert await numbers_found(server.resepsi, scanned) == ["K-001"]
    assert await numbers_found(server.resepsi, quote(scanned, safe="")) == ["K-001"]


async def test_a_scanned_slip_shows_no_more_than_its_number(
    server: AppServer, clock: MovableClock
) -> None:
    ticket = await server.kiosk.issue(mall.AKTA)

    assert await numbers_found(server.made, ticket["url"]) == []
    assert await numbers_found(server.resepsi, ticket["token"][:-1] + "!") == []
    clock.move(days=1)
    await issue(server, mall.KTP)
    assert await numbers_found(server.resepsi, ticket["url"]) == []
