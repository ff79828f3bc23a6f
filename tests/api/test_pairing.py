"""Pairing a screen by the code it shows, and revoking it alone."""

from http.cookies import SimpleCookie

import httpx2
import pytest

from tests.support import mall
from tests.support.callers import Caller, refused, told
from tests.support.clock import MovableClock
from tests.support.house import House


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let fewer screens wait than a real mall does."""
    monkeypatch.setattr("app.auth.pairing.MOST_WAITING", 10)
    return 10


async def ask(house: House, kind: str = "kiosk") -> dict[str, str]:
    asked: dict[str, str] = told(await house.anyone.post("/pairings", {"kind": kind}))
    return asked


async def claim(house: House, asked: dict[str, str]) -> httpx2.Response:
    body = {"claim": asked["claim"]}
    return await house.anyone.post("/pairings/claim", body, key="")


async def approve(house: House, code: str, device_id: int) -> httpx2.Response:
    return await house.admin.post(
        "/pairings/approve", {"code": code, "device_id": device_id}, key=""
    )


async def test_an_admin_says_which_device_a_screen_is(house: House) -> None:
    asked = await ask(house, "display")
    assert len(asked["code"]) == 6
    refused(await claim(house, asked), 409, "pairing-not-approved")

    assert (await approve(house, asked["code"], mall.HALL)).status_code == 204
    claimed = await claim(house, asked)

    assert claimed.status_code == 204
    (cookie,) = SimpleCookie(claimed.headers["set-cookie"]).values()
    assert cookie.key == "antrean_display"
    assert cookie["httponly"]
    screen = Caller(house.client, {"Cookie": f"{cookie.key}={cookie.value}"})
    told(await screen.get(f"/displays/{mall.HALL}/board"))
    refused(await screen.get(f"/displays/{mall.DISPLAY_A}/board"), 403, "forbidden")


async def test_a_claim_is_good_once(house: House) -> None:
    asked = await ask(house)
    await approve(house, asked["code"], mall.KIOSK_1)
    assert (await claim(house, asked)).status_code == 204

    refused(await claim(house, asked), 404, "not-found")
    refused(await approve(house, asked["code"], mall.KIOSK_2), 404, "not-found")


async def test_a_code_may_be_typed_carelessly(house: House) -> None:
    asked = await ask(house)

    answer = await approve(house, f" {asked['code'].lower()} ", mall.KIOSK_1)

    assert answer.status_code == 204


async def test_a_code_is_over_after_a_quarter_of_an_hour(
    house: House, clock: MovableClock
) -> None:
    asked = await ask(house)
    clock.move(minutes=15)

    refused(await approve(house, asked["code"], mall.KIOSK_1), 404, "not-found")
    refused(await claim(house, asked), 404, "not-found")


async def test_kinds_must_agree(house: House) -> None:
    asked = await ask(house, "kiosk")

    refused(await approve(house, asked["code"], mall.HALL), 422, "invalid")
    refused(await approve(house, asked["code"], 99), 404, "not-found")
    refused(await approve(house, "WRONG7", mall.KIOSK_1), 404, "not-found")


async def test_neither_code_nor_claim_opens_anything_by_itself(house: House) -> None:
    asked = await ask(house)
    await approve(house, asked["code"], mall.KIOSK_1)

    wrong = {"code": asked["code"], "claim": asked["code"] * 4}
    refused(await claim(house, wrong), 404, "not-found")
    on_disk = "".join(house.disk.everything())
    assert asked["claim"] not in on_disk


async def test_old_requests_make_room(
    house: House, clock: MovableClock, few: int
) -> None:
    for _ in range(few):
        await ask(house)
    clock.move(minutes=15)

    await ask(house)

    assert house.disk.count("pairing") == 1


@pytest.mark.parametrize("who", ["sari", "kepala", "resepsi", "kiosk"])
async def test_only_an_admin_pairs_and_revokes(house: House, who: str) -> None:
    caller = getattr(house, who)
    body = {"code": "AAAAAA", "device_id": 1}

    refused(await caller.post("/pairings/approve", body), 403, "forbidden")
    refused(await caller.get("/devices"), 403, "forbidden")
    refused(await caller.post("/device-tokens/1/revoke"), 403, "forbidden")


async def test_lists_devices_and_their_good_tokens(house: House) -> None:
    devices = (await house.admin.get("/devices")).json()

    assert [(d["id"], d["kind"], d["code"]) for d in devices] == [
        (1, "kiosk", "K1"),
        (2, "kiosk", "K2"),
        (3, "display", "AULA"),
        (4, "display", "LAYAR-A"),
        (5, "display", "LAYAR-B"),
    ]
    assert all(len(device["token_ids"]) == 1 for device in devices)


async def test_a_revoked_token_is_gone_from_the_list_and_cannot_be_revoked_again(
    house: House,
) -> None:
    path = "/device-tokens/1/revoke"
    assert (await house.admin.post(path)).status_code == 204

    devices = (await house.admin.get("/devices")).json()
    assert devices[0]["token_ids"] == []
    refused(await house.admin.post(path), 404, "not-found")
    refused(await house.admin.post("/device-tokens/99/revoke"), 404, "not-found")
