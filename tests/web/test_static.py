"""Static files: addressed by content, kept for ever, and nothing else is served."""

import pytest
from fastapi.testclient import TestClient

from app.web.static import IMMUTABLE, REVALIDATE, UnknownStatic, assets, static


def test_an_address_carries_the_hash_of_the_content(browser: TestClient) -> None:
    address = static("web/base.css")

    answer = browser.get(address)

    assert address.endswith(assets()["web/base.css"].digest)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.headers["cache-control"] == IMMUTABLE
    assert answer.content == assets()["web/base.css"].file.read_bytes()


@pytest.mark.parametrize("address", ["/static/web/live.js", "/static/web/live.js?v=0"])
def test_an_address_without_the_present_hash_is_asked_for_again(
    browser: TestClient, address: str
) -> None:
    first = browser.get(address)
    again = browser.get(address, headers={"If-None-Match": first.headers["etag"]})

    assert first.headers["cache-control"] == REVALIDATE
    assert first.headers["content-type"].startswith("text/javascript")
    assert (again.status_code, again.content) == (304, b"")


def test_the_typeface_is_served_from_its_package(browser: TestClient) -> None:
    answer = browser.get("/static/font/inter.ttf")

    assert answer.headers["content-type"] == "font/ttf"
    assert answer.content[:4] == b"\x00\x01\x00\x00"


@pytest.mark.parametrize(
    "address",
    [
        "/static/web/../pages.py",
        "/static/web/%2e%2e/pages.py",
        "/static/web/..%2fpages.py",
        "/static/web/%2e%2e%5cpages.py",
        "/static//etc/passwd",
        "/static/%2fetc/passwd",
        "/static/web/base.css%00.js",
        "/static/web/",
        "/static/web",
        "/static/",
        "/static/nobody/base.css",
        "/static/web/nothing.css",
    ],
)
def test_an_address_that_is_not_in_the_table_is_not_found(
    browser: TestClient, address: str
) -> None:
    assert browser.get(address).status_code == 404


def test_a_template_cannot_name_a_file_that_does_not_exist() -> None:
    with pytest.raises(UnknownStatic, match=r"web/nothing\.css"):
        static("web/nothing.css")
