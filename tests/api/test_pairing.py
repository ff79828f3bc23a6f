"""Pairing a screen by the code it shows, and revoking it alone."""

from http.cookies import SimpleCookie

import httpx2
import pytest

from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import Caller, body_of, problem_of

KIOSK = {"kind": "kiosk"}


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let fewer screens wait than a real mall does."""
    monkeypatch.setattr("app.auth.pairing.MAX_WAITING", 10)
    return 10


async def request_code(server: AppServer, kind: str = "kiosk") -> dict[str, str]:
    pairing: dict[str, str] = body_of(
        await server.anyone.post("/pairings", {"kind": kind})
    )
    return pairing


async def claim(server: AppServer, pairing: dict[str, str]) -> httpx2.Response:
    body = {"claim": pairing["claim"]}
    return await server.anyone.post("/pairings/claim", body, key="")


async def approve(server: AppServer, code: str, device_id: int) -> httpx2.Response:
    return await server.admin.post(
        "/pairings/approve", {"code": code, "device_id": device_id}, key=""
    )


async def test_an_admin_says_which_device_a_screen_is(server: AppServer) -> None:
    pairing = await request_code(server, "display")
    assert len(pairing["code"]) == 6
    problem_of(await claim(server, pairing), 409, "pairing-not-approved")

    assert (await approve(server, pairing["code"], mall.HALL)).status_code == 204
    claimed = await claim(server, pairing)

    assert claimed.status_code == 204
    (cookie,) = SimpleCookie(claimed.headers["set-cookie"]).values()
    assert cookie.key == "antrean_display"
    assert cookie["httponly"]
    screen = Caller(server.client, {"Cookie": f"{cookie.key}={cookie.value}"})
    body_of(await screen.get(f"/displays/{mall.HALL}/board"))
    problem_of(await screen.get(f"/displays/{mall.DISPLAY_A}/board"), 403, "forbidden")


async def test_a_claim_is_good_once(server: AppServer) -> None:
    pairing = await request_code(server)
    await approve(server, pairing["code"], mall.KIOSK_1)
    assert (await claim(server, pairing)).status_code == 204

    problem_of(await claim(server, pairing), 404, "not-found")
    problem_of(await approve(server, pairing["code"], mall.KIOSK_2), 404, "not-found")


async def test_a_code_may_be_typed_carelessly(server: AppServer) -> None:
    pairing = await request_code(server)

    answer = await approve(server, f" {pairing['code'].lower()} ", mall.KIOSK_1)

    assert answer.status_code == 204


async def test_a_code_is_over_after_a_quarter_of_an_hour(
    server: AppServer, clock: MovableClock
) -> None:
    pairing = await request_code(server)
    clock.move(minutes=15)

    problem_of(await approve(server, pairing["code"], mall.KIOSK_1), 404, "not-found")
    problem_of(await claim(server, pairing), 404, "not-found")


async def test_kinds_must_agree(server: AppServer) -> None:
    pairing = await request_code(server, "kiosk")

    problem_of(await approve(server, pairing["code"], mall.HALL), 422, "invalid")
    problem_of(await approve(server, pairing["code"], 99), 404, "not-found")
    problem_of(await approve(server, "WRONG7", mall.KIOSK_1), 404, "not-found")


async def test_neither_code_nor_claim_opens_anything_by_itself(
    server: AppServer,
) -> None:
    pairing = await request_code(server)
    await approve(server, pairing["code"], mall.KIOSK_1)

    wrong = {"code": pairing["code"], "claim": pairing["code"] * 4}
    problem_of(await claim(server, wrong), 404, "not-found")
    on_disk = "".join(server.disk.everything())
    assert pairing["claim"] not in on_disk


async def test_old_requests_make_room(
    server: AppServer, clock: MovableClock, few: int
) -> None:
    for _ in range(few):
        await request_code(server)
    problem_of(await server.anyone.post("/pairings", KIOSK), 429, "too-many")
    clock.move(minutes=15)

    await request_code(server)

    assert server.disk.count("pairing") == 1


@pytest.mark.parametrize("name", ["sari", "kepala", "resepsi", "kiosk"])
async def test_only_an_admin_pairs_and_revokes(server: AppServer, name: str) -> None:
    caller = getattr(server, name)
    body = {"code": "AAAAAA", "device_id": 1}

    problem_of(await caller.post("/pairings/approve", body), 403, "forbidden")
    problem_of(await caller.get("/devices"), 403, "forbidden")
    problem_of(await caller.post("/device-tokens/1/revoke"), 403, "forbidden")


async def test_lists_devices_and_their_good_tokens(server: AppServer) -> None:
    devices = (await server.admin.get("/devices")).json()

    assert [(d["id"], d["kind"], d["code"]) for d in devices] == [
        (1, "kiosk", "K1"),
        (2, "kiosk", "K2"),
        (3, "display", "AULA"),
        (4, "display", "LAYAR-A"),
        (5, "display", "LAYAR-B"),
    ]
    assert all(len(device["token_ids"]) == 1 for device in devices)


async def test_a_revoked_token_is_gone_from_the_list_and_cannot_be_revoked_again(
    server: AppServer,
) -> None:
    path = "/device-tokens/1/revoke"
    assert (await server.admin.post(path)).status_code == 204

    devices = (await server.admin.get("/devices")).json()
    assert devices[0]["token_ids"] == []
    problem_of(await server.admin.post(path), 404, "not-found")
    problem_of(await server.admin.post("/device-tokens/99/revoke"), 404, "not-found")
