"""Screens that wait, sockets that lead nowhere, and HEAD."""

import pytest

from tests.support import mall
from tests.support.callers import refused
from tests.support.house import House


async def test_the_oldest_screen_that_waits_makes_room_for_a_new_one(
    house: House,
) -> None:
    first, second, *_ = [
        (await house.anyone.post("/pairings", {"kind": "kiosk"})).json()
        for _ in range(100)
    ]
    body = {"code": first["code"], "device_id": mall.KIOSK_1}
    await house.admin.post("/pairings/approve", body, key="")
    for _ in range(2):
        newest = await house.anyone.post("/pairings", {"kind": "kiosk"})
        assert newest.status_code == 200

    assert house.disk.count("pairing") == 101
    dropped = {"code": second["code"], "device_id": mall.KIOSK_2}
    refused(await house.admin.post("/pairings/approve", dropped), 404, "not-found")
    claim = {"claim": first["claim"]}
    claimed = await house.anyone.post("/pairings/claim", claim, key="")
    assert claimed.status_code == 204


@pytest.mark.parametrize("path", ["/nothing", "/api/v1/nothing", "/kiosk", "/"])
async def test_a_socket_to_an_unknown_path_meets_a_problem(
    house: House, path: str
) -> None:
    headers = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }

    answer = await house.client.get(f"{house.url}{path}", headers=headers)

    refused(answer, 404, "not-found")


@pytest.mark.parametrize("path", ["/", "/help", "/healthz", "/kiosk", "/nothing"])
async def test_head_answers_as_get_without_a_body(house: House, path: str) -> None:
    told = await house.client.get(f"{house.url}{path}")

    head = await house.client.head(f"{house.url}{path}")

    assert head.status_code == told.status_code
    for name in ("content-type", "content-length", "cache-control"):
        assert head.headers.get(name) == told.headers.get(name)
    assert head.content == b""
    assert told.content


async def test_head_changes_nothing_of_what_is_posted(house: House) -> None:
    answer = await house.client.head(f"{house.url}/api/v1/tickets")

    assert answer.status_code == 405
