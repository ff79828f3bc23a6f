"""The board: what one display shows of its zones."""

from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from app.queueing import rows
from app.queueing.commands.closures import close_by_hand
from app.queueing.views.board import Board
from app.queueing.views.board import board as show_board
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of, problem_of
from tests.support.rules.custom_mall import HoursLine
from tests.support.rules.harness import (
    KEPALA,
    SITE,
    MakeRules,
    RulesHarness,
    clock_time,
)


async def board(server: AppServer, display_id: int = mall.HALL) -> dict[str, Any]:
    return body_of(await server.admin.get(f"/displays/{display_id}/board"))


async def test_shows_a_call_with_its_counter_until_it_leaves_called(
    staffed_server: AppServer,
) -> None:
    await staffed_server.kiosk.issue(mall.AKTA)
    called = await staffed_server.sari.command(mall.LOKET_1, "call-next")

    (call,) = (await board(staffed_server))["calls"]

    assert call["number"] == "A-001"
    assert (call["counter"], call["place"], call["zone"]) == (
        "Loket 1",
        "Loket 1",
        "Zona A",
    )
    assert call["agency"] == "Dinas Kependudukan"
    assert (call["called_at"], call["count"]) == (called["called_at"], 1)

    await staffed_server.sari.command(mall.LOKET_1, "start")
    shown = await board(staffed_server)
    assert shown["calls"] == []
    assert [recent["number"] for recent in shown["recent"]] == ["A-001"]


async def test_shows_the_newest_first_and_a_recall_on_top_again(
    staffed_server: AppServer, clock: MovableClock
) -> None:
    for service_id in (mall.AKTA, mall.PASPOR):
        await staffed_server.kiosk.issue(service_id)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.made.command(mall.LOKET_3, "call-next")
    first = (await board(staffed_server))["calls"]
    assert [call["number"] for call in first] == ["P-001", "A-001"]

    clock.move(seconds=3)
    await staffed_server.sari.command(mall.LOKET_1, "recall")

    again = (await board(staffed_server))["calls"]
    assert [call["number"] for call in again] == ["A-001", "P-001"]
    assert again[0]["id"] == first[1]["id"]
    assert again[0]["count"] == 2


async def test_whom_another_counter_took_over_is_called_there(
    staffed_server: AppServer,
) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    of = {"ticket_id": ticket["id"]}
    await staffed_server.kepala.command(mall.LOKET_2, "take-over", **of)
    (call,) = (await board(staffed_server))["calls"]
    assert (call["counter"], call["count"]) == ("Loket 2", 1)


async def test_a_display_shows_only_its_zones(staffed_server: AppServer) -> None:
    for service_id in (mall.AKTA, mall.PASPOR):
        await staffed_server.kiosk.issue(service_id)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.made.command(mall.LOKET_3, "call-next")

    in_a = await board(staffed_server, mall.DISPLAY_A)
    in_b = await board(staffed_server, mall.DISPLAY_B)

    assert [call["number"] for call in in_a["calls"]] == ["A-001"]
    assert [call["number"] for call in in_b["calls"]] == ["P-001"]
    assert [line["agency_short"] for line in in_a["waiting"]] == ["Dukcapil"]


async def test_counts_who_waits_for_each_agency(staffed_server: AppServer) -> None:
    await staffed_server.kiosk.issue(mall.AKTA, mall.PASPOR)
    await staffed_server.kiosk.issue(mall.KTP)

    waiting = (await board(staffed_server))["waiting"]

    assert {line["agency_id"]: line["waiting"] for line in waiting} == {
        mall.DKC: 2,
        mall.IMI: 1,
    }


async def test_recent_holds_the_newest_of_each_counter_even_a_no_show(
    staffed_server: AppServer,
) -> None:
    for _ in range(2):
        await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.sari.command(mall.LOKET_1, "serve")
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.sari.command(mall.LOKET_1, "no-show", reason="left")

    recent = (await board(staffed_server))["recent"]

    assert [call["number"] for call in recent] == ["A-002"]


async def test_is_for_that_display_and_staff(server: AppServer) -> None:
    path = f"/displays/{mall.DISPLAY_A}/board"

    body_of(await server.display_a.get(path))
    body_of(await server.made.get(path))
    problem_of(await server.hall.get(path), 403, "forbidden")
    problem_of(await server.kiosk.get(path), 403, "forbidden")
    problem_of(await server.anyone.get(path), 401, "unauthenticated")
    problem_of(
        await server.admin.get(f"/displays/{mall.KIOSK_1}/board"), 404, "not-found"
    )
    problem_of(await server.admin.get("/displays/99/board"), 404, "not-found")


BREAK = HoursLine("site", None, "break", "12:00", "13:00")
IMMIGRATION = HoursLine("agency", 2, "serving", "09:00", "11:00")


def test_a_board_says_until_when_nobody_gives_numbers(make_rules: MakeRules) -> None:
    rules = make_rules(SITE, BREAK)

    assert opening(rules, "11:59") == (True, None, None)
    assert opening(rules, "12:00") == (False, "break", clock_time("13:00"))
    assert opening(rules, "13:00") == (True, None, None)
    assert opening(rules, "15:00") == (False, "site-hours", clock_time("08:00", 1))


def test_a_board_is_open_while_one_agency_is_and_names_the_others(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, IMMIGRATION)

    at_noon = hall_board(rules, "12:00")

    assert at_noon.open
    assert [(a.agency_id, a.open, a.reason) for a in at_noon.waiting] == [
        (1, True, None),
        (2, False, "agency-hours"),
    ]
    assert at_noon.waiting[1].until == clock_time("09:00", 1)


def test_agencies_that_are_closed_for_different_reasons_have_none_in_common(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE, IMMIGRATION)
    rules.do(close_by_hand, actor=KEPALA, agency_id=1)

    assert opening(rules, "12:00") == (False, None, clock_time("09:00", 1))


def test_an_agency_whose_services_are_all_closed_is_closed(
    make_rules: MakeRules,
) -> None:
    rules = make_rules(SITE)
    for service_id in (1, 2):
        rules.do(close_by_hand, actor=KEPALA, service_id=service_id)

    first, second = hall_board(rules, "10:00").waiting

    assert (first.open, first.reason, second.open) == (False, "by-hand", True)


@pytest.mark.parametrize(
    ("at", "fresh_until"),
    [("08:00", "09:00"), ("11:00", "12:00"), ("12:00", "13:00"), ("14:00", "14:30")],
)
def test_a_board_is_fresh_until_the_next_hours(
    make_rules: MakeRules, at: str, fresh_until: str
) -> None:
    rules = make_rules(SITE, BREAK, IMMIGRATION)

    assert hall_board(rules, at).fresh_until == clock_time(fresh_until)


def test_a_board_is_fresh_until_midnight_at_the_latest(make_rules: MakeRules) -> None:
    assert hall_board(make_rules(), "20:00").fresh_until == clock_time("00:00", 1)


def test_a_board_is_fresh_until_a_closure_ends(make_rules: MakeRules) -> None:
    rules = make_rules(SITE)
    until = clock_time("10:17")
    rules.do(close_by_hand, actor=KEPALA, agency_id=1, until=until)

    assert hall_board(rules, "10:00").fresh_until == until


def opening(rules: RulesHarness, at: str) -> tuple[bool, str | None, Any]:
    """Return what the hall's display says of all its agencies together."""
    board = hall_board(rules, at)
    return board.open, board.reason, board.until


def hall_board(rules: RulesHarness, at: str) -> Board:
    """Return what a display of every zone shows at a time on the wall."""
    with rules.engine.begin() as db:
        device = 99
        fields = {"id": device, "code": "AULA", "kind": "display", "name": "Layar"}
        db.execute(insert(rows.device).values(fields))
        for zone_id in db.execute(select(rows.zone.c.id)).scalars().all():
            link = insert(rows.display_zone)
            db.execute(link.values(device_id=device, zone_id=zone_id))
        board: Board = show_board(db, device, now=clock_time(at), stale_after_seconds=5)
        db.execute(delete(rows.display_zone))
        db.execute(delete(rows.device).where(rows.device.c.id == device))
    return board
