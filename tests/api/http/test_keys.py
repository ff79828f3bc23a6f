"""Idempotency-Key over HTTP: scope, form, and the same answer to the byte."""

import asyncio

import pytest

from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of, problem_of

BODY = {"service_ids": [mall.AKTA]}


@pytest.mark.parametrize("path", ["/tickets", "/counters/1/call-next"])
async def test_is_required_where_a_repeat_would_hurt(
    staffed_server: AppServer, path: str
) -> None:
    caller = staffed_server.kiosk if path == "/tickets" else staffed_server.sari
    body = BODY if path == "/tickets" else None

    problem_of(await caller.post(path, body, key=""), 400, "key-required")

    assert staffed_server.disk.count("ticket") == 0


@pytest.mark.parametrize("key", ["two words", "x" * 201, "caf\u00e9", ""])
async def test_is_of_visible_ascii(server: AppServer, key: str) -> None:
    headers = {"Idempotency-Key": key.encode("latin-1")}
    answer = await server.kiosk.send("POST", "/tickets", json=BODY, headers=headers)

    problem_of(answer, 422, "invalid")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/counters/1/open", None),
        ("/counters/1/call-next", None),
        ("/counters/1/start", None),
        ("/counters/1/serve", {"result": "done"}),
        ("/counters/1/walk-up", {"service_id": mall.AKTA}),
        ("/services/1/close", {"note": "rapat"}),
    ],
)
async def test_a_repeat_gets_the_same_answer_to_the_byte(
    staffed_server: AppServer, path: str, body: dict[str, object] | None
) -> None:
    for _ in range(2):
        await staffed_server.kiosk.issue(mall.AKTA)
    if path.endswith(("start", "serve")):
        await staffed_server.sari.command(mall.LOKET_1, "call-next")
    caller = (
        staffed_server.kepala if path.startswith("/services") else staffed_server.sari
    )

    first = await caller.post(path, body, key="again")
    events = staffed_server.disk.count("ticket_event")
    second = await caller.post(path, body, key="again")

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert staffed_server.disk.count("ticket_event") == events


async def test_another_body_is_refused(server: AppServer) -> None:
    body_of(await server.kiosk.post("/tickets", BODY, key="k"), 201)

    other = await server.kiosk.post("/tickets", {**BODY, "people": 2}, key="k")

    problem_of(other, 422, "key-reused")
    assert server.disk.count("ticket") == 1


async def test_is_of_one_credential_and_one_route(staffed_server: AppServer) -> None:
    first = body_of(await staffed_server.kiosk.post("/tickets", BODY, key="k"), 201)
    second = body_of(
        await staffed_server.other_kiosk.post("/tickets", BODY, key="k"), 201
    )
    assert first["id"] != second["id"]

    called = body_of(await staffed_server.sari.post("/counters/1/call-next", key="k"))
    started = body_of(await staffed_server.sari.post("/counters/1/start", key="k"))
    assert (called["state"], started["state"]) == ("called", "serving")
    other = body_of(await staffed_server.budi.post("/counters/2/call-next", key="k"))
    assert other["id"] == second["id"]


async def test_is_of_one_counter(staffed_server: AppServer) -> None:
    for _ in range(2):
        await staffed_server.kiosk.issue(mall.AKTA)

    answers = [
        await staffed_server.kepala.post(f"/counters/{n}/call-next", key="k")
        for n in (mall.LOKET_1, mall.LOKET_2)
    ]

    assert body_of(answers[0])["id"] != body_of(answers[1])["id"]


async def test_a_refused_or_empty_answer_is_tried_anew(
    staffed_server: AppServer,
) -> None:
    nobody = await staffed_server.sari.post("/counters/1/call-next", key="k")
    assert nobody.status_code == 204
    ticket = await staffed_server.kiosk.issue(mall.AKTA)
    called = body_of(await staffed_server.sari.post("/counters/1/call-next", key="k"))
    assert called["id"] == ticket["id"]

    busy = await staffed_server.sari.post("/counters/1/call-next", key="j")
    problem_of(busy, 409, "counter-busy")
    await staffed_server.sari.command(mall.LOKET_1, "serve")
    await staffed_server.kiosk.issue(mall.AKTA)
    body_of(await staffed_server.sari.post("/counters/1/call-next", key="j"))


async def test_ten_at_once_with_one_key_are_one_ticket(server: AppServer) -> None:
    answers = await asyncio.gather(
        *(server.kiosk.post("/tickets", BODY, key="k") for _ in range(10))
    )

    assert {answer.content for answer in answers} == {answers[0].content}
    assert server.disk.count("ticket") == 1


async def test_no_ticket_token_is_kept_in_a_keys_scope(server: AppServer) -> None:
    ticket = await server.kiosk.issue(mall.AKTA)

    body_of(await server.anyone.post(f"/tickets/{ticket['token']}/cancel", key="k"))

    scopes = server.disk.rows("SELECT scope FROM request_record")
    assert not [scope for scope in scopes if ticket["token"] in scope]
