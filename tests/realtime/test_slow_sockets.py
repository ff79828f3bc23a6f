"""A socket that does not keep up is sent only the newest, and nobody waits for it."""

import asyncio
import json
from typing import Any

import pytest

from app.realtime.announcements import Wanted
from app.realtime.topic import Snapshot
from tests.realtime.transports import TestTransport, snapshot, socket_of


def messages(transport: TestTransport) -> list[dict[str, Any]]:
    """Return what was written, without the frames' heads (two bytes, or four)."""
    return [json.loads(frame[frame.index(b"{") :]) for frame in transport.frames]


def ids(message: dict[str, Any]) -> list[int]:
    return [announcement["id"] for announcement in message["announcements"]]


async def test_a_full_transport_keeps_the_newest_alone_and_no_task() -> None:
    transport = TestTransport()
    socket = socket_of(transport)
    socket.send(snapshot(1))
    tasks = asyncio.all_tasks()
    transport.has_room = False

    for revision in range(2, 50):
        socket.send(snapshot(revision, range(1, revision)))
    assert len(transport.frames) == 1
    transport.make_room()

    first, newest = messages(transport)
    assert (first["revision"], newest["revision"]) == (1, 49)
    # none of the snapshots that were left out takes its announcement along
    assert ids(newest) == list(range(1, 49))
    assert asyncio.all_tasks() == tasks


async def test_a_transport_with_room_again_is_written_to_once() -> None:
    transport = TestTransport()
    socket = socket_of(transport)
    transport.has_room = False
    socket.send(snapshot(1))
    transport.make_room()
    transport.make_room()
    socket.send(snapshot(1))

    assert [message["revision"] for message in messages(transport)] == [1]


async def test_a_snapshot_that_could_not_be_written_is_not_taken_for_sent(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    transport = TestTransport()
    socket = socket_of(transport)
    socket.send(snapshot(1))
    transport.has_room = False
    socket.send(snapshot(2))

    def unlucky(_snapshot: Snapshot, _announced_up_to: int | None) -> bytes:
        raise ZeroDivisionError

    monkeypatch.setattr(Snapshot, "text_after", unlucky)
    with pytest.raises(ZeroDivisionError):
        transport.make_room()
    socket.beat(b"all is well")

    # silence lets its screen say that it is stale
    assert len(transport.frames) == 1


async def test_who_leaves_is_written_to_no_more() -> None:
    transport = TestTransport()
    socket = socket_of(transport)
    transport.has_room = False
    socket.send(snapshot(1))
    socket.drop()

    transport.make_room()

    assert transport.frames == []
    assert transport.on_free is None


async def test_a_heartbeat_overtakes_no_snapshot() -> None:
    transport = TestTransport()
    socket = socket_of(transport)
    socket.beat(b"beat")
    socket.send(snapshot(1))
    transport.has_room = False
    socket.send(snapshot(2))
    # room that the transport has not told of yet
    transport.has_room = True
    socket.beat(b"beat")

    assert len(transport.frames) == 1
    transport.make_room()
    socket.beat(b"beat")
    assert transport.frames[2:] == [b"beat"]


async def test_a_socket_not_yet_accepted_has_been_told_nothing() -> None:
    transport = TestTransport()
    socket = socket_of(transport, is_accepted=False)

    assert not socket.send(snapshot(5, [3]))

    assert (socket.is_new, socket.revision, transport.frames) == (True, -1, [])
    assert socket.announced_up_to is None


async def test_who_came_while_a_view_was_read_is_sent_the_next() -> None:
    """Read for others, it lacks what is new to this one: that is never lost."""
    for_others = snapshot(5, [8, 9], Wanted(since=7))
    for after in (None, 3):
        transport = TestTransport()
        socket = socket_of(transport, after=after)

        assert not socket.send(for_others)
        assert (transport.frames, socket.is_new) == ([], True)
        socket.send(snapshot(5, [4, 8, 9], Wanted(since=3, unexpired=True)))

        (message,) = messages(transport)
        assert ids(message) == [4, 8, 9]


async def test_who_lacks_nothing_is_sent_what_was_read_for_others() -> None:
    transport = TestTransport()
    socket = socket_of(transport, after=9)

    assert socket.send(snapshot(5, [8, 9], Wanted(unexpired=True)))

    assert [ids(message) for message in messages(transport)] == [[]]


async def test_sockets_at_the_same_point_are_written_the_same_frame() -> None:
    transports = [TestTransport() for _ in range(3)]
    shown = snapshot(5, [8, 9])
    for transport, after in zip(transports, (8, 8, 9), strict=True):
        socket_of(transport, after=after).send(shown)

    (one,), (other,), (apart,) = (transport.frames for transport in transports)

    assert one is other
    assert apart != one
