"""In the demo a browser becomes a kiosk or display without an admin's word."""

import sqlite3
from contextlib import closing

import httpx2
import pytest

from app.demo.self_pairing import device_to_become
from app.errors import NotFound
from tests.support.app_server import AppServer
from tests.support.demo import DemoServer, new_key
from tests.support.http.callers import problem_of
from tests.support.mall import DISPLAY_B, HALL, KIOSK_1, KIOSK_2

BECOME = "/demo/become"


def test_the_browser_gives_numbers_as_a_kiosk(
    demo: DemoServer, newcomer: httpx2.Client
) -> None:
    answer = newcomer.post(BECOME, data={"kind": "kiosk", "next": "/kiosk?lang=en"})

    assert answer.status_code == 303
    assert answer.headers["location"] == "/kiosk?lang=en"
    issued = newcomer.post(
        "/api/v1/tickets",
        json={"service_ids": [demo.service_id("BKS")]},
        headers={"Idempotency-Key": new_key()},
    )
    assert issued.status_code == 201


def test_the_browser_becomes_the_halls_display(
    demo: DemoServer, newcomer: httpx2.Client
) -> None:
    answer = newcomer.post(BECOME, data={"kind": "display", "device_id": ""})

    assert answer.headers["location"] == "/display"
    boards = {i: newcomer.get(f"/api/v1/displays/{i}/board") for i in demo.display_ids}
    seen = [i for i, board in boards.items() if board.status_code == 200]
    assert seen == [_display_with_most_zones(demo)]


def test_the_display_that_is_asked_for_is_given(
    demo: DemoServer, newcomer: httpx2.Client
) -> None:
    last = demo.display_ids[-1]

    newcomer.post(BECOME, data={"kind": "display", "device_id": str(last)})

    assert newcomer.get(f"/api/v1/displays/{last}/board").status_code == 200


def test_who_is_that_device_already_gets_no_second_token(
    demo: DemoServer, newcomer: httpx2.Client
) -> None:
    newcomer.post(BECOME, data={"kind": "kiosk"})
    tokens = _tokens(demo)

    answer = newcomer.post(BECOME, data={"kind": "kiosk"})

    assert answer.status_code == 303
    assert _tokens(demo) == tokens


@pytest.mark.parametrize(
    "target", ["//elsewhere.example", "http://elsewhere.example", "/\\elsewhere", ""]
)
def test_the_way_leads_nowhere_else(newcomer: httpx2.Client, target: str) -> None:
    answer = newcomer.post(BECOME, data={"kind": "kiosk", "next": target})

    assert answer.headers["location"] == "/kiosk"


@pytest.mark.parametrize(
    "sent", [{"Origin": "http://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_another_sites_page_makes_no_device(
    demo: DemoServer, newcomer: httpx2.Client, sent: dict[str, str]
) -> None:
    tokens = _tokens(demo)

    answer = newcomer.post(BECOME, data={"kind": "kiosk"}, headers=sent)

    assert answer.status_code == 403
    assert _tokens(demo) == tokens


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({}, 422),
        ({"kind": "print_agent"}, 422),
        ({"kind": "kiosk", "device_id": "x"}, 422),
        ({"kind": "kiosk", "device_id": "-1"}, 422),
        ({"kind": "kiosk", "device_id": "999"}, 404),
        ({"kind": "kiosk", "next": "/" + "a" * 501}, 422),
    ],
)
def test_what_makes_no_sense_makes_no_device(
    demo: DemoServer, newcomer: httpx2.Client, form: dict[str, str], status: int
) -> None:
    tokens = _tokens(demo)

    answer = newcomer.post(BECOME, data=form)

    assert answer.status_code == status
    assert _tokens(demo) == tokens


async def test_a_real_site_lets_nobody_become_anything(server: AppServer) -> None:
    answer = await server.anyone.send(
        "POST", f"{server.url.rstrip('/')}{BECOME}", data={"kind": "kiosk"}
    )

    problem_of(answer, 404, "not-found")


async def test_the_first_kiosk_and_the_widest_display_come_first(
    server: AppServer,
) -> None:
    with server.disk.reading() as db:
        assert device_to_become(db, kind="kiosk", requested_id=None) == KIOSK_1
        assert device_to_become(db, kind="kiosk", requested_id=KIOSK_2) == KIOSK_2
        assert device_to_become(db, kind="display", requested_id=None) == HALL
        assert device_to_become(db, kind="display", requested_id=DISPLAY_B) == DISPLAY_B
        with pytest.raises(NotFound):
            device_to_become(db, kind="display", requested_id=KIOSK_1)


def _tokens(demo: DemoServer) -> int:
    with closing(sqlite3.connect(demo.database)) as db:
        return int(db.execute("SELECT count(*) FROM device_token").fetchone()[0])


def _display_with_most_zones(demo: DemoServer) -> int:
    query = "SELECT device_id FROM display_zone GROUP BY 1 ORDER BY count(*) DESC"
    with closing(sqlite3.connect(demo.database)) as db:
        return int(db.execute(query).fetchone()[0])
