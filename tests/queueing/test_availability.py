"""Open or why not: one answer for kiosk, API and staff; closing by hand."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, update

from app.queueing import rows
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.callers import body_of, problem_of
from tests.support.clock import MovableClock


async def availability(
    server: AppServer, service_id: int, **query: str
) -> dict[str, Any]:
    path = f"/services/{service_id}/availability"
    return body_of(await server.sari.get(path, params=query))


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
    server: AppServer, at: str, answer: tuple[bool, str | None, str | None]
) -> None:
    found = await availability(server, mall.AKTA, at=at)

    assert (found["open"], found["reason"], found["until"]) == answer


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
async def test_a_moment_that_no_mall_means_is_invalid(
    server: AppServer, at: str
) -> None:
    path = f"/services/{mall.AKTA}/availability"
    asked = await server.sari.get(path, params={"at": at})
    closed = await server.resepsi.post("/agencies/1/close", {"until": at})

    assert problem_of(asked, 422, "invalid")["fields"][0]["where"] == "query.at"
    assert problem_of(closed, 422, "invalid")["fields"][0]["where"] == "body.until"
    assert (await availability(server, mall.AKTA))["open"]


@pytest.mark.parametrize(
    ("scope", "reason", "closed"),
    [
        ({"agency_id": mall.DKC}, "agency-hours", {mall.AKTA, mall.KTP}),
        ({"service_id": mall.KTP}, "service-hours", {mall.KTP}),
    ],
)
async def test_narrower_hours_close_an_agency_or_a_service(
    server: AppServer, scope: dict[str, int], reason: str, closed: set[int]
) -> None:
    hours = {"weekday": 1, "opens": "10:00", "closes": "11:00", **scope}
    with server.disk.writing() as db:
        db.execute(insert(rows.opening_hours).values(hours))

    found = {
        s: await availability(server, s) for s in (mall.AKTA, mall.KTP, mall.PASPOR)
    }

    assert {s for s, told_ in found.items() if told_["reason"] == reason} == closed
    assert all(found[s]["open"] for s in found.keys() - closed)


async def test_a_site_may_be_open_always(
    server: AppServer, clock: MovableClock
) -> None:
    clock.move(hours=12)
    with server.disk.writing() as db:
        db.execute(update(rows.site).values(always_open=True))

    assert (await availability(server, mall.AKTA))["open"]


async def test_a_closed_agency_is_told_to_everybody_until_it_reopens(
    server: AppServer,
) -> None:
    closed = body_of(await server.resepsi.post("/agencies/1/close", {"note": "rapat"}))

    assert (closed["open"], closed["reason"]) == (False, "by-hand")
    assert closed["until"] is None
    agencies = (await server.anyone.get("/agencies")).json()
    assert [a["open"] for a in agencies] == [False, True]
    assert {s["reason"] for s in agencies[0]["services"]} == {"by-hand"}

    assert body_of(await server.kepala.post("/agencies/1/reopen"))["open"]
    assert (await availability(server, mall.AKTA))["open"]


async def test_an_agency_is_closed_when_all_its_services_are(server: AppServer) -> None:
    await server.kepala.post("/services/1/close")
    assert (await server.anyone.get("/agencies")).json()[0]["open"]

    await server.kepala.post("/services/2/close")

    agency = (await server.anyone.get("/agencies")).json()[0]
    assert (agency["open"], agency["reason"]) == (False, "by-hand")
    body_of(await server.kepala.post("/services/2/reopen"))
    assert (await server.anyone.get("/agencies")).json()[0]["open"]


async def test_a_closure_with_an_end_ends_by_itself(
    server: AppServer, clock: MovableClock
) -> None:
    body = {"until": "2026-11-24T03:00:00Z"}
    body_of(await server.kepala.post("/services/1/close", body))
    assert not (await availability(server, mall.AKTA))["open"]

    clock.set(datetime(2026, 11, 24, 3, 0, tzinfo=UTC))

    assert (await availability(server, mall.AKTA))["open"]


async def test_closing_again_replaces_the_earlier_closure(server: AppServer) -> None:
    for until in ("2026-11-24T03:00:00Z", "2026-11-24T04:00:00Z"):
        body_of(await server.kepala.post("/agencies/1/close", {"until": until}))

    found = await availability(server, mall.AKTA)

    assert found["until"].startswith("2026-11-24T04:00:00")
    assert body_of(await server.kepala.post("/agencies/1/reopen"))["open"]


async def test_closing_drops_nobody_who_waits(staffed_server: AppServer) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.kepala.post("/agencies/1/close")

    called = await staffed_server.sari.command(mall.LOKET_1, "call-next")

    assert called["id"] == ticket["id"]


async def test_a_closure_ends_in_the_future(server: AppServer) -> None:
    body = {"until": "2026-11-24T02:00:00Z"}

    problem_of(await server.kepala.post("/services/1/close", body), 422, "invalid")


@pytest.mark.parametrize("what", ["agencies/2", "services/3"])
@pytest.mark.parametrize("command", ["close", "reopen"])
async def test_supervisors_close_only_their_own(
    server: AppServer, what: str, command: str
) -> None:
    path = f"/{what}/{command}"

    problem_of(await server.kepala.post(path), 404, "not-found")
    problem_of(await server.made.post(path), 403, "forbidden")
    problem_of(await server.anyone.post(path), 401, "unauthenticated")
    body_of(await server.kepala_imi.post(path))


@pytest.mark.parametrize("what", ["agencies/9", "services/9"])
async def test_nothing_unknown_is_closed(server: AppServer, what: str) -> None:
    problem_of(await server.admin.post(f"/{what}/close"), 404, "not-found")


async def test_an_unknown_service_has_no_availability(server: AppServer) -> None:
    problem_of(await server.sari.get("/services/9/availability"), 404, "not-found")
