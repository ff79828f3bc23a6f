"""Breaks and long pauses reach officer and supervisor by the clock alone."""

import asyncio
from typing import Any

from sqlalchemy import insert

from app.queueing import rows
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of, problem_of
from tests.support.http.live import Screen, refused_upgrade
from tests.support.rules.harness import clock_time

OF_DKC = f"counters:{mall.DKC}"


def with_break(server: AppServer) -> None:
    """Give the site a break on Tuesdays, 12.00 to 13.00."""
    with server.disk.writing() as db:
        line = {"kind": "break", "weekday": 1, "opens": "12:00", "closes": "13:00"}
        db.execute(insert(rows.opening_hours).values(line))


async def shown(screen: Screen) -> dict[str, Any]:
    counter: dict[str, Any] = (await screen.snapshot())["data"]["counter"]
    return counter


async def until_paused(server: AppServer) -> None:
    """Wait until the timekeeper has come round: on disk, not only on the screen."""
    open_ = "SELECT id FROM counter WHERE state = 'open'"
    while server.disk.rows(open_):  # noqa: ASYNC110 (the disk has no event)
        await asyncio.sleep(0.05)


async def until_due(screen: Screen, counter_id: int) -> dict[str, Any]:
    """Return a counter of a live list once something is due at it."""
    while True:
        counters = (await screen.snapshot())["data"]["counters"]
        found: dict[str, Any] = next(c for c in counters if c["id"] == counter_id)
        if found["prompt"]:
            return found


async def test_a_console_is_told_of_the_break_and_of_its_end(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    with_break(staffed_server)
    async with staffed_server.sari.watch(f"counter:{mall.LOKET_1}") as watching:
        screen = Screen(watching)
        assert (await shown(screen))["pause"] is None

        clock.set(clock_time("12:00"))
        begun = await shown(screen)
        while begun["pause"] is None or begun["pause"]["until"] is None:
            begun = await shown(screen)
        await until_paused(staffed_server)
        clock.set(clock_time("13:00"))
        ended = await shown(screen)
        while ended["prompt"] is None:
            ended = await shown(screen)

    assert begun["state"] == "paused"
    assert begun["pause"]["reason"] == "break"
    assert begun["pause"]["until"] == "2026-11-24T06:00:00Z"
    assert ended["state"] == "paused"
    assert ended["prompt"] == {"kind": "break-over", "since": "2026-11-24T06:00:00Z"}


async def test_calling_into_the_break_says_that_the_counter_is_paused(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    with_break(staffed_server)
    await staffed_server.kiosk.issue(mall.AKTA)
    clock.set(clock_time("12:00"))

    answer = await staffed_server.sari.post(
        f"/counters/{mall.LOKET_1}/call-next", headers={"Accept-Language": "id"}
    )

    problem = problem_of(answer, 409, "counter-not-open")
    assert problem["title"] == "Loket sedang jeda"
    assert problem["counter"]["state"] == "paused"
    assert problem["counter"]["pause"]["until"] == "2026-11-24T06:00:00Z"


async def test_the_supervisor_sees_who_is_not_back(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    with_break(staffed_server)
    clock.set(clock_time("12:00"))
    await until_paused(staffed_server)
    async with staffed_server.kepala.watch(OF_DKC) as watching:
        clock.set(clock_time("13:00"))
        missing = await until_due(Screen(watching), mall.LOKET_1)
    await staffed_server.budi.command(mall.LOKET_2, "open")

    assert missing["holder"]["name"] == "Sari"
    assert missing["prompt"]["kind"] == "break-over"
    listed = body_of(await staffed_server.kepala.get("/counters"))
    due = {c["name"]: c["prompt"] and c["prompt"]["kind"] for c in listed}  # type: ignore[index]
    assert due == {"Loket 1": "break-over", "Loket 2": None}


async def test_a_live_list_is_of_the_agencies_that_one_sees(
    server: AppServer,
) -> None:
    for caller, topic in (
        (server.kepala, f"counters:{mall.IMI}"),
        (server.kepala, f"{OF_DKC}.{mall.IMI}"),
        (server.kepala, "counters:all"),
        (server.admin, "counters:one"),
        (server.admin, "counters:"),
    ):
        status, problem = await refused_upgrade(caller.watch(topic))
        assert (status, problem["code"]) == (404, "not-found")
    assert (await refused_upgrade(server.anyone.watch("counters:all")))[0] == 401
    assert (await refused_upgrade(server.kiosk.watch("counters:all")))[0] == 403

    async with server.resepsi.watch("counters:all") as watching:
        every = (await Screen(watching).snapshot())["data"]["counters"]
    assert [each["id"] for each in every] == [mall.LOKET_1, mall.LOKET_2, mall.LOKET_3]
