"""Who may watch a topic, and who is turned away when that ends."""

import asyncio
import json

import pytest
from sqlalchemy import delete, update

from app.queueing import rows
from app.realtime.places import SocketLimits, SocketPlaces
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of
from tests.support.http.live import Screen, closing_of, refused_upgrade

HALL = f"display:{mall.HALL}"


async def test_a_ticket_is_watched_by_its_token_alone(
    staffed_server: AppServer,
) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA)
    other = await staffed_server.kiosk.issue(mall.AKTA)

    async with staffed_server.anyone.watch(f"ticket:{other['token']}") as watching:
        screen = Screen(watching)
        first = await screen.snapshot()
        await staffed_server.sari.command(mall.LOKET_1, "call-next")
        while screen.snapshots[-1]["data"]["ticket"]["waiting_ahead"] != 0:
            await screen.snapshot()

    assert first["data"]["ticket"]["id"] == other["id"]
    assert first["data"]["ticket"]["waiting_ahead"] == 1
    assert first["data"]["legs"][0]["zones"] == ["Zona A"]
    assert "priority" not in json.dumps(first)
    assert ticket["token"] not in json.dumps(screen.snapshots)


async def test_a_counter_is_watched_by_its_agencys_staff(
    staffed_server: AppServer,
) -> None:
    topic = f"counter:{mall.LOKET_1}"
    async with staffed_server.budi.watch(topic) as watching:
        screen = Screen(watching)
        first = await screen.snapshot()
        await staffed_server.kiosk.issue(mall.AKTA, people=2)
        while not screen.snapshots[-1]["data"]["line"]:
            await screen.snapshot()

    assert first["data"]["counter"]["holder"]["name"] == "Sari"
    assert screen.snapshots[-1]["data"]["line"][0]["people"] == 2


async def test_reception_watches_the_overview(staffed_server: AppServer) -> None:
    async with staffed_server.resepsi.watch("overview") as watching:
        screen = Screen(watching)
        first = await screen.snapshot()
        await staffed_server.kepala.post("/agencies/1/close")
        while screen.snapshots[-1]["data"]["agencies"][0]["open"]:
            await screen.snapshot()

    assert len(first["data"]["counters"]) == 3


@pytest.mark.parametrize(
    ("caller", "topic", "status", "code"),
    [
        ("anyone", HALL, 401, "unauthenticated"),
        ("display_a", HALL, 403, "forbidden"),
        ("kiosk", HALL, 403, "forbidden"),
        ("admin", f"display:{mall.KIOSK_1}", 404, "not-found"),
        ("admin", "display:99", 404, "not-found"),
        ("admin", "display:0x3", 404, "not-found"),
        ("admin", "display:" + "9" * 90, 404, "not-found"),
        ("admin", "display:", 404, "not-found"),
        ("anyone", "counter:1", 401, "unauthenticated"),
        ("made", "counter:1", 404, "not-found"),
        ("resepsi", "counter:1", 403, "forbidden"),
        ("hall", "counter:1", 403, "forbidden"),
        ("sari", "counter:99", 404, "not-found"),
        ("anyone", "ticket:nobody-has-this-token", 404, "not-found"),
        ("admin", "ticket:", 404, "not-found"),
        ("anyone", "overview", 401, "unauthenticated"),
        ("sari", "overview", 403, "forbidden"),
        ("kepala", "overview", 403, "forbidden"),
        ("admin", "everything", 404, "not-found"),
        ("admin", "x" * 101, 422, "invalid"),
        ("admin", "", 422, "invalid"),
    ],
)
async def test_refused_before_the_upgrade_with_a_problem(
    server: AppServer, caller: str, topic: str, status: int, code: str
) -> None:
    answer_status, problem = await refused_upgrade(getattr(server, caller).watch(topic))

    assert (answer_status, problem["code"]) == (status, code)
    assert server.context.hub.count() == 0


@pytest.mark.parametrize("after", ["-1", "x", str(2**60)])
async def test_a_nonsense_after_is_invalid(server: AppServer, after: str) -> None:
    status, problem = await refused_upgrade(server.hall.watch(HALL, after=after))

    assert (status, problem["code"]) == (422, "invalid")


async def test_a_full_hub_is_busy(server: AppServer) -> None:
    server.context.hub.places = SocketPlaces(SocketLimits(total=1, visitors=1))
    async with server.hall.watch(HALL) as watching:
        await Screen(watching).snapshot()

        status, problem = await refused_upgrade(server.hall.watch(HALL))

    assert (status, problem["code"]) == (503, "busy")


async def test_a_topic_that_is_gone_is_told_from_one_that_was_revoked(
    server: AppServer,
) -> None:
    async with server.hall.watch(HALL) as watching:
        await Screen(watching).snapshot()
        with server.disk.writing() as db:
            hall = update(rows.device).where(rows.device.c.id == mall.HALL)
            db.execute(hall.values(kind="kiosk"))
        await server.resepsi.issue(mall.AKTA)

        closed = await closing_of(watching)

    assert closed == 4404


async def test_a_revoked_token_closes_its_sockets_and_no_others(
    server: AppServer,
) -> None:
    devices = (await server.admin.get("/devices")).json()
    (hall,) = (device for device in devices if device["id"] == mall.HALL)
    async with (
        server.hall.watch(HALL) as revoked,
        server.display_a.watch(f"display:{mall.DISPLAY_A}") as other,
    ):
        await Screen(revoked).snapshot()
        await Screen(other).snapshot()

        path = f"/device-tokens/{hall['token_ids'][0]}/revoke"
        assert (await server.admin.post(path)).status_code == 204

        closed = await closing_of(revoked)
        await server.resepsi.issue(mall.AKTA)
        await Screen(other).snapshot()

    assert closed == 4401
    status, problem = await refused_upgrade(server.hall.watch(HALL))
    assert (status, problem["code"]) == (401, "unauthenticated")


async def test_signing_out_closes_the_officers_sockets(server: AppServer) -> None:
    async with server.sari.watch("counter:1") as watching:
        await Screen(watching).snapshot()
        await server.sari.send("DELETE", "/session")

        closed = await closing_of(watching)

    assert closed == 4401


async def test_a_session_that_runs_out_closes_its_sockets(
    server: AppServer, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.realtime.hub.HEARTBEAT_SECONDS", 0.05)
    async with server.sari.watch("counter:1") as watching:
        await Screen(watching).snapshot()
        clock.move(days=31)

        closed = await closing_of(watching)

    assert closed == 4401


async def test_somebody_dismissed_is_turned_away_though_remembered(
    server: AppServer,
) -> None:
    assert (await server.sari.get("/counters")).status_code == 200
    with server.disk.writing() as db:
        db.execute(
            update(rows.staff).where(rows.staff.c.id == 1).values(is_active=False)
        )

    server.context.credentials.forget()

    assert (await server.sari.get("/counters")).status_code == 401


async def test_a_socket_cannot_talk_the_server_down(server: AppServer) -> None:
    async with server.hall.watch(HALL) as watching:
        await Screen(watching).snapshot()
        await watching.send(b"\x00\xff")
        await closing_of(watching)
    async with server.hall.watch(HALL) as watching:
        await Screen(watching).snapshot()
        await watching.send("x" * 100_000)
        await closing_of(watching)

    assert body_of(await server.anyone.get("/site"))["name"] == "Mal Kecil"


async def test_a_ticket_that_retention_drops_closes_its_page(
    staffed_server: AppServer,
) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.until_printed()
    async with staffed_server.anyone.watch(f"ticket:{ticket['token']}") as watching:
        await Screen(watching).snapshot()
        with staffed_server.disk.writing() as db:
            db.execute(delete(rows.private))

        await staffed_server.sari.command(mall.LOKET_1, "call-next")

        assert await closing_of(watching) == 4404


async def pages(server: AppServer) -> dict[int, tuple[bool, bool]]:
    """Return of each counter whether its page is open, and a release suggested."""
    listed = (await server.kepala.get("/counters")).json()
    return {c["id"]: (c["page_open"], c["release_suggested"]) for c in listed}


async def test_a_counter_without_a_page_is_told(server: AppServer) -> None:
    async with server.sari.watch(f"counter:{mall.LOKET_1}") as socket:
        await socket.recv()

        assert await pages(server) == {
            mall.LOKET_1: (True, False),
            mall.LOKET_2: (False, False),
        }


async def test_where_the_page_is_long_gone_the_called_one_may_be_released(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    await staffed_server.kiosk.issue(mall.AKTA)
    async with staffed_server.sari.watch(f"counter:{mall.LOKET_1}") as socket:
        await socket.recv()
        clock.move(minutes=20)
        await staffed_server.sari.command(mall.LOKET_1, "call-next")
        assert (await pages(staffed_server))[mall.LOKET_1] == (True, False)
    async with asyncio.timeout(5):
        while (await pages(staffed_server))[mall.LOKET_1][0]:  # noqa: ASYNC110 (nothing to wait on)
            await asyncio.sleep(0.01)

    clock.move(minutes=4)
    assert (await pages(staffed_server))[mall.LOKET_1] == (False, False)
    clock.move(minutes=2)
    assert (await pages(staffed_server))[mall.LOKET_1] == (False, True)
    await staffed_server.sari.command(mall.LOKET_1, "start")
    assert (await pages(staffed_server))[mall.LOKET_1] == (False, False)
