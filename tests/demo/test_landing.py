"""The first page: a newcomer's in the demo, a plain one at a real site."""

import re
from pathlib import Path

import httpx2

from app.demo.accounts import DemoFile
from app.demo.landing import ServedServiceRow, accounts_of_agencies
from tests.support.app_server import AppServer
from tests.support.demo import DemoServer

LINKS = {"/kiosk", "/display", "/counter", "/reception", "/admin", "/help"}


def test_the_demo_names_its_accounts_and_links(
    demo: DemoServer, newcomer: httpx2.Client
) -> None:
    page = newcomer.get("/").text

    assert set(_links(page)) == LINKS | {"/demo/printers"}
    assert demo.file["admin"]["password"] in page
    for account in [*demo.file["officers"], *demo.file["supervisors"]]:
        assert account["username"] in page


def test_the_story_names_an_officer_who_serves_that_service(
    demo: DemoServer, newcomer: httpx2.Client
) -> None:
    page = newcomer.get("/").text

    match = re.search(r"At the kiosk choose “(.+)”, then “(.+)”\.", page)
    assert match
    agency = next(a for a in demo.agencies() if a["name_en"] == match[1])
    service = next(s for s in agency["services"] if s["name_en"] == match[2])
    officer = demo.file["officers"][0]
    assert officer["counter_id"] in demo.counters_of(service["id"])
    assert f"Sign in as <b>{officer['username']}</b>" in page


def test_the_demo_speaks_indonesian_first(demo: DemoServer) -> None:
    page = httpx2.get(demo.url, headers={"Accept": "text/html"}).text

    assert '<html lang="id"' in page
    assert "Cobalah ini, dalam empat jendela" in page
    assert "Data contoh" in page


async def test_a_real_site_shows_its_links_and_no_account(server: AppServer) -> None:
    answer = await server.anyone.send("GET", server.url)

    assert answer.status_code == 200
    assert set(_links(answer.text)) == LINKS
    assert "/demo/" not in answer.text
    assert "<code>" not in answer.text


def test_without_its_file_the_demo_still_shows_its_links(
    demo: DemoServer, newcomer: httpx2.Client
) -> None:
    file = demo.folder / "demo.json"
    aside = file.rename(file.with_suffix(".aside"))
    try:
        page = newcomer.get("/")
    finally:
        aside.rename(file)

    assert page.status_code == 200
    assert "/demo/printers" in _links(page.text)


def test_an_agencys_officers_stand_in_the_order_of_their_counters() -> None:
    account = {"username": "x", "password": "p"}
    accounts = DemoFile.model_validate(
        {
            "url": "http://demo.example",
            "admin": account,
            "reception": account,
            "supervisors": [{**account, "username": "kepala", "agency_ids": [1]}],
            "officers": [
                {**account, "username": f"loket{i}", "counter_id": i} for i in (1, 2)
            ],
            "kiosk_token": "k",
            "kiosk_tokens": {},
            "display_tokens": {},
        }
    )
    names = {"agency": "A", "agency_en": "A", "service": "S", "service_en": "S"}
    served = [ServedServiceRow(counter_id=i, agency_id=1, **names) for i in (2, 1, 2)]

    agencies = accounts_of_agencies(served, accounts)

    assert [(a.supervisor, a.officers) for a in agencies] == [
        ("kepala", ["loket1", "loket2"])
    ]


def test_the_demos_password_is_in_no_source(demo: DemoServer) -> None:
    password = demo.file["admin"]["password"]
    sources = (Path(__file__).parents[2] / "app").rglob("*.*")

    holding = [
        s.name
        for s in sources
        if s.suffix in (".py", ".html", ".po", ".yaml")
        and password in s.read_text(encoding="utf-8")
    ]

    assert not holding


def _links(page: str) -> list[str]:
    return re.findall(r'class="link-card" href="([^"]+)"', page)
