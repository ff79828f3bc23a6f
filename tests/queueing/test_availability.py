"""Open or why not: one answer for kiosk, API and staff; closing by hand."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, update

from app.queueing import rows
from tests.support import mall
from tests.support.callers import refused, told
from tests.support.clock import MovableClock
from tests.support.house import House


async def availability(house: House, service_id: int, **query: str) -> dict[str, Any]:
    path = f"/services/{service_id}/availability"
    return told(await house.sari.get(path, params=query))


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        ("2026-11-24T01:00:00Z", (True, None, None)),  # Tuesday 08:00
        ("2026-11-24T08:29:59Z", (True, None, None)),
        ("2026-11-24T00:59:59Z", (False, "site-hours", "2026-11-24T01:00:00Z")),
        ("2026-11-24T08:30:00Z", (False, "site-hours", "2026-11-25T01:00:00Z")),
        ("2026-11-27T09:00:00Z", (False, "site-hours", "2026-11-30T01:00:00Z")),
    ],
)
async def test_keeps_the_sites_hours(
    house: House, at: str, answer: tuple[bool, str | None, str | None]
) -> None:
    found = await availability(house, mall.AKTA, at=at)

    assert (found["open"], found["reason"], found["until"]) == answer


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_a_moment_that_no_mall_means_is_invalid(house: House, at: str) -> None:
    path = f"/services/{mall.AKTA}/availability"
    asked = await house.sari.get(path, params={"at": at})
    closed = await house.resepsi.post("/agencies/1/close", {"until": at})

    assert refused(asked, 422, "invalid")["fields"][0]["where"] == "query.at"
    assert refused(closed, 422, "invalid")["fields"][0]["where"] == "body.until"
    assert (await availability(house, mall.AKTA))["open"]


@pytest.mark.parametrize(
    ("scope", "reason", "closed"),
    [
        ({"agency_id": mall.DKC}, "agency-hours", {mall.AKTA, mall.KTP}),
        ({"service_id": mall.KTP}, "service-hours", {mall.KTP}),
    ],
)
async def test_narrower_hours_close_an_agency_or_a_service(
    house: House, scope: dict[str, int], reason: str, closed: set[int]
) -> None:
    hours = {"weekday": 1, "opens": "10:00", "closes": "11:00", **scope}
    with house.disk.writing() as db:
        db.execute(insert(rows.opening_hours).values(hours))

    found = {
        s: await availability(house, s) for s in (mall.AKTA, mall.KTP, mall.PASPOR)
    }

    assert {s for s, told_ in found.items() if told_["reason"] == reason} == closed
    assert all(found[s]["open"] for s in found.keys() - closed)


async def test_a_site_may_be_open_always(house: House, clock: MovableClock) -> None:
    clock.move(hours=12)
    with house.disk.writing() as db:
        db.execute(update(rows.site).values(always_open=True))

    assert (await availability(house, mall.AKTA))["open"]


async def test_a_closed_agency_is_told_to_everybody_until_it_reopens(
    house: House,
) -> None:
    closed = told(await house.resepsi.post("/agencies/1/close", {"note": "rapat"}))

    assert (closed["open"], closed["reason"]) == (False, "by-hand")
    assert closed["until"] is None
    agencies = (await house.anyone.get("/agencies")).json()
    assert [a["open"] for a in agencies] == [False, True]
    assert {s["reason"] for s in agencies[0]["services"]} == {"by-hand"}

    assert told(await house.kepala.post("/agencies/1/reopen"))["open"]
    assert (await availability(house, mall.AKTA))["open"]


async def test_an_agency_is_closed_when_all_its_services_are(house: House) -> None:
    await house.kepala.post("/services/1/close")
    assert (await house.anyone.get("/agencies")).json()[0]["open"]

    await house.kepala.post("/services/2/close")

    agency = (await house.anyone.get("/agencies")).json()[0]
    assert (agency["open"], agency["reason"]) == (False, "by-hand")
    told(await house.kepala.post("/services/2/reopen"))
    assert (await house.anyone.get("/agencies")).json()[0]["open"]


async def test_a_closure_with_an_end_ends_by_itself(
    house: House, clock: MovableClock
) -> None:
    body = {"until": "2026-11-24T03:00:00Z"}
    told(await house.kepala.post("/services/1/close", body))
    assert not (await availability(house, mall.AKTA))["open"]

    clock.set(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))

    assert (await availability(house, mall.AKTA))["open"]


async def test_closing_again_replaces_the_earlier_closure(house: House) -> None:
    for until in ("2026-11-24T03:00:00Z", "2026-11-24T04:00:00Z"):
        told(await house.kepala.post("/agencies/1/close", {"until": until}))

    found = await availability(house, mall.AKTA)

    assert found["until"].startswith("2026-11-24T04:00:00")
    assert told(await house.kepala.post("/agencies/1/reopen"))["open"]


async def test_closing_drops_nobody_who_waits(open_house: House) -> None:
    ticket = await open_house.kiosk.issue(mall.AKTA)
    await open_house.kepala.post("/agencies/1/close")

    called = await open_house.sari.command(mall.LOKET_1, "call-next")

    assert called["id"] == ticket["id"]


async def test_a_closure_ends_in_the_future(house: House) -> None:
    body = {"until": "2026-11-24T02:00:00Z"}

    refused(await house.kepala.post("/services/1/close", body), 422, "invalid")


@pytest.mark.parametrize("what", ["agencies/2", "services/3"])
@pytest.mark.parametrize("command", ["close", "reopen"])
async def test_supervisors_close_only_their_own(
    house: House, what: str, command: str
) -> None:
    path = f"/{what}/{command}"

    refused(await house.kepala.post(path), 404, "not-found")
    refused(await house.made.post(path), 403, "forbidden")
    refused(await house.anyone.post(path), 401, "unauthenticated")
    told(await house.kepala_imi.post(path))


@pytest.mark.parametrize("what", ["agencies/9", "services/9"])
async def test_nothing_unknown_is_closed(house: House, what: str) -> None:
    refused(await house.admin.post(f"/{what}/close"), 404, "not-found")


async def test_an_unknown_service_has_no_availability(house: House) -> None:
    refused(await house.sari.get("/services/9/availability"), 404, "not-found")
