"""The manual is served by the product, complete, offline and harmless."""

import re
from html import unescape
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient

from app.web.folders import folders_named
from app.web.i18n import LANGUAGES, supported_language
from app.web.manual.pages import (
    ROLES,
    address_of,
    manual,
    manual_names,
    name_at,
    render_manual,
)

TASK = re.compile(r'<h2 id="([^"]+)">')
IMAGE = re.compile(r'<img src="([^"]+)"')
FROM_SCREEN = re.compile(r'href="/help/?([\w/-]*)(?:#([\w-]+))?"')


def test_the_manual_asks_who_the_reader_is(browser: TestClient) -> None:
    answer = browser.get("/help")

    assert '<html lang="id"' in answer.text
    assert '<h1 id="panduan-siapa-anda">Panduan: siapa Anda?</h1>' in answer.text
    for role in ROLES:
        assert f'class="link-card" href="/help/{role}"' in answer.text


@pytest.mark.parametrize("role", ROLES)
def test_a_role_reads_its_tasks_in_its_own_language(
    browser: TestClient, role: str
) -> None:
    indonesian = browser.get(f"/help/{role}").text
    english = browser.get(f"/help/{role}?lang=en").text

    assert '<article class="manual__text" lang="id">' in indonesian
    assert '<article class="manual__text" lang="en">' in english
    assert TASK.findall(indonesian) == TASK.findall(english) != []


def test_who_chose_a_language_reads_on_in_it(browser: TestClient) -> None:
    browser.get("/help?lang=en")

    assert "What do you want to do?" in browser.get("/help/officer").text


@pytest.mark.parametrize("name", manual_names())
def test_every_page_of_the_manual_renders(browser: TestClient, name: str) -> None:
    language = supported_language(name.partition("/")[0])

    answer = browser.get(address_of(name), params={"lang": language or "id"})

    assert answer.status_code == 200
    assert f"<title>{manual(name).title} · " in unescape(answer.text)


def test_the_engineers_pages_stand_apart(browser: TestClient) -> None:
    officers = browser.get("/help/officer").text
    engineers = browser.get("/help/engineers").text

    assert 'href="/help/engineers' not in officers
    assert 'href="/help/decisions/0001-no-build-step-front-end"' in engineers
    assert 'href="/help/officer"' not in engineers


def test_a_page_in_english_says_so_to_others(browser: TestClient) -> None:
    note = "Halaman ini hanya ada dalam bahasa Inggris"

    assert note in browser.get("/help/reference/printers").text
    assert note not in browser.get("/help/reference/printers?lang=en").text
    assert note not in browser.get("/help/officer").text


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("contract", "/help/engineers/contract"),
        ("printers", "/help/reference/printers"),
        ("counters", "/help/reference/counters"),
    ],
)
def test_an_address_from_before_leads_on(
    browser: TestClient, before: str, now: str
) -> None:
    answer = browser.get(f"/help/{before}?lang=en", follow_redirects=False)

    assert answer.status_code == 307
    assert urlsplit(answer.headers["location"])[2:4] == (now, "lang=en")


def test_a_link_from_a_screen_leads_to_a_task_in_both_languages() -> None:
    found = [
        (target, anchor)
        for folder in folders_named("templates").values()
        for file in folder.rglob("*.html")
        for target, anchor in FROM_SCREEN.findall(file.read_text(encoding="utf-8"))
    ]

    assert {"officer", "reception"} <= {target for target, _ in found}
    for target, anchor in found:
        for language in LANGUAGES:
            name = name_at(target, language)
            assert name is not None, target
            ids = {heading.id for heading in manual(name).headings}
            assert not anchor or anchor in ids, (target, anchor)


def test_every_picture_of_the_manual_is_served(browser: TestClient) -> None:
    pictures = [
        src for name in manual_names() for src in IMAGE.findall(manual(name).html)
    ]

    assert len(pictures) >= 2
    for src in pictures:
        assert browser.get(unescape(src)).headers["content-type"] == "image/png", src


@pytest.mark.parametrize(
    "name",
    [
        "nothing",
        "../web/help",
        "index.md",
        "%2e%2e/x",
        "en/officer",
        "reference/nothing",
    ],
)
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
        "[a](../reference/printers.md#paper) [b](0002-x.md) [c](../id/index.md)"
        " [d](https://e.f) [e](../en/officer.md#call) [f](../engineers/index.md)"
    )

    html = render_manual("decisions/0001-y", source).html

    assert re.findall(r'href="([^"]+)"', html) == [
        "/help/reference/printers#paper",
        "/help/decisions/0002-x",
        "/help",
        "https://e.f",
        "/help/officer#call",
        "/help/engineers",
    ]


def test_a_heading_may_name_its_own_id() -> None:
    page = render_manual("id/x", "# T\n\nLead.\n\n## Masuk dan `keluar` {#sign-in}\n")

    assert '<h2 id="sign-in">Masuk dan <code>keluar</code></h2>' in page.html
    assert [heading.id for heading in page.tasks] == ["sign-in"]
    assert page.summary == "Lead."


def test_a_key_looks_like_one_in_a_roles_page_alone() -> None:
    source = "Press `N`, `Shift + X`, `↓` or `Enter`; type `ktp`."

    assert render_manual("id/x", source).html.count("<kbd>") == 4
    assert "<kbd>" not in render_manual("reference/x", source).html
