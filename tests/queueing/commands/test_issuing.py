"""Issue: one number for a visit, one entry for each chosen service; walking up."""

import asyncio
from typing import Any

import pytest

from app.errors import ClockInDoubt, Invalid
from app.queueing.commands.issuing import TicketRequest, issue, walk_up
from app.queueing.views.visit import visit
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of, problem_of
from tests.support.rules.harness import (
    KIOSK,
    RulesHarness,
    refusal_of,
)


async def test_gives_a_number_with_its_token_and_address(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA, people=3, language="en")

    assert ticket["number"] == "A-001"
    assert ticket["state"] == "waiting"
    assert ticket["people"] == 3
    assert ticket["waiting_ahead"] == 0
    assert ticket["estimate"] is None
    assert ticket["url"] == f"http://mal.example/t/{ticket['token']}"
    assert ticket["print_job"]["state"] == "queued"


async def test_reception_issues_without_a_slip(server: AppServer) -> None:
    ticket = await server.resepsi.issue(mall.AKTA)

    assert ticket["print_job"] is None


async def test_one_number_waits_in_every_chosen_line(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.KTP, mall.PASPOR)

    assert ticket["number"] == "K-001"  # of the series of the first
    waiting = [(e["service_id"], e["state"]) for e in ticket["entries"]]
    assert waiting == [(mall.KTP, "waiting"), (mall.PASPOR, "waiting")]


async def test_counts_who_is_ahead_in_each_line(server: AppServer) -> None:
    await server.kiosk.issue(mall.PASPOR)

    ticket = await server.kiosk.issue(mall.AKTA, mall.PASPOR)

    assert [entry["waiting_ahead"] for entry in ticket["entries"]] == [0, 1]


@pytest.mark.parametrize(
    "ticket_request",
    [
        {"service_ids": []},
        {"service_ids": [99]},
        {"service_ids": [mall.AKTA, mall.AKTA]},
        {"service_ids": [1, 2, 3, 4, 5, 6]},
        {"service_ids": [mall.AKTA], "people": 0},
        {"service_ids": [mall.AKTA], "people": 21},
        {"service_ids": [mall.AKTA], "priority": "vip"},
        {"service_ids": [mall.AKTA], "language": "de"},
        {"service_ids": [mall.AKTA], "name": "Siti"},
    ],
)
async def test_refuses_what_no_kiosk_would_ask(
    server: AppServer, ticket_request: dict[str, object]
) -> None:
    problem_of(await server.kiosk.post("/tickets", ticket_request), 422, "invalid")

    assert server.disk.count("ticket") == 0


async def test_a_closed_service_refuses_the_whole_request_and_draws_no_number(
    server: AppServer,
) -> None:
    await server.kiosk.issue(mall.AKTA)
    until = "2026-11-24T05:00:00Z"
    body_of(await server.kepala_imi.post("/services/3/close", {"until": until}))

    ticket_request = {"service_ids": [mall.AKTA, mall.PASPOR]}
    problem = problem_of(
        await server.kiosk.post("/tickets", ticket_request), 409, "by-hand"
    )

    assert problem["service_id"] == mall.PASPOR
    assert problem["until"].startswith("2026-11-24T05:00:00")
    assert (await server.kiosk.issue(mall.AKTA))["number"] == "A-002"


async def test_gives_no_numbers_outside_the_sites_hours(
    server: AppServer, clock: MovableClock
) -> None:
    clock.move(hours=7)  # 16:00 in Jambi

    problem = problem_of(
        await server.kiosk.post("/tickets", {"service_ids": [mall.AKTA]}),
        409,
        "site-hours",
    )

    assert problem["until"].startswith("2026-11-25T01:00:00")  # 08:00 there


@pytest.mark.parametrize(
    ("actor", "status", "code"),
    [
        ("anyone", 401, "unauthenticated"),
        ("sari", 403, "forbidden"),
        ("kepala", 403, "forbidden"),
        ("hall", 403, "forbidden"),
    ],
)
async def test_nobody_but_kiosk_and_reception_issues(
    server: AppServer, actor: str, status: int, code: str
) -> None:
    ticket_request = {"service_ids": [mall.AKTA]}

    problem_of(
        await getattr(server, actor).post("/tickets", ticket_request), status, code
    )


async def test_many_at_once_get_numbers_without_a_gap(server: AppServer) -> None:
    tickets = await asyncio.gather(
        *(server.resepsi.issue(mall.AKTA) for _ in range(100))
    )

    numbers = sorted(ticket["number"] for ticket in tickets)
    assert numbers == [f"A-{n:03d}" for n in range(1, 101)]


async def test_a_double_touch_gives_one_ticket(server: AppServer) -> None:
    ticket_request = {"service_ids": [mall.AKTA]}

    first, second = await asyncio.gather(
        server.kiosk.post("/tickets", ticket_request, key="touch"),
        server.kiosk.post("/tickets", ticket_request, key="touch"),
    )

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    assert server.disk.count("ticket") == 1
    assert server.disk.count("print_job") == 1


@pytest.mark.parametrize("services", [[], [1, 1], [1, 2, 3, 4, 5, 6], [mall.AKTA, 99]])
def test_the_rule_itself_refuses_what_a_form_might_let_through(
    rules: RulesHarness, services: list[int]
) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.do(issue, ticket_request=TicketRequest(services), actor=KIOSK)

    assert refusal.value.details == {"field": "service_ids"}


@pytest.fixture
async def called(staffed_server: AppServer) -> AppServer:
    """Return the mall with A-001 called at Sari's counter, A-002 waiting."""
    for _ in range(2):
        await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    return staffed_server


async def test_a_walk_up_gets_a_number_but_no_slip_and_no_voice(
    staffed_server: AppServer,
) -> None:
    ticket = await staffed_server.sari.command(
        mall.LOKET_1, "walk-up", service_id=mall.AKTA
    )

    assert (ticket["number"], ticket["state"]) == ("A-001", "serving")
    assert ticket["started_at"]
    assert ticket["called_at"] is None
    assert ticket["print_job"] is None
    assert staffed_server.disk.count("announcement") == 0


async def test_a_walk_up_needs_a_free_counter_that_serves_it(called: AppServer) -> None:
    body = {"service_id": mall.AKTA}
    problem_of(await called.sari.post("/counters/1/walk-up", body), 409, "counter-busy")

    await called.sari.command(mall.LOKET_1, "serve")
    for service_id in (mall.PASPOR, 99):
        answer = await called.sari.post(
            "/counters/1/walk-up", {"service_id": service_id}
        )
        problem_of(answer, 422, "invalid")
    await called.sari.command(mall.LOKET_1, "pause")
    answer = await called.sari.post("/counters/1/walk-up", body)
    problem_of(answer, 409, "counter-not-open")


async def test_two_walk_ups_at_once_are_one(staffed_server: AppServer) -> None:
    path, body = "/counters/1/walk-up", {"service_id": mall.AKTA}

    answers = await asyncio.gather(
        *(staffed_server.sari.post(path, body) for _ in range(2))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 409]
    assert staffed_server.disk.count("ticket") == 1


def test_somebody_without_a_ticket_is_served_at_once(rules: RulesHarness) -> None:
    rules.open()

    ticket = rules.at(1, walk_up, service_id=2)

    (entry,) = rules.entries(ticket)
    assert (entry.state, entry.counter_id) == ("serving", 1)
    assert entry.started_at == rules.now
    assert rules.disk.count("announcement") == 0
    shown = rules.see(visit, ticket_id=ticket, now=rules.now)
    assert shown.ticket.number == "A-001"
    assert shown.legs[0].zones == ["Z"]
    assert shown.legs[0].zone_names[0].in_language("en") == ("Z", True)


def test_a_walk_up_is_refused_elsewhere_and_in_doubt(rules: RulesHarness) -> None:
    rules.open()

    def walk(service: int) -> Any:
        return refusal_of(lambda: rules.at(1, walk_up, service_id=service))

    assert isinstance(walk(3), Invalid)
    rules.is_in_doubt = True
    assert isinstance(walk(1), ClockInDoubt)
    assert isinstance(refusal_of(rules.issue), ClockInDoubt)
