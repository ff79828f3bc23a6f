"""A ticket and an address have their share of live sockets; staff keep theirs."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from itertools import count
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed

from app.queueing.site.rates import Rate
from app.realtime.places import MAX_OF_TICKET, SocketLimits, SocketPlaces
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.live import Screen, closing_of, refused_upgrade

HALL = f"display:{mall.HALL}"


async def topic_of_a_ticket(server: AppServer) -> str:
    ticket = await server.kiosk.issue(mall.AKTA)
    return f"ticket:{ticket['token']}"


async def watch(stack: AsyncExitStack, server: AppServer, topic: str) -> Any:
    return await stack.enter_async_context(server.anyone.watch(topic))


async def test_a_ticket_has_its_share(server: AppServer) -> None:
    topic = await topic_of_a_ticket(server)
    async with AsyncExitStack() as stack:
        watching = [await watch(stack, server, topic) for _ in range(MAX_OF_TICKET)]
        status, problem = await refused_upgrade(server.anyone.watch(topic))

        assert (status, problem["code"]) == (429, "too-many")
        assert problem["retry_after_seconds"] > 0
        for socket in watching:
            assert await Screen(socket).snapshot()
        other = await watch(stack, server, await topic_of_a_ticket(server))
        assert await Screen(other).snapshot()
        await watching[0].close()
        await until_count(server, MAX_OF_TICKET)
        assert await Screen(await watch(stack, server, topic)).snapshot()


async def test_an_address_has_its_share_of_visitors_sockets(
    server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.realtime.places.MAX_OF_ADDRESS", 3)
    async with AsyncExitStack() as stack:
        for _ in range(3):
            await watch(stack, server, await topic_of_a_ticket(server))
        another = await topic_of_a_ticket(server)
        status, problem = await refused_upgrade(server.anyone.watch(another))

        assert (status, problem["code"]) == (429, "too-many")
        assert await Screen(
            await stack.enter_async_context(server.hall.watch(HALL))
        ).snapshot()


async def test_visitors_leave_places_to_devices_and_staff(server: AppServer) -> None:
    server.context.hub.places = SocketPlaces(SocketLimits(total=4, visitors=2))
    async with AsyncExitStack() as stack:
        for _ in range(2):
            await watch(stack, server, await topic_of_a_ticket(server))
        another = await topic_of_a_ticket(server)
        status, problem = await refused_upgrade(server.anyone.watch(another))

        assert (status, problem["code"]) == (503, "busy")
        for caller, topic in ((server.hall, HALL), (server.sari, "counter:1")):
            screen = await stack.enter_async_context(caller.watch(topic))
            assert await Screen(screen).snapshot()


def test_descriptors_bound_the_sockets() -> None:
    small, large = SocketLimits.within(1024), SocketLimits.within(16_384)

    assert small.total < 1024 - 200
    assert small.visitors < small.total
    assert large.total == 5000
    assert large.total - large.visitors >= 1000


async def flood(say: Callable[[], Awaitable[object]]) -> None:
    """Say something until the line is closed."""
    with contextlib.suppress(ConnectionClosed):
        for _ in range(200_000):
            await say()


@pytest.mark.parametrize("message", ["x", b"x"])
async def test_a_socket_that_floods_is_closed(
    server: AppServer, message: str | bytes
) -> None:
    async with server.hall.watch(HALL) as watching:
        await flood(partial(watching.send, message))
        code = await closing_of(watching)

    assert code != 1000
    await until_count(server, 0)


async def test_a_flood_of_pings_is_closed(server: AppServer) -> None:
    async with server.hall.watch(HALL) as watching:
        numbers = map(str, count())
        await flood(lambda: watching.ping(next(numbers)))
        code = await closing_of(watching)

    assert code != 1000
    await until_count(server, 0)


async def test_a_few_messages_do_no_harm(server: AppServer) -> None:
    async with server.hall.watch(HALL) as watching:
        for _ in range(10):
            await watching.send("hello")
        screen = Screen(watching)
        await screen.snapshot()
        while not screen.heartbeats:
            await screen.next()


async def test_handshakes_of_an_address_have_a_rate(
    server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.api.http.admission.HANDSHAKE_RATE", Rate(3, 60.0))
    refused = server.anyone.watch("ticket:none")
    statuses = [(await refused_upgrade(refused))[0] for _ in range(4)]

    assert statuses == [404, 404, 404, 429]
    async with server.hall.watch(HALL) as watching:
        assert json.loads(await watching.recv())["type"] == "snapshot"


async def until_count(server: AppServer, most: int) -> None:
    async with asyncio.timeout(20):
        while server.context.hub.count() > most:  # noqa: ASYNC110 (no event)
            await asyncio.sleep(0.01)
