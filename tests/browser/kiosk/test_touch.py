"""What one visitor's fingers do to the screen does not stay for the next."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.kiosk.conftest import UPRIGHT, Kiosk
from tests.support.demo import DemoServer

pytestmark = pytest.mark.browser

CENTRE = {"x": 540, "y": 900}
SCALE = "visualViewport.scale"


@pytest.fixture
def touch_screen(browser: Browser, demo: DemoServer) -> Iterator[BrowserContext]:
    """Return a browser with a touch screen, where pages may be enlarged."""
    context = browser.new_context(
        base_url=demo.url, viewport=UPRIGHT, has_touch=True, is_mobile=True
    )
    yield context
    context.close()


@pytest.fixture
def touched_kiosk(touch_screen: BrowserContext, demo: DemoServer) -> Kiosk:
    kiosk = Kiosk(touch_screen.new_page(), demo)
    kiosk.pair()
    kiosk.start()
    return kiosk


def pinch(page: Page) -> None:
    """Spread two fingers in the middle of the screen."""
    chromium = page.context.new_cdp_session(page)
    chromium.send("Input.synthesizePinchGesture", {**CENTRE, "scaleFactor": 3})


def double_tap(page: Page) -> None:
    chromium = page.context.new_cdp_session(page)
    chromium.send("Input.synthesizeTapGesture", {**CENTRE, "tapCount": 2})


def scale_of(page: Page) -> float:
    """Return how much the page is enlarged, once the screen has been painted."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    return float(page.evaluate(SCALE))


def open_search(kiosk: Kiosk) -> None:
    kiosk.page.locator("#search").click()
    expect(kiosk.page.locator(".keys")).to_be_visible()


def open_service(kiosk: Kiosk) -> None:
    kiosk.open_agency("DKC")
    kiosk.open_service()


def open_ticket(kiosk: Kiosk) -> None:
    open_service(kiosk)
    kiosk.take.click()
    kiosk.number()


@pytest.mark.parametrize(
    "open_page",
    [Kiosk.start, open_search, open_service, open_ticket],
    ids=["start", "search", "service", "ticket"],
)
def test_two_fingers_enlarge_no_page_of_the_kiosk(
    touched_kiosk: Kiosk, open_page: Callable[[Kiosk], None]
) -> None:
    open_page(touched_kiosk)

    pinch(touched_kiosk.page)
    double_tap(touched_kiosk.page)

    assert scale_of(touched_kiosk.page) == 1


def test_two_fingers_enlarge_no_screen_that_waits_to_be_paired(
    touch_screen: BrowserContext, demo: DemoServer
) -> None:
    page = touch_screen.new_page()
    # held: in the demo the page becomes a kiosk by itself
    page.route("**/pairing.js*", lambda route: route.abort())
    page.goto("/kiosk")
    expect(page.locator(".pairing")).to_be_visible()

    pinch(page)

    assert scale_of(page) == 1


def test_a_phone_s_reader_may_still_enlarge_the_page(
    touch_screen: BrowserContext, demo: DemoServer
) -> None:
    ticket = demo.issue(demo.service_id("POS"))
    page = touch_screen.new_page()
    page.goto(f"/t/{ticket['token']}")

    pinch(page)

    assert scale_of(page) > 1


def test_nothing_is_selected_or_dragged(kiosk: Kiosk) -> None:
    open_search(kiosk)
    for letter in "KTP":
        kiosk.page.locator(f"#key-{letter}").click()
    kiosk.page.evaluate(
        "addEventListener('dragstart', e => { if (!e.defaultPrevented) dragged = 1 })"
    )

    kiosk.page.locator(".search__field input").dblclick()
    kiosk.page.locator("h1").dblclick()
    kiosk.page.locator("#back").drag_to(kiosk.page.locator("h1"))

    kiosk.page.wait_for_function("getSelection().toString() === ''")
    assert kiosk.page.evaluate("typeof dragged") == "undefined"
