"""Closed by hand or absent: until when, taken back, and by whom."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.errors import Invalid, NotFound, Unavailable
from app.queueing.commands import calling, closures
from app.queueing.site.availability import Availability
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of, problem_of
from tests.support.rules.harness import KEPALA, SITE, MakeRules, clock_time, refusal_of


@pytest.mark.parametrize("reason", ["by-hand", "absent"])
def test_closed_by_hand_until_a_time_and_taken_back(
    make_rules: MakeRules, reason: str
) -> None:
    rules = make_rules(SITE)
    until = clock_time("11:00")

    def close(**arguments: Any) -> None:
        rules.do(closures.close_by_hand, actor=KEPALA, reason=reason, **arguments)

    close(agency_id=1, until=until)
    assert rules.available("10:00") == Availability(False, reason, until)
    assert rules.available("11:00").open
    assert rules.available("10:00", service=3).open
    rules.do(closures.lift_closure, actor=KEPALA, agency_id=1)
    assert rules.available("10:00").open
    close(service_id=2, until=until)
    assert rules.available("10:00").open
    assert rules.available("10:00", service=2).reason == reason


def test_absent_today_ends_with_the_day(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)

    rules.do(closures.close_by_hand, actor=KEPALA, agency_id=1, reason="absent")

    assert rules.available("14:00").until == clock_time("08:00", days=1)
    assert rules.available("09:00", days=1).open


def test_closing_into_the_past_is_refused(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)

    with pytest.raises(Invalid):
        rules.do(
            closures.close_by_hand, actor=KEPALA, agency_id=1, until=clock_time("08:00")
        )


@pytest.mark.parametrize("scope", [{"agency_id": 2}, {"service_id": 3}, {}])
def test_nobody_closes_what_is_not_theirs(
    make_rules: MakeRules, scope: dict[str, int]
) -> None:
    rules = make_rules(SITE)

    for action in (closures.close_by_hand, closures.lift_closure):
        with pytest.raises(NotFound):
            rules.do(action, actor=KEPALA, **scope)


def test_closing_stops_issuing_and_drops_nobody(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    ticket = rules.issue()

    rules.do(closures.close_by_hand, actor=KEPALA, service_id=1)

    assert rules.states(ticket) == ["waiting"]
    assert isinstance(refusal_of(rules.issue), Unavailable)
    rules.open()
    assert rules.at(1, calling.call_next) == ticket


def test_closing_again_replaces_the_first_closure(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    close = {"actor": KEPALA, "agency_id": 1}
    rules.do(closures.close_by_hand, **close)

    rules.do(closures.close_by_hand, **close, until=clock_time("10:00"))

    assert rules.available("09:30").until == clock_time("10:00")
    assert rules.available("10:30").open


async def availability(
    server: AppServer, service_id: int, **query: str
) -> dict[str, Any]:
    path = f"/services/{service_id}/availability"
    return body_of(await server.sari.get(path, params=query))


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
