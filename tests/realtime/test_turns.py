"""What the whole hall looks at waits for no other's view, and no loop for the hall."""

import asyncio
import threading
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from websockets.asyncio.client import ClientConnection

from app.api.http.socket_protocol import LimitedSocketProtocol
from app.api.live.topics import DisplayTopic, OverviewTopic
from tests.support import mall
from tests.support.app_server import running
from tests.support.clock import MovableClock
from tests.support.http.live import Screen

HALL = f"display:{mall.HALL}"


async def test_displays_do_not_wait_for_a_long_view(
    folder: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()
    render = OverviewTopic.render

    def slowly(*args: object, **more: object) -> object:
        assert may_go_on.wait(20)
        return render(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(OverviewTopic, "render", slowly)
    async with (
        running(folder, clock) as server,
        server.admin.watch("overview") as whole,
        server.hall.watch(HALL) as hall,
    ):
        screen = Screen(hall)
        await screen.snapshot()
        await server.resepsi.issue(mall.AKTA)
        shown = await screen.snapshot()

        assert shown["data"]["waiting"][0]["waiting"] == 1
        may_go_on.set()
        assert await Screen(whole).snapshot()


async def test_others_have_their_turn_while_many_screens_are_sent_to(
    folder: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.realtime.hub.SENT_IN_A_TURN", 1)
    write = LimitedSocketProtocol.write_frame
    order: list[str] = []

    def noted(protocol: LimitedSocketProtocol, frame: bytes) -> None:
        if b'"snapshot"' in frame:
            order.append("sent")
            asyncio.get_running_loop().call_soon(order.append, "others")
        write(protocol, frame)

    async with running(folder, clock) as server, AsyncExitStack() as stack:
        screens = [
            Screen(await stack.enter_async_context(server.hall.watch(HALL)))
            for _ in range(3)
        ]
        for screen in screens:
            await screen.snapshot()
        monkeypatch.setattr(LimitedSocketProtocol, "write_frame", noted)
        await server.resepsi.issue(mall.AKTA)
        for screen in screens:
            await screen.snapshot()

    assert order[:5] == ["sent", "others", "sent", "others", "sent"]


async def _receive_many(line: ClientConnection) -> None:
    for _ in range(500):
        await asyncio.wait_for(line.recv(), 1)


async def test_no_heartbeat_calls_a_board_true_that_cannot_be_read(
    folder: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_go_on = threading.Event()
    may_go_on.set()
    at = DisplayTopic.at

    def slowly(*args: object, **more: object) -> object:
        assert may_go_on.wait(30)
        return at(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(DisplayTopic, "at", slowly)
    monkeypatch.setattr("app.realtime.hub.HEARTBEAT_SECONDS", 0.02)
    monkeypatch.setattr("app.realtime.hub.MAX_STALE_SECONDS", 0.1)
    async with running(folder, clock) as server, server.hall.watch(HALL) as hall:
        screen = Screen(hall)
        await screen.snapshot()
        may_go_on.clear()
        await server.resepsi.issue(mall.AKTA)

        with pytest.raises(TimeoutError):  # some beats may come first, then silence
            await _receive_many(hall)
        may_go_on.set()
        shown = await screen.snapshot()

    assert shown["data"]["waiting"][0]["waiting"] == 1
