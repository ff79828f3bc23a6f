"""For operations: liveness, readiness, metrics."""

import shutil
from typing import NamedTuple

import pytest
from sqlalchemy import select, update

from app.errors import NotDurable
from app.queueing import rows
from tests.support import mall
from tests.support.callers import refused, told
from tests.support.house import House


async def test_alive_and_ready(house: House) -> None:
    assert told(await house.anyone.get(f"{house.url}/healthz")) == {"status": "ok"}

    ready = told(await house.anyone.get(f"{house.url}/readyz"))

    assert ready["status"] == "ok"
    assert ready["checks"]["database"]
    assert ready["checks"]["disk"]


async def test_not_ready_when_the_disk_is_full(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        free: int

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _path: Usage(free=1024))
        answer = await house.anyone.get(f"{house.url}/readyz")

    assert told(answer, 503)["checks"]["disk"] is False


async def test_metrics_count_without_telling_whom(open_house: House) -> None:
    ticket = await open_house.kiosk.issue(mall.AKTA, mall.PASPOR)
    await open_house.until_printed()
    async with open_house.hall.watch(f"display:{mall.HALL}"):
        answer = await open_house.anyone.get(f"{open_house.url}/metrics")

    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert "antrean_waiting 2.0" in answer.text
    assert "antrean_sockets 1.0" in answer.text
    assert 'antrean_print_jobs{state="failed"} 1.0' in answer.text
    assert ticket["token"] not in answer.text


async def test_practice_is_left_out_of_the_figures(open_house: House) -> None:
    await open_house.kiosk.issue(mall.AKTA, mall.PASPOR)
    with open_house.disk.writing() as db:
        at = select(rows.counter.c.zone_id).where(rows.counter.c.id == mall.LOKET_3)
        zone = rows.zone.c.id == at.scalar_subquery()
        db.execute(update(rows.zone).where(zone).values(is_practice=True))

    answer = await open_house.anyone.get(f"{open_house.url}/metrics")

    assert "antrean_waiting 1.0" in answer.text


async def test_what_could_not_be_written_is_not_durable_to_the_caller(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def lost(*_command: object, **_facts: object) -> None:
        raise NotDurable

    with monkeypatch.context() as patch:
        patch.setattr(house.context.ledger, "do", lost)
        answer = await house.kiosk.post("/tickets", {"service_ids": [mall.AKTA]})

    refused(answer, 503, "not-durable")


@pytest.mark.parametrize("path", ["/api/v1/site", "/api/v1/openapi.json", "/healthz"])
async def test_no_answer_is_kept_or_guessed_at(house: House, path: str) -> None:
    answer = await house.client.get(path)

    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_the_printers_are_told_and_stop_nobody(house: House) -> None:
    await house.kiosk.issue(mall.AKTA)
    await house.until_printed()

    ready = told(await house.anyone.get(f"{house.url}/readyz"))

    assert ready["status"] == "ok"
    assert ready["printers"] == {"Printer 1": "unreachable", "Printer 2": "unheard"}
