"""Real processes under load: numbers without a gap, calls exactly once."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.load.crowd import Crowd, Headers, crowd_at
from tests.load.replay import Replay
from tests.support.database import Disk
from tests.support.demo import DemoServer

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

TICKETS = 5_000
CLIENTS = 32
WITH_THREE = 40  # every so many tickets has three services, of three agencies


@pytest.fixture(scope="module")
def mall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoServer]:
    """Return a demo of its own: its database is counted to the last row."""
    server = DemoServer(tmp_path_factory.mktemp("load"))
    server.start()
    yield server
    server.stop()


async def test_five_thousand_tickets_then_every_line_emptied(mall: DemoServer) -> None:
    disk = Disk(mall.database)
    async with crowd_at(mall, clients=CLIENTS) as crowd:
        reception = await crowd.sign_in(mall.file["reception"]["username"])
        await issue_all(crowd, services_to_choose(mall), reception)
        look_at_numbers(crowd, disk)

        officers = await crowd.open_all()
        called = await asyncio.gather(
            *(call_until_empty(crowd, *officer) for officer in officers.items())
        )

    look_at_calls(disk, sum(called))
    assert "Traceback" not in mall.log()


async def issue_all(
    crowd: Crowd, services: list[list[int]], reception: Headers
) -> None:
    numbers = iter(range(TICKETS))

    async def client() -> None:
        for number in numbers:
            caller = crowd.kiosk if number % 100 == 0 else reception
            body = {"service_ids": service_ids_of(number, services)}
            await crowd.send(crowd.request("/tickets", body, caller))

    await asyncio.gather(*(client() for _ in range(CLIENTS)))


async def call_until_empty(crowd: Crowd, counter_id: int, caller: Headers) -> int:
    """Call and serve until nobody waits; a ticket busy elsewhere comes back."""
    calls = empty = 0
    while empty < 3:
        path = f"/counters/{counter_id}"
        if await crowd.send(crowd.request(f"{path}/call-next", {}, caller)) is None:
            empty += 1
            await asyncio.sleep(0.2)
            continue
        calls += 1
        empty = 0
        await crowd.send(crowd.request(f"{path}/serve", {}, caller))
    return calls


def services_to_choose(mall: DemoServer) -> list[list[int]]:
    """Return the services of each agency, by agency."""
    return [[s["id"] for s in agency["services"]] for agency in mall.agencies()]


def service_ids_of(number: int, services: list[list[int]]) -> list[int]:
    def of(agency: int) -> int:
        of_agency = services[agency % len(services)]
        return of_agency[number % len(of_agency)]

    if number % WITH_THREE == 0:
        return [of(number), of(number + 1), of(number + 2)]
    return [of(number)]


def look_at_numbers(crowd: Crowd, disk: Disk) -> None:
    answers = {answer["id"]: answer["number"] for answer in crowd.answers.values()}
    assert len(answers) == len(set(answers.values())) == TICKETS
    stored: list[Any] = disk.rows("SELECT id, number, series_id, drawn FROM ticket")
    assert answers == {row[0]: row[1] for row in stored}
    series = Counter(row[2] for row in stored)
    assert len(series) > 20
    for series_id, count in series.items():
        drawn = sorted(row[3] for row in stored if row[2] == series_id)
        assert drawn == list(range(1, count + 1)), series_id


def look_at_calls(disk: Disk, called: int) -> None:
    entries = disk.count("entry")
    assert entries == TICKETS + 2 * (TICKETS // WITH_THREE)
    assert disk.rows("SELECT DISTINCT state FROM entry") == ["served"]
    replay = Replay(disk)
    assert replay.wrong == []
    assert set(replay.calls.values()) == {1}
    assert len(replay.calls) == called == entries
    disk.assert_events_rebuild_entries()
