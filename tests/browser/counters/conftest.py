"""Desks of the demo, cleared before and after; and their consoles."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Page

from tests.browser.counters.desk import (
    AGENCY,
    NO_SHOW_SECONDS,
    Desk,
    console,
    sign_in,
)
from tests.support.database import Disk
from tests.support.demo import DemoServer
from tests.support.process import ask


@pytest.fixture
def desk(demo: DemoServer) -> Iterator[Desk]:
    """Return a counter with an empty line; it is cleared afterwards too."""
    service_id = demo.service_id(AGENCY)
    desk = Desk(demo, demo.counters_of(service_id)[0], service_id)
    desk.clear()
    yield desk
    _revive(demo)
    desk.clear()


@pytest.fixture
def there(demo: DemoServer) -> Iterator[Desk]:
    """Return another agency's counter, with an empty line."""
    service_id = demo.service_id("DKC")
    desk = Desk(demo, demo.counters_of(service_id)[0], service_id)
    desk.clear()
    yield desk
    desk.clear()


def _revive(demo: DemoServer) -> None:
    """Start a server that a failed test left dead."""
    try:
        ask(f"{demo.url}/readyz")
    except httpx2.TransportError:
        demo.start()


@pytest.fixture
def impatient(demo: DemoServer) -> Iterator[None]:
    """Let a no-show be allowed after two seconds instead of ten."""
    disk = Disk(demo.database)
    usual = disk.one("SELECT policy FROM site")
    _set_policy(disk, {**json.loads(usual), "no_show_after_seconds": NO_SHOW_SECONDS})
    yield
    _set_policy(disk, json.loads(usual))


def _set_policy(disk: Disk, policy: dict[str, Any]) -> None:
    with disk.writing() as db:
        db.exec_driver_sql("UPDATE site SET policy = ?", (json.dumps(policy),))


@pytest.fixture
def work(desk: Desk, page: Page) -> Page:
    """Return the officer's console of the desk, live."""
    sign_in(page, desk.demo, desk.officer)
    return console(page, desk)
