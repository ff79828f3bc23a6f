"""For operations: liveness, readiness, metrics."""

import shutil
from typing import NamedTuple

import pytest
from sqlalchemy import select, update

from app.errors import NotDurable
from app.queueing import rows
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.http.callers import body_of, problem_of


async def test_alive_and_ready(server: AppServer) -> None:
    assert body_of(await server.anyone.get(f"{server.url}/healthz")) == {"status": "ok"}

    ready = body_of(await server.anyone.get(f"{server.url}/readyz"))

    assert ready["status"] == "ok"
    assert ready["checks"]["database"]
    assert ready["checks"]["disk"]


async def test_not_ready_when_the_disk_is_full(
    server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        free: int

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _path: Usage(free=1024))
        answer = await server.anyone.get(f"{server.url}/readyz")

    assert body_of(answer, 503)["checks"]["disk"] is False


async def test_metrics_count_without_telling_whom(staffed_server: AppServer) -> None:
    ticket = await staffed_server.kiosk.issue(mall.AKTA, mall.PASPOR)
    await staffed_server.until_printed()
    async with staffed_server.hall.watch(f"display:{mall.HALL}"):
        answer = await staffed_server.anyone.get(f"{staffed_server.url}/metrics")

    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "antrean_waiting 2.0" in answer.text
    assert "antrean_sockets 1.0" in answer.text
    assert 'antrean_print_jobs{state="failed"} 1.0' in answer.text
    assert ticket["token"] not in answer.text


async def test_practice_is_left_out_of_the_figures(staffed_server: AppServer) -> None:
    await staffed_server.kiosk.issue(mall.AKTA, mall.PASPOR)
    with staffed_server.disk.writing() as db:
        at = select(rows.counter.c.zone_id).where(rows.counter.c.id == mall.LOKET_3)
        zone = rows.zone.c.id == at.scalar_subquery()
        db.execute(update(rows.zone).where(zone).values(is_practice=True))

    answer = await staffed_server.anyone.get(f"{staffed_server.url}/metrics")

    assert "antrean_waiting 1.0" in answer.text


async def test_what_could_not_be_written_is_not_durable_to_the_caller(
    server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_command: object, **_facts: object) -> None:
        raise NotDurable

    with monkeypatch.context() as patch:
        patch.setattr(server.context.ledger, "do", lost)
        answer = await server.kiosk.post("/tickets", {"service_ids": [mall.AKTA]})

    problem_of(answer, 503, "not-durable")


@pytest.mark.parametrize("path", ["/api/v1/site", "/api/v1/openapi.json", "/healthz"])
async def test_no_answer_is_kept_or_guessed_at(server: AppServer, path: str) -> None:
    answer = await server.client.get(path)

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_printers_are_told_and_stop_nobody(server: AppServer) -> None:
    await server.kiosk.issue(mall.AKTA)
    await server.until_printed()

    ready = body_of(await server.anyone.get(f"{server.url}/readyz"))

    assert ready["status"] == "ok"
    assert ready["printers"] == {"Printer 1": "unreachable", "Printer 2": "unheard"}


@pytest.mark.parametrize(
    ("url", "warnings"),
    [
        ("http://mal.example", []),
        ("http://localhost:8000", ["public-url-this-machine"]),
        ("http://0.0.0.0:8000", ["public-url-no-address"]),
    ],
)
async def test_an_address_that_no_phone_opens_is_a_warning(
    server: AppServer, url: str, warnings: list[str]
) -> None:
    with server.disk.writing() as db:
        db.execute(update(rows.site).values(public_url=url))

    ready = body_of(await server.anyone.get(f"{server.url}/readyz"))

    assert (ready["status"], ready["warnings"]) == ("ok", warnings)
