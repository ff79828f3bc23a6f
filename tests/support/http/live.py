"""A screen: what a live socket is sent, message by message."""

import json
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed, InvalidStatus


class Screen:
    """A watching socket that keeps what it was sent."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.heartbeats: list[dict[str, Any]] = []
        self.snapshots: list[dict[str, Any]] = []

    async def next(self) -> dict[str, Any]:
        """Return the next message, heartbeat or snapshot."""
        message: dict[str, Any] = json.loads(await self.socket.recv())
        kept = self.heartbeats if message["type"] == "heartbeat" else self.snapshots
        kept.append(message)
        return message

    async def snapshot(self) -> dict[str, Any]:
        """Return the next snapshot; heartbeats before it are kept aside."""
        while (message := await self.next())["type"] != "snapshot":
            pass
        return message

    async def until(self, revision: int) -> dict[str, Any]:
        """Return the first snapshot of at least this revision."""
        while (message := await self.snapshot())["revision"] < revision:
            pass
        return message

    @property
    def announcement_ids(self) -> list[int]:
        """Return the ids of all announcements, in the order in which they came."""
        return [a["id"] for s in self.snapshots for a in s["announcements"]]


async def closing_of(socket: ClientConnection) -> int:
    """Wait until the server closes a socket; returns the code (1006: none given)."""
    while True:
        try:
            await socket.recv()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006


async def refused_upgrade(
    watching: AbstractAsyncContextManager[Any],
) -> tuple[int, dict[str, Any]]:
    """Return status and problem with which a socket is refused before its upgrade."""
    with pytest.raises(InvalidStatus) as refusal:
        async with watching:
            pass
    response = refusal.value.response
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = json.loads(response.body or b"")
    assert problem["status"] == response.status_code
    return response.status_code, problem
