"""The live socket: a snapshot at once, then the newest after each change."""

import asyncio
import socket
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from app.clock import iso
from app.queueing import rows
from app.realtime.topic import Snapshot, take_snapshot
from tests.support import mall
from tests.support.callers import told
from tests.support.clock import MovableClock
from tests.support.house import House, running
from tests.support.live import Screen

HALL = f"display:{mall.HALL}"


async def test_a_snapshot_comes_at_once_with_the_board_as_it_stands(
    open_house: House,
) -> None:
    await open_house.kiosk.issue(mall.AKTA)
    await open_house.until_printed()

    async with open_house.hall.watch(HALL) as watching:
        first = await Screen(watching).next()

    board = told(await open_house.hall.get(f"/displays/{mall.HALL}/board"))
    assert first["type"] == "snapshot"
    assert first["topic"] == HALL
    assert first["revision"] == first["data"]["revision"] == board["revision"]
    assert first["now"].endswith("Z")
    assert first["announcements"] == []
    assert first["data"]["waiting"] == board["waiting"]


async def test_a_call_comes_with_its_announcement_once(open_house: House) -> None:
    await open_house.kiosk.issue(mall.AKTA)
    async with open_house.hall.watch(HALL) as watching:
        screen = Screen(watching)
        await screen.snapshot()

        await open_house.sari.command(mall.LOKET_1, "call-next")
        called = await screen.snapshot()
        await open_house.sari.command(mall.LOKET_1, "start")
        started = await screen.snapshot()

    (call,) = called["data"]["calls"]
    (said,) = called["announcements"]
    assert said["call_id"] == call["id"]
    assert said["text"].endswith("silakan menuju Loket 1.")
    assert said["audio_url"] is None
    assert said["zone_id"] == mall.ZONE_A
    assert called["newest_announcement"] == said["id"]
    assert said["expires_at"].startswith("2026-11-24T02:02:")
    assert started["data"]["calls"] == []
    assert started["announcements"] == []


async def test_two_calls_at_once_are_both_seen_and_both_announced(
    open_house: House,
) -> None:
    for service_id in (mall.AKTA, mall.AKTA, mall.PASPOR):
        await open_house.kiosk.issue(service_id)
    async with open_house.hall.watch(HALL) as watching:
        screen = Screen(watching)
        before = await screen.snapshot()

        await asyncio.gather(
            open_house.sari.command(mall.LOKET_1, "call-next"),
            open_house.budi.command(mall.LOKET_2, "call-next"),
            open_house.made.command(mall.LOKET_3, "call-next"),
        )
        while len(screen.snapshots[-1]["data"]["calls"]) < 3:
            await screen.snapshot()

    assert len(screen.said) == len(set(screen.said)) == 3
    assert screen.snapshots[-1]["revision"] > before["revision"]


async def test_a_display_hears_only_its_own_zones(open_house: House) -> None:
    with open_house.disk.writing() as db:  # the other zone is within earshot
        db.execute(update(rows.zone).values(sound_space_id=1))
    for service_id in (mall.AKTA, mall.PASPOR):
        await open_house.kiosk.issue(service_id)
    await open_house.sari.command(mall.LOKET_1, "call-next")
    await open_house.made.command(mall.LOKET_3, "call-next")

    async with open_house.display_b.watch(f"display:{mall.DISPLAY_B}") as watching:
        shown = await Screen(watching).snapshot()

    (said,) = shown["announcements"]
    assert said["text"].endswith("silakan menuju Loket 3.")


async def test_without_after_only_what_has_not_expired_is_announced(
    open_house: House, clock: MovableClock
) -> None:
    await call(open_house)
    clock.move(minutes=3)
    await call(open_house)

    async with open_house.hall.watch(HALL) as watching:
        fresh = await Screen(watching).snapshot()

    assert [said["id"] for said in fresh["announcements"]] == [2]


async def test_with_after_nothing_missed_is_lost_though_expired(
    open_house: House, clock: MovableClock
) -> None:
    for _ in range(3):
        await call(open_house)
    clock.move(minutes=30)

    async with open_house.hall.watch(HALL, after=1) as watching:
        healed = await Screen(watching).snapshot()
    async with open_house.hall.watch(HALL, after=3) as watching:
        nothing = await Screen(watching).snapshot()

    assert [said["id"] for said in healed["announcements"]] == [2, 3]
    assert nothing["announcements"] == []


async def test_after_of_another_database_does_not_silence_new_calls(
    open_house: House,
) -> None:
    async with open_house.hall.watch(HALL, after=9_000) as watching:
        screen = Screen(watching)
        await screen.snapshot()
        await call(open_house)
        while not screen.said:
            await screen.snapshot()

    assert screen.said == [1]


async def test_heartbeats_tell_the_revision_while_nothing_happens(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.realtime.hub.HEARTBEAT_SECONDS", 0.05)
    async with house.hall.watch(HALL) as watching:
        screen = Screen(watching)
        shown = await screen.snapshot()
        while len(screen.heartbeats) < 2:
            await screen.next()

    assert len(screen.snapshots) == 1
    for beat in screen.heartbeats:
        assert set(beat) == {"type", "revision", "now"}
        assert beat["revision"] == shown["revision"]
        assert beat["now"] > shown["now"]


async def test_what_concerns_others_is_not_sent(open_house: House) -> None:
    async with open_house.display_b.watch(f"display:{mall.DISPLAY_B}") as watching:
        screen = Screen(watching)
        await screen.snapshot()
        await call(open_house)  # in zone A
        await open_house.kiosk.issue(mall.PASPOR)

        shown = await screen.snapshot()

    assert shown["data"]["waiting"][0]["waiting"] == 1
    assert len(screen.snapshots) == 2


async def test_many_changes_are_coalesced_but_the_newest_arrives(
    open_house: House,
) -> None:
    async with open_house.hall.watch(HALL) as watching:
        screen = Screen(watching)
        await screen.snapshot()
        await asyncio.gather(*(open_house.kiosk.issue(mall.AKTA) for _ in range(200)))
        await open_house.until_printed()
        newest = open_house.disk.one("SELECT revision FROM ledger_state")
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
    async with running(folder, clock, send_buffer=4096) as house:
        await house.sari.command(mall.LOKET_1, "open")
        await asyncio.gather(*(house.resepsi.issue(mall.AKTA) for _ in range(calls)))
        narrow = socket.create_connection(("127.0.0.1", house.port))
        narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        async with (
            house.hall.watch(HALL, sock=narrow) as stalled,
            house.hall.watch(HALL) as lively,
        ):
            slow, quick = Screen(stalled), Screen(lively)
            for _ in range(calls):
                await house.sari.command(mall.LOKET_1, "call-next")
                await house.sari.command(mall.LOKET_1, "serve")
                while not quick.said or quick.said[-1] < house.disk.count(
                    "announcement"
                ):
                    await quick.snapshot()
            # only now does the slow one read on
            while len(slow.said) < calls:
                await slow.snapshot()

    assert slow.said == quick.said == list(range(1, calls + 1))
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
        running(folder, clock) as house,
        house.hall.watch(HALL) as hall,
        house.admin.watch("overview") as whole,
    ):
        broken, well = Screen(hall), Screen(whole)
        await broken.snapshot()
        await well.snapshot()
        with monkeypatch.context() as fault:
            fault.setattr("app.api.topics.DisplayTopic.paint", paint_nothing)
            ticket = await house.resepsi.issue(mall.AKTA)
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


def paint_nothing(*args: object) -> None:
    raise ZeroDivisionError


async def test_the_revision_never_falls_over_a_restart(
    folder: Path, clock: MovableClock
) -> None:
    async with running(folder, clock) as house:
        await house.resepsi.issue(mall.AKTA)
        async with house.hall.watch(HALL) as watching:
            before = await Screen(watching).snapshot()

    async with running(folder, clock) as house, house.hall.watch(HALL) as watching:
        after = await Screen(watching).snapshot()

    assert after["revision"] >= before["revision"]
    assert after["data"]["waiting"] == before["data"]["waiting"]


async def call(house: House) -> None:
    await house.resepsi.issue(mall.AKTA)
    await house.sari.command(mall.LOKET_1, "call-next")
    await house.sari.command(mall.LOKET_1, "serve")


async def test_a_view_that_cannot_be_read_once_is_read_again(
    folder: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.realtime.hub.RETRY_SECONDS", 0.01)
    failed: list[Any] = []

    def unlucky(*args: Any) -> Any:
        if len(failed) < 2:
            failed.append(args)
            raise OSError("the disk said no")
        return take_snapshot(*args)

    async with running(folder, clock) as house:
        monkeypatch.setattr("app.realtime.hub.take_snapshot", unlucky)
        async with house.hall.watch(HALL) as watching:
            shown = await Screen(watching).snapshot()

    assert len(failed) == 2
    assert shown["data"]["calls"] == []


async def test_a_snapshot_that_cannot_be_written_once_is_told_after_all(
    folder: Path, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.realtime.hub.RETRY_SECONDS", 0.01)
    write = Snapshot.text_after
    failed: list[int | None] = []

    def unlucky(snapshot: Snapshot, seen: int | None) -> str:
        if len(failed) < 2:
            failed.append(seen)
            raise ZeroDivisionError
        return write(snapshot, seen)

    async with running(folder, clock) as house:
        monkeypatch.setattr(Snapshot, "text_after", unlucky)
        async with house.hall.watch(HALL) as watching:
            shown = await Screen(watching).snapshot()

    assert len(failed) == 2
    assert shown["data"]["calls"] == []
