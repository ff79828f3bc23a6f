"""The search over HTTP: open to anyone, by language, read anew with the mall."""

import asyncio
from collections.abc import Callable
from threading import Event
from typing import TypeVar

import pytest
from sqlalchemy import Connection, update

from app.errors import Busy
from app.importing import import_mall, read_mall
from app.queueing import rows
from app.search.index import Index
from app.search.search import MAX_WAITING, Search
from tests.support import mall
from tests.support.app_server import AppServer
from tests.support.clock import MORNING

T = TypeVar("T")


async def test_anyone_finds_services_in_their_language(server: AppServer) -> None:
    indonesian = await server.anyone.get("/search?q=akte%20lahir")
    english = await server.anyone.get("/search?q=birth&language=en")

    assert indonesian.json()[0] == {
        "service_id": mall.AKTA,
        "name": "Akta kelahiran",
        "agency": "Dinas Kependudukan",
    }
    assert english.json() == [
        {"service_id": mall.AKTA, "name": "Birth", "agency": "Civil Registration"}
    ]


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20", "?q=%3F%21", "?q=%00"])
async def test_nothing_but_signs_finds_nothing(server: AppServer, query: str) -> None:
    answer = await server.anyone.get(f"/search{query}")

    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize(
    "query", [f"q={'a' * 101}", "q=ktp&language=jv", "q=ktp&language="]
)
async def test_what_is_too_long_or_in_no_language_of_ours_is_refused(
    server: AppServer, query: str
) -> None:
    answer = await server.anyone.get(f"/search?{query}")

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_a_hundred_characters_are_read(server: AppServer) -> None:
    answer = await server.anyone.get(f"/search?q=paspor{'%20' * 94}")

    assert [each["service_id"] for each in answer.json()] == [mall.PASPOR]


async def test_what_the_import_file_calls_a_service_is_found(server: AppServer) -> None:
    assert (await server.anyone.get("/search?q=buku%20ijo")).json() == []
    words = "typical_minutes: 25, aliases: [buku hijau kecil, Naik Haji]"
    text = mall.SMALL_MALL.replace("typical_minutes: 25", words)
    with server.disk.writing() as db:
        import_mall(db, read_mall(text), now=MORNING)
    server.context.search.forget()

    for query in ("buku hijau", "BUKU HIJAO", "naik%20haji", "hijau kecil"):
        answer = await server.anyone.get(f"/search?q={query}")
        assert [each["service_id"] for each in answer.json()] == [mall.PASPOR], query


async def test_a_changed_mall_is_read_anew(server: AppServer) -> None:
    assert (await server.anyone.get("/search?q=wesel")).json() == []
    with server.disk.writing() as db:
        service = update(rows.service).where(rows.service.c.id == mall.PASPOR)
        db.execute(service.values(name="Pengambilan wesel"))

    server.context.search.forget()

    results = (await server.anyone.get("/search?q=wesel")).json()
    assert [each["name"] for each in results] == ["Pengambilan wesel"]


async def test_the_fact_site_makes_it_read_anew(server: AppServer) -> None:
    await server.anyone.get("/search?q=paspor")
    before = server.context.search.index
    assert before is not None

    await server.admin.post("/clock/confirm", {"day": "2026-11-24"})

    assert server.context.search.index is None


async def test_what_was_read_before_a_change_is_not_kept(
    server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = server.context.search
    read = server.context.readers.read

    async def read_and_change(view: Callable[[Connection], T]) -> T:
        results = await read(view)
        search.forget()
        return results

    monkeypatch.setattr(server.context.readers, "read", read_and_change)

    assert await search.find("paspor", "id")
    assert search.index is None


async def test_the_search_is_described(server: AppServer) -> None:
    document = (await server.anyone.get("/openapi.json")).json()

    search = document["paths"]["/api/v1/search"]["get"]
    assert {p["name"] for p in search["parameters"]} == {"q", "language"}
    assert search["description"]


async def test_a_flood_is_refused_but_not_of_kiosks_and_staff(
    server: AppServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = server.context.search
    is_free = Event()
    await server.resepsi.get("/search")  # signs in
    search.forget()
    monkeypatch.setattr(Index, "find", lambda *_: _wait_until(is_free))

    async with asyncio.TaskGroup() as group:
        # not by HTTP: of strangers eight requests at a time are let in there
        strangers = [
            group.create_task(_find_as_stranger(search)) for _ in range(MAX_WAITING + 1)
        ]
        await asyncio.wait(strangers, return_when=asyncio.FIRST_COMPLETED)
        at_kiosk = group.create_task(search.find("ktp", "id"))
        staff = group.create_task(server.resepsi.get("/search?q=ktp"))
        await asyncio.wait([staff], timeout=0.2)
        is_free.set()

    assert sum(each.result() == "busy" for each in strangers) == 1
    assert at_kiosk.result() == []
    assert staff.result().status_code == 200
    assert await _status(server) == 200


def _wait_until(is_free: Event) -> list[str]:
    is_free.wait(30)
    return []


async def _find_as_stranger(search: Search) -> str:
    try:
        await search.find("ktp", "id", may_wait=False)
    except Busy as refusal:
        return refusal.code
    return "found"


async def _status(server: AppServer) -> int:
    return (await server.anyone.get("/search?q=ktp")).status_code
