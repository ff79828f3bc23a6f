"""What is personal goes after the days of the policy; events and figures stay."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, update

from app.auth.retention import keep_retention
from app.auth.retention.outdated import BATCH_ROWS
from app.ledger import NightWork
from app.queueing import rows
from tests.support import cast, mall
from tests.support.app_server import AppServer
from tests.support.clock import MORNING
from tests.support.http.callers import body_of, problem_of

LONG_AGO = MORNING - timedelta(days=400)


def make_old(server: AppServer, ticket_id: int, days: int) -> None:
    """Let a ticket have been issued so many days ago."""
    day = (MORNING - timedelta(days=days)).date()
    with server.disk.writing() as db:
        ticket = rows.ticket
        db.execute(
            update(ticket).where(ticket.c.id == ticket_id).values(service_day=day)
        )


async def keep(server: AppServer) -> list[Any]:
    """Let retention run; return what the audit says of it, oldest first."""
    context = server.context
    await keep_retention(context.readers, context.ledger)
    found: Any = body_of(await server.admin.get("/audit?kind=retention.removed"))
    return [row["details"] for row in reversed(found)]


async def test_an_old_tickets_private_row_goes_and_its_events_stay(
    server: AppServer,
) -> None:
    old, young = [await server.kiosk.issue(mall.AKTA) for _ in range(2)]
    make_old(server, old["id"], days=31)
    make_old(server, young["id"], days=30)

    assert await keep(server) == [{"ticket_private": 1}]

    problem_of(await server.anyone.get(f"/tickets/{old['token']}"), 404, "not-found")
    assert body_of(await server.anyone.get(f"/tickets/{young['token']}"))
    kept = body_of(await server.sari.get(f"/tickets/by-id/{old['id']}/history"))
    assert kept
    server.disk.assert_events_rebuild_entries()


async def test_the_policy_says_for_how_long(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA)
    make_old(server, ticket["id"], days=8)
    assert await keep(server) == []

    with server.disk.writing() as db:
        db.execute(update(rows.site).values(policy={"private_days": 7}))

    assert await keep(server) == [{"ticket_private": 1}]


async def test_it_goes_in_small_batches_each_with_its_record(
    server: AppServer,
) -> None:
    first = await server.kiosk.issue(mall.AKTA)
    make_old(server, first["id"], days=40)
    copy_ticket(server, first["id"], BATCH_ROWS + 9)

    removed = await keep(server)

    assert [row["ticket_private"] for row in removed] == [BATCH_ROWS, 10]
    assert server.disk.count("ticket_private") == 0
    assert server.disk.count("ticket") == BATCH_ROWS + 10


async def test_sign_ins_that_are_over_go_and_good_ones_stay(
    server: AppServer,
) -> None:
    before = server.disk.count("staff_session")
    with server.disk.writing() as db:
        for number, ended_at in enumerate((LONG_AGO, None)):
            db.exec_driver_sql(
                "INSERT INTO staff_session"
                " (staff_id, secret_sha256, created_at, expires_at, ended_at)"
                " VALUES (1, ?, ?, ?, ?)",
                (
                    f"x{number}",
                    str(LONG_AGO),
                    str(LONG_AGO),
                    ended_at and str(ended_at),
                ),
            )

    assert await keep(server) == [{"staff_session": 2}]
    assert server.disk.count("staff_session") == before
    assert (await server.sari.get("/counters")).status_code == 200


async def test_a_revoked_token_goes_with_its_cookies(server: AppServer) -> None:
    await server.hall.post("/device-session")
    hall = f"WHERE device_id = {cast.HALL_DISPLAY.id}"
    with server.disk.writing() as db:
        db.exec_driver_sql(
            f"UPDATE device_token SET revoked_at = '{LONG_AGO}' {hall}"  # noqa: S608
        )

    removed = await keep(server)

    assert removed == [{"device_token": 1}, {"device_token": 1}]
    assert not server.disk.rows(f"SELECT id FROM device_token {hall}")  # noqa: S608


async def test_the_night_work_is_done_once_a_day(server: AppServer) -> None:
    done = []

    async def work() -> None:
        done.append(server.disk.one("SELECT service_day FROM ledger_state"))

    night_work = NightWork(server.context.readers, [work])
    await night_work.run_once()
    await night_work.run_once()
    with server.disk.writing() as db:
        later = (MORNING + timedelta(days=1)).date()
        db.execute(update(rows.ledger_state).values(service_day=later))
    await night_work.run_once()

    assert len(done) == 2


async def test_receipts_of_calls_go_as_private_rows_do(server: AppServer) -> None:
    with server.disk.writing() as db:
        for id_, days in ((1, 31), (2, 29)):
            at = MORNING - timedelta(days=days)
            shown = {"call_id": id_, "device_id": mall.HALL, "at": at}
            spoken = {"announcement_id": id_, "device_id": mall.HALL, "begins_at": at}
            db.execute(insert(rows.display_receipt).values(shown))
            db.execute(insert(rows.voice_receipt).values(spoken))

    assert await keep(server) == [{"display_receipt": 1, "voice_receipt": 1}]

    assert server.disk.one("SELECT call_id FROM display_receipt") == 2
    assert server.disk.one("SELECT announcement_id FROM voice_receipt") == 2


def copy_ticket(server: AppServer, ticket_id: int, count: int) -> None:
    """Have so many more of a ticket, each with a private row."""
    with server.disk.writing() as db:
        for n in range(count):
            db.exec_driver_sql(
                "INSERT INTO ticket (service_day, series_id, drawn, number, people,"
                " channel, version, issued_at) SELECT service_day, series_id,"
                " drawn + ?, number, people, channel, version, issued_at FROM ticket"
                " WHERE id = ?",
                (n + 1, ticket_id),
            )
            db.exec_driver_sql(
                "INSERT INTO ticket_private"
                " SELECT last_insert_rowid(), token || ?, priority, assistance,"
                " language, phone FROM ticket_private WHERE ticket_id = ?",
                (str(n), ticket_id),
            )
