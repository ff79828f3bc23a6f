"""Lists and pages are kept while they are true: what changes them shows at once.

Each change is asked about by a server that has the answer kept, and compared with
what a reader finds who keeps nothing.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import insert, update

from app.importing import import_mall, read_mall
from app.models import Role
from app.models.states import DeviceKind
from app.queueing import rows
from app.queueing.views.agencies import agency_views
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of

Change = Callable[[AppServer, MovableClock], Awaitable[object]]
RENAMED = (
    mall.SMALL_MALL.replace("name: Akta kelahiran", "name: Akta lahir")
    .replace("short_name: Dukcapil", "short_name: Capil")
    .replace("name: Loket 1,", "name: Meja 1,")
    .replace("name: Zona A,", "name: Sayap A,")
)


async def true_lists(server: AppServer) -> list[Any]:
    """Return what anyone and reception are told; it must be true."""
    answers = []
    for caller, channel in (
        (server.anyone, DeviceKind.KIOSK),
        (server.resepsi, Role.RECEPTION),
    ):
        answer = (await caller.get("/agencies")).json()
        with server.disk.reading() as db:
            views = agency_views(db, server.context.clock.now(), channel)
        assert answer == [view.model_dump(mode="json") for view in views]
        answers.append(answer)
    return answers


async def issue(server: AppServer, _clock: MovableClock) -> None:
    await server.kiosk.issue(mall.AKTA)


async def call(server: AppServer, _clock: MovableClock) -> None:
    await server.sari.command(mall.LOKET_1, "call-next")


async def pause(server: AppServer, _clock: MovableClock) -> None:
    await server.sari.command(mall.LOKET_1, "pause", reason="meeting")


async def close_agency(server: AppServer, _clock: MovableClock) -> None:
    body_of(await server.kepala.post(f"/agencies/{mall.DKC}/close"))


async def close_service(server: AppServer, _clock: MovableClock) -> None:
    body_of(await server.kepala.post(f"/services/{mall.KTP}/close"))


async def let_numbers_end(_server: AppServer, clock: MovableClock) -> None:
    clock.set(datetime(2026, 11, 24, 8, 30, tzinfo=UTC))


async def let_the_day_turn(_server: AppServer, clock: MovableClock) -> None:
    clock.set(datetime(2026, 11, 24, 23, 0, tzinfo=UTC))


async def import_here(server: AppServer, _clock: MovableClock) -> None:
    headers = {"Content-Type": "application/yaml"}
    answer = await server.admin.send(
        "POST", "/config", content=RENAMED.encode(), headers=headers
    )
    assert answer.status_code == 200, answer.text


async def import_elsewhere(server: AppServer, clock: MovableClock) -> None:
    with server.disk.writing() as db:
        import_mall(db, read_mall(RENAMED), now=clock.now())


async def keep_for_reception(server: AppServer, _clock: MovableClock) -> None:
    ours = rows.service.c.id == mall.KTP
    with server.disk.writing() as db:
        db.execute(update(rows.service).where(ours).values(reception_only=True))


async def set_a_quota(server: AppServer, _clock: MovableClock) -> None:
    quota = {"service_id": mall.PASPOR, "opens": "08:00", "people": 0}
    with server.disk.writing() as db:
        db.execute(insert(rows.quota).values(channel=DeviceKind.KIOSK, **quota))


CHANGES = [
    issue,
    call,
    pause,
    close_agency,
    close_service,
    let_numbers_end,
    let_the_day_turn,
    import_here,
    import_elsewhere,
    keep_for_reception,
    set_a_quota,
]


@pytest.mark.parametrize("change", CHANGES)
async def test_whatever_changes_the_list_shows_at_once(
    staffed_server: AppServer, clock: MovableClock, change: Change
) -> None:
    server = staffed_server
    await server.kiosk.issue(mall.AKTA, mall.KTP)
    before = await true_lists(server)
    assert await true_lists(server) == before

    await change(server, clock)

    assert await true_lists(server) != before


async def test_a_closure_ends_by_the_clock(
    server: AppServer, clock: MovableClock
) -> None:
    body = {"until": "2026-11-24T02:30:00Z"}
    body_of(await server.kepala.post(f"/agencies/{mall.DKC}/close", body))
    (closed, _), _ = await true_lists(server)

    clock.set(datetime(2026, 11, 24, 2, 30, tzinfo=UTC))
    (opened, _), _ = await true_lists(server)

    assert (closed["open"], opened["open"]) == (False, True)


async def test_a_part_of_a_quota_is_used_up_and_the_next_opens_by_the_clock(
    server: AppServer, clock: MovableClock
) -> None:
    parts = [("08:00", 1), ("10:00", 1)]
    with server.disk.writing() as db:
        for opens, people in parts:
            quota = {"service_id": mall.PASPOR, "opens": opens, "people": people}
            db.execute(insert(rows.quota).values(channel="", **quota))
    given = []
    for moment in (None, datetime(2026, 11, 24, 3, 0, tzinfo=UTC)):
        if moment is not None:
            clock.set(moment)
        given.append((await true_lists(server))[0][1]["open"])
        await server.kiosk.issue(mall.PASPOR)
        given.append((await true_lists(server))[0][1]["open"])

    assert given == [True, False, True, False]


async def test_who_comes_back_stands_before_a_new_number_by_the_clock_alone(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    server = staffed_server
    ticket = await server.kiosk.issue(mall.PASPOR)
    await server.made.command(mall.LOKET_3, "call-next")
    await server.made.command(mall.LOKET_3, "park")
    await server.kiosk.issue(mall.PASPOR)
    body_of(await server.resepsi.post(f"/tickets/by-id/{ticket['id']}/requeue"))
    ahead = []
    for _ in range(2):
        agencies = (await true_lists(server))[0]
        ahead.append(agencies[1]["services"][0]["waiting_ahead"])
        clock.move(minutes=20)

    assert ahead == sorted(ahead)
    assert ahead[-1] == 2


async def test_a_counters_preference_passes_by_the_clock_alone(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    """Loket 2 calls an e-KTP 15 minutes sooner than who came with it for a birth."""
    server = staffed_server
    await server.kiosk.issue(mall.AKTA)
    await server.sari.command(mall.LOKET_1, "close")
    ahead = []
    for _ in range(2):
        agencies = (await true_lists(server))[0]
        ahead.append(agencies[0]["services"][1]["waiting_ahead"])
        clock.move(minutes=16)

    assert ahead == [0, 1]


async def test_pages_call_things_as_the_mall_does_since_an_import(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    server = staffed_server
    ticket = await server.kiosk.issue(mall.AKTA)
    url = server.url
    pages = {
        f"{url}/kiosk": (server.kiosk, "Dukcapil", "Capil"),
        f"{url}/kiosk/services/{mall.AKTA}": (server.kiosk, "Zona A", "Sayap A"),
        f"{url}/t/{ticket['token']}": (server.anyone, "Akta kelahiran", "Akta lahir"),
        f"{url}/counter": (server.sari, "Zona A", "Sayap A"),
        f"{url}/reception/services": (server.resepsi, "Zona A", "Sayap A"),
    }
    for page, (caller, name, _) in pages.items():
        assert name in (await caller.get(page)).text

    await import_elsewhere(server, clock)

    for page, (caller, name, new_name) in pages.items():
        text = (await caller.get(page)).text
        assert new_name in text, page
        assert name not in text.replace(new_name, ""), page


async def test_the_policy_is_told_and_kept_to_as_it_is_now(server: AppServer) -> None:
    before = body_of(await server.anyone.get("/site"))["policy"]["people_max"]
    with server.disk.writing() as db:
        db.execute(update(rows.site).values(policy={"people_max": 3}))

    after = body_of(await server.anyone.get("/site"))["policy"]["people_max"]

    assert (before, after) == (20, 3)
