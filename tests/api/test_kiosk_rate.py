"""A kiosk's rate: a burst of numbers, then one every 2 s (contract.md#errors)."""

import logging

import pytest

from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import Caller, problem_of

BODY = {"service_ids": [mall.AKTA]}
BURST = 60


async def statuses(kiosk: Caller, count: int) -> list[int]:
    return [(await kiosk.post("/tickets", BODY)).status_code for _ in range(count)]


async def test_beyond_a_burst_a_kiosk_gives_one_number_every_two_seconds(
    server: AppServer, clock: MovableClock, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        given = await statuses(server.kiosk, BURST)
        clock.move(seconds=1)
        refused = await server.kiosk.post("/tickets", BODY)
        more = await statuses(server.kiosk, 3)

    assert given.count(201) == BURST
    problem_of(refused, 429, "too-many")
    assert refused.headers["Retry-After"] in ("1", "2")
    assert 201 not in more
    alerts = [each for each in caplog.messages if "faster than its rate" in each]
    assert len(alerts) == 1
    assert "kiosk=1" in alerts[0]

    clock.move(seconds=2)
    assert (await statuses(server.kiosk, 2)) == [201, 429]


async def test_a_repeat_is_answered_and_others_go_on(server: AppServer) -> None:
    first = await server.kiosk.post("/tickets", BODY, key="first")
    while (await server.kiosk.post("/tickets", BODY)).status_code == 201:
        pass

    again = await server.kiosk.post("/tickets", BODY, key="first")

    assert again.json() == first.json()
    assert await statuses(server.other_kiosk, 1) == [201]
    assert await statuses(server.resepsi, BURST + 1) == [201] * (BURST + 1)


async def test_a_refused_number_counts_for_nothing(server: AppServer) -> None:
    for _ in range(BURST + 5):
        answer = await server.kiosk.post("/tickets", {"service_ids": [99]})
        problem_of(answer, 422, "invalid")

    assert await statuses(server.kiosk, 1) == [201]
