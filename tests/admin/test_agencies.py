"""Closing by hand and reopening: the page, the words, and what the API says then."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.admin.conftest import Desk, words
from tests.support.app_server import AppServer
from tests.support.clock import MovableClock
from tests.support.http.callers import body_of, problem_of
from tests.support.mall import AKTA, DKC, IMI, KTP, PASPOR

CLOSE = f"/admin/agencies/{DKC}/close"
REOPEN = f"/admin/agencies/{DKC}/reopen"


async def test_a_closed_agency_gives_no_numbers_and_drops_nobody(
    server: AppServer, admin: Desk
) -> None:
    ticket = await server.kiosk.issue(AKTA)

    answer = await admin.post(CLOSE)

    page = words(await admin.get(answer.headers["location"]))
    assert answer.status_code == 303
    assert "Closed: no new numbers are given. 1 person who waits is still" in page
    assert "Closed by Admin, 09:00. It lasts until it is taken back." in page
    agency = await _agency(server, DKC)
    assert (agency["open"], agency["reason"], agency["until"]) == (
        False,
        "by-hand",
        None,
    )
    ticket_request = {"service_ids": [AKTA]}
    problem_of(await server.kiosk.post("/tickets", ticket_request), 409, "by-hand")
    still = body_of(await server.admin.get(f"/tickets/by-id/{ticket['id']}"))
    assert still["state"] == "waiting"


async def test_the_consequence_is_told_before_it_is_closed(
    server: AppServer, admin: Desk
) -> None:
    await server.kiosk.issue(AKTA)
    await server.kiosk.issue(KTP)

    page = words(await admin.get(f"/admin/agencies/{DKC}"))

    assert "2 people who wait are still served." in page


async def test_a_closure_ends_by_itself_at_the_sites_time(
    server: AppServer, admin: Desk, clock: MovableClock
) -> None:
    answer = await admin.post(CLOSE, until="13:45", note="Rapat")

    page = words(await admin.get(answer.headers["location"]))
    assert "It ends by itself at 13:45." in page
    assert "Note: Rapat" in page
    until = (await _agency(server, DKC))["until"]
    assert datetime.fromisoformat(until) == datetime(2026, 11, 24, 6, 45, tzinfo=UTC)
    clock.set(datetime(2026, 11, 24, 6, 46, tzinfo=UTC))
    assert (await _agency(server, DKC))["open"]


@pytest.mark.parametrize(
    ("form", "cause"),
    [
        ({"until": "08:59"}, "This time is over."),
        ({"until": "09:00"}, "This time is over."),
        ({"until": "25:00"}, "Write a time such as 14:00."),
        ({"until": "besok"}, "Write a time such as 14:00."),
        ({"note": "a" * 201}, "A note has at most 200 characters"),
        ({"note": "a\x1b@b"}, "A note has at most 200 characters"),
    ],
)
async def test_a_mistake_closes_nothing_and_loses_nothing(
    server: AppServer, admin: Desk, form: dict[str, str], cause: str
) -> None:
    form = {"note": "Rapat", **form}

    answer = await admin.post(CLOSE, until=form.get("until", ""), note=form["note"])

    assert answer.status_code == 422
    assert cause in words(answer)
    assert all(f'value="{typed}"' in answer.text for typed in form.values())
    assert (await _agency(server, DKC))["open"]


async def test_a_note_is_text_and_for_colleagues_alone(
    server: AppServer, admin: Desk
) -> None:
    await admin.post(CLOSE, note="<script>alert(1)</script>")

    page = await admin.get(f"/admin/agencies/{DKC}")

    assert "<script>alert" not in page.text
    assert "Note: <script>alert(1)</script>" in words(page)
    assert "alert" not in (await server.anyone.get("/agencies")).text


async def test_a_reopened_agency_gives_numbers_again(
    server: AppServer, admin: Desk
) -> None:
    await admin.post(CLOSE)

    answer = await admin.post(REOPEN)

    page = words(await admin.get(answer.headers["location"]))
    assert "The closure was taken back. Numbers are given again." in page
    assert (await _agency(server, DKC))["open"]


async def test_reopening_after_hours_says_that_it_is_still_closed(
    server: AppServer, admin: Desk, clock: MovableClock
) -> None:
    await admin.post(CLOSE)
    clock.move(hours=9)

    answer = await admin.post(REOPEN)

    page = words(await admin.get(answer.headers["location"]))
    assert "Still no numbers: The hall is closed now." in page


async def test_one_closed_service_leaves_the_others_open(
    server: AppServer, admin: Desk
) -> None:
    path = f"/admin/agencies/{DKC}/services/{KTP}"

    answer = await admin.post(f"{path}/close")

    assert "Closed: no new numbers are given." in words(
        await admin.get(answer.headers["location"])
    )
    assert "1 service closed by hand" in words(await admin.get("/admin/agencies"))
    open_now = {s["id"]: s["open"] for s in (await _agency(server, DKC))["services"]}
    assert open_now == {AKTA: True, KTP: False}
    await admin.post(f"{path}/reopen")
    open_now = {s["id"]: s["open"] for s in (await _agency(server, DKC))["services"]}
    assert open_now == {AKTA: True, KTP: True}


@pytest.mark.parametrize("command", ["close", "reopen"])
async def test_a_service_is_commanded_through_its_own_agency(
    server: AppServer, admin: Desk, command: str
) -> None:
    await admin.post(f"/admin/agencies/{IMI}/services/{PASPOR}/close")
    before = server.disk.rows("SELECT * FROM closure")

    answer = await admin.post(f"/admin/agencies/{DKC}/services/{PASPOR}/{command}")

    assert answer.status_code == 404
    assert server.disk.rows("SELECT * FROM closure") == before


async def test_a_mistake_at_a_service_opens_its_own_form(admin: Desk) -> None:
    path = f"/admin/agencies/{DKC}/services/{KTP}/close"

    answer = await admin.post(path, until="01:00")

    form = answer.text.partition(f'id="service-{KTP}"')[2]
    assert answer.status_code == 422
    assert '<details class="thing__more" open>' in form
    assert answer.text.count('aria-invalid="true"') == 1


async def test_a_supervisor_closes_the_own_agency(
    server: AppServer, supervisor: Desk
) -> None:
    assert (await supervisor.post(CLOSE)).status_code == 303
    assert not (await _agency(server, DKC))["open"]


async def test_a_supervisor_knows_no_other_agency(
    server: AppServer, supervisor: Desk
) -> None:
    await Desk(server, server.admin).post(f"/admin/agencies/{IMI}/close")

    seen = words(await supervisor.get("/admin/agencies"))
    answers = [
        await supervisor.get(f"/admin/agencies/{IMI}"),
        await supervisor.post(f"/admin/agencies/{IMI}/close"),
        await supervisor.post(f"/admin/agencies/{IMI}/reopen"),
        await supervisor.post(f"/admin/agencies/{IMI}/services/{PASPOR}/close"),
    ]

    assert "Civil Registration" in seen
    assert "Immigration" not in seen
    assert [answer.status_code for answer in answers] == [404] * 4
    assert not (await _agency(server, IMI))["open"]


async def test_reception_closes_any_agency(server: AppServer, reception: Desk) -> None:
    await reception.post(f"/admin/agencies/{IMI}/close")

    assert (await _agency(server, IMI))["reason"] == "by-hand"


async def test_two_who_close_at_once_leave_one_closure(
    server: AppServer, admin: Desk, supervisor: Desk
) -> None:
    answers = await asyncio.gather(admin.post(CLOSE), supervisor.post(CLOSE))

    in_force = server.disk.rows("SELECT id FROM closure WHERE lifted_at IS NULL")
    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(in_force) == 1
    await admin.post(REOPEN)
    assert (await _agency(server, DKC))["open"]


async def _agency(server: AppServer, agency_id: int) -> dict[str, Any]:
    listed: list[dict[str, Any]] = (await server.anyone.get("/agencies")).json()
    return next(agency for agency in listed if agency["id"] == agency_id)
