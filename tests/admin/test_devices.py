"""Pairing a screen by its code, and taking a pairing back."""

from typing import Any

import pytest
from sqlalchemy import insert

from app.queueing import rows
from tests.admin.conftest import Desk, words
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of
from tests.support.mall import HALL, KIOSK_1, KIOSK_2


async def test_the_screen_with_the_typed_code_becomes_the_device(
    server: AppServer, admin: Desk
) -> None:
    screen = await _ask(server, "kiosk")

    answer = await admin.post(
        "/admin/devices", code=screen["code"], device_id=str(KIOSK_2)
    )

    assert answer.status_code == 303
    assert "Paired. The screen becomes “Kios 2”" in words(
        await admin.get(answer.headers["location"])
    )
    claimed = await server.anyone.post("/pairings/claim", {"claim": screen["claim"]})
    assert claimed.status_code == 204
    assert "antrean_kiosk" in claimed.cookies


async def test_a_code_may_be_typed_small_and_in_pieces(
    server: AppServer, admin: Desk
) -> None:
    code = (await _ask(server, "kiosk"))["code"].lower()

    typed = f" {code[:3]}-{code[3:]} "
    answer = await admin.post("/admin/devices", code=typed, device_id=str(KIOSK_1))

    assert answer.status_code == 303


@pytest.mark.parametrize(
    ("code", "device", "cause"),
    [
        ("ZZZ999", "1", "No screen shows this code."),
        ("", "1", "A code has six letters and digits"),
        ("<b>", "1", "A code has six letters and digits"),
        ("ZZZ999", "", "Choose which device this screen is."),
        ("ZZZ999", "kiosk", "Choose which device this screen is."),
        ("ZZZ999", "9" * 900, "No screen shows this code."),
    ],
)
async def test_a_mistake_is_told_beside_what_was_typed(
    admin: Desk, code: str, device: str, cause: str
) -> None:
    answer = await admin.post("/admin/devices", code=code, device_id=device)

    assert answer.status_code == 422
    assert cause in words(answer)
    assert f'value="{code.replace("<", "&lt;").replace(">", "&gt;")}"' in answer.text
    assert 'aria-invalid="true"' in answer.text


async def test_a_kiosks_screen_is_no_display(server: AppServer, admin: Desk) -> None:
    code = (await _ask(server, "kiosk"))["code"]

    answer = await admin.post("/admin/devices", code=code, device_id=str(HALL))

    assert answer.status_code == 422
    assert "is of another kind" in words(answer)
    again = await admin.post("/admin/devices", code=code, device_id=str(KIOSK_1))
    assert again.status_code == 303


async def test_a_code_is_good_for_one_screen(server: AppServer, admin: Desk) -> None:
    code = (await _ask(server, "kiosk"))["code"]
    await admin.post("/admin/devices", code=code, device_id=str(KIOSK_1))

    answer = await admin.post("/admin/devices", code=code, device_id=str(KIOSK_2))

    assert answer.status_code == 422
    assert "No screen shows this code." in words(answer)


async def test_a_code_that_is_over_is_told(
    server: AppServer, admin: Desk, clock: Any
) -> None:
    code = (await _ask(server, "kiosk"))["code"]
    clock.move(minutes=16)

    answer = await admin.post("/admin/devices", code=code, device_id=str(KIOSK_1))

    assert "No screen shows this code." in words(answer)


async def test_taking_a_pairing_back_asks_first(server: AppServer, admin: Desk) -> None:
    token = _token_of(server, KIOSK_1)

    question = await admin.get(f"/admin/devices/tokens/{token}/revoke")

    assert "Take this pairing back?" in words(question)
    assert "Kios 1" in words(question)
    assert "Numbers that were given stay good." in words(question)
    assert (await server.kiosk.post("/device-session")).status_code == 200


async def test_a_pairing_taken_back_is_good_for_nothing(
    server: AppServer, admin: Desk
) -> None:
    token = _token_of(server, KIOSK_1)

    answer = await admin.post(f"/admin/devices/tokens/{token}/revoke")

    assert answer.status_code == 303
    page = words(await admin.get(answer.headers["location"]))
    assert "The pairing of “Kios 1” was taken back." in page
    assert "Not paired" in page
    assert (await server.kiosk.post("/device-session")).status_code == 401
    assert (await server.other_kiosk.post("/device-session")).status_code == 200


async def test_a_print_agent_is_paired_and_taken_back_as_a_screen_is(
    server: AppServer, admin: Desk
) -> None:
    assert "Print agents" not in words(await admin.get("/admin/devices"))
    agent = {"kind": "print_agent", "code": "AGEN", "name": "PC Kios 2"}
    with server.disk.writing() as db:
        agent_id = db.execute(insert(rows.device).values(agent)).lastrowid
    agent_program = await _ask(server, "print_agent")
    form = {"code": agent_program["code"], "device_id": str(agent_id)}

    answer = await admin.post("/admin/devices", **form)

    page = words(await admin.get(answer.headers["location"]))
    assert "Paired. The print agent goes on as “PC Kios 2”" in page
    assert "5 of 5 kiosks and displays are paired." in words(await admin.get("/admin"))
    await server.anyone.post("/pairings/claim", {"claim": agent_program["claim"]})
    token = _token_of(server, agent_id)
    question = await admin.get(f"/admin/devices/tokens/{token}/revoke")
    assert "prints no more slips until it is paired anew." in words(question)
    await admin.post(f"/admin/devices/tokens/{token}/revoke")
    assert "Not paired" in words(await admin.get("/admin/devices"))


async def test_a_pairing_is_taken_back_once(server: AppServer, admin: Desk) -> None:
    token = _token_of(server, KIOSK_1)
    await admin.post(f"/admin/devices/tokens/{token}/revoke")

    answer = await admin.post(f"/admin/devices/tokens/{token}/revoke")

    assert answer.status_code == 404


async def _ask(server: AppServer, kind: str) -> dict[str, Any]:
    return body_of(await server.anyone.post("/pairings", {"kind": kind}))


def _token_of(server: AppServer, device_id: int) -> int:
    token: int = server.disk.one(
        "SELECT id FROM device_token WHERE device_id = ?", device_id
    )
    return token
