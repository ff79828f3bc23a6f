"""A scarce service at the kiosk's true sizes: nothing is cut, axe-core is content."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.kiosk.conftest import LYING, UPRIGHT, Kiosk
from tests.browser.kiosk.test_sizes import assert_axe_is_content, assert_fits
from tests.support.demo import DemoServer

pytestmark = pytest.mark.browser

SCREENS: list[Any] = [UPRIGHT, LYING]
QUERIES = ("", "contrast=high", "lang=en", "text=large&lang=en")
RAISE_REVISION = "UPDATE ledger_state SET revision = revision + 1"
"""As every process that writes does: by it readers know that something changed."""
ServiceLimit = Callable[[int, str], None]


@pytest.fixture
def guard(demo: DemoServer) -> Iterator[ServiceLimit]:
    """Return what guards a service, as an import would; it is free afterwards."""

    def set_rule(service_id: int, rule: str) -> None:
        with closing(sqlite3.connect(demo.database)) as db, db:
            db.execute(f"UPDATE service SET {rule} WHERE id = ?", [service_id])  # noqa: S608
            db.execute(RAISE_REVISION)

    yield set_rule
    with closing(sqlite3.connect(demo.database)) as db, db:
        db.execute(
            "UPDATE service SET reception_only = 0, kiosk_cooldown_seconds = NULL"
        )
        db.execute(RAISE_REVISION)


def test_a_service_of_reception_alone_is_read_at_every_size(
    kiosk: Kiosk, guard: ServiceLimit
) -> None:
    service_id = kiosk.demo.service_id("DKC")
    guard(service_id, "reception_only = 1")

    kiosk.open_agency("DKC")
    assert_axe_is_content(kiosk.page)
    kiosk.page.locator(f"#service-{service_id}").click()

    expect(kiosk.take).to_have_count(0)
    expect(kiosk.page.locator(".service__limit h2")).to_have_text(
        "Nomor ini diambil di resepsionis"
    )
    assert_well_at_every_size(kiosk, service_id)


def test_a_cool_down_is_waited_out_and_then_gives_a_number(
    kiosk: Kiosk, guard: ServiceLimit
) -> None:
    service_id = kiosk.demo.service_id("IMI")
    kiosk.page.goto(f"/kiosk/services/{service_id}")
    kiosk.take.click()
    first = kiosk.number()
    # only now: the kiosk of other tests may have given numbers of this service
    guard(service_id, "kiosk_cooldown_seconds = 600")

    kiosk.page.goto(f"/kiosk/services/{service_id}")
    expect(kiosk.page.locator(".service__limit h2")).to_have_text(
        "Nomor berikutnya di sini 10 menit lagi"
    )
    assert_well_at_every_size(kiosk, service_id)
    guard(service_id, "kiosk_cooldown_seconds = 1")
    kiosk.page.wait_for_timeout(1_000)
    kiosk.page.locator("#again").click()
    kiosk.take.click()
    assert kiosk.number() != first


def test_a_cool_down_counts_its_seconds_and_then_gives_by_itself(
    kiosk: Kiosk, guard: ServiceLimit
) -> None:
    service_id = kiosk.demo.service_id("IMI")
    kiosk.page.goto(f"/kiosk/services/{service_id}")
    kiosk.take.click()
    kiosk.number()
    guard(service_id, "kiosk_cooldown_seconds = 5")

    kiosk.page.goto(f"/kiosk/services/{service_id}")
    expect(kiosk.page.locator("[data-ready-in]")).to_have_text("2")

    expect(kiosk.take).to_be_visible()


def assert_well_at_every_size(kiosk: Kiosk, service_id: int) -> None:
    """Assert that a service's page is well in each mode on each screen."""
    for size in SCREENS:
        kiosk.page.set_viewport_size(size)
        for query in QUERIES:
            kiosk.page.goto(f"/kiosk/services/{service_id}?{query}")
            assert_fits(kiosk.page)
            assert_axe_is_content(kiosk.page)
