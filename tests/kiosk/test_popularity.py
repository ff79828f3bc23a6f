"""The agencies wanted most stand first, and do not move during a day."""

from datetime import timedelta

from sqlalchemy import update

from app.kiosk.popularity import DAYS, numbers_by_agency
from app.queueing import rows
from app.queueing.service_day import ledger_row
from tests.kiosk.conftest import Screen
from tests.support.app_server import AppServer
from tests.support.mall import AKTA, DKC, IMI, PASPOR


def order(page: str) -> list[int]:
    return sorted([DKC, IMI], key=lambda agency: page.index(f'id="agency-{agency}"'))


def days_ago(server: AppServer, days: int) -> None:
    """Let all numbers so far be of an earlier day."""
    with server.disk.writing() as db:
        day = ledger_row(db)[1] - timedelta(days=days)
        db.execute(update(rows.ticket).values(service_day=day))


async def test_without_history_the_malls_order_holds(screen: Screen) -> None:
    assert order((await screen.look("/kiosk")).text) == [DKC, IMI]


async def test_the_most_wanted_of_the_last_days_come_first(
    screen: Screen, server: AppServer
) -> None:
    await server.kiosk.issue(PASPOR)
    days_ago(server, 1)

    assert order((await screen.look("/kiosk")).text) == [IMI, DKC]


async def test_todays_numbers_move_no_tile(screen: Screen, server: AppServer) -> None:
    await server.kiosk.issue(PASPOR)

    assert order((await screen.look("/kiosk")).text) == [DKC, IMI]


async def test_the_numbers_are_read_once_a_day(
    screen: Screen, server: AppServer
) -> None:
    await screen.look("/kiosk")
    await server.kiosk.issue(PASPOR)
    days_ago(server, 1)

    assert order((await screen.look("/kiosk")).text) == [DKC, IMI]


async def test_only_the_last_days_count(server: AppServer) -> None:
    await server.kiosk.issue(AKTA)
    for days, counted in ((1, 1), (DAYS, 1), (DAYS + 1, 0)):
        days_ago(server, days)
        with server.disk.reading() as db:
            assert numbers_by_agency(db, ledger_row(db)[1])[DKC] == counted


async def test_the_count_seeks_in_the_index_of_numbers(server: AppServer) -> None:
    plan = server.disk.rows(
        "EXPLAIN QUERY PLAN SELECT series_id, count(*) FROM ticket "
        "WHERE series_id IN (1, 2) AND service_day IN ('2026-11-23', '2026-11-22') "
        "GROUP BY series_id"
    )

    assert "(series_id=? AND service_day=?)" in plan[0][3], plan
