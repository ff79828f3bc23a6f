"""Real clients race at a real server: one wins, the other gets the present state."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from app.clock import SystemClock
from app.db.engines import writer_engine
from app.demo.seed import DemoSettings, prepare_demo
from app.queueing import rows
from app.settings import Settings
from tests.load.connection import Answer, Connection
from tests.load.races import RACES, Race, RaceSite
from tests.support.database import Disk
from tests.support.demo import DemoServer

SEED = 3
APART_SECONDS = 0.002
PLAIN = 1000 // len(RACES) + 1
FULL = 10_000 // len(RACES) + 1
STATES = {"recall": "called", "no-show": "no_show", "transfer": "waiting",
          "undo": "called", "serve-next": "served", "take": "serving",
          "call": "called", "cancel": "cancelled"}  # fmt: skip
"""What became of the ticket, by the command that won."""

each_race = pytest.mark.parametrize("race", RACES, ids=lambda race: race.__name__)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    """Run the demo as a process, without the recall's cool-down."""
    folder = tmp_path_factory.mktemp("races")
    database = Settings(data=folder).database
    prepare_demo(
        DemoSettings(folder, "http://127.0.0.1", True), database, SystemClock()
    )
    engine = writer_engine(database)
    with engine.begin() as db:
        db.execute(
            rows.site.update().values(
                policy={"recall_cooldown_seconds": 0, "kiosk_burst_tickets": 100_000}
            )
        )
    engine.dispose()
    running = DemoServer(folder)
    running.start()
    yield running
    running.stop()


@pytest.fixture
async def site(server: DemoServer) -> AsyncIterator[RaceSite]:
    """Open three counters, each caller with a connection of its own."""
    first, second = server.service_id("DKC", "KK"), server.service_id("BKS")
    one, other, *_ = server.counters_of(first)
    third = server.counters_of(second)[0]
    async with AsyncExitStack() as connections:

        async def connect(**credential: str) -> Connection:
            found = await Connection.open(server.port, credential)
            connections.push_async_callback(found.close)
            return found

        async def staff(username: str) -> Connection:
            cookies = server.staff(username).cookies
            cookie = "; ".join(f"{name}={value}" for name, value in cookies.items())
            return await connect(Cookie=cookie)

        site = RaceSite(
            first=first,
            second=second,
            elsewhere=server.service_id("POL"),
            one=one,
            other=other,
            third=third,
            kiosk=await connect(Authorization=f"Bearer {server.kiosk_token}"),
            reception=await staff("resepsi"),
            head=await staff("kepala-dkc"),
            officers={
                c: await staff(server.officer_of(c)) for c in (one, other, third)
            },
        )
        for counter_id in site.officers:
            await site.command_at(counter_id, "open")
        yield site


@each_race
@pytest.mark.timeout(90)
async def test_one_wins_and_the_other_is_told_what_is_now(
    race: Race, site: RaceSite, server: DemoServer
) -> None:
    await run(race, site, PLAIN)

    assert_nothing_broke(server)


@each_race
@pytest.mark.full
@pytest.mark.timeout(600)
async def test_one_wins_ten_thousand_times(
    race: Race, site: RaceSite, server: DemoServer
) -> None:
    await run(race, site, FULL)

    assert_nothing_broke(server)


@pytest.mark.timeout(90)
async def test_a_late_undo_beside_the_next_call_lands_in_parked(site: RaceSite) -> None:
    dice = random.Random(SEED)  # noqa: S311 (no secret)
    seen: Counter[int] = Counter()
    for _ in range(50):
        waiting = await site.issue(site.first)
        ticket = await site.serving()
        await site.command_at(site.one, "serve")
        undone, called = await apart(
            dice,
            site.head.post(f"/tickets/by-id/{ticket['id']}/undo", {}),
            site.at(site.one).post(f"/counters/{site.one}/call-next", {}),
        )
        assert undone.status == 200
        seen[called.status] += 1
        if called.status == 200:
            assert undone.body["state"] == "parked"
            assert called.body["id"] == waiting["id"]
        else:
            assert (called.status, called.body["code"]) == (409, "counter-busy")
            assert called.body["counter"]["ticket"]["id"] == ticket["id"]
            assert undone.body["state"] == "serving"
        await settle(site, [ticket["id"], waiting["id"]])

    assert set(seen) == {200, 409}


async def run(race: Race, site: RaceSite, pairs: int) -> None:
    """Race so many pairs, in either order and a little apart."""
    dice = random.Random(SEED)  # noqa: S311 (no secret)
    wins: Counter[int] = Counter()
    for _ in range(pairs):
        pair = await race(site)
        answers = await apart(dice, pair.one.give(), pair.other.give())
        assert sorted(answer.status for answer in answers) == [200, 409], answers
        winner = 0 if answers[0].status == 200 else 1
        wins[winner] += 1
        command = (pair.one, pair.other)[winner].path.rpartition("/")[2]
        ticket = await site.reception.get(f"/tickets/by-id/{pair.tickets[0]}")
        assert ticket["state"] == STATES[command]
        assert_present(answers[1 - winner].body, ticket)
        await settle(site, pair.tickets)

    assert len(wins) == 2, wins  # each side won at times


async def apart(dice: random.Random, one: Any, other: Any) -> tuple[Answer, Answer]:
    """Give two commands at once, one of them up to two milliseconds later."""
    late = dice.uniform(0, APART_SECONDS) * dice.choice((0, 1))
    first_waits = dice.choice((True, False))

    async def after(seconds: float, command: Any) -> Answer:
        if seconds:
            await asyncio.sleep(seconds)
        answer: Answer = await command
        return answer

    return await asyncio.gather(
        after(late if first_waits else 0, one), after(0 if first_waits else late, other)
    )


def assert_present(refusal: dict[str, Any], ticket: dict[str, Any]) -> None:
    """Assert that the loser got the present state.

    That is the ticket; or the counter, where the winner took it away from there.
    """
    present = refusal["ticket"]
    if present is not None and present["id"] == ticket["id"]:
        assert (present["state"], present["version"]) == (
            ticket["state"],
            ticket["version"],
        )
    else:
        assert refusal["counter"]["ticket"] == present
        assert ticket["state"] in ("no_show", "served")


async def settle(site: RaceSite, tickets: list[int]) -> None:
    """Leave no trace: counters idle, nobody waiting."""
    for ticket_id in tickets:
        ticket = await site.reception.get(f"/tickets/by-id/{ticket_id}")
        for entry in ticket["entries"]:
            if entry["state"] in ("called", "serving"):
                await site.command_at(entry["counter_id"], "serve")
            elif entry["state"] in ("waiting", "parked", "no_show"):
                body = {"reason": "duplicate", "entry_id": entry["id"]}
                await site.reception.done(f"/tickets/by-id/{ticket_id}/cancel", body)


def assert_nothing_broke(server: DemoServer) -> None:
    """Assert on the server's log and on what its disk holds."""
    assert "Traceback" not in server.log()
    disk = Disk(Path(server.database))
    disk.assert_events_rebuild_entries()
    active = "SELECT count(*) FROM entry WHERE state IN ('called', 'serving')"
    assert disk.one(active) == 0
