"""Start, serve, serve next, no-show; and taking a visitor over from a counter."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select, update

from app.errors import (
    Invalid,
    NotFound,
    UndoBlocked,
)
from app.queueing import counters, rows
from app.queueing.commands import calling, counter_states, serving
from app.queueing.commands.transferring import (
    Target,
    transfer_active,
)
from app.queueing.commands.undoing import undo_at_counter
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of, problem_of
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import (
    BUDI,
    KEPALA,
    SARI,
    RulesHarness,
    partly_served,
    refusal_of,
)


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


def taken_over(
    rules: RulesHarness, ticket: int, *, at: int = 2, actor: Any = KEPALA
) -> int:
    if rules.see(counters.counter_row, counter_id=at).holder_id is None:
        rules.open(at)
    take_over = serving.take_over
    return int(rules.do(take_over, counter_id=at, ticket_id=ticket, actor=actor))


def spoken(rules: RulesHarness) -> list[tuple[int, bool]]:
    """Return at which counters somebody was called, and whether it still holds."""
    query = select(rows.announcement.c.counter_id, rows.announcement.c.expires_at)
    with rules.engine.begin() as db:
        result = db.execute(query.order_by(rows.announcement.c.id)).all()
    return [(counter_id, until > rules.now) for counter_id, until in result]


def test_who_is_on_the_way_is_told_the_new_place(rules: RulesHarness) -> None:
    ticket = rules.called()
    first = rules.entries(ticket)[0]
    rules.wait(seconds=5)

    taken_over(rules, ticket)

    entry = rules.entries(ticket)[0]
    assert (entry.state, entry.counter_id) == ("called", 2)
    assert (entry.called_at, entry.call_count) == (first.called_at, 1)
    assert entry.call_id == first.call_id
    assert spoken(rules) == [(1, False), (2, True)]
    assert {"counter:1", "counter:2", "zone:1"} <= rules.facts


def test_the_seconds_before_a_no_show_begin_anew(rules: RulesHarness) -> None:
    ticket = rules.called()
    rules.wait(seconds=30)
    rules.at(1, calling.recall)
    rules.wait(seconds=30)

    taken_over(rules, ticket)

    assert rules.entries(ticket)[0].last_called_at == rules.now


def test_it_is_no_call_of_this_counter_that_ends_a_pass_over(
    rules: RulesHarness,
) -> None:
    ticket = rules.called()
    returned, other = rules.issue(), rules.issue()
    rules.open(2)
    assert rules.at(2, calling.call_next) == returned
    rules.at(2, calling.return_)
    taken_over(rules, ticket)
    rules.at(2, serving.serve)

    assert rules.at(2, calling.call_next) == other


def test_a_counter_that_there_is_not_is_named(rules: RulesHarness) -> None:
    rules.called()
    target = Target(counter_id=99)

    handed = refusal_of(lambda: rules.at(1, counter_states.pause, hand_to=99))
    sent = refusal_of(lambda: rules.at(1, transfer_active, target=target))

    assert isinstance(handed, Invalid)
    assert isinstance(sent, Invalid)
    assert (handed.details["field"], sent.details["field"]) == ("hand_to", "counter_id")
    assert rules.counter_state() == "open"


def test_who_is_being_served_is_not_called_again(rules: RulesHarness) -> None:
    ticket = rules.serving()
    before = spoken(rules)

    taken_over(rules, ticket)

    assert len(spoken(rules)) == len(before)
    assert rules.states(ticket) == ["serving"]


def test_serve_next_is_not_undone_over_a_take_over(rules: RulesHarness) -> None:
    first = rules.serving()
    second = rules.issue()
    rules.at(1, serving.serve_next)
    taken_over(rules, second)

    refused = refusal_of(lambda: rules.at(1, undo_at_counter))

    assert isinstance(refused, UndoBlocked)
    assert (rules.states(first), rules.states(second)) == (["served"], ["called"])
    assert rules.entries(second)[0].counter_id == 2


@pytest.fixture
def own_mall() -> CustomMall:
    return partly_served()


def test_a_pause_hands_the_visitor_to_another_officer(rules: RulesHarness) -> None:
    ticket = rules.serving(1)
    rules.open(2)
    over = {"counter_id": 2, "ticket_id": ticket}
    refused = refusal_of(lambda: rules.do(serving.take_over, **over, actor=BUDI))
    assert refused is not None
    assert refused.code == "forbidden"

    rules.at(1, counter_states.pause, reason="sakit", hand_to=2)
    rules.do(serving.take_over, **over, actor=BUDI)

    (entry,) = rules.entries(ticket)
    assert (entry.state, entry.counter_id) == ("serving", 2)
    assert {"counter:1", "counter:2"} <= rules.facts
    busy = refusal_of(lambda: rules.do(serving.take_over, **over, actor=BUDI))
    assert busy is not None
    assert busy.code == "counter-busy"


def test_nobody_of_a_ticket_that_is_not_there_is_taken_over(
    rules: RulesHarness,
) -> None:
    rules.open(2)
    over = {"counter_id": 2, "ticket_id": 99, "actor": BUDI}

    assert isinstance(refusal_of(lambda: rules.do(serving.take_over, **over)), NotFound)


@pytest.mark.parametrize("known", ["called", "waiting", "none"])
def test_of_another_agencys_visitor_a_take_over_tells_nothing(
    rules: RulesHarness, known: str
) -> None:
    rules.open(1)
    tickets = {"called": rules.called(3, counter=3), "waiting": rules.issue(3)}
    over = {"counter_id": 1, "ticket_id": tickets.get(known, 99), "actor": SARI}

    refused = refusal_of(lambda: rules.do(serving.take_over, **over))

    assert isinstance(refused, NotFound)
