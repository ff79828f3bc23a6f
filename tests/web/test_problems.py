"""A person who is refused reads what happened and what to do next."""

import importlib
import pkgutil

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request

import app
from app.errors import AntreanError
from app.web.problem_texts import TEXTS
from app.web.problems import problem_text, wants_html

AVAILABILITY = [
    "site-hours",
    "agency-hours",
    "service-hours",
    "break",
    "holiday",
    "last-ticket",
    "quota",
    "absent",
    "by-hand",
]


def request(path: str, accept: str) -> Request:
    headers = [(b"accept", accept.encode())]
    return Request(
        {"type": "http", "path": path, "headers": headers, "query_string": b""}
    )


def codes(error: type[AntreanError]) -> set[str]:
    return {error.code}.union(*(codes(sub) for sub in error.__subclasses__()))


def test_every_code_of_the_product_has_words() -> None:
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)

    wordless = codes(AntreanError) - set(TEXTS)

    assert not wordless


@pytest.mark.parametrize("code", AVAILABILITY)
def test_every_reason_for_giving_no_numbers_has_words(code: str) -> None:
    assert problem_text(code, "id").title != problem_text("unheard-of", "id").title


def test_the_page_tells_what_happened_and_what_to_do(browser: TestClient) -> None:
    answer = browser.get("/problem/counter-busy")

    assert answer.status_code == 409
    assert "Loket masih melayani pengunjung" in answer.text
    assert "Selesaikan dahulu pengunjung yang sekarang." in answer.text
    assert 'href="/"' in answer.text
    assert "kode masalah counter-busy" in answer.text


def test_a_code_without_words_is_never_shown_alone(browser: TestClient) -> None:
    answer = browser.get("/problem/unheard-of")

    assert "Ini belum berhasil" in answer.text


def test_a_lost_visitor_gets_a_page_and_a_program_does_not(browser: TestClient) -> None:
    page = browser.get("/help/nothing")
    plain = browser.get("/help/nothing", headers={"Accept": "application/json"})

    assert "Tidak ada apa-apa di sini" in page.text
    assert plain.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    ("path", "accept", "page"),
    [
        ("/kiosk", "text/html,application/xhtml+xml", True),
        ("/kiosk", "application/json", False),
        ("/kiosk", "*/*", False),
        ("/api/v1/tickets", "text/html", False),
        ("/static/web/x.css", "text/html", False),
    ],
)
def test_only_a_browsers_page_is_refused_in_html(
    path: str, accept: str, page: bool
) -> None:
    assert wants_html(request(path, accept)) is page
