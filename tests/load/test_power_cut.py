"""``kill -9`` under load, again and again: every acknowledged thing is there."""

import asyncio
import random
from collections.abc import Iterator
from typing import Any

import pytest

from tests.load.crowd import Crowd, Headers, crowd_at
from tests.load.replay import Replay
from tests.support.database import Disk
from tests.support.demo import DemoServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

CUTS = 20
ISSUERS = 6
OFFICERS = 8


@pytest.fixture
def mall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    server = DemoServer(tmp_path_factory.mktemp("cut"))
    server.start()
    yield server
    server.stop()


async def test_nothing_acknowledged_is_lost_and_nothing_doubled(
    mall: DemoServer, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(1)  # noqa: S311 (when to cut, not a secret)
    disk = Disk(mall.database)
    took = []
    async with crowd_at(mall, clients=ISSUERS + OFFICERS) as crowd:
        people = await send_in(crowd)
        for _ in range(CUTS):
            await asyncio.sleep(chance.uniform(0.1, 0.5))
            mall.kill()
            acknowledged = dict(crowd.answers)
            look_at(disk, acknowledged)
            took.append(await asyncio.to_thread(mall.start))
        await asyncio.sleep(0.5)
        for person in people:
            person.cancel()
        await asyncio.gather(*people, return_exceptions=True)

    look_at(disk, crowd.answers)
    look_for_doubles(disk)
    with capsys.disabled():
        text = " ".join(f"{seconds:.2f}" for seconds in took)
        print(f"\nready again after a power cut, seconds: {text}")  # noqa: T201
    assert len([t for t in crowd.answers.values() if "token" in t]) > CUTS
    assert "Traceback" not in mall.log()


async def send_in(crowd: Crowd) -> "list[asyncio.Task[None]]":
    """Let visitors take tickets and officers call them, for ever."""
    service_id = crowd.demo.service_id("DKC")
    counters = crowd.demo.counters_of(service_id)[:OFFICERS]
    caller = await crowd.sign_in(crowd.demo.file["reception"]["username"])
    tasks = [visitors(crowd, service_id, crowd.kiosk)]
    tasks += [visitors(crowd, service_id, caller) for _ in range(ISSUERS - 1)]
    for counter_id in counters:
        officer = await crowd.sign_in(crowd.demo.officer_of(counter_id))
        await crowd.send(crowd.request(f"/counters/{counter_id}/open", {}, officer))
        tasks.append(calls(crowd, counter_id, officer))
    return [asyncio.create_task(task) for task in tasks]


async def visitors(crowd: Crowd, service_id: int, caller: Headers) -> None:
    while True:
        body = {"service_ids": [service_id]}
        await crowd.insist(crowd.request("/tickets", body, caller))


async def calls(crowd: Crowd, counter_id: int, caller: Headers) -> None:
    path = f"/counters/{counter_id}"
    while True:
        if (
            await crowd.insist(crowd.request(f"{path}/call-next", {}, caller))
            is not None
        ):
            await crowd.insist(crowd.request(f"{path}/serve", {}, caller))


def look_at(disk: Disk, answers: dict[str, Any]) -> None:
    """Assert that everything acknowledged so far is on disk as it was answered."""
    numbers = dict(disk.rows("SELECT id, number FROM ticket"))
    events = {
        (key, name)
        for key, name in disk.rows(
            "SELECT request_key, name FROM ticket_event WHERE request_key IS NOT NULL"
        )
    }
    names = {"waiting": "issued", "called": "called", "served": "served"}
    for key, answer in answers.items():
        if "number" not in answer:
            continue  # a counter that was opened
        assert numbers[answer["id"]] == answer["number"]
        assert (key, names[answer["state"]]) in events


def look_for_doubles(disk: Disk) -> None:
    """Assert that no request, sent again or not, took effect twice."""
    assert (
        disk.rows(
            "SELECT request_key FROM ticket_event WHERE request_key IS NOT NULL"
            " GROUP BY request_key HAVING count(*) > 1"
        )
        == []
    )
    # one series: none twice, and no gap but for the spare roll, which is never drawn
    drawn = disk.rows("SELECT drawn FROM ticket ORDER BY drawn")
    (roll,) = disk.rows(
        "SELECT spare_from, spare_to FROM series"
        " WHERE id = (SELECT series_id FROM ticket)"
    )
    spare = range(roll[0], roll[1] + 1)
    assert drawn == [n for n in range(1, drawn[-1] + 1) if n not in spare]
    replay = Replay(disk)
    assert replay.wrong == []
    assert set(replay.calls.values()) == {1}
    disk.assert_events_rebuild_entries()
