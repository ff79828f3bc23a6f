"""A number as somebody says it, and whom staff then find."""

import pytest

from tests.support import mall
from tests.support.callers import Caller
from tests.support.clock import MovableClock
from tests.support.house import House


async def issue(house: House, *service_ids: int) -> int:
    answer = await house.kiosk.post("/tickets", {"service_ids": list(service_ids)})
    assert answer.status_code == 201
    return int(answer.json()["id"])


async def found(who: Caller, number: str) -> list[str]:
    answer = await who.get(f"/tickets/by-number/{number}")
    assert answer.status_code == 200
    return [ticket["number"] for ticket in answer.json()]


@pytest.mark.parametrize("said", ["A-001", "a1", "A%20001", "a001", "A.1", "%20A-1"])
async def test_a_number_is_found_however_it_is_written(house: House, said: str) -> None:
    await issue(house, mall.AKTA)
    await issue(house, mall.AKTA)
    await issue(house, mall.KTP)

    assert await found(house.resepsi, said) == ["A-001"]


async def test_without_its_prefix_every_series_is_meant(house: House) -> None:
    for service_id in (mall.PASPOR, mall.AKTA, mall.KTP):
        await issue(house, service_id)

    assert await found(house.resepsi, "1") == ["A-001", "K-001", "P-001"]


@pytest.mark.parametrize("said", ["A", "A-", "B-001", "2", "AA1", "1234567", "%C2%B2"])
async def test_what_nobody_has_finds_nothing(house: House, said: str) -> None:
    await issue(house, mall.AKTA)

    assert await found(house.resepsi, said) == []


async def test_yesterdays_number_is_not_found(
    house: House, clock: MovableClock
) -> None:
    await issue(house, mall.AKTA)
    clock.move(days=1)
    await issue(house, mall.KTP)

    assert await found(house.resepsi, "1") == ["K-001"]


async def test_staff_find_what_they_may_know_of_and_no_more(house: House) -> None:
    await issue(house, mall.AKTA)
    await issue(house, mall.PASPOR, mall.AKTA)
    await issue(house, mall.PASPOR)

    seen = {number: await found(house.made, number) for number in ("a1", "p1", "p2")}
    assert seen == {"a1": [], "p1": ["P-001"], "p2": ["P-002"]}
    answer = await house.sari.get("/tickets/by-number/p1")
    legs = [entry["service_id"] for entry in answer.json()[0]["entries"]]
    assert legs == [None, mall.AKTA]


async def test_more_than_a_number_can_be_is_refused(house: House) -> None:
    answer = await house.resepsi.get(f"/tickets/by-number/{'1' * 21}")

    assert answer.status_code == 422
