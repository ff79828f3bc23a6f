"""Logs have an address and no secret, and a flood does not fill them."""

import pytest

from app.auth.attempts import MAX_BY_USER_AND_ADDRESS
from tests.support import cast
from tests.support.app_server import AppServer


async def test_a_flood_of_sign_ins_is_one_line_besides_those_tried(
    server: AppServer, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"username": cast.SARI.username, "password": "salak-pondoh-9"}
    with caplog.at_level("WARNING", "antrean.security"):
        statuses = [
            (await server.anyone.post("/session", body)).status_code
            for _ in range(MAX_BY_USER_AND_ADDRESS + 20)
        ]

    assert statuses.count(429) == 20
    lines = [r.getMessage() for r in caplog.records if r.name == "antrean.security"]
    causes = ["wrong password" in line for line in lines]
    assert causes == [True] * MAX_BY_USER_AND_ADDRESS + [False]
    assert all("address=127.0.0.1" in line for line in lines)
    assert "salak" not in caplog.text


@pytest.mark.parametrize("caller", ["sari", "kiosk", "anyone"])
async def test_the_access_log_has_address_and_actor_and_no_secret(
    server: AppServer, caplog: pytest.LogCaptureFixture, caller: str
) -> None:
    with caplog.at_level("INFO", "antrean.access"):
        await getattr(server, caller).get("/agencies?token=hidden")

    (line,) = [r.getMessage() for r in caplog.records if r.name == "antrean.access"]
    actor = {"sari": "staff:1", "kiosk": "device:1", "anyone": "-"}[caller]
    assert line.startswith(f"127.0.0.1 {actor} GET /api/v1/agencies 200 ")
    assert "hidden" not in line
    assert cast.SARI.secret not in line
