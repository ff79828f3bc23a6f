"""Which language an answer is in, and where the choice is kept."""

import pytest
from fastapi.testclient import TestClient
from starlette.requests import Request

from app.web.i18n import negotiate
from app.web.preferences import api_language


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "id"),
        ("", "id"),
        ("en", "en"),
        ("en-US,en;q=0.9,id;q=0.8", "en"),
        ("id-ID,id;q=0.9,en;q=0.8", "id"),
        ("fr, en;q=0.5, id;q=0.9", "id"),
        ("fr", "id"),
        ("en;q=0", "id"),
        ("en;q=nonsense, id;q=0.1", "id"),
        (",;q=,", "id"),
    ],
)
def test_the_best_of_our_languages_is_chosen(header: str | None, language: str) -> None:
    assert negotiate(header) == language


@pytest.mark.parametrize(
    ("query", "language"), [(b"lang=id", "id"), (b"lang=xx", "en"), (b"", "en")]
)
def test_a_program_may_say_its_language_in_the_address(
    query: bytes, language: str
) -> None:
    headers = [(b"accept-language", b"en")]
    scope = {"type": "http", "path": "/", "headers": headers, "query_string": query}

    assert api_language(Request(scope)) == language


def test_the_cookie_is_kept_from_scripts_and_other_sites(browser: TestClient) -> None:
    cookie = browser.get("/problem/busy?lang=en").headers["set-cookie"]

    assert cookie.startswith("antrean_lang=en;")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_under_tls_the_cookie_travels_only_over_tls(browser: TestClient) -> None:
    answer = browser.get("https://testserver/problem/busy?lang=en")

    assert "Secure" in answer.headers["set-cookie"]


def test_a_page_whose_language_is_given_writes_no_cookie(browser: TestClient) -> None:
    answer = browser.get("/slip/en?lang=id")

    assert '<html lang="en"' in answer.text
    assert "set-cookie" not in answer.headers
