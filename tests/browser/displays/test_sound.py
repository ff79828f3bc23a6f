"""The chime where the browser allows it, and where it does not."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserType, expect

from tests.browser.displays import boards
from tests.browser.displays.hall import Hall, sounds, wait_for_chimes
from tests.browser.displays.voice.voices import Voice
from tests.browser.waiting import wait_until
from tests.support.chromium import ARGUMENTS
from tests.support.demo import DemoServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture
def strict_browser(browser_type: BrowserType) -> Iterator[Browser]:
    """Return a browser as a shop delivers it: no sound before a touch."""
    strict = browser_type.launch(
        executable_path=shutil.which("chromium-headless-shell")
        or shutil.which("chromium"),
        args=[each for each in ARGUMENTS if "autoplay" not in each],
    )
    yield strict
    strict.close()


def test_refused_sound_is_noticed_and_one_touch_turns_it_on(
    hall: Hall, strict_browser: Browser
) -> None:
    with hall.display(strict_browser) as page:
        # a question to the page would count as a touch: wait without one
        frames: list[str] = []
        page.on(
            "websocket",
            lambda line: line.on(
                "framereceived", lambda frame: frames.append(str(frame))
            ),
        )
        page.reload()
        page.wait_for_timeout(1_000)
        hall.call(7)
        for _ in range(150):
            if any("Loket 7." in frame for frame in frames):
                break
            page.wait_for_timeout(100)
        else:
            pytest.fail("the call did not arrive")
        page.wait_for_timeout(4_000)

        message = page.get_by_role("button", name="Suara mati")
        expect(message).to_be_visible()
        assert sounds(page) == []

        message.click()

        wait_for_chimes(page, 1)
        expect(message).to_be_hidden()
        hall.call(12)
        wait_for_chimes(page, 2)
        expect(message).to_be_hidden()


def test_a_key_turns_the_sound_on_too(hall: Hall, strict_browser: Browser) -> None:
    with hall.display(strict_browser) as page:
        page.wait_for_timeout(3_000)
        message = page.get_by_role("button", name="Suara mati")
        expect(message).to_be_visible()

        page.keyboard.press("Space")

        expect(message).to_be_hidden()
        wait_for_chimes(page, 1)


def test_a_refusal_of_sound_is_reported_and_so_is_its_end(
    demo: DemoServer, strict_browser: Browser
) -> None:
    page = strict_browser.new_page(base_url=demo.url)
    voice, mall = Voice(page), boards.Hall(boards.plain, is_long=False)
    voice.screen.show(mall, mall.board("A-012"))
    voice.announce(voice.board(mall.board("A-012")), 1)
    message = page.get_by_role("button", name="Suara mati")
    expect(message).to_be_visible()
    wait_until(page, lambda: {"sound": False}.items() <= last_of(voice).items())
    assert voice.reported("spoken") == []

    message.click()

    wait_until(page, lambda: {"sound": True}.items() <= last_of(voice).items())
    page.close()


def last_of(voice: Voice) -> dict[str, object]:
    """Return the newest report of whether there is sound."""
    reports = [body for body in voice.reports if "sound" in body]
    return reports[-1] if reports else {}


def test_with_sound_allowed_nothing_is_said_of_it(hall: Hall, browser: Browser) -> None:
    with hall.display(browser) as page:
        hall.call(1)
        wait_for_chimes(page, 1)
        expect(page.get_by_role("button", name="Suara mati")).to_be_hidden()
