"""Call next, a chosen call, recall, and taking a wrong call back."""

import asyncio
from datetime import date

import pytest
from sqlalchemy import update

from app.errors import (
    CounterNotOpen,
    Forbidden,
)
from app.queueing import rows
from app.queueing.commands import (
    calling,
    serving,
)
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of, problem_of
from tests.support.rules.custom_mall import CustomMall, HoursLine
from tests.support.rules.harness import (
    KEPALA,
    SARI,
    SITE,
    MakeRules,
    RulesHarness,
    clock_time,
    partly_served,
    refusal_of,
)


async def test_calls_the_first_in_line_to_the_counter(
    staffed_server: AppServer,
) -> None:
    first = await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.kiosk.issue(mall.AKTA)

    called = await staffed_server.sari.command(mall.LOKET_1, "call-next")

    assert called["id"] == first["id"]
    assert called["state"] == "called"
    assert called["counter_id"] == mall.LOKET_1
    assert called["place"] == "Loket 1"
    assert called["call_count"] == 1
    assert called["called_at"]
    assert called["version"] == first["version"] + 1


async def test_answers_204_when_nobody_waits(staffed_server: AppServer) -> None:
    await staffed_server.kiosk.issue(mall.PASPOR)

    answer = await staffed_server.sari.post("/counters/1/call-next")

    assert answer.status_code == 204
    assert answer.content == b""


async def test_a_busy_counter_calls_nobody_and_shows_whom_it_has(
    staffed_server: AppServer,
) -> None:
    first = await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")

    answer = await staffed_server.sari.post("/counters/1/call-next")

    problem = problem_of(answer, 409, "counter-busy")
    assert problem["ticket"]["id"] == first["id"]
    assert problem["counter"]["ticket"]["state"] == "called"


async def test_a_closed_or_paused_counter_calls_nobody(server: AppServer) -> None:
    closed = await server.sari.post("/counters/1/call-next")
    assert problem_of(closed, 409, "counter-not-open")["counter"]["state"] == "closed"

    await server.sari.command(mall.LOKET_1, "open")
    await server.sari.command(mall.LOKET_1, "pause", reason="istirahat")
    paused = await server.sari.post("/counters/1/call-next")
    assert problem_of(paused, 409, "counter-not-open")["counter"]["state"] == "paused"


async def test_only_the_holder_and_the_agencys_supervisor_call(
    staffed_server: AppServer,
) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA)

    problem_of(
        await staffed_server.budi.post("/counters/1/call-next"), 403, "forbidden"
    )
    problem_of(
        await staffed_server.made.post("/counters/1/call-next"), 404, "not-found"
    )
    problem_of(
        await staffed_server.kepala_imi.post("/counters/1/call-next"), 404, "not-found"
    )
    called = await staffed_server.kepala.command(mall.LOKET_1, "call-next")
    assert called["id"] == ticket["id"]


async def test_two_counters_at_once_never_call_one_ticket(
    staffed_server: AppServer,
) -> None:
    await staffed_server.kiosk.issue(mall.AKTA)

    answers = await asyncio.gather(
        staffed_server.sari.post("/counters/1/call-next"),
        staffed_server.budi.post("/counters/2/call-next"),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 204]


async def test_one_counter_twice_at_once_calls_one(staffed_server: AppServer) -> None:
    for _ in range(2):
        await staffed_server.kiosk.issue(mall.AKTA)

    answers = await asyncio.gather(
        staffed_server.sari.post("/counters/1/call-next"),
        staffed_server.sari.post("/counters/1/call-next"),
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_recall_announces_again_and_keeps_the_first_call_time(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    called = await called_at_1(staffed_server)
    clock.move(seconds=3)

    recalled = await staffed_server.sari.command(mall.LOKET_1, "recall")

    assert recalled["call_count"] == 2
    assert recalled["called_at"] == called["called_at"]
    announcements = staffed_server.disk.rows(
        "SELECT call_id, text FROM announcement ORDER BY id"
    )
    assert announcements[0][0] == announcements[1][0]  # one call, announced twice
    assert (
        announcements[0][1]
        == "Nomor antrean A, nol, nol, satu. Silakan menuju Loket 1."
    )
    assert announcements[1][1].startswith("Panggilan kedua. Nomor antrean A,")


async def test_a_recall_within_the_cool_down_is_too_early(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    await called_at_1(staffed_server)
    clock.move(seconds=1)

    answer = await staffed_server.sari.post("/counters/1/recall")

    problem = problem_of(answer, 409, "too-early")
    assert 1.9 < problem["retry_after_seconds"] < 2
    assert answer.headers["retry-after"] == "2"
    assert problem["ticket"]["call_count"] == 1


async def test_a_recall_needs_somebody_who_is_called(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    problem_of(await staffed_server.sari.post("/counters/1/recall"), 409, "wrong-state")

    await called_at_1(staffed_server)
    await staffed_server.sari.command(mall.LOKET_1, "start")
    clock.move(seconds=9)

    answer = await staffed_server.sari.post("/counters/1/recall")
    assert problem_of(answer, 409, "wrong-state")["ticket"]["state"] == "serving"


async def test_two_recalls_at_once_are_one_announcement(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    await called_at_1(staffed_server)
    clock.move(seconds=3)

    answers = await asyncio.gather(
        *(staffed_server.sari.post("/counters/1/recall") for _ in range(2))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert staffed_server.disk.count("announcement") == 2


async def test_a_returned_call_waits_at_its_old_place_as_if_never_called(
    staffed_server: AppServer,
) -> None:
    called = await called_at_1(staffed_server)
    await staffed_server.kiosk.issue(mall.AKTA)

    returned = await staffed_server.sari.command(mall.LOKET_1, "return")

    assert returned["state"] == "waiting"
    assert returned["waiting_ahead"] == 0
    assert returned["called_at"] is None
    assert returned["call_count"] == 0
    assert returned["counter_id"] is None
    board = body_of(await staffed_server.hall.get(f"/displays/{mall.HALL}/board"))
    assert board["calls"] == []
    assert board["recent"] == []
    again = await staffed_server.budi.command(mall.LOKET_2, "call-next")
    assert again["id"] == called["id"]  # another counter does not pass over it


async def test_this_counters_next_call_passes_over_it_once(
    staffed_server: AppServer,
) -> None:
    called = await called_at_1(staffed_server)
    others = [await staffed_server.kiosk.issue(mall.AKTA) for _ in range(2)]
    await staffed_server.sari.command(mall.LOKET_1, "return")

    second = await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.sari.command(mall.LOKET_1, "serve")
    third = await staffed_server.sari.command(mall.LOKET_1, "call-next")

    assert [second["id"], third["id"]] == [others[0]["id"], called["id"]]


async def test_it_is_not_passed_over_when_nobody_else_waits(
    staffed_server: AppServer,
) -> None:
    called = await called_at_1(staffed_server)
    await staffed_server.sari.command(mall.LOKET_1, "return")

    again = await staffed_server.sari.command(mall.LOKET_1, "call-next")

    assert again["id"] == called["id"]
    assert again["call_count"] == 1


async def test_only_a_call_can_be_returned_and_once(staffed_server: AppServer) -> None:
    problem_of(await staffed_server.sari.post("/counters/1/return"), 409, "wrong-state")
    await called_at_1(staffed_server)

    answers = await asyncio.gather(
        *(staffed_server.sari.post("/counters/1/return") for _ in range(2))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.sari.command(mall.LOKET_1, "start")
    problem_of(await staffed_server.sari.post("/counters/1/return"), 409, "wrong-state")


async def test_outsiders_neither_recall_nor_return(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    await called_at_1(staffed_server)
    clock.move(seconds=9)

    for command in ("recall", "return"):
        path = f"/counters/1/{command}"
        problem_of(await staffed_server.made.post(path), 404, "not-found")
        problem_of(await staffed_server.budi.post(path), 403, "forbidden")
        problem_of(await staffed_server.resepsi.post(path), 403, "forbidden")
        problem_of(await staffed_server.kiosk.post(path), 403, "forbidden")
        problem_of(await staffed_server.anyone.post(path), 401, "unauthenticated")


async def called_at_1(server: AppServer) -> dict[str, object]:
    await server.kiosk.issue(mall.AKTA)
    return await server.sari.command(mall.LOKET_1, "call-next")


async def test_a_refusal_tells_what_is_on_disk_not_what_was_begun(
    staffed_server: AppServer,
) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    left = f"/counters/{mall.LOKET_1}/no-show"
    body_of(await staffed_server.sari.post(left, {"reason": "left"}))
    with staffed_server.disk.writing() as db:
        db.execute(update(rows.ticket).values(service_day=date(2026, 11, 23)))

    answer = await staffed_server.sari.post(
        f"/counters/{mall.LOKET_1}/call", {"ticket_id": ticket["id"]}
    )

    assert answer.status_code == 409
    refused = answer.json()["ticket"]
    stored = (await staffed_server.kepala.get(f"/tickets/by-id/{ticket['id']}")).json()
    assert refused["state"] == stored["state"] == "no_show"
    assert refused["version"] == stored["version"]


def test_where_only_supervisors_choose_an_officer_may_not(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(policy={"officers_may_choose": False})
    rules.open()
    ticket = rules.issue()
    chosen = {"counter_id": 1, "ticket_id": ticket}

    refused = refusal_of(lambda: rules.do(calling.call, actor=SARI, **chosen))

    assert isinstance(refused, Forbidden)
    assert rules.do(calling.call, actor=KEPALA, reason="sakit", **chosen) == ticket


def test_nobody_is_called_into_a_break_that_has_begun(make_rules: MakeRules) -> None:
    rules = make_rules(SITE, HoursLine("site", None, "break", "09:10", "09:30"))
    rules.open()
    rules.issue()
    rules.now = clock_time("09:10")

    refused = refusal_of(lambda: rules.at(1, calling.call_next))
    assert isinstance(refused, CounterNotOpen)
    rules.open()
    assert rules.at(1, calling.call_next)


@pytest.fixture
def own_mall() -> CustomMall:
    return partly_served()


def test_the_line_that_waits_is_called_before_the_one_of_a_no_show(
    rules: RulesHarness,
) -> None:
    ticket = rules.called(1, 2)
    rules.at(1, serving.no_show, reason="left")

    rules.at(1, calling.call, ticket_id=ticket)

    assert rules.states(ticket) == ["no_show", "called"]
