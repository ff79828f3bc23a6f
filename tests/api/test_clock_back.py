"""A clock that is set back by an hour: pages and rules live by one time."""

from datetime import UTC, datetime

from sqlalchemy import insert

from app.ledger import Timekeeper
from app.queueing import rows
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of, problem_of

# 15:10 in Jambi; numbers are given until 15:30
LATE = datetime(2026, 11, 24, 8, 10, tzinfo=UTC)


async def run_timed(server: AppServer) -> None:
    """Let the timekeeper run once, as it does every few seconds."""
    await Timekeeper(server.context.readers, server.context.ledger).run_once()


async def test_what_is_told_of_hours_is_what_a_command_finds(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    clock.set(LATE)
    await staffed_server.kiosk.issue(mall.AKTA)

    clock.jump(hours=-1)
    clock.move(minutes=25)

    agencies = (await staffed_server.anyone.get("/agencies")).json()
    path = f"/services/{mall.AKTA}/availability"
    available = body_of(await staffed_server.resepsi.get(path))
    body = {"service_ids": [mall.AKTA]}
    problem = problem_of(
        await staffed_server.kiosk.post("/tickets", body), 409, "site-hours"
    )
    assert problem["code"] == available["reason"] == agencies[0]["reason"]
    until = (problem["until"], available["until"])
    assert len({datetime.fromisoformat(each) for each in until}) == 1


async def test_a_closure_by_hand_is_seen_at_once(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    await staffed_server.kiosk.issue(mall.AKTA)
    clock.jump(hours=-1)

    await staffed_server.admin.post(f"/services/{mall.AKTA}/close", {})

    path = f"/services/{mall.AKTA}/availability"
    assert body_of(await staffed_server.resepsi.get(path))["reason"] == "by-hand"


async def test_who_came_back_comes_due_and_counters_rest(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    with staffed_server.disk.writing() as db:
        rest = {"weekday": 1, "opens": "10:00", "closes": "11:00", "kind": "break"}
        db.execute(insert(rows.opening_hours), rest)
    ticket = await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.sari.command(mall.LOKET_1, "no-show", reason="left")
    for _ in range(6):
        await staffed_server.kiosk.issue(mall.AKTA)
    path = f"/tickets/by-id/{ticket['id']}"
    back = body_of(await staffed_server.resepsi.post(f"{path}/requeue", {}))
    assert back["waiting_ahead"] == 3
    clock.jump(hours=-1)

    clock.move(minutes=16)
    await run_timed(staffed_server)
    assert body_of(await staffed_server.resepsi.get(path))["waiting_ahead"] == 0

    clock.move(minutes=50)
    await run_timed(staffed_server)
    counter = (await staffed_server.admin.get("/counters")).json()[0]
    assert counter["state"] == "paused"


async def test_a_later_day_has_its_quota_whole(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    with staffed_server.disk.writing() as db:
        line = {"service_id": mall.PASPOR, "channel": ""}
        db.execute(insert(rows.quota), {**line, "opens": "08:00", "people": 2})
    await staffed_server.kiosk.issue(mall.PASPOR, people=2)

    async def at(day: int, clock_time: str) -> str | None:
        path = f"/services/{mall.PASPOR}/availability"
        moment = f"2026-11-{day}T{clock_time}:00+07:00"
        answer = await staffed_server.resepsi.get(path, params={"at": moment})
        reason: str | None = body_of(answer)["reason"]
        return reason

    assert await at(24, "09:30") == "quota"
    assert await at(25, "09:30") is None
