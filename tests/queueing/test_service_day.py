"""The service day turns at the site's own midnight and never goes back."""

from datetime import UTC, datetime

import pytest

from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of

BEFORE_MIDNIGHT = datetime(2026, 11, 24, 16, 59, 58, tzinfo=UTC)  # 23:59:58 in Jambi


AFTER_MIDNIGHT = datetime(2026, 11, 24, 17, 0, 0, tzinfo=UTC)


UTC_MIDNIGHT = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)


NEXT_MORNING = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture
async def evening(staffed_server: AppServer) -> AppServer:
    """Return the mall with entries in every state that this issue knows."""
    for service_id in (mall.AKTA, mall.AKTA, mall.PASPOR, mall.AKTA, mall.AKTA):
        await staffed_server.kiosk.issue(service_id)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.sari.command(mall.LOKET_1, "serve")
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.sari.command(mall.LOKET_1, "no-show", reason="left")
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.made.command(mall.LOKET_3, "call-next")
    await staffed_server.made.command(mall.LOKET_3, "start")
    return staffed_server


async def test_who_is_left_over_expires_and_is_not_counted_as_served(
    evening: AppServer, clock: MovableClock
) -> None:
    clock.set(AFTER_MIDNIGHT)

    await evening.sari.command(mall.LOKET_2, "open")

    states = evening.disk.rows("SELECT state FROM entry ORDER BY id")
    assert states == ["served", "no_show", "expired", "expired", "expired"]
    reasons = evening.disk.rows(
        "SELECT from_state, reason, actor FROM ticket_event WHERE name = 'expired'"
        " ORDER BY from_state"
    )
    assert reasons == [
        ("called", "left_over", "system"),
        ("serving", "left_serving", "system"),
        ("waiting", "not_reached", "system"),
    ]
    evening.disk.assert_events_rebuild_entries()


async def test_nothing_turns_before_the_sites_midnight_nor_at_utcs(
    evening: AppServer, clock: MovableClock
) -> None:
    clock.set(BEFORE_MIDNIGHT)
    await evening.resepsi.post("/tickets", {"service_ids": [mall.AKTA]})
    assert await day_of(evening) == "2026-11-24"
    assert evening.disk.rows("SELECT id FROM entry WHERE state = 'expired'") == []

    clock.set(AFTER_MIDNIGHT)
    await evening.sari.command(mall.LOKET_2, "open")
    assert await day_of(evening) == "2026-11-25"

    clock.set(UTC_MIDNIGHT)
    await evening.sari.command(mall.LOKET_2, "pause")
    assert await day_of(evening) == "2026-11-25"


async def test_counters_are_closed_and_numbers_restart(
    evening: AppServer, clock: MovableClock
) -> None:
    clock.set(NEXT_MORNING)

    ticket = await evening.kiosk.issue(mall.AKTA)

    assert ticket["number"] == "A-001"
    assert ticket["waiting_ahead"] == 0
    counters = (await evening.admin.get("/counters")).json()
    assert {(c["state"], c["holder"], c["ticket"]) for c in counters} == {
        ("closed", None, None)
    }
    board = body_of(await evening.hall.get(f"/displays/{mall.HALL}/board"))
    assert (board["calls"], board["recent"]) == ([], [])


@pytest.fixture
def quick_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the ledger look at the calendar often, not every ten seconds."""
    monkeypatch.setattr("app.ledger.timekeeper.INTERVAL_SECONDS", 0.05)


async def test_the_day_turns_by_itself_while_nobody_gives_a_command(
    quick_watch: None, evening: AppServer, clock: MovableClock
) -> None:
    await evening.until_printed()
    async with evening.hall.watch(f"display:{mall.HALL}") as socket:
        assert '"number":"A-003"' in await socket.recv()

        clock.set(AFTER_MIDNIGHT)

        async for message in socket:
            if '"calls":[],"recent":[]' in str(message):
                break
    assert await day_of(evening) == "2026-11-25"


async def test_a_clock_set_back_does_not_bring_yesterday_back(
    server: AppServer, clock: MovableClock
) -> None:
    clock.set(NEXT_MORNING)
    first = await server.kiosk.issue(mall.AKTA)

    clock.jump(days=-1)
    second = await server.kiosk.issue(mall.AKTA)

    assert second["number"] == "A-002"
    assert second["issued_at"] >= first["issued_at"]
    assert await day_of(server) == "2026-11-25"


async def day_of(server: AppServer) -> str:
    site = body_of(await server.anyone.get("/site"))
    return str(site["service_day"])
