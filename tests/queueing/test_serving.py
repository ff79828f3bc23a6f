"""Start, serve, serve next, no-show, and visitors without a ticket."""

import asyncio

import pytest
from sqlalchemy import update

from app.queueing import rows
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.callers import body_of, problem_of
from tests.support.clock import MovableClock


@pytest.fixture
async def called(staffed_server: AppServer) -> AppServer:
    """Return the mall with A-001 called at Sari's counter, A-002 waiting."""
    for _ in range(2):
        await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    return staffed_server


async def test_start_notes_when_the_visitor_arrived(called: AppServer) -> None:
    started = await called.sari.command(mall.LOKET_1, "start")

    assert started["state"] == "serving"
    assert started["started_at"] > started["called_at"]


async def test_serve_ends_the_visit_with_its_result(called: AppServer) -> None:
    await called.sari.command(mall.LOKET_1, "start")

    served = await called.sari.command(mall.LOKET_1, "serve", result="papers_missing")

    assert served["state"] == "served"
    assert served["entries"][0]["result"] == "papers_missing"
    assert served["ended_at"] > served["started_at"]
    assert served["place"] is None  # nobody is sent to the counter any more


async def test_serve_from_called_leaves_the_start_empty(called: AppServer) -> None:
    served = await called.sari.command(mall.LOKET_1, "serve")

    assert served["state"] == "served"
    assert served["started_at"] is None
    assert served["entries"][0]["result"] == "done"


async def test_serve_next_serves_and_calls_as_one(called: AppServer) -> None:
    await called.sari.command(mall.LOKET_1, "start")

    both = await called.sari.command(mall.LOKET_1, "serve-next", result="must_return")

    assert (both["served"]["number"], both["served"]["state"]) == ("A-001", "served")
    assert both["served"]["entries"][0]["result"] == "must_return"
    assert (both["called"]["number"], both["called"]["state"]) == ("A-002", "called")


async def test_serve_next_serves_even_when_nobody_waits(called: AppServer) -> None:
    for _ in range(2):
        await called.sari.command(mall.LOKET_1, "start")
        both = await called.sari.command(mall.LOKET_1, "serve-next")

    assert both["served"]["state"] == "served"
    assert both["called"] is None


async def test_serve_next_is_only_for_somebody_being_served(called: AppServer) -> None:
    answer = await called.sari.post("/counters/1/serve-next")

    assert problem_of(answer, 409, "wrong-state")["ticket"]["state"] == "called"
    await called.sari.command(mall.LOKET_1, "serve")
    problem_of(await called.sari.post("/counters/1/serve-next"), 409, "wrong-state")


async def test_serve_next_with_one_key_serves_and_calls_once(called: AppServer) -> None:
    await called.sari.command(mall.LOKET_1, "start")

    answers = await asyncio.gather(
        *(called.sari.post("/counters/1/serve-next", key="once") for _ in range(2))
    )

    assert answers[0].content == answers[1].content
    assert [answer.status_code for answer in answers] == [200, 200]
    events = called.disk.rows("SELECT name FROM ticket_event WHERE name = 'served'")
    assert len(events) == 1


async def test_no_show_after_two_calls_and_ten_seconds(
    called: AppServer, clock: MovableClock
) -> None:
    clock.move(seconds=3)
    await called.sari.command(mall.LOKET_1, "recall")
    clock.move(seconds=10)

    missed = await called.sari.command(mall.LOKET_1, "no-show")

    assert missed["state"] == "no_show"
    assert missed["ended_at"] is None  # may still come today


async def test_no_show_after_one_call_is_too_early(
    called: AppServer, clock: MovableClock
) -> None:
    clock.move(minutes=5)

    answer = await called.sari.post("/counters/1/no-show")

    problem = problem_of(answer, 409, "too-early")
    assert problem["retry_after_seconds"] == 10
    assert problem["calls_missing"] == 1


async def test_no_show_within_ten_seconds_of_the_last_call_is_too_early(
    called: AppServer, clock: MovableClock
) -> None:
    clock.move(minutes=5)
    await called.sari.command(mall.LOKET_1, "recall")
    clock.move(seconds=9)

    answer = await called.sari.post("/counters/1/no-show")

    assert 0 < problem_of(answer, 409, "too-early")["retry_after_seconds"] <= 1


async def test_no_show_at_once_for_somebody_who_left(called: AppServer) -> None:
    missed = await called.sari.command(mall.LOKET_1, "no-show", reason="left")

    assert missed["state"] == "no_show"
    reason = called.disk.one("SELECT reason FROM ticket_event WHERE name = 'no_show'")
    assert reason == "left"


async def test_somebody_being_served_is_no_no_show(called: AppServer) -> None:
    await called.sari.command(mall.LOKET_1, "start")

    answer = await called.sari.post("/counters/1/no-show", {"reason": "left"})

    problem_of(answer, 409, "wrong-state")


async def test_a_walk_up_gets_a_number_but_no_slip_and_no_voice(
    staffed_server: AppServer,
) -> None:
    ticket = await staffed_server.sari.command(
        mall.LOKET_1, "walk-up", service_id=mall.AKTA
    )

    assert (ticket["number"], ticket["state"]) == ("A-001", "serving")
    assert ticket["started_at"]
    assert ticket["called_at"] is None
    assert ticket["print_job"] is None
    assert staffed_server.disk.count("announcement") == 0


async def test_a_walk_up_needs_a_free_counter_that_serves_it(called: AppServer) -> None:
    body = {"service_id": mall.AKTA}
    problem_of(await called.sari.post("/counters/1/walk-up", body), 409, "counter-busy")

    await called.sari.command(mall.LOKET_1, "serve")
    for service_id in (mall.PASPOR, 99):
        answer = await called.sari.post(
            "/counters/1/walk-up", {"service_id": service_id}
        )
        problem_of(answer, 422, "invalid")
    await called.sari.command(mall.LOKET_1, "pause")
    answer = await called.sari.post("/counters/1/walk-up", body)
    problem_of(answer, 409, "counter-not-open")


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("start", None),
        ("serve", None),
        ("no-show", {"reason": "left"}),
    ],
)
async def test_twice_at_once_happens_once(
    called: AppServer, command: str, body: dict[str, str] | None
) -> None:
    path = f"/counters/1/{command}"

    answers = await asyncio.gather(*(called.sari.post(path, body) for _ in range(2)))

    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_two_walk_ups_at_once_are_one(staffed_server: AppServer) -> None:
    path, body = "/counters/1/walk-up", {"service_id": mall.AKTA}

    answers = await asyncio.gather(
        *(staffed_server.sari.post(path, body) for _ in range(2))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert staffed_server.disk.count("ticket") == 1


@pytest.mark.parametrize(
    ("command", "body"),
    [
        ("start", None),
        ("serve", None),
        ("serve-next", None),
        ("no-show", {"reason": "left"}),
        ("walk-up", {"service_id": mall.AKTA}),
    ],
)
async def test_outsiders_serve_nobody(
    called: AppServer, command: str, body: dict[str, object] | None
) -> None:
    path = f"/counters/1/{command}"

    problem_of(await called.made.post(path, body), 404, "not-found")
    problem_of(await called.budi.post(path, body), 403, "forbidden")
    problem_of(await called.resepsi.post(path, body), 403, "forbidden")
    problem_of(await called.hall.post(path, body), 403, "forbidden")
    problem_of(await called.anyone.post(path, body), 401, "unauthenticated")


@pytest.mark.parametrize("command", ["start", "serve", "no-show"])
async def test_an_idle_counter_has_nobody_to_serve(
    staffed_server: AppServer, command: str
) -> None:
    answer = await staffed_server.sari.post(f"/counters/1/{command}")

    assert problem_of(answer, 409, "wrong-state")["ticket"] is None


async def test_a_supervisor_serves_for_the_holder(called: AppServer) -> None:
    await called.kepala.command(mall.LOKET_1, "start")

    served = await called.kepala.command(mall.LOKET_1, "serve")

    assert served["state"] == "served"


OWN = [{"code": "biometrics_failed", "name": "Biometrik gagal", "name_en": "Failed"}]


async def test_a_service_has_results_of_its_own(staffed_server: AppServer) -> None:
    with staffed_server.disk.writing() as db:
        here = rows.service.c.id == mall.AKTA
        db.execute(update(rows.service).where(here).values(results=OWN))
    await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    path = f"/counters/{mall.LOKET_1}/serve"

    unknown = await staffed_server.sari.post(path, {"result": "gone_fishing"})
    problem_of(unknown, 422, "invalid")
    served = body_of(
        await staffed_server.sari.post(path, {"result": "biometrics_failed"})
    )

    assert served["entries"][0]["result"] == "biometrics_failed"
