"""Counters are opened, paused and closed: by whom, and whom they leave behind."""

import asyncio
from typing import Any

import pytest

from app.errors import (
    CounterTaken,
    Invalid,
    NotFound,
)
from app.queueing.commands import (
    counter_states,
    serving,
)
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of, problem_of
from tests.support.rules.custom_mall import CustomMall, HoursLine
from tests.support.rules.harness import (
    ADMIN,
    BUDI,
    KEPALA,
    KIOSK,
    MADE,
    SARI,
    SITE,
    MakeRules,
    RulesHarness,
    clock_time,
    partly_served,
    refusal_of,
)


async def test_whoever_opens_a_counter_holds_it(server: AppServer) -> None:
    opened = await server.sari.command(mall.LOKET_1, "open")

    assert opened["state"] == "open"
    assert opened["holder"] == {"id": 1, "name": "Sari"}
    assert opened["opened_at"]
    assert opened["service_ids"] == [mall.AKTA, mall.KTP]


async def test_a_held_counter_is_taken(server: AppServer) -> None:
    await server.sari.command(mall.LOKET_1, "open")

    for other in (server.budi, server.kepala):
        answer = await other.post("/counters/1/open")
        problem = problem_of(answer, 409, "counter-taken")
        assert problem["counter"]["holder"]["name"] == "Sari"


async def test_two_who_open_at_once_do_not_both_hold_it(server: AppServer) -> None:
    answers = await asyncio.gather(
        server.sari.post("/counters/1/open"), server.budi.post("/counters/1/open")
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_opening_twice_changes_nothing(server: AppServer) -> None:
    first = await server.sari.command(mall.LOKET_1, "open")

    assert await server.sari.command(mall.LOKET_1, "open") == first


async def test_a_pause_keeps_the_holder_and_its_reason_until_reopened(
    server: AppServer,
) -> None:
    opened = await server.sari.command(mall.LOKET_1, "open")

    paused = await server.sari.command(mall.LOKET_1, "pause", reason="salat")
    assert (paused["state"], paused["paused_reason"]) == ("paused", "salat")
    assert paused["holder"] == opened["holder"]
    problem_of(await server.budi.post("/counters/1/open"), 409, "counter-taken")

    resumed = await server.sari.command(mall.LOKET_1, "open")
    assert resumed == opened


async def test_closing_lets_go_of_it(server: AppServer) -> None:
    await server.sari.command(mall.LOKET_1, "open")

    closed = await server.sari.command(mall.LOKET_1, "close")

    assert (closed["state"], closed["holder"]) == ("closed", None)
    assert (await server.budi.command(mall.LOKET_1, "open"))["holder"]["id"] == 2


async def test_closing_a_closed_one_changes_nothing(server: AppServer) -> None:
    assert (await server.sari.command(mall.LOKET_1, "close"))["state"] == "closed"


async def test_a_closed_counter_cannot_be_paused(server: AppServer) -> None:
    problem_of(await server.sari.post("/counters/1/pause"), 409, "counter-not-open")


@pytest.mark.parametrize("command", ["pause", "close"])
@pytest.mark.parametrize("state", ["called", "serving"])
async def test_nobody_leaves_a_visitor_standing(
    staffed_server: AppServer, command: str, state: str
) -> None:
    await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    if state == "serving":
        await staffed_server.sari.command(mall.LOKET_1, "start")

    answer = await staffed_server.sari.post(f"/counters/1/{command}")

    problem = problem_of(answer, 409, "counter-busy")
    assert problem["ticket"]["state"] == state
    assert problem["counter"]["state"] == "open"


@pytest.mark.parametrize("command", ["pause", "close"])
async def test_only_holder_and_supervisor_pause_and_close(
    staffed_server: AppServer, command: str
) -> None:
    path = f"/counters/1/{command}"

    problem_of(await staffed_server.budi.post(path), 403, "forbidden")
    problem_of(await staffed_server.made.post(path), 404, "not-found")
    problem_of(await staffed_server.resepsi.post(path), 403, "forbidden")
    problem_of(await staffed_server.anyone.post(path), 401, "unauthenticated")
    body_of(await staffed_server.kepala.post(path))


async def test_the_outsider_opens_nothing(server: AppServer) -> None:
    problem_of(await server.made.post("/counters/1/open"), 404, "not-found")
    problem_of(await server.made.post("/counters/99/open"), 404, "not-found")
    problem_of(await server.kiosk.post("/counters/1/open"), 403, "forbidden")
    problem_of(await server.anyone.post("/counters/1/open"), 401, "unauthenticated")


async def test_a_counter_paused_after_a_return_calls_nobody(
    staffed_server: AppServer,
) -> None:
    await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.sari.command(mall.LOKET_1, "return")
    await staffed_server.sari.command(mall.LOKET_1, "pause")

    problem_of(
        await staffed_server.sari.post("/counters/1/call-next"), 409, "counter-not-open"
    )


@pytest.mark.parametrize("command", ["pause", "close", "call-next", "open"])
async def test_a_stale_version_is_refused(
    staffed_server: AppServer, command: str
) -> None:
    path = f"/counters/{mall.LOKET_1}/{command}"

    problem_of(await staffed_server.sari.post(path, {"version": 99}), 409, "stale")


def test_signing_out_closes_what_is_idle_and_keeps_who_has_a_visitor(
    rules: RulesHarness,
) -> None:
    ticket = rules.called()
    rules.do(counter_states.open_, counter_id=2, actor=SARI)

    rules.do(counter_states.close_idle_counters_of, actor=SARI)

    assert (rules.counter_state(1), rules.counter_state(2)) == ("open", "closed")
    taken = {"counter_id": 1, "actor": BUDI}
    assert isinstance(
        refusal_of(lambda: rules.do(counter_states.open_, **taken)), CounterTaken
    )
    rules.do(serving.serve, counter_id=1, actor=KEPALA)
    assert rules.states(ticket) == ["served"]


BREAK = HoursLine("site", None, "break", "12:00", "13:00")


def counters_that_pause(db: Any, change: Any) -> int:
    return counter_states.pause_for_breaks(db, change)


def test_an_idle_counter_pauses_at_its_break_by_itself(make_rules: MakeRules) -> None:
    rules = make_rules(SITE, BREAK)
    rules.open()
    busy = rules.serving(3, counter=3)
    rules.now = clock_time("12:00")

    assert rules.do(counters_that_pause) == 1

    assert (rules.counter_state(1), rules.counter_state(3)) == ("paused", "open")
    waits = rules.do(serving.serve_next, counter_id=3, actor=MADE)
    assert waits == (busy, None)
    rules.open()
    assert rules.do(counters_that_pause) == 1, "only counter 3: 1 was opened again"
    assert rules.counter_state(1) == "open"


def test_a_second_break_pauses_a_counter_that_was_opened_in_the_first(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, BREAK, HoursLine("agency", 1, "break", "12:30", "13:30"))
    rules.now = clock_time("12:10")
    rules.open()
    assert rules.do(counters_that_pause) == 0

    rules.now = clock_time("12:31")

    assert rules.do(counters_that_pause) == 1


def test_who_may_not_know_of_a_service_or_counter(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    assert (KIOSK.sees_all, ADMIN.sees_all) == (False, True)

    with pytest.raises(NotFound):
        rules.do(counter_states.open_, counter_id=3, actor=SARI)
    with pytest.raises(NotFound):
        rules.do(counter_states.open_, counter_id=99, actor=SARI)


@pytest.fixture
def own_mall() -> CustomMall:
    return partly_served()


@pytest.mark.parametrize("counter", [1, 3, 4], ids=["itself", "agency 2", "nobody's"])
def test_a_pause_hands_over_within_the_agency(
    rules: RulesHarness, counter: int
) -> None:
    rules.serving(1)

    def pause() -> Any:
        return rules.at(1, counter_states.pause, hand_to=counter)

    assert isinstance(refusal_of(pause), Invalid)
    rules.at(1, serving.serve)
    assert isinstance(refusal_of(pause), Invalid)
    assert rules.counter_state() == "open"
