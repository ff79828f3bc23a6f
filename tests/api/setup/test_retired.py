"""What is retired is nowhere any more, whoever asks, and history names it still."""

from datetime import date

import pytest
from sqlalchemy import update

from app.queueing import rows
from app.queueing.site.retirement import retire_due
from tests.support import mall
from tests.support.app_server import AppServer

DAY = date(2026, 11, 24)


@pytest.fixture
async def ticket_id(server: AppServer) -> int:
    """Retire the agency IMI and its counter, once somebody was served there."""
    ticket = await server.kiosk.issue(mall.PASPOR)
    await server.made.command(mall.LOKET_3, "open")
    await server.made.command(mall.LOKET_3, "call-next")
    await server.made.command(mall.LOKET_3, "start")
    await server.made.command(mall.LOKET_3, "serve")
    await server.made.command(mall.LOKET_3, "close")
    with server.disk.writing() as db:
        for table, row_id in ((rows.agency, mall.IMI), (rows.counter, mall.LOKET_3)):
            db.execute(update(table).where(table.c.id == row_id).values(retired_on=DAY))
        assert retire_due(db, DAY)
    # at the day's turn the ledger publishes it; here its turn is made by hand
    server.context.credentials.forget()
    server.context.search.forget()
    return int(ticket["id"])


async def test_it_is_in_no_list(server: AppServer, ticket_id: int) -> None:
    agencies = (await server.anyone.get("/agencies")).json()
    counters = (await server.admin.get("/counters")).json()
    found = (await server.admin.get("/search?q=paspor")).json()

    assert [each["code"] for each in agencies] == ["DKC"]
    assert [each["id"] for each in counters] == [mall.LOKET_1, mall.LOKET_2]
    assert found == []
    for path, caller, other in (
        ("/kiosk", server.kiosk, "Dinas Kependudukan"),
        ("/reception", server.resepsi, "Dukcapil"),
        ("/admin/agencies", server.admin, "Dinas Kependudukan"),
        ("/counter", server.admin, "Loket 1"),
    ):
        page = await server.client.get(path, headers=caller.headers)
        assert other in page.text, path
        assert "Imigrasi" not in page.text, path
        assert "Loket 3" not in page.text, path


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/tickets", {"service_ids": [mall.PASPOR]}, 422),
        (f"/counters/{mall.LOKET_3}/open", {}, 404),
        (f"/counters/{mall.LOKET_3}/call-next", {}, 404),
        (f"/agencies/{mall.IMI}/close", {}, 404),
        (f"/services/{mall.PASPOR}/close", {}, 404),
        (
            "/users",
            {
                "username": "rina",
                "password": "durian-runtuh-1",
                "role": "officer",
                "agency_ids": [mall.IMI],
            },
            422,
        ),
    ],
)
async def test_nothing_is_done_with_it(
    server: AppServer, ticket_id: int, path: str, body: dict[str, object], status: int
) -> None:
    answer = await server.admin.post(path, body)

    assert answer.status_code == status, answer.text


async def test_nobody_is_sent_there(server: AppServer, ticket_id: int) -> None:
    other = await server.kiosk.issue(mall.AKTA)
    path = f"/tickets/by-id/{other['id']}/transfer"

    for target in ({"service_id": mall.PASPOR}, {"counter_id": mall.LOKET_3}):
        answer = await server.admin.post(path, target)
        assert answer.status_code == 422, target
    unknown = await server.admin.post(
        f"/tickets/by-id/{other['id']}/add", {"service_id": mall.PASPOR}
    )
    assert unknown.status_code == 422


async def test_no_answer_tells_of_it(server: AppServer, ticket_id: int) -> None:
    availability = f"/services/{mall.PASPOR}/availability"
    assert (await server.admin.get(availability)).status_code == 404
    assert (await server.client.get(f"/kiosk/service/{mall.PASPOR}")).status_code == 404


async def test_its_officer_belongs_to_it_no_more(
    server: AppServer, ticket_id: int
) -> None:
    [made] = [
        each
        for each in (await server.admin.get("/users")).json()
        if each["username"] == "made"
    ]

    assert made["agency_ids"] == []
    assert (await server.made.get("/counters")).json() == []


async def test_history_names_it_still(server: AppServer, ticket_id: int) -> None:
    ticket = (await server.admin.get(f"/tickets/by-id/{ticket_id}")).json()
    history = (await server.admin.get(f"/tickets/by-id/{ticket_id}/history")).json()

    assert (ticket["state"], ticket["service_id"]) == ("served", mall.PASPOR)
    assert "Loket 3" in str(history)
