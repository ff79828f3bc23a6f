"""The hall's page: quiet for whoever may close, an evacuation for supervisors."""

from typing import Any

import pytest

from tests.admin.conftest import Desk, words
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of

SPACE, EVACUATION = "/admin/hall/spaces/1/quiet", "/admin/hall/evacuation"


async def first_space(server: AppServer) -> dict[str, Any]:
    spaces: Any = body_of(await server.sari.get("/sound-spaces"))
    return dict(spaces[0])


async def test_reception_keeps_quiet_and_ends_it(
    server: AppServer, reception: Desk
) -> None:
    answer = await reception.post(SPACE, minutes="5")

    assert answer.status_code == 303
    page = words(await reception.get("/admin/hall"))
    assert "Lantai 1 Quiet until 09:05" in page
    assert "Lantai 2 Calls are spoken" in page
    assert (await first_space(server))["quiet_until"] is not None
    await reception.post(SPACE, minutes="0")
    assert "Lantai 1 Calls are spoken" in words(await reception.get("/admin/hall"))
    assert (await first_space(server))["quiet_until"] is None


async def test_an_evacuation_is_not_receptions(
    server: AppServer, reception: Desk
) -> None:
    page = words(await reception.get("/admin/hall"))
    answer = await reception.post(EVACUATION, is_meant="true")

    assert "Begin the evacuation" not in page
    assert answer.status_code == 403
    assert server.disk.one("SELECT evacuation_since FROM site") is None


async def test_a_supervisor_begins_one_with_a_tick_and_ends_it(
    server: AppServer, supervisor: Desk
) -> None:
    missed = await supervisor.post(EVACUATION)
    page = words(await supervisor.get("/admin/hall", problem="unconfirmed"))
    assert missed.headers["location"] == "/admin/hall?problem=unconfirmed#evacuation"
    assert "Tick the box first" in page
    assert server.disk.one("SELECT evacuation_since FROM site") is None

    await supervisor.post(EVACUATION, is_meant="true", text=" Ke halaman. ")

    page = words(await supervisor.get("/admin/hall"))
    assert "Evacuation since 09:00" in page
    assert "The screens say: Ke halaman." in page
    await supervisor.post(f"{EVACUATION}/end")
    assert server.disk.one("SELECT evacuation_since FROM site") is None


@pytest.mark.parametrize("minutes", ["-1", "999", "x"])
async def test_a_quiet_that_no_button_offers_is_refused(
    server: AppServer, reception: Desk, minutes: str
) -> None:
    answer = await reception.post(SPACE, minutes=minutes)

    assert answer.status_code == 422
    assert (await first_space(server))["quiet_until"] is None
