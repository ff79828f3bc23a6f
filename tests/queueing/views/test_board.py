"""The board: what one display shows of its zones."""

from typing import Any

from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of, problem_of


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
