"""What is refused is logged, with an address and no secret, and fills no log."""

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
