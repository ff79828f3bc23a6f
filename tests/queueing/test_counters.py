"""Counters: opened, paused, closed, and whoever holds them."""

import asyncio

import pytest

from app.errors import NotFound
from app.queueing.console import console
from app.queueing.counter_views import counter_view
from app.queueing.views import ticket_view
from app.queueing.visit import visit
from tests.queueing.conftest import Rules
from tests.support import cast, mall
from tests.support.callers import refused, told
from tests.support.clock import MORNING
from tests.support.house import House


async def test_whoever_opens_a_counter_holds_it(house: House) -> None:
    opened = await house.sari.command(mall.LOKET_1, "open")

    assert opened["state"] == "open"
    assert opened["holder"] == {"id": 1, "name": "Sari"}
    assert opened["opened_at"]
    assert opened["service_ids"] == [mall.AKTA, mall.KTP]


async def test_a_held_counter_is_taken(house: House) -> None:
    await house.sari.command(mall.LOKET_1, "open")

    for other in (house.budi, house.kepala):
        answer = await other.post("/counters/1/open")
        problem = refused(answer, 409, "counter-taken")
        assert problem["counter"]["holder"]["name"] == "Sari"


async def test_two_who_open_at_once_do_not_both_hold_it(house: House) -> None:
    answers = await asyncio.gather(
        house.sari.post("/counters/1/open"), house.budi.post("/counters/1/open")
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_opening_twice_changes_nothing(house: House) -> None:
    first = await house.sari.command(mall.LOKET_1, "open")

    assert await house.sari.command(mall.LOKET_1, "open") == first


async def test_a_pause_keeps_the_holder_and_its_reason_until_reopened(
    house: House,
) -> None:
    opened = await house.sari.command(mall.LOKET_1, "open")

    paused = await house.sari.command(mall.LOKET_1, "pause", reason="salat")
    assert (paused["state"], paused["paused_reason"]) == ("paused", "salat")
    assert paused["holder"] == opened["holder"]
    refused(await house.budi.post("/counters/1/open"), 409, "counter-taken")

    resumed = await house.sari.command(mall.LOKET_1, "open")
    assert resumed == opened


async def test_closing_lets_go_of_it(house: House) -> None:
    await house.sari.command(mall.LOKET_1, "open")

    closed = await house.sari.command(mall.LOKET_1, "close")

    assert (closed["state"], closed["holder"]) == ("closed", None)
    assert (await house.budi.command(mall.LOKET_1, "open"))["holder"]["id"] == 2


async def test_closing_a_closed_one_changes_nothing(house: House) -> None:
    assert (await house.sari.command(mall.LOKET_1, "close"))["state"] == "closed"


async def test_a_closed_counter_cannot_be_paused(house: House) -> None:
    refused(await house.sari.post("/counters/1/pause"), 409, "counter-not-open")


@pytest.mark.parametrize("command", ["pause", "close"])
@pytest.mark.parametrize("state", ["called", "serving"])
async def test_nobody_leaves_a_visitor_standing(
    open_house: House, command: str, state: str
) -> None:
    await open_house.kiosk.issue(mall.AKTA)
    await open_house.sari.command(mall.LOKET_1, "call-next")
    if state == "serving":
        await open_house.sari.command(mall.LOKET_1, "start")

    answer = await open_house.sari.post(f"/counters/1/{command}")

    problem = refused(answer, 409, "counter-busy")
    assert problem["ticket"]["state"] == state
    assert problem["counter"]["state"] == "open"


@pytest.mark.parametrize("command", ["pause", "close"])
async def test_only_holder_and_supervisor_pause_and_close(
    open_house: House, command: str
) -> None:
    path = f"/counters/1/{command}"

    refused(await open_house.budi.post(path), 403, "forbidden")
    refused(await open_house.made.post(path), 404, "not-found")
    refused(await open_house.resepsi.post(path), 403, "forbidden")
    refused(await open_house.anyone.post(path), 401, "unauthenticated")
    told(await open_house.kepala.post(path))


async def test_the_outsider_opens_nothing(house: House) -> None:
    refused(await house.made.post("/counters/1/open"), 404, "not-found")
    refused(await house.made.post("/counters/99/open"), 404, "not-found")
    refused(await house.kiosk.post("/counters/1/open"), 403, "forbidden")
    refused(await house.anyone.post("/counters/1/open"), 401, "unauthenticated")


async def test_a_counter_paused_after_a_return_calls_nobody(open_house: House) -> None:
    await open_house.kiosk.issue(mall.AKTA)
    await open_house.sari.command(mall.LOKET_1, "call-next")
    await open_house.sari.command(mall.LOKET_1, "return")
    await open_house.sari.command(mall.LOKET_1, "pause")

    refused(
        await open_house.sari.post("/counters/1/call-next"), 409, "counter-not-open"
    )


def test_what_does_not_exist_is_not_found(rules: Rules) -> None:
    for view in (
        lambda db: counter_view(db, 99, cast.ADMIN.actor),
        lambda db: ticket_view(db, 99),
        lambda db: console(db, 99, MORNING),
        lambda db: visit(db, 99, now=MORNING),
    ):
        with pytest.raises(NotFound):
            rules.see(view)


@pytest.mark.parametrize("command", ["pause", "close", "call-next", "open"])
async def test_a_stale_version_is_refused(open_house: House, command: str) -> None:
    path = f"/counters/{mall.LOKET_1}/{command}"

    refused(await open_house.sari.post(path, {"version": 99}), 409, "stale")
