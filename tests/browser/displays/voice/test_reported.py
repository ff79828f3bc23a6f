"""What a real server makes of a display's reports."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.displays.hall import Hall
from tests.browser.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


def test_the_server_takes_what_a_display_reports(hall: Hall, browser: Browser) -> None:
    answers: list[tuple[int, str]] = []
    with hall.display(browser) as page:
        page.on(
            "response",
            lambda answer: (
                answers.append((answer.status, answer.request.post_data or ""))
                if answer.url.endswith("/receipts")
                else None
            ),
        )
        number = hall.call(1)
        expect(page.locator(".tile__number")).to_have_text([number])

        wait_until(page, lambda: any("call_id" in body for _, body in answers))

    assert {status for status, _ in answers} == {204}
