"""The live socket: a snapshot at once, then the newest after each change."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from app.clock import iso
from app.queueing import rows
from app.realtime.topic import Snapshot, take_snapshots
from tests.support import mall
from tests.support.app_server import AppServer, running
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of
from tests.support.http.live import Screen
from tests.support.rules.harness import clock_time

HALL = f"display:{mall.HALL}"


async def test_a_snapshot_comes_at_once_with_the_board_as_it_stands(
    staffed_server: AppServer,
) -> None:
    await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.until_printed()

    async with staffed_server.hall.watch(HALL) as watching:
        first = await Screen(watching).next()

    board = body_of(await staffed_server.hall.get(f"/displays/{mall.HALL}/board"))
    assert first["type"] == "snapshot"
    assert first["topic"] == HALL
    assert first["revision"] == first["data"]["revision"] == board["revision"]
    assert first["now"].endswith("Z")
    assert first["announcements"] == []
    assert first["data"]["waiting"] == board["waiting"]


async def test_a_call_comes_with_its_announcement_once(
    staffed_server: AppServer,
) -> None:
    await staffed_server.kiosk.issue(mall.AKTA)
    async with staffed_server.hall.watch(HALL) as watching:
        screen = Screen(watching)
        await screen.snapshot()

        await staffed_server.sari.command(mall.LOKET_1, "call-next")
        called = await screen.snapshot()
        await staffed_server.sari.command(mall.LOKET_1, "start")
        started = await screen.snapshot()

    (call,) = called["data"]["calls"]
    (announcement,) = called["announcements"]
    assert announcement["call_id"] == call["id"]
    assert announcement["text"].endswith("Silakan menuju Loket 1.")
    audio = f"/api/v1/announcements/{announcement['id']}/audio"
    assert announcement["audio_url"] == audio
    assert announcement["zone_id"] == mall.ZONE_A
    assert called["newest_announcement"] == announcement["id"]
    assert announcement["expires_at"].startswith("2026-11-24T02:02:")
    assert started["data"]["calls"] == []
    assert started["announcements"] == []


async def test_what_the_clock_alone_changes_is_sent_too(
    server: AppServer, clock: MovableClock
) -> None:
    async with server.hall.watch(HALL) as watching:
        screen = Screen(watching)
        before = await screen.snapshot()

        clock.set(clock_time("15:31"))
        after = await screen.snapshot()

    assert before["data"]["open"]
    assert (after["data"]["open"], after["data"]["reason"]) == (False, "site-hours")
    assert after["data"]["until"] == "2026-11-25T01:00:00Z"


async def test_a_closure_by_hand_is_sent_to_displays(server: AppServer) -> None:
    async with server.hall.watch(HALL) as watching:
        screen = Screen(watching)
        await screen.snapshot()

        body_of(await server.admin.post(f"/agencies/{mall.IMI}/close", json={}))
        after = await screen.snapshot()

    assert [(a["open"], a["reason"]) for a in after["data"]["waiting"]] == [
        (True, None),
        (False, "by-hand"),
    ]


async def test_two_calls_at_once_are_both_seen_and_both_announced(
    staffed_server: AppServer,
) -> None:
    for service_id in (mall.AKTA, mall.AKTA, mall.PASPOR):
        await staffed_server.kiosk.issue(service_id)
    async with staffed_server.hall.watch(HALL) as watching:
        screen = Screen(watching)
        before = await screen.snapshot()

        await asyncio.gather(
            staffed_server.sari.command(mall.LOKET_1, "call-next"),
            staffed_server.budi.command(mall.LOKET_2, "call-next"),
            staffed_server.made.command(mall.LOKET_3, "call-next"),
        )
        while len(screen.snapshots[-1]["data"]["calls"]) < 3:
            await screen.snapshot()

    assert len(screen.announcement_ids) == len(set(screen.announcement_ids)) == 3
    assert screen.snapshots[-1]["revision"] > before["revision"]


@pytest.mark.parametrize("is_within_earshot", [False, True])
async def test_a_display_is_sent_what_is_spoken_within_earshot(
    staffed_server: AppServer, *, is_within_earshot: bool
) -> None:
    if is_within_earshot:
        with staffed_server.disk.writing() as db:
            db.execute(update(rows.zone).values(sound_space_id=1))
    for service_id in (mall.AKTA, mall.PASPOR):
        await staffed_server.kiosk.issue(service_id)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.made.command(mall.LOKET_3, "call-next")

    async with staffed_server.display_b.watch(f"display:{mall.DISPLAY_B}") as watching:
        snapshot = await Screen(watching).snapshot()

    places = [
        each["text"].rpartition("menuju ")[2] for each in snapshot["announcements"]
    ]
    assert places == (["Loket 1.", "Loket 3."] if is_within_earshot else ["Loket 3."])


async def test_without_after_only_what_has_not_expired_is_announced(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    await call(staffed_server)
    clock.move(minutes=3)
    await call(staffed_server)

    async with staffed_server.hall.watch(HALL) as watching:
        fresh = await Screen(watching).snapshot()

    assert [announcement["id"] for announcement in fresh["announcements"]] == [2]


async def test_with_after_nothing_missed_is_lost_though_expired(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    for _ in range(3):
        await call(staffed_server)
    clock.move(minutes=30)

    async with staffed_server.hall.watch(HALL, after=1) as watching:
        healed = await Screen(watching).snapshot()
    async with staffed_server.hall.watch(HALL, after=3) as watching:
        nothing = await Screen(watching).snapshot()

    assert [announcement["id"] for announcement in healed["announcements"]] == [2, 3]
    assert nothing["announcements"] == []


async def test_after_of_another_database_does_not_silence_new_calls(
    staffed_server: AppServer,
) -> None:
    async with staffed_server.hall.watch(HALL, after=9_000) as watching:
        screen = Screen(watching)
        await screen.snapshot()
        await call(staffed_server)
        while not screen.announcement_ids:
            await screen.snapshot()

    assert screen.announcement_ids == [1]


async def test_heartbeats_tell_the_revision_while_nothing_happens(
    server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.realtime.hub.HEARTBEAT_SECONDS", 0.05)
    async with server.hall.watch(HALL) as watching:
        screen = Screen(watching)
        snapshot = await screen.snapshot()
        while len(screen.heartbeats) < 2:
            await screen.next()

    assert len(screen.snapshots) == 1
    for beat in screen.heartbeats:
        assert set(beat) == {"type", "revision", "now"}
        assert beat["revision"] == snapshot["revision"]
        assert beat["now"] > snapshot["now"]


async def test_what_concerns_others_is_not_sent(staffed_server: AppServer) -> None:
    async with staffed_server.display_b.watch(f"display:{mall.DISPLAY_B}") as watching:
        screen = Screen(watching)
        await screen.snapshot()
        await call(staffed_server)  # in zone A
        await staffed_server.kiosk.issue(mall.PASPOR)

        snapshot = await screen.snapshot()

    assert snapshot["data"]["waiting"][0]["waiting"] == 1
    assert len(screen.snapshots) == 2


async def test_many_changes_are_coalesced_but_the_newest_arrives(
    staffed_server: AppServer,
) -> None:
    async with staffed_server.hall.watch(HALL) as watching:
        screen = Screen(watching)
        await screen.snapshot()
        await asyncio.gather(
            *(staffed_server.resepsi.issue(mall.AKTA) for _ in range(200))
        )
        await staffed_server.until_printed()
        newest = staffed_server.disk.one("SELECT revision FROM ledger_state")
        while screen.snapshots[-1]["data"]["waiting"][0]["waiting"] < 200:
            await screen.snapshot()

    revisions = [snapshot["revision"] for snapshot in screen.snapshots]
    assert revisions == sorted(set(revisions))
    assert len(revisions) < 100
    assert revisions[-1] <= newest


@pytest.mark.slow
@pytest.mark.timeout(90)
async def test_a_stalled_screen_delays_no_other_and_misses_no_call(
    folder: Path, clock: MovableClock
) -> None:
    calls = 75  # what fits into the buffers on the way is less than 60
    async with running(folder, clock, send_buffer=4096) as server:
        await server.sari.command(mall.LOKET_1, "open")
        await asyncio.gather(*(server.resepsi.issue(mall.AKTA) for _ in range(calls)))
        narrow = socket.create_connection(("127.0.0.1", server.port))
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        async with (
            server.hall.watch(HALL, sock=narrow) as stalled,
            server.hall.watch(HALL) as lively,
        ):
            slow, quick = Screen(stalled), Screen(lively)
            for _ in range(calls):
                await server.sari.command(mall.LOKET_1, "call-next")
                await server.sari.command(mall.LOKET_1, "serve")
                while not quick.announcement_ids or quick.announcement_ids[
                    -1
                ] < server.disk.count("announcement"):
                    await quick.snapshot()
            # only now does the slow one read on
            while len(slow.announcement_ids) < calls:
                await slow.snapshot()

    assert slow.announcement_ids == quick.announcement_ids == list(range(1, calls + 1))
    assert len(slow.snapshots) < len(quick.snapshots)


async def test_a_broken_view_goes_silent_alone_and_heals(
    folder: Path,
    clock: MovableClock,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("app.realtime.hub.HEARTBEAT_SECONDS", 0.05)
    monkeypatch.setattr("app.realtime.hub.RETRY_SECONDS", 0.05)
    async with (
        running(folder, clock) as server,
        server.hall.watch(HALL) as hall,
        server.admin.watch("overview") as whole,
    ):
        broken, well = Screen(hall), Screen(whole)
        await broken.snapshot()
        await well.snapshot()
        with monkeypatch.context() as fault:
            fault.setattr("app.api.live.topics.DisplayTopic.at", render_nothing)
            ticket = await server.resepsi.issue(mall.AKTA)
            await well.snapshot()
            while "a view could not be told" not in caplog.text:
                await well.next()
            since = iso(clock.now())
            while not well.heartbeats or well.heartbeats[-1]["now"] <= since:
                await well.next()
        healed = await broken.snapshot()

    assert ticket["number"] == "A-001"
    assert healed["data"]["waiting"][0]["waiting"] == 1
    assert all(beat["now"] <= since for beat in broken.heartbeats)


def render_nothing(*args: object) -> None:
    raise ZeroDivisionError


async def test_the_revision_never_falls_over_a_restart(
    folder: Path, clock: MovableClock
) -> None:
    async with running(folder, clock) as server:
        await server.resepsi.issue(mall.AKTA)
        async with server.hall.watch(HALL) as watching:
            before = await Screen(watching).snapshot()

    async with running(folder, clock) as server, server.hall.watch(HALL) as watching:
        after = await Screen(watching).snapshot()

    assert after["revision"] >= before["revision"]
    assert after["data"]["waiting"] == before["data"]["waiting"]


async def call(server: AppServer) -> None:
    await server.resepsi.issue(mall.AKTA)
    await server.sari.command(mall.LOKET_1, "call-next")
    await server.sari.command(mall.LOKET_1, "serve")


async def test_a_view_that_cannot_be_read_once_is_read_again(
    folder: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.realtime.hub.RETRY_SECONDS", 0.01)
    failed: list[Any] = []

    def unlucky(*args: Any) -> Any:
        if len(failed) < 2:
            failed.append(args)
            raise OSError("the disk said no")
        return take_snapshots(*args)

    async with running(folder, clock) as server:
        monkeypatch.setattr("app.realtime.refresher.take_snapshots", unlucky)
        async with server.hall.watch(HALL) as watching:
            snapshot = await Screen(watching).snapshot()

    assert len(failed) == 2
    assert snapshot["data"]["calls"] == []


async def test_a_snapshot_that_cannot_be_written_once_is_told_after_all(
    folder: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.realtime.hub.RETRY_SECONDS", 0.01)
    write = Snapshot.text_after
    failed: list[int | None] = []

    def unlucky(snapshot: Snapshot, announced_up_to: int | None) -> bytes:
        if len(failed) < 2:
            failed.append(announced_up_to)
            raise ZeroDivisionError
        return write(snapshot, announced_up_to)

    async with running(folder, clock) as server:
        monkeypatch.setattr(Snapshot, "text_after", unlucky)
        async with server.hall.watch(HALL) as watching:
            snapshot = await Screen(watching).snapshot()

    assert len(failed) == 2
    assert snapshot["data"]["calls"] == []
