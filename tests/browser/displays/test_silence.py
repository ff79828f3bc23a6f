"""After how long a silence a screen says so: what the settings say, and no other."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.displays.boards import Hall, Screen, plain
from tests.support.demo import DemoServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

HALL = Hall(plain, is_long=False)


@pytest.fixture
def page(browser: Browser, demo: DemoServer) -> Iterator[Page]:
    page = browser.new_page(base_url=demo.url)
    page.clock.install()
    yield page
    page.close()


def test_a_board_says_after_how_long_a_silence_it_is_stale(page: Page) -> None:
    screen, stale = Screen(page), page.locator("[data-notice=stale]")
    screen.show(HALL, HALL.board("A-012", stale_after_seconds=30))
    screen.fall_silent()

    page.clock.run_for(20_000)
    expect(stale).to_be_hidden()

    page.clock.run_for(12_000)
    expect(stale).to_be_visible()


def test_before_the_first_word_the_page_itself_says_it(page: Page) -> None:
    screen, stale = Screen(page), page.locator("[data-notice=stale]")
    board = HALL.board("A-012")
    screen.show(HALL, board, is_silent=True, stale_after_seconds=30)

    page.clock.run_for(20_000)
    expect(stale).to_be_hidden()

    page.clock.run_for(12_000)
    expect(stale).to_be_visible()
