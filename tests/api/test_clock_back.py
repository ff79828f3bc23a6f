"""A clock that is set back by an hour: pages and rules live by one time."""

from datetime import UTC, datetime

from sqlalchemy import insert

from app.ledger import Attendant
from app.queueing import rows
from tests.support import mall
from tests.support.callers import refused, told
from tests.support.clock import MovableClock
from tests.support.house import House

# 15:10 in Jambi; numbers are given until 15:30
LATE = datetime(2026, 11, 24, 8, 10, tzinfo=UTC)


async def look(house: House) -> None:
    """Let the attendant look once, as it does every few seconds."""
    await Attendant(house.context.readers, house.context.ledger).look()


async def test_what_is_told_of_hours_is_what_a_command_finds(
    open_house: House, clock: MovableClock
) -> None:
    clock.set(LATE)
    await open_house.kiosk.issue(mall.AKTA)

    clock.jump(hours=-1)
    clock.move(minutes=25)

    agencies = (await open_house.anyone.get("/agencies")).json()
    asked = f"/services/{mall.AKTA}/availability"
    available = told(await open_house.resepsi.get(asked))
    body = {"service_ids": [mall.AKTA]}
    problem = refused(await open_house.kiosk.post("/tickets", body), 409, "site-hours")
    assert problem["code"] == available["reason"] == agencies[0]["reason"]
    until = (problem["until"], available["until"])
    assert len({datetime.fromisoformat(told) for told in until}) == 1


async def test_a_closure_by_hand_is_seen_at_once(
    open_house: House, clock: MovableClock
) -> None:
    await open_house.kiosk.issue(mall.AKTA)
    clock.jump(hours=-1)

    await open_house.admin.post(f"/services/{mall.AKTA}/close", {})

    asked = f"/services/{mall.AKTA}/availability"
    assert told(await open_house.resepsi.get(asked))["reason"] == "by-hand"


async def test_who_came_back_comes_due_and_counters_rest(
    open_house: House, clock: MovableClock
) -> None:
    with open_house.disk.writing() as db:
        rest = {"weekday": 1, "opens": "10:00", "closes": "11:00", "kind": "break"}
        db.execute(insert(rows.opening_hours), rest)
    ticket = await open_house.kiosk.issue(mall.AKTA)
    await open_house.sari.command(mall.LOKET_1, "call-next")
    await open_house.sari.command(mall.LOKET_1, "no-show", reason="left")
    for _ in range(6):
        await open_house.kiosk.issue(mall.AKTA)
    of = f"/tickets/by-id/{ticket['id']}"
    back = told(await open_house.resepsi.post(f"{of}/requeue", {}))
    assert back["waiting_ahead"] == 3
    clock.jump(hours=-1)

    clock.move(minutes=16)
    await look(open_house)
    assert told(await open_house.resepsi.get(of))["waiting_ahead"] == 0

    clock.move(minutes=50)
    await look(open_house)
    counter = (await open_house.admin.get("/counters")).json()[0]
    assert counter["state"] == "paused"


async def test_a_later_day_has_its_quota_whole(
    open_house: House, clock: MovableClock
) -> None:
    with open_house.disk.writing() as db:
        parts = [("08:00", 2), ("13:00", 1)]
        of = {"service_id": mall.PASPOR, "channel": ""}
        quota = [{**of, "opens": opens, "people": n} for opens, n in parts]
        db.execute(insert(rows.quota), quota)
    await open_house.kiosk.issue(mall.PASPOR, people=2)

    async def at(day: int, clock_time: str) -> str | None:
        asked = f"/services/{mall.PASPOR}/availability"
        moment = f"2026-11-{day}T{clock_time}:00+07:00"
        found = await open_house.resepsi.get(asked, params={"at": moment})
        reason: str | None = told(found)["reason"]
        return reason

    assert await at(24, "09:30") == "quota"
    assert await at(24, "14:00") is None
    assert await at(25, "09:30") is None
