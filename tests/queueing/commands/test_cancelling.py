"""Cancel: by the visitor before a call, by staff before serving; all lines as one."""

import asyncio
from typing import Any

import pytest

from app.errors import (
    Forbidden,
    NotFound,
    UndoBlocked,
    WrongState,
)
from app.queueing.change import Actor
from app.queueing.commands import (
    calling,
    cancelling,
    parking,
    serving,
    transferring,
)
from app.queueing.commands.undoing import undo_at_counter, undo_on_ticket
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of, problem_of
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import (
    KEPALA,
    RESEPSI,
    SARI,
    VISITOR,
    RulesHarness,
    partly_served,
    refusal_of,
)


async def test_a_visitor_gives_up_every_line(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA, mall.PASPOR)

    cancelled = body_of(await server.anyone.post(f"/tickets/{ticket['token']}/cancel"))

    assert [e["state"] for e in cancelled["entries"]] == ["cancelled", "cancelled"]
    assert cancelled["ended_at"]
    reasons = server.disk.rows("SELECT reason FROM ticket_event WHERE name='cancelled'")
    assert reasons == ["visitor", "visitor"]


async def test_a_visitor_gives_up_one_line_and_keeps_the_other(
    server: AppServer,
) -> None:
    ticket = await server.kiosk.issue(mall.AKTA, mall.PASPOR)
    entry = ticket["entries"][0]["id"]

    path = f"/tickets/{ticket['token']}/cancel"
    cancelled = body_of(await server.anyone.post(path, {"entry_id": entry}))

    assert [e["state"] for e in cancelled["entries"]] == ["cancelled", "waiting"]
    assert cancelled["state"] == "waiting"
    assert cancelled["service_id"] == mall.PASPOR


async def test_a_visitor_cannot_cancel_once_called(staffed_server: AppServer) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA, mall.PASPOR)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")

    answer = await staffed_server.anyone.post(f"/tickets/{ticket['token']}/cancel")

    problem = problem_of(answer, 409, "wrong-state")
    assert problem["ticket"]["state"] == "called"
    assert "priority" not in problem["ticket"]
    await staffed_server.sari.command(mall.LOKET_1, "start")
    problem_of(
        await staffed_server.anyone.post(f"/tickets/{ticket['token']}/cancel"),
        409,
        "wrong-state",
    )


async def test_what_ended_cannot_be_cancelled_again(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA)
    path = f"/tickets/{ticket['token']}/cancel"
    body_of(await server.anyone.post(path))

    problem_of(await server.anyone.post(path), 409, "wrong-state")


async def test_twice_at_once_is_once(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA)
    path = f"/tickets/{ticket['token']}/cancel"

    answers = await asyncio.gather(*(server.anyone.post(path) for _ in range(2)))

    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_repeat_with_its_key_gets_the_same_answer(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA)
    path = f"/tickets/{ticket['token']}/cancel"

    first = await server.anyone.post(path, key="phone")
    second = await server.anyone.post(path, key="phone")

    assert (first.status_code, first.content) == (200, second.content)


async def test_an_unknown_token_or_entry_opens_nothing(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA)
    other = await server.kiosk.issue(mall.AKTA)

    problem_of(
        await server.anyone.post("/tickets/nobody-has-it/cancel"), 404, "not-found"
    )
    problem_of(await server.anyone.get("/tickets/nobody-has-it"), 404, "not-found")
    foreign = {"entry_id": other["entries"][0]["id"]}
    path = f"/tickets/{ticket['token']}/cancel"
    problem_of(await server.anyone.post(path, foreign), 404, "not-found")


@pytest.mark.parametrize("state", ["waiting", "called", "no_show"])
async def test_staff_cancel_in_any_state_before_serving(
    staffed_server: AppServer, state: str
) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA)
    if state != "waiting":
        await staffed_server.sari.command(mall.LOKET_1, "call-next")
    if state == "no_show":
        await staffed_server.sari.command(mall.LOKET_1, "no-show", reason="left")

    path = f"/tickets/by-id/{ticket['id']}/cancel"
    cancelled = body_of(
        await staffed_server.resepsi.post(path, {"reason": "duplicate"})
    )

    assert cancelled["state"] == "cancelled"
    board = body_of(await staffed_server.hall.get(f"/displays/{mall.HALL}/board"))
    assert (board["calls"], board["recent"]) == ([], [])
    counter = (await staffed_server.sari.get("/counters")).json()[0]
    assert counter["ticket"] is None  # free for the next


@pytest.mark.parametrize("last", ["start", "serve"])
async def test_staff_cannot_cancel_what_is_served(
    staffed_server: AppServer, last: str
) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.sari.command(mall.LOKET_1, last)

    path = f"/tickets/by-id/{ticket['id']}/cancel"
    answer = await staffed_server.sari.post(path, {"reason": "closed"})

    problem_of(answer, 409, "wrong-state")


async def test_staff_cancel_the_current_entry_or_the_one_named(
    staffed_server: AppServer,
) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA, mall.PASPOR)
    await staffed_server.made.command(mall.LOKET_3, "call-next")
    path = f"/tickets/by-id/{ticket['id']}/cancel"
    first = ticket["entries"][0]["id"]

    named = await staffed_server.resepsi.post(
        path, {"reason": "wrong_service", "entry_id": first}
    )
    assert [e["state"] for e in body_of(named)["entries"]] == ["cancelled", "called"]
    current = await staffed_server.resepsi.post(path, {"reason": "visitor"})
    assert [e["state"] for e in body_of(current)["entries"]] == ["cancelled"] * 2


async def test_an_officer_cancels_only_entries_of_the_own_agency(
    server: AppServer,
) -> None:
    ticket = await server.kiosk.issue(mall.AKTA, mall.PASPOR)
    foreign = await server.kiosk.issue(mall.AKTA)
    body = {"reason": "closed"}
    entry = ticket["entries"][0]["id"]

    path = f"/tickets/by-id/{foreign['id']}/cancel"
    problem_of(await server.made.post(path, body), 404, "not-found")
    path = f"/tickets/by-id/{ticket['id']}/cancel"
    problem_of(
        await server.made.post(path, {**body, "entry_id": entry}), 404, "not-found"
    )
    cancelled = body_of(await server.made.post(path, body))

    assert [e["state"] for e in cancelled["entries"]] == ["waiting", "cancelled"]


async def test_a_cancellation_by_staff_has_a_known_reason(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA)
    path = f"/tickets/by-id/{ticket['id']}/cancel"

    problem_of(await server.sari.post(path, {"reason": "no mood"}), 422, "invalid")
    problem_of(await server.sari.post(path, {}), 422, "invalid")
    problem_of(await server.kiosk.post(path, {"reason": "visitor"}), 403, "forbidden")
    problem_of(await server.anyone.post(path), 401, "unauthenticated")


async def test_one_command_cancels_every_line(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA, mall.PASPOR)
    path = f"/tickets/by-id/{ticket['id']}"

    body = {"reason": "duplicate", "every_line": True, "version": ticket["version"]}
    cancelled = body_of(await server.resepsi.post(f"{path}/cancel", body))

    assert [e["state"] for e in cancelled["entries"]] == ["cancelled"] * 2
    caused = server.disk.rows(
        "SELECT cause_id IS NOT NULL FROM ticket_event WHERE name='cancelled'"
    )
    assert caused == [0, 1]
    problem_of(await server.resepsi.post(f"{path}/cancel", body), 409, "stale")
    del body["version"]
    problem_of(await server.resepsi.post(f"{path}/cancel", body), 409, "wrong-state")
    back = body_of(await server.resepsi.post(f"{path}/undo"))
    assert [e["state"] for e in back["entries"]] == ["waiting"] * 2


async def test_every_line_leaves_out_what_is_served_and_what_is_not_seen(
    staffed_server: AppServer,
) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA, mall.PASPOR)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.sari.command(mall.LOKET_1, "start")
    path = f"/tickets/by-id/{ticket['id']}/cancel"
    body = {"reason": "visitor", "every_line": True}

    problem_of(await staffed_server.sari.post(path, body), 409, "wrong-state")
    cancelled = body_of(await staffed_server.resepsi.post(path, body))

    assert [e["state"] for e in cancelled["entries"]] == ["serving", "cancelled"]


async def test_every_line_stays_when_one_of_them_is_refused(
    staffed_server: AppServer,
) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA, mall.KTP)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    path = f"/tickets/by-id/{ticket['id']}/cancel"
    body = {"reason": "duplicate", "every_line": True}

    problem_of(await staffed_server.budi.post(path, body), 403, "forbidden")

    entries = staffed_server.disk.rows("SELECT state FROM entry")
    assert sorted(entries) == ["called", "waiting"]


async def test_either_one_line_or_every_line(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA)
    entry = ticket["entries"][0]["id"]
    body = {"reason": "duplicate", "every_line": True, "entry_id": entry}

    answer = await server.resepsi.post(f"/tickets/by-id/{ticket['id']}/cancel", body)

    problem_of(answer, 422, "invalid")


@pytest.fixture
def own_mall() -> CustomMall:
    return partly_served()


def test_a_visitor_cancels_one_line_or_all(rules: RulesHarness) -> None:
    ticket = rules.issue(1, 2, 3)
    named = rules.entries(ticket)[1].id
    visitor = {"ticket_id": ticket, "actor": VISITOR}

    rules.do(cancelling.cancel_by_visitor, **visitor, entry_id=named)
    assert rules.states(ticket) == ["waiting", "cancelled", "waiting"]
    rules.do(cancelling.cancel_by_visitor, **visitor)
    assert rules.states(ticket) == ["cancelled"] * 3
    again = refusal_of(lambda: rules.do(cancelling.cancel_by_visitor, **visitor))
    assert isinstance(again, WrongState)
    other = refusal_of(
        lambda: rules.do(cancelling.cancel_by_visitor, **visitor, entry_id=99)
    )
    assert isinstance(other, NotFound)


def test_a_visitor_who_cancels_leaves_no_parked_line_behind(
    rules: RulesHarness,
) -> None:
    ticket = rules.called(1, 3)
    rules.at(1, parking.park)

    rules.do(cancelling.cancel_by_visitor, ticket_id=ticket, actor=VISITOR)

    assert rules.states(ticket) == ["cancelled", "cancelled"]


def undo(rules: RulesHarness, counter: int = 1) -> Any:
    return rules.at(counter, undo_at_counter)


def undo_ticket(
    rules: RulesHarness, ticket: int, actor: Any = KEPALA, **named: Any
) -> Any:
    return rules.do(undo_on_ticket, ticket_id=ticket, actor=actor, **named)


def cancelled_as_one(rules: RulesHarness, ticket: int, actor: Any = RESEPSI) -> None:
    arguments = {"ticket_id": ticket, "actor": actor, "reason": "duplicate"}
    rules.do(cancelling.cancel_every_line, **arguments)


@pytest.mark.parametrize("entry", [None, 0, 1])
def test_lines_cancelled_as_one_come_back_as_one(
    rules: RulesHarness, entry: int | None
) -> None:
    ticket = rules.issue(1, 3)
    was = rules.entries(ticket)
    cancelled_as_one(rules, ticket)
    assert rules.states(ticket) == ["cancelled"] * 2

    named = None if entry is None else was[entry].id
    undo_ticket(rules, ticket, RESEPSI, entry_id=named)

    assert rules.entries(ticket) == was
    refused = refusal_of(lambda: undo_ticket(rules, ticket, RESEPSI))
    assert isinstance(refused, UndoBlocked)


def test_all_of_them_come_back_or_none(rules: RulesHarness) -> None:
    ticket = rules.issue(1, 3)
    first, second = rules.entries(ticket)
    cancelled_as_one(rules, ticket)
    rules.do(transferring.add, ticket_id=ticket, service_id=3, actor=RESEPSI)

    for entry in (first, second):
        with pytest.raises(UndoBlocked):
            undo_ticket(rules, ticket, RESEPSI, entry_id=entry.id)
    assert rules.states(ticket) == ["cancelled", "cancelled", "waiting"]


def test_a_called_line_of_them_is_parked_where_others_are_by_then(
    rules: RulesHarness,
) -> None:
    ticket = rules.called(1, 3)
    cancelled_as_one(rules, ticket)
    rules.issue(1)
    rules.at(1, calling.call_next)

    undo_ticket(rules, ticket, RESEPSI)

    assert rules.states(ticket) == ["parked", "waiting"]


def test_the_holder_of_its_counter_takes_back_all_of_them(rules: RulesHarness) -> None:
    ticket = rules.called(1)
    rules.do(transferring.add, ticket_id=ticket, service_id=2, actor=SARI)
    cancelled_as_one(rules, ticket, SARI)

    undo(rules)

    assert rules.states(ticket) == ["called", "waiting"]


def test_lines_a_visitor_gave_up_come_back_by_a_supervisor(rules: RulesHarness) -> None:
    ticket = rules.issue(1, 3)
    was = rules.entries(ticket)
    visitor = Actor("visitor", "visitor", ticket)
    rules.do(cancelling.cancel_by_visitor, ticket_id=ticket, actor=visitor)

    assert isinstance(
        refusal_of(lambda: undo_ticket(rules, ticket, RESEPSI)), Forbidden
    )
    undo_ticket(rules, ticket, KEPALA)

    assert rules.entries(ticket) == was


def test_a_no_show_comes_back_beside_the_line_it_waits_in_anew(
    rules: RulesHarness,
) -> None:
    ticket = rules.called(1)
    rules.at(1, serving.no_show, reason="left")
    rules.do(transferring.add, ticket_id=ticket, service_id=1, actor=RESEPSI)
    was = rules.entries(ticket)
    cancelled_as_one(rules, ticket)

    undo_ticket(rules, ticket, RESEPSI)

    assert rules.entries(ticket) == was
    assert rules.states(ticket) == ["no_show", "waiting"]


def test_each_takes_back_the_own_though_another_acted_last(rules: RulesHarness) -> None:
    ticket = rules.issue(3, 1)
    (was, _) = rules.entries(ticket)
    staff = {"ticket_id": ticket, "actor": RESEPSI, "reason": "visitor"}
    rules.do(cancelling.cancel_by_staff, **staff, entry_id=was.id)
    rules.open()
    rules.at(1, calling.call_next)
    rules.at(1, serving.start)

    undo_ticket(rules, ticket, RESEPSI)

    assert rules.states(ticket) == ["waiting", "serving"]
