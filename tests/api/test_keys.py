"""Idempotency-Key over HTTP: scope, form, and the same answer to the byte."""

import asyncio

import pytest

from tests.support import mall
from tests.support.callers import refused, told
from tests.support.house import House

WISH = {"service_ids": [mall.AKTA]}


@pytest.mark.parametrize("path", ["/tickets", "/counters/1/call-next"])
async def test_is_required_where_a_repeat_would_hurt(
    open_house: House, path: str
) -> None:
    who = open_house.kiosk if path == "/tickets" else open_house.sari
    body = WISH if path == "/tickets" else None

    refused(await who.post(path, body, key=""), 400, "key-required")

    assert open_house.disk.count("ticket") == 0


@pytest.mark.parametrize("key", ["two words", "x" * 201, "caf\u00e9", ""])
async def test_is_of_visible_ascii(house: House, key: str) -> None:
    headers = {"Idempotency-Key": key.encode("latin-1")}
    answer = await house.kiosk.send("POST", "/tickets", json=WISH, headers=headers)

    refused(answer, 422, "invalid")


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
    open_house: House, path: str, body: dict[str, object] | None
) -> None:
    for _ in range(2):
        await open_house.kiosk.issue(mall.AKTA)
    if path.endswith(("start", "serve")):
        await open_house.sari.command(mall.LOKET_1, "call-next")
    who = open_house.kepala if path.startswith("/services") else open_house.sari

    first = await who.post(path, body, key="again")
    events = open_house.disk.count("ticket_event")
    second = await who.post(path, body, key="again")

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content
    assert open_house.disk.count("ticket_event") == events


async def test_another_body_is_refused(house: House) -> None:
    told(await house.kiosk.post("/tickets", WISH, key="k"), 201)

    other = await house.kiosk.post("/tickets", {**WISH, "people": 2}, key="k")

    refused(other, 422, "key-reused")
    assert house.disk.count("ticket") == 1


async def test_is_of_one_credential_and_one_route(open_house: House) -> None:
    first = told(await open_house.kiosk.post("/tickets", WISH, key="k"), 201)
    second = told(await open_house.other_kiosk.post("/tickets", WISH, key="k"), 201)
    assert first["id"] != second["id"]

    called = told(await open_house.sari.post("/counters/1/call-next", key="k"))
    started = told(await open_house.sari.post("/counters/1/start", key="k"))
    assert (called["state"], started["state"]) == ("called", "serving")
    other = told(await open_house.budi.post("/counters/2/call-next", key="k"))
    assert other["id"] == second["id"]


async def test_is_of_one_counter(open_house: House) -> None:
    for _ in range(2):
        await open_house.kiosk.issue(mall.AKTA)

    answers = [
        await open_house.kepala.post(f"/counters/{n}/call-next", key="k")
        for n in (mall.LOKET_1, mall.LOKET_2)
    ]

    assert told(answers[0])["id"] != told(answers[1])["id"]


async def test_a_refused_or_empty_answer_is_tried_anew(open_house: House) -> None:
    nobody = await open_house.sari.post("/counters/1/call-next", key="k")
    assert nobody.status_code == 204
    ticket = await open_house.kiosk.issue(mall.AKTA)
    called = told(await open_house.sari.post("/counters/1/call-next", key="k"))
    assert called["id"] == ticket["id"]

    busy = await open_house.sari.post("/counters/1/call-next", key="j")
    refused(busy, 409, "counter-busy")
    await open_house.sari.command(mall.LOKET_1, "serve")
    await open_house.kiosk.issue(mall.AKTA)
    told(await open_house.sari.post("/counters/1/call-next", key="j"))


async def test_ten_at_once_with_one_key_are_one_ticket(house: House) -> None:
    answers = await asyncio.gather(
        *(house.kiosk.post("/tickets", WISH, key="k") for _ in range(10))
    )

    assert {answer.content for answer in answers} == {answers[0].content}
    assert house.disk.count("ticket") == 1


async def test_no_ticket_token_is_kept_in_a_keys_scope(house: House) -> None:
    ticket = await house.kiosk.issue(mall.AKTA)

    told(await house.anyone.post(f"/tickets/{ticket['token']}/cancel", key="k"))

    scopes = house.disk.rows("SELECT scope FROM request_record")
    assert not [scope for scope in scopes if ticket["token"] in scope]
