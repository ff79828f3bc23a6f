"""The board: what one display shows of its zones."""

from typing import Any

from tests.support import mall
from tests.support.callers import refused, told
from tests.support.clock import MovableClock
from tests.support.house import House


async def board(house: House, display_id: int = mall.HALL) -> dict[str, Any]:
    return told(await house.admin.get(f"/displays/{display_id}/board"))


async def test_shows_a_call_with_its_counter_until_it_leaves_called(
    open_house: House,
) -> None:
    await open_house.kiosk.issue(mall.AKTA)
    called = await open_house.sari.command(mall.LOKET_1, "call-next")

    (call,) = (await board(open_house))["calls"]

    assert call["number"] == "A-001"
    assert (call["counter"], call["place"], call["zone"]) == (
        "Loket 1",
        "Loket 1",
        "Zona A",
    )
    assert call["agency"] == "Dinas Kependudukan"
    assert (call["called_at"], call["count"]) == (called["called_at"], 1)

    await open_house.sari.command(mall.LOKET_1, "start")
    shown = await board(open_house)
    assert shown["calls"] == []
    assert [recent["number"] for recent in shown["recent"]] == ["A-001"]


async def test_shows_the_newest_first_and_a_recall_on_top_again(
    open_house: House, clock: MovableClock
) -> None:
    for service_id in (mall.AKTA, mall.PASPOR):
        await open_house.kiosk.issue(service_id)
    await open_house.sari.command(mall.LOKET_1, "call-next")
    await open_house.made.command(mall.LOKET_3, "call-next")
    first = (await board(open_house))["calls"]
    assert [call["number"] for call in first] == ["P-001", "A-001"]

    clock.move(seconds=3)
    await open_house.sari.command(mall.LOKET_1, "recall")

    again = (await board(open_house))["calls"]
    assert [call["number"] for call in again] == ["A-001", "P-001"]
    assert again[0]["id"] == first[1]["id"]
    assert again[0]["count"] == 2


async def test_whom_another_counter_took_over_stands_among_the_last_calls(
    open_house: House,
) -> None:
    ticket = await open_house.kiosk.issue(mall.AKTA)
    await open_house.sari.command(mall.LOKET_1, "call-next")
    of = {"ticket_id": ticket["id"]}
    await open_house.kepala.command(mall.LOKET_2, "take-over", **of)
    (call,) = (await board(open_house))["calls"]
    assert (call["counter"], call["count"]) == ("Loket 2", 1)

    await open_house.budi.command(mall.LOKET_2, "start")

    (recent,) = (await board(open_house))["recent"]
    assert (recent["number"], recent["counter"]) == ("A-001", "Loket 2")


async def test_a_display_shows_only_its_zones(open_house: House) -> None:
    for service_id in (mall.AKTA, mall.PASPOR):
        await open_house.kiosk.issue(service_id)
    await open_house.sari.command(mall.LOKET_1, "call-next")
    await open_house.made.command(mall.LOKET_3, "call-next")

    in_a = await board(open_house, mall.DISPLAY_A)
    in_b = await board(open_house, mall.DISPLAY_B)

    assert [call["number"] for call in in_a["calls"]] == ["A-001"]
    assert [call["number"] for call in in_b["calls"]] == ["P-001"]
    assert [line["agency_short"] for line in in_a["waiting"]] == ["Dukcapil"]


async def test_counts_who_waits_for_each_agency(open_house: House) -> None:
    await open_house.kiosk.issue(mall.AKTA, mall.PASPOR)
    await open_house.kiosk.issue(mall.KTP)

    waiting = (await board(open_house))["waiting"]

    assert {line["agency_id"]: line["waiting"] for line in waiting} == {
        mall.DKC: 2,
        mall.IMI: 1,
    }


async def test_recent_holds_the_newest_of_each_counter_even_a_no_show(
    open_house: House,
) -> None:
    for _ in range(2):
        await open_house.kiosk.issue(mall.AKTA)
    await open_house.sari.command(mall.LOKET_1, "call-next")
    await open_house.sari.command(mall.LOKET_1, "serve")
    await open_house.sari.command(mall.LOKET_1, "call-next")
    await open_house.sari.command(mall.LOKET_1, "no-show", reason="left")

    recent = (await board(open_house))["recent"]

    assert [call["number"] for call in recent] == ["A-002"]


async def test_is_for_that_display_and_staff(house: House) -> None:
    path = f"/displays/{mall.DISPLAY_A}/board"

    told(await house.display_a.get(path))
    told(await house.made.get(path))
    refused(await house.hall.get(path), 403, "forbidden")
    refused(await house.kiosk.get(path), 403, "forbidden")
    refused(await house.anyone.get(path), 401, "unauthenticated")
    refused(await house.admin.get(f"/displays/{mall.KIOSK_1}/board"), 404, "not-found")
    refused(await house.admin.get("/displays/99/board"), 404, "not-found")
