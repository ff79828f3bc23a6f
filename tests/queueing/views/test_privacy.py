"""What one agency must not see of another (rules.md#privacy)."""

import json
from typing import Any

import pytest

from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of, problem_of


@pytest.fixture
async def shared(staffed_server: AppServer) -> tuple[AppServer, dict[str, Any]]:
    """Return a ticket of both agencies, called at Dukcapil's counter."""
    ticket = await staffed_server.kiosk.issue(mall.AKTA, mall.PASPOR, priority="hamil")
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    return staffed_server, ticket


async def test_a_foreign_ticket_does_not_exist(staffed_server: AppServer) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA)

    problem_of(
        await staffed_server.made.get(f"/tickets/by-id/{ticket['id']}"),
        404,
        "not-found",
    )
    body_of(await staffed_server.sari.get(f"/tickets/by-id/{ticket['id']}"))
    body_of(await staffed_server.resepsi.get(f"/tickets/by-id/{ticket['id']}"))


async def test_a_foreign_entry_of_a_shared_ticket_tells_only_its_state_and_times(
    shared: tuple[AppServer, dict[str, Any]],
) -> None:
    server, ticket = shared

    seen = body_of(await server.made.get(f"/tickets/by-id/{ticket['id']}"))

    foreign, own = seen["entries"]
    hidden = ("service_id", "agency_id", "counter_id", "place", "result")
    assert {foreign[name] for name in hidden} == {None}
    assert (foreign["state"], own["state"]) == ("called", "waiting")
    assert own["service_id"] == mall.PASPOR
    top = ("service_id", "agency_id", "counter_id", "place")
    assert {seen[name] for name in top} == {None}


async def test_the_result_of_a_foreign_entry_is_hidden(
    shared: tuple[AppServer, dict[str, Any]],
) -> None:
    server, _ = shared
    await server.sari.command(mall.LOKET_1, "serve", result="papers_missing")

    called = await server.made.command(mall.LOKET_3, "call-next")

    assert called["entries"][0]["state"] == "served"
    assert called["entries"][0]["ended_at"]
    assert "papers_missing" not in json.dumps(called)


async def test_officers_list_only_their_agencys_counters(
    staffed_server: AppServer,
) -> None:
    async def listed(actor: Any) -> list[int]:
        return [counter["id"] for counter in (await actor.get("/counters")).json()]

    assert await listed(staffed_server.sari) == [mall.LOKET_1, mall.LOKET_2]
    assert await listed(staffed_server.made) == [mall.LOKET_3]
    assert await listed(staffed_server.kepala_imi) == [mall.LOKET_3]
    assert await listed(staffed_server.resepsi) == [1, 2, 3]


async def test_a_visitor_learns_no_class_and_no_print_job(
    shared: tuple[AppServer, dict[str, Any]],
) -> None:
    server, ticket = shared

    seen = body_of(await server.anyone.get(f"/tickets/{ticket['token']}"))

    assert seen["place"] == "Loket 1"
    assert "priority" not in seen
    assert "print_job" not in seen


async def test_no_priority_class_reaches_the_hall(
    shared: tuple[AppServer, dict[str, Any]],
) -> None:
    server, ticket = shared

    board = await server.hall.get(f"/displays/{mall.HALL}/board")
    async with server.hall.watch(f"display:{mall.HALL}") as socket:
        live = str(await socket.recv())

    for shown in (board.text, live):
        assert ticket["number"] in shown
        assert "hamil" not in shown
        assert "priority" not in shown
        assert ticket["token"] not in shown


async def test_a_refusal_tells_an_officer_no_more_than_a_look(
    shared: tuple[AppServer, dict[str, Any]],
) -> None:
    server, ticket = shared
    entry = ticket["entries"][1]["id"]

    answer = await server.made.post(
        f"/tickets/by-id/{ticket['id']}/cancel",
        {"reason": "closed", "entry_id": entry, "version": 99},
    )

    assert (
        problem_of(answer, 409, "stale")["ticket"]["entries"][0]["service_id"] is None
    )
