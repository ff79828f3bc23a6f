"""The manual is served by the product, complete, offline and harmless."""

import re

import pytest
from fastapi.testclient import TestClient

from app.web.help import DOCS, manual_names, render_manual

LINK = re.compile(r"\]\(([^)\s]+)\)")


def test_the_manual_opens_at_its_index(browser: TestClient) -> None:
    answer = browser.get("/help")

    assert answer.status_code == 200
    assert '<h1 id="antrean-the-manual">Antrean: the manual</h1>' in answer.text
    assert 'href="/help/decisions/0001-no-build-step-front-end"' in answer.text
    assert '<table tabindex="0">' in answer.text


@pytest.mark.parametrize("name", manual_names())
def test_every_page_of_the_manual_renders(browser: TestClient, name: str) -> None:
    answer = browser.get(f"/help/{name}")

    assert answer.status_code == 200
    assert '<h1 id="' in answer.text


@pytest.mark.parametrize("name", ["nothing", "../web/help", "index.md", "%2e%2e/x"])
def test_a_page_that_does_not_exist_is_not_found(
    browser: TestClient, name: str
) -> None:
    assert browser.get(f"/help/{name}").status_code == 404


def test_raw_html_stays_text() -> None:
    page = render_manual("x", "# T\n\n<script>alert(1)</script> [a](javascript:b)")

    assert "<script>" not in page.html
    assert "&lt;script&gt;" in page.html
    assert 'href="javascript' not in page.html


def test_links_between_pages_lead_to_the_served_pages() -> None:
    source = (
        "[a](../printers.md#paper) [b](0002-x.md) [c](../index.md) [d](https://e.f)"
    )

    html = render_manual("decisions/0001-y", source).html

    assert re.findall(r'href="([^"]+)"', html) == [
        "/help/printers#paper",
        "/help/decisions/0002-x",
        "/help",
        "https://e.f",
    ]


def test_no_page_of_the_manual_links_to_a_page_that_is_not_there() -> None:
    dead = [
        (file.name, target)
        for file in DOCS.rglob("*.md")
        for target in LINK.findall(file.read_text(encoding="utf-8"))
        if target.partition("#")[0].endswith(".md") and "://" not in target
        if not (file.parent / target.partition("#")[0]).exists()
    ]

    assert not dead


def test_the_index_lists_every_page() -> None:
    index = (DOCS / "index.md").read_text(encoding="utf-8")
    listed = {target.removesuffix(".md") for target in LINK.findall(index)}

    assert set(manual_names()) - {"index"} <= listed
