"""Cancel: the visitor before a call, staff in any state before serving."""

import asyncio

import pytest

from tests.support import mall
from tests.support.callers import refused, told
from tests.support.house import House


async def test_a_visitor_gives_up_every_line(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA, mall.PASPOR)

    cancelled = told(await house.anyone.post(f"/tickets/{ticket['token']}/cancel"))

    assert [e["state"] for e in cancelled["entries"]] == ["cancelled", "cancelled"]
    assert cancelled["ended_at"]
    reasons = house.disk.rows("SELECT reason FROM ticket_event WHERE name='cancelled'")
    assert reasons == ["visitor", "visitor"]


async def test_a_visitor_gives_up_one_line_and_keeps_the_other(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA, mall.PASPOR)
    entry = ticket["entries"][0]["id"]

    path = f"/tickets/{ticket['token']}/cancel"
    cancelled = told(await house.anyone.post(path, {"entry_id": entry}))

    assert [e["state"] for e in cancelled["entries"]] == ["cancelled", "waiting"]
    assert cancelled["state"] == "waiting"
    assert cancelled["service_id"] == mall.PASPOR


async def test_a_visitor_cannot_cancel_once_called(open_house: House) -> None:
    ticket = await open_house.kiosk.issue(mall.AKTA, mall.PASPOR)
    await open_house.sari.command(mall.LOKET_1, "call-next")

    answer = await open_house.anyone.post(f"/tickets/{ticket['token']}/cancel")

    problem = refused(answer, 409, "wrong-state")
    assert problem["ticket"]["state"] == "called"
    assert "priority" not in problem["ticket"]
    await open_house.sari.command(mall.LOKET_1, "start")
    refused(
        await open_house.anyone.post(f"/tickets/{ticket['token']}/cancel"),
        409,
        "wrong-state",
    )


async def test_what_ended_cannot_be_cancelled_again(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA)
    path = f"/tickets/{ticket['token']}/cancel"
    told(await house.anyone.post(path))

    refused(await house.anyone.post(path), 409, "wrong-state")


async def test_twice_at_once_is_once(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA)
    path = f"/tickets/{ticket['token']}/cancel"

    answers = await asyncio.gather(*(house.anyone.post(path) for _ in range(2)))

    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_repeat_with_its_key_gets_the_same_answer(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA)
    path = f"/tickets/{ticket['token']}/cancel"

    first = await house.anyone.post(path, key="phone")
    second = await house.anyone.post(path, key="phone")

    assert (first.status_code, first.content) == (200, second.content)


async def test_an_unknown_token_or_entry_opens_nothing(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA)
    other = await house.kiosk.issue(mall.AKTA)

    refused(await house.anyone.post("/tickets/nobody-has-it/cancel"), 404, "not-found")
    refused(await house.anyone.get("/tickets/nobody-has-it"), 404, "not-found")
    foreign = {"entry_id": other["entries"][0]["id"]}
    path = f"/tickets/{ticket['token']}/cancel"
    refused(await house.anyone.post(path, foreign), 404, "not-found")


@pytest.mark.parametrize("state", ["waiting", "called", "no_show"])
async def test_staff_cancel_in_any_state_before_serving(
    open_house: House, state: str
) -> None:
    ticket = await open_house.kiosk.issue(mall.AKTA)
    if state != "waiting":
        await open_house.sari.command(mall.LOKET_1, "call-next")
    if state == "no_show":
        await open_house.sari.command(mall.LOKET_1, "no-show", reason="left")

    path = f"/tickets/by-id/{ticket['id']}/cancel"
    cancelled = told(await open_house.resepsi.post(path, {"reason": "duplicate"}))

    assert cancelled["state"] == "cancelled"
    board = told(await open_house.hall.get(f"/displays/{mall.HALL}/board"))
    assert (board["calls"], board["recent"]) == ([], [])
    counter = (await open_house.sari.get("/counters")).json()[0]
    assert counter["ticket"] is None  # free for the next


@pytest.mark.parametrize("last", ["start", "serve"])
async def test_staff_cannot_cancel_what_is_served(open_house: House, last: str) -> None:
    ticket = await open_house.kiosk.issue(mall.AKTA)
    await open_house.sari.command(mall.LOKET_1, "call-next")
    await open_house.sari.command(mall.LOKET_1, last)

    path = f"/tickets/by-id/{ticket['id']}/cancel"
    answer = await open_house.sari.post(path, {"reason": "closed"})

    refused(answer, 409, "wrong-state")


async def test_staff_cancel_the_current_entry_or_the_one_named(
    open_house: House,
) -> None:
    ticket = await open_house.kiosk.issue(mall.AKTA, mall.PASPOR)
    await open_house.made.command(mall.LOKET_3, "call-next")
    path = f"/tickets/by-id/{ticket['id']}/cancel"
    first = ticket["entries"][0]["id"]

    named = await open_house.resepsi.post(
        path, {"reason": "wrong_service", "entry_id": first}
    )
    assert [e["state"] for e in told(named)["entries"]] == ["cancelled", "called"]
    current = await open_house.resepsi.post(path, {"reason": "visitor"})
    assert [e["state"] for e in told(current)["entries"]] == ["cancelled"] * 2


async def test_an_officer_cancels_only_legs_of_the_own_agency(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA, mall.PASPOR)
    foreign = await house.kiosk.issue(mall.AKTA)
    body = {"reason": "closed"}
    leg = ticket["entries"][0]["id"]

    path = f"/tickets/by-id/{foreign['id']}/cancel"
    refused(await house.made.post(path, body), 404, "not-found")
    path = f"/tickets/by-id/{ticket['id']}/cancel"
    refused(await house.made.post(path, {**body, "entry_id": leg}), 404, "not-found")
    cancelled = told(await house.made.post(path, body))

    assert [e["state"] for e in cancelled["entries"]] == ["waiting", "cancelled"]


async def test_a_cancellation_by_staff_has_a_known_reason(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA)
    path = f"/tickets/by-id/{ticket['id']}/cancel"

    refused(await house.sari.post(path, {"reason": "no mood"}), 422, "invalid")
    refused(await house.sari.post(path, {}), 422, "invalid")
    refused(await house.kiosk.post(path, {"reason": "visitor"}), 403, "forbidden")
    refused(await house.anyone.post(path), 401, "unauthenticated")


async def test_one_command_cancels_every_line(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA, mall.PASPOR)
    path = f"/tickets/by-id/{ticket['id']}"

    body = {"reason": "duplicate", "every_line": True, "version": ticket["version"]}
    cancelled = told(await house.resepsi.post(f"{path}/cancel", body))

    assert [e["state"] for e in cancelled["entries"]] == ["cancelled"] * 2
    caused = house.disk.rows(
        "SELECT cause_id IS NOT NULL FROM ticket_event WHERE name='cancelled'"
    )
    assert caused == [0, 1]
    refused(await house.resepsi.post(f"{path}/cancel", body), 409, "stale")
    del body["version"]
    refused(await house.resepsi.post(f"{path}/cancel", body), 409, "wrong-state")
    back = told(await house.resepsi.post(f"{path}/undo"))
    assert [e["state"] for e in back["entries"]] == ["waiting"] * 2


async def test_every_line_leaves_out_what_is_served_and_what_is_not_seen(
    open_house: House,
) -> None:
    ticket = await open_house.kiosk.issue(mall.AKTA, mall.PASPOR)
    await open_house.sari.command(mall.LOKET_1, "call-next")
    await open_house.sari.command(mall.LOKET_1, "start")
    path = f"/tickets/by-id/{ticket['id']}/cancel"
    body = {"reason": "visitor", "every_line": True}

    refused(await open_house.sari.post(path, body), 409, "wrong-state")
    cancelled = told(await open_house.resepsi.post(path, body))

    assert [e["state"] for e in cancelled["entries"]] == ["serving", "cancelled"]


async def test_every_line_stays_when_one_of_them_is_refused(open_house: House) -> None:
    ticket = await open_house.kiosk.issue(mall.AKTA, mall.KTP)
    await open_house.sari.command(mall.LOKET_1, "call-next")
    path = f"/tickets/by-id/{ticket['id']}/cancel"
    body = {"reason": "duplicate", "every_line": True}

    refused(await open_house.budi.post(path, body), 403, "forbidden")

    entries = open_house.disk.rows("SELECT state FROM entry")
    assert sorted(entries) == ["called", "waiting"]


async def test_either_one_line_or_every_line(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA)
    entry = ticket["entries"][0]["id"]
    body = {"reason": "duplicate", "every_line": True, "entry_id": entry}

    answer = await house.resepsi.post(f"/tickets/by-id/{ticket['id']}/cancel", body)

    refused(answer, 422, "invalid")
