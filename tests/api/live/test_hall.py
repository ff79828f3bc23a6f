"""Quiet and evacuation over HTTP, as screens and callers meet them."""

from pathlib import Path

import pytest

from tests.api.live.test_speaking_device import L1, space_of, spaces, until
from tests.support import mall
from tests.support.app_server import AppServer, running
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of, problem_of
from tests.support.http.live import Screen

HALL = f"display:{mall.HALL}"


async def test_quiet_stands_on_the_boards_until_it_is_ended(
    staffed_server: AppServer,
) -> None:
    path = f"/sound-spaces/{L1}/quiet"
    async with staffed_server.hall.watch(HALL) as watching:
        screen = Screen(watching)
        await screen.snapshot()
        answer = body_of(await staffed_server.resepsi.post(path, {"minutes": 5}))
        quiet = await until(screen, lambda m: space_of(m)["quiet_until"] is not None)
        listed = await spaces(staffed_server.sari)
        await staffed_server.kiosk.issue(mall.AKTA)
        await staffed_server.sari.command(mall.LOKET_1, "call-next")
        called = await until(screen, lambda m: bool(m["data"]["calls"]))

        ended = await staffed_server.kepala.send("DELETE", path)

        spoken = await until(screen, lambda m: bool(m["announcements"]))
    assert set(answer) == {"until"}
    assert space_of(quiet)["quiet_until"] == answer["until"]
    assert space_of(quiet, 2)["quiet_until"] is None
    assert [each["quiet_until"] is None for each in listed] == [False, True]
    assert called["announcements"] == []
    assert ended.status_code == 204
    assert spoken["announcements"][0]["text"].endswith("Silakan menuju Loket 1.")


@pytest.mark.parametrize("minutes", [0, 241, "5", None])
async def test_quiet_lasts_one_to_240_minutes(
    server: AppServer, minutes: object
) -> None:
    body = {"minutes": minutes}

    answer = await server.resepsi.post(f"/sound-spaces/{L1}/quiet", body)

    problem_of(answer, 422, "invalid")


async def test_an_unknown_space_is_not_found(server: AppServer) -> None:
    path = "/sound-spaces/99/quiet"

    for answer in (
        await server.admin.post(path, {"minutes": 5}),
        await server.admin.send("DELETE", path),
    ):
        problem_of(answer, 404, "not-found")


async def test_an_evacuation_is_said_and_refused_by_its_code(
    staffed_server: AppServer,
) -> None:
    server = staffed_server
    await server.kiosk.issue(mall.AKTA)
    async with server.hall.watch(HALL) as watching:
        screen = Screen(watching)
        await screen.snapshot()
        begun = body_of(await server.kepala.post("/evacuation", {"text": "Keluar."}))
        noticed = await until(screen, lambda m: m["data"]["notice"] is not None)
        for answer in (
            await server.kiosk.post("/tickets", {"service_ids": [mall.AKTA]}),
            await server.sari.post(f"/counters/{mall.LOKET_1}/call-next"),
        ):
            problem_of(answer, 409, "evacuation")

        ended = await server.admin.send("DELETE", "/evacuation")

        over = await until(screen, lambda m: m["data"]["notice"] is None)
    assert set(begun) == {"since", "text"}
    assert noticed["data"]["notice"] == {"kind": "evacuation", "text": "Keluar."}
    assert ended.status_code == 204
    assert over["data"]["waiting"][0]["waiting"] == 1
    await server.sari.command(mall.LOKET_1, "call-next")


@pytest.mark.parametrize("text", ["", "x" * 201, "a\x1bb", 5, []])
async def test_what_no_screen_could_say_is_refused(
    server: AppServer, text: object
) -> None:
    answer = await server.admin.post("/evacuation", {"text": text})

    problem_of(answer, 422, "invalid")
    assert server.disk.one("SELECT evacuation_since FROM site") is None


async def test_an_evacuation_survives_a_restart(
    folder: Path, clock: MovableClock
) -> None:
    async with running(folder, clock) as first:
        begun = body_of(await first.admin.post("/evacuation"))

    async with running(folder, clock) as again:
        answer = await again.kiosk.post("/tickets", {"service_ids": [mall.AKTA]})
        repeated = body_of(await again.admin.post("/evacuation"))

    problem_of(answer, 409, "evacuation")
    assert repeated == begun


async def test_after_a_power_cut_whoever_is_still_called_is_announced_once(
    folder: Path, clock: MovableClock
) -> None:
    async with running(folder, clock) as first:
        await first.sari.command(mall.LOKET_1, "open")
        await first.kiosk.issue(mall.AKTA)
        await first.sari.command(mall.LOKET_1, "call-next")
    clock.move(minutes=10)

    async with (
        running(folder, clock) as again,
        again.hall.watch(HALL) as watching,
    ):
        message = await until(Screen(watching), lambda m: bool(m["announcements"]))
    clock.move(minutes=1)
    async with running(folder, clock) as third:
        await third.hall.get("/sound-spaces")
        announced = third.disk.count("announcement")

    (announcement,) = message["announcements"]
    assert announcement["text"].endswith("Silakan menuju Loket 1.")
    assert announced == 2
