"""Nobody keeps a screen from being paired, and a pairing lasts while it is used."""

from http.cookies import SimpleCookie

import pytest

from app.auth.cookies import DEVICE_COOKIE_SECONDS
from app.auth.pairing import ADDRESS_RATE
from tests.api.test_pairing import KIOSK, approve, claim, request_code
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import problem_of


async def test_a_flood_of_requests_leaves_a_screens_code_good(
    server: AppServer, clock: MovableClock
) -> None:
    pairing = await request_code(server)
    answers = [await server.anyone.post("/pairings", KIOSK) for _ in range(120)]

    refused = [each for each in answers if each.status_code == 429]
    assert len(refused) > 120 - ADDRESS_RATE.burst
    problem_of(refused[-1], 429, "too-many")
    assert int(refused[-1].headers["Retry-After"]) in range(1, 31)
    assert (await approve(server, pairing["code"], mall.KIOSK_1)).status_code == 204
    assert (await claim(server, pairing)).status_code == 204

    clock.move(seconds=ADDRESS_RATE.interval)
    await request_code(server)


async def test_where_too_many_wait_nobody_makes_room(
    server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.auth.pairing.MAX_WAITING", 1)
    pairing = await request_code(server)

    answer = await server.anyone.post("/pairings", KIOSK)

    problem_of(answer, 429, "too-many")
    assert answer.headers["Retry-After"] == "60"
    assert (await approve(server, pairing["code"], mall.KIOSK_1)).status_code == 204


@pytest.mark.parametrize(
    ("kind", "device_id", "path"),
    [("kiosk", mall.KIOSK_1, "/kiosk"), ("display", mall.HALL, "/display")],
)
async def test_a_pairing_is_renewed_by_use(
    server: AppServer, kind: str, device_id: int, path: str
) -> None:
    pairing = await request_code(server, kind)
    await approve(server, pairing["code"], device_id)
    claimed = SimpleCookie((await claim(server, pairing)).headers["set-cookie"])
    ((name, cookie),) = claimed.items()

    page = await server.client.get(path, headers={"Cookie": f"{name}={cookie.value}"})

    renewed = SimpleCookie("\r\n".join(page.headers.get_list("set-cookie")))[name]
    assert page.status_code == 200
    assert renewed.value == cookie.value
    assert renewed["max-age"] == str(DEVICE_COOKIE_SECONDS)
    assert renewed["httponly"]
    assert renewed["samesite"].lower() == "strict"


async def test_what_is_no_good_is_not_renewed(server: AppServer) -> None:
    headers = {"Cookie": "antrean_kiosk=nonsense"}

    page = await server.client.get("/kiosk", headers=headers)

    assert "antrean_kiosk" not in " ".join(page.headers.get_list("set-cookie"))
