"""Every page: its headers, its language, its sample ribbon, its strictness."""

from datetime import UTC, datetime

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from jinja2 import UndefinedError

from app.web.pages import environment, icon_names
from tests.web.conftest import SITE

MORNING = datetime(2026, 11, 24, 1, 15, tzinfo=UTC)


def test_a_page_carries_the_headers_that_guard_it(browser: TestClient) -> None:
    headers = browser.get("/problem/busy").headers

    policy = headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


def test_the_hall_speaks_indonesian_whatever_the_browser_says(
    browser: TestClient,
) -> None:
    page = browser.get("/problem/busy", headers={"Accept-Language": "en"}).text

    assert '<html lang="id"' in page
    assert "Server sedang sangat sibuk" in page


def test_the_address_chooses_the_language_and_the_cookie_keeps_it(
    browser: TestClient,
) -> None:
    browser.get("/problem/busy?lang=en&contrast=high")

    page = browser.get("/problem/busy").text

    assert '<html lang="en"' in page
    assert 'data-contrast="high"' in page
    assert "The server is very busy" in page


def test_a_choice_that_is_not_on_offer_changes_nothing(browser: TestClient) -> None:
    answer = browser.get('/problem/busy?lang="><script>&theme=pink')

    assert '<html lang="id" data-theme="light"' in answer.text
    assert "set-cookie" not in answer.headers


def test_a_sample_mall_says_so_on_every_page(app: FastAPI, browser: TestClient) -> None:
    assert "Data contoh" in browser.get("/problem/busy").text

    app.state.site_info = type(SITE)(SITE.name, SITE.zone, sample=False)

    assert "Data contoh" not in browser.get("/problem/busy").text


def test_a_missing_value_fails_the_page_instead_of_printing_nothing() -> None:
    with pytest.raises(UndefinedError, match="'nobody'"):
        environment("id").from_string("{{ nobody }}").render()


def test_data_cannot_become_markup() -> None:
    template = environment("id").from_string("{{ name }}")

    assert template.render(name="<b>") == "&lt;b&gt;"


def test_a_macro_imported_without_context_speaks_the_pages_language() -> None:
    source = "{% macro say() %}{{ _('Manual') }}{% endmacro %}{{ say() }}"

    assert environment("id").from_string(source).render() == "Panduan"
    assert environment("en").from_string(source).render() == "Manual"


def test_times_are_written_as_people_here_write_them() -> None:
    source = (
        "{{ at|clock_time(zone) }} · {{ at|long_date(zone) }} · {{ 1234.5|figure }}"
    )
    render = {
        lang: environment(lang).from_string(source).render(at=MORNING, zone=SITE.zone)
        for lang in ("id", "en")
    }

    assert render["id"] == "08.15 · Selasa, 24 November 2026 · 1.234,5"
    assert render["en"] == "08:15 · Tuesday, 24 November 2026 · 1,234.5"


def test_a_date_late_in_the_evening_is_the_halls_date() -> None:
    late = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
    source = environment("id").from_string("{{ at|short_date(zone) }}")

    assert source.render(at=late, zone=SITE.zone) == "25 Nov 2026"


def test_a_naive_time_is_refused() -> None:
    template = environment("id").from_string("{{ at|clock_time(zone) }}")

    with pytest.raises(ValueError, match="naive"):
        template.render(at=MORNING.replace(tzinfo=None), zone=SITE.zone)


def test_an_icon_takes_the_texts_colour_and_hides_from_screen_readers() -> None:
    source = '{% from "web/icons.html" import icon %}{{ icon("printer-off") }}'
    drawn = environment("id").from_string(source).render()

    assert 'stroke="currentColor"' in drawn
    assert 'aria-hidden="true"' in drawn
    assert "style=" not in drawn


def test_an_unknown_icon_fails_but_an_unknown_agency_is_a_building() -> None:
    macros = '{% from "web/icons.html" import icon, agency_icon %}'
    env = environment("id")

    with pytest.raises(UndefinedError):
        env.from_string(macros + '{{ icon("unicorn") }}').render()
    drawn = env.from_string(macros + '{{ agency_icon("unicorn") }}').render()
    assert 'data-icon="building"' in drawn


def test_the_icons_that_the_surfaces_rely_on_are_drawn() -> None:
    needed = {"ticket", "printer", "printer-off", "speaker-off", "wheelchair", "undo"}

    assert needed <= icon_names()
