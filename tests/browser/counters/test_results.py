"""A service's own results stand behind those of every service, for it alone."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.counters.desk import (
    CALLED,
    IDLE,
    SERVING,
    Desk,
    notice,
    press,
    sign_in,
    state,
)
from tests.browser.counters.desk import console as console_of
from tests.support.database import Disk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

OWN = [
    {"code": "biometrik_gagal", "name": "Sidik jari tidak terbaca", "name_en": "Unread"}
]
SET = "UPDATE service SET results = ? WHERE id = ?"


@pytest.fixture
def own(desk: Desk) -> Iterator[Callable[[int], None]]:
    """Return how to give one service a result of its own; it is taken back."""
    disk = Disk(desk.demo.database)
    given: list[int] = []

    def give(service_id: int) -> None:
        given.append(service_id)
        with disk.writing() as db:
            db.exec_driver_sql(SET, (json.dumps(OWN), service_id))

    yield give
    with disk.writing() as db:
        for service_id in given:
            db.exec_driver_sql(SET, (None, service_id))


def open_results(desk: Desk, page: Page) -> str:
    """Bring a visitor to the end of the work; return the number."""
    number = desk.issue()
    desk.command("open")
    sign_in(page, desk.demo, desk.officer)
    console_of(page, desk)
    press(page, "n")
    state(page, CALLED)
    press(page, "s")
    state(page, SERVING)
    press(page, "d")
    return number


def own_button(page: Page) -> Locator:
    return page.locator("[data-panel=serve] .action", has_text=OWN[0]["name"])


def test_an_own_result_has_a_key_of_its_own(
    desk: Desk, page: Page, own: Callable[[int], None]
) -> None:
    own(desk.service_id)
    number = open_results(desk, page)
    expect(own_button(page)).to_be_visible()

    press(page, "6")

    state(page, IDLE)
    expect(notice(page)).to_contain_text(number)
    sql = (
        "SELECT result FROM entry JOIN ticket ON ticket.id = ticket_id"
        " WHERE number = ? ORDER BY entry.id DESC LIMIT 1"
    )
    assert Disk(desk.demo.database).one(sql, number) == OWN[0]["code"]


def test_for_another_service_of_the_counter_it_is_not_offered(
    desk: Desk, page: Page, own: Callable[[int], None]
) -> None:
    served = desk.command("open")["service_ids"]
    own(next(each for each in served if each != desk.service_id))

    open_results(desk, page)

    expect(own_button(page)).to_have_count(1)
    expect(own_button(page)).to_be_hidden()
    press(page, "6")
    state(page, SERVING)
