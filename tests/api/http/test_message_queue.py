"""What a socket has yet to receive comes in order, and none is lost by a timeout."""

import asyncio
from typing import Any

import pytest

from app.api.http.socket_protocol import MessageQueue


def message(number: int) -> Any:
    return {"type": "websocket.receive", "text": str(number)}


async def test_messages_come_in_the_order_in_which_they_were_put() -> None:
    queue = MessageQueue()
    for number in (1, 2, 3):
        queue.put_nowait(message(number))

    received = [await queue.get() for _ in range(3)]

    assert received == [message(1), message(2), message(3)]
    assert queue.empty()


async def test_who_waits_goes_on_with_the_first() -> None:
    queue = MessageQueue()
    waiting = asyncio.ensure_future(queue.get())
    await asyncio.sleep(0)
    queue.put_nowait(message(1))
    queue.put_nowait(message(2))

    assert await waiting == message(1)
    assert not queue.empty()


async def test_who_waited_too_long_loses_nothing() -> None:
    queue = MessageQueue()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.001):
            await queue.get()
    queue.put_nowait(message(1))

    assert await queue.get() == message(1)
