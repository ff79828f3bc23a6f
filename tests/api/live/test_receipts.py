"""What displays report of calls, over HTTP, and what the console is told of it."""

from typing import Any

import pytest

from app.clock import iso
from tests.api.live.test_speaking_device import L1, space_of, until
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of, problem_of
from tests.support.http.live import Screen

CONSOLE = f"counter:{mall.LOKET_1}"


async def called(server: AppServer) -> tuple[int, int]:
    """Let a visitor be called; return the ids of call and announcement."""
    await server.kiosk.issue(mall.AKTA)
    await server.sari.command(mall.LOKET_1, "call-next")
    ((call_id, id_),) = server.disk.rows("SELECT call_id, id FROM announcement")
    return call_id, id_


def state(message: dict[str, Any]) -> str | None:
    receipt = message["data"]["receipt"]
    return None if receipt is None else receipt["state"]


async def test_a_display_reports_and_the_console_is_told(
    staffed_server: AppServer,
) -> None:
    now = iso(staffed_server.context.clock.now())
    async with (
        staffed_server.sari.watch(CONSOLE) as console,
        staffed_server.display_a.watch(f"display:{mall.DISPLAY_A}") as other,
    ):
        officer, board = Screen(console), Screen(other)
        assert state(await officer.snapshot()) is None
        call_id, id_ = await called(staffed_server)
        pending = await until(officer, lambda m: state(m) is not None)
        report = {
            "shown": [{"call_id": call_id, "at": now}],
            "spoken": [{"announcement_id": id_, "from": now, "to": None}],
        }

        answer = await staffed_server.hall.post("/receipts", report)

        assert answer.status_code == 204
        shown = await until(officer, lambda m: state(m) == "shown")
        speaking = await until(board, lambda m: space_of(m)["speaking"] is not None)
    assert state(pending) == "pending"
    assert shown["data"]["receipt"] == {"call_id": call_id, "state": "shown"}
    assert space_of(speaking)["speaking"]["announcement_id"] == id_
    path = f"/calls/{call_id}/receipts"
    receipts = body_of(await staffed_server.sari.get(path))
    assert [each["display_id"] for each in receipts["shown"]] == [mall.HALL]
    (spoken,) = receipts["spoken"]
    assert set(spoken) == {"sound_space_id", "device_id", "from", "to"}
    assert (spoken["sound_space_id"], spoken["to"]) == (L1, None)
    problem_of(await staffed_server.resepsi.get("/calls/1/receipts"), 404, "not-found")


async def test_a_call_that_no_display_shows_reaches_the_console(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    async with staffed_server.sari.watch(CONSOLE) as console:
        officer = Screen(console)
        await called(staffed_server)
        await until(officer, lambda m: state(m) == "pending")

        clock.move(seconds=3)

        # by the heartbeat: nobody gives a command
        await until(officer, lambda m: state(m) == "not_shown")


@pytest.mark.parametrize("what", ["a call", "an announcement"])
async def test_a_display_of_another_zone_is_refused(
    staffed_server: AppServer, what: str
) -> None:
    call_id, id_ = await called(staffed_server)
    now = iso(staffed_server.context.clock.now())
    spoken = [{"announcement_id": id_, "from": now, "to": now}]
    report: dict[str, Any] = {
        "a call": {"shown": [{"call_id": call_id, "at": now}]},
        "an announcement": {"spoken": spoken},
    }[what]

    answer = await staffed_server.display_b.post("/receipts", report)

    problem_of(answer, 404, "not-found")
    for table in ("display_receipt", "voice_receipt"):
        assert staffed_server.disk.count(table) == 0


async def test_a_display_without_sound_is_no_candidate(
    staffed_server: AppServer,
) -> None:
    displays = staffed_server.context.hub.displays
    async with staffed_server.hall.watch(f"display:{mall.HALL}") as watching:
        await Screen(watching).snapshot()
        await staffed_server.hall.post("/receipts", {"sound": False})
        assert displays.able() == []

        await staffed_server.hall.post("/receipts", {"sound": True})

        assert displays.able() == [mall.HALL]


async def test_the_one_that_can_sound_speaks_in_its_place(
    staffed_server: AppServer,
) -> None:
    async with (
        staffed_server.hall.watch(f"display:{mall.HALL}") as first,
        staffed_server.display_a.watch(f"display:{mall.DISPLAY_A}") as second,
    ):
        await Screen(first).snapshot()
        screen = Screen(second)

        await staffed_server.hall.post("/receipts", {"sound": False})

        await until(
            screen, lambda m: space_of(m)["speaker_device_id"] == mall.DISPLAY_A
        )
