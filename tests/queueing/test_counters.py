"""Counters: opened, paused, closed, and whoever holds them."""

import asyncio

import pytest

from app.errors import NotFound
from app.queueing.views.console import console
from app.queueing.views.counters import counter_view
from app.queueing.views.tickets import ticket_view
from app.queueing.views.visit import visit
from tests.support import cast, mall
from tests.support.app_server import AppServer
from tests.support.callers import body_of, problem_of
from tests.support.clock import MORNING
from tests.support.rules import RulesHarness


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


def test_what_does_not_exist_is_not_found(rules: RulesHarness) -> None:
    for view in (
        lambda db: counter_view(db, 99, cast.ADMIN.actor),
        lambda db: ticket_view(db, 99),
        lambda db: console(db, 99, MORNING),
        lambda db: visit(db, 99, now=MORNING),
    ):
        with pytest.raises(NotFound):
            rules.see(view)


@pytest.mark.parametrize("command", ["pause", "close", "call-next", "open"])
async def test_a_stale_version_is_refused(
    staffed_server: AppServer, command: str
) -> None:
    path = f"/counters/{mall.LOKET_1}/{command}"

    problem_of(await staffed_server.sari.post(path, {"version": 99}), 409, "stale")
