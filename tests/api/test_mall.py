"""The mall as anyone may know it, and the document that describes the contract."""

from sqlalchemy import update

from app.queueing import rows
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of


async def test_the_site_tells_its_day_time_and_policy(server: AppServer) -> None:
    site = body_of(await server.anyone.get("/site"))

    assert site["name"] == "Mal Kecil"
    assert site["timezone"] == "Asia/Jakarta"
    assert site["languages"] == ["id", "en"]
    assert site["service_day"] == "2026-11-24"
    assert site["now"].startswith("2026-11-24T02:00:00")
    assert site["now"].endswith("Z")
    assert site["is_sample"] is False
    assert site["policy"]["recall_cooldown_seconds"] == 3
    assert site["policy"]["no_show_after_calls"] == 2
    assert site["policy"]["no_show_after_seconds"] == 10
    assert site["policy"]["head_start_minutes"]["lansia"] == 20


async def test_a_sites_own_policy_is_kept_to(server: AppServer) -> None:
    with server.disk.writing() as db:
        db.execute(update(rows.site).values(policy={"people_max": 3}))

    site = body_of(await server.anyone.get("/site"))
    answer = await server.kiosk.post("/tickets", {"service_ids": [1], "people": 4})

    assert site["policy"]["people_max"] == 3
    assert answer.status_code == 422


async def test_agencies_tell_their_services_and_who_waits(server: AppServer) -> None:
    await server.kiosk.issue(mall.AKTA)
    await server.kiosk.issue(mall.AKTA, mall.KTP)

    dkc, imi = (await server.anyone.get("/agencies")).json()

    assert (dkc["code"], dkc["name"], dkc["open"]) == (
        "DKC",
        "Dinas Kependudukan",
        True,
    )
    assert dkc["reason"] is None
    assert [(s["code"], s["prefix"], s["waiting"]) for s in dkc["services"]] == [
        ("AKTA", "A", 2),
        ("KTP", "K", 1),
    ]
    assert dkc["services"][0]["name_en"] == "Birth"
    assert dkc["services"][0]["estimate"] is None
    assert [(s["id"], s["waiting"]) for s in imi["services"]] == [(mall.PASPOR, 0)]


async def test_a_look_changes_nothing(staffed_server: AppServer) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA)
    await staffed_server.sari.command(mall.LOKET_1, "call-next")
    await staffed_server.until_printed()
    before = staffed_server.disk.content()

    for path in (
        "/site",
        "/agencies",
        "/search?q=akta",
        "/counters",
        "/devices",
        f"/displays/{mall.HALL}/board",
        f"/tickets/{ticket['token']}",
        f"/tickets/by-id/{ticket['id']}",
        "/services/1/availability",
        "/openapi.json",
    ):
        assert (await staffed_server.admin.get(path)).status_code == 200, path

    assert staffed_server.disk.content() == before


async def test_the_contract_is_described(server: AppServer) -> None:
    document = body_of(await server.anyone.get("/openapi.json"))

    paths = document["paths"]
    assert "/api/v1/tickets" in paths
    issue = paths["/api/v1/tickets"]["post"]
    assert {p["name"].lower() for p in issue["parameters"]} >= {"idempotency-key"}
    assert "201" in issue["responses"]
    assert (
        "204" in paths["/api/v1/counters/{counter_id}/call-next"]["post"]["responses"]
    )
    assert not [path for path in paths if path.startswith(("/kiosk", "/admin", "/t/"))]


async def test_times_are_utc_with_a_z(staffed_server: AppServer) -> None:
    await staffed_server.kiosk.issue(mall.AKTA)
    called = await staffed_server.sari.command(mall.LOKET_1, "call-next")

    assert called["issued_at"].endswith("Z")
    assert called["called_at"].endswith("Z")
