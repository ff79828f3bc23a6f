"""The README's pictures, taken from a freshly started demo with people in it.

``python -m tests.pictures`` writes them anew into ``app/docs/pictures``; it
needs Chromium. Look at them before they are committed.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.chromium import ARGUMENTS, chromium_path
from tests.support.demo import DemoServer

FOLDER = Path(__file__).parents[1] / "app/docs/pictures"
COLOURS = 128
PATIENCE_MS = 30_000

# agency code, how many wait, how many of its counters are open, whether they serve
HALL = (
    ("BKS", 0, 1, True),
    ("IMI", 6, 1, False),
    ("SAM", 5, 1, True),
    ("DPM", 3, 1, False),
    ("DKC", 9, 2, True),
)


class Screen(NamedTuple):
    """A screen at its true size, and the width of its picture."""

    width: int
    height: int
    picture_width: int


KIOSK = Screen(1080, 1920, 540)
DISPLAY = Screen(1920, 1080, 960)
COUNTER = Screen(1366, 768, 960)
PHONE = Screen(390, 844, 390)
SLIP_WIDTH = 400
STEP_MS = 200


def main() -> None:
    """Take every picture."""
    path = chromium_path()
    if path is None:
        sys.exit("Install chromium-headless-shell first.")
    FOLDER.mkdir(exist_ok=True)
    with demo() as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        take_all(browser, running)
        browser.close()


@contextmanager
def demo() -> Iterator[DemoServer]:
    """Run a demo in a folder of its own, with people in its hall."""
    with tempfile.TemporaryDirectory() as folder:
        server = DemoServer(Path(folder))
        server.start()
        try:
            fill(server)
            yield server
        finally:
            server.stop()


def fill(server: DemoServer) -> None:
    """Let people come, counters open, and the first be called."""
    for code, waiting, counters, serving in HALL:
        service_id = server.service_id(code)
        for _ in range(waiting + counters):
            server.issue(service_id)
        for counter_id in server.counters_of(service_id)[:counters]:
            server.open_counter(counter_id)
            server.call_next(counter_id)
            if serving:
                server.command(counter_id, "start")


def take_all(browser: Browser, server: DemoServer) -> None:
    """Take the pictures in the order of a visit."""
    ours = server.service_id(HALL[-1][0])
    counter_id = server.counters_of(ours)[0]
    ticket = server.issue(ours)
    take_kiosk(browser, server)
    take_slip(browser, server)
    with screen(browser, PHONE) as page:
        page.goto(ticket["url"])
        keep(page, PHONE, "ticket")
    with screen(browser, COUNTER) as console:
        sign_in(console, server, counter_id)
        with screen(browser, DISPLAY) as hall:
            become(hall, server, server.display_token(server.display_ids[0]))
            hall.goto(f"{server.url}/display")
            server.command(counter_id, "serve-next")
            called = server.board(server.display_ids[0])["calls"][0]["number"]
            # a call that is large already stays so for a while
            newest = hall.locator("[data-list=large]").get_by_text(called)
            newest.wait_for()
            keep(hall, DISPLAY, "display")
        console.goto(f"{server.url}/counter?counter={counter_id}")
        keep(console, COUNTER, "counter")


def take_kiosk(browser: Browser, server: DemoServer) -> None:
    """Take the choice of an agency, and the number that a touch gives."""
    with screen(browser, KIOSK) as page:
        become(page, server, server.kiosk_token)
        page.goto(f"{server.url}/kiosk")
        keep(page, KIOSK, "kiosk")
        drain_printers(page, server)
        dukcapil = next(a for a in server.agencies() if a["code"] == HALL[-1][0])
        page.goto(f"{server.url}/kiosk/agencies/{dukcapil['id']}")
        page.locator("a.tile--service").first.click()
        page.locator("#take").click()
        page.locator("#number").wait_for()
        page.locator("[data-slip][data-decided]").wait_for()
        keep(page, KIOSK, "number")


def drain_printers(page: Page, server: DemoServer) -> None:
    """Wait until all slips so far are printed; paper takes its time."""
    for _ in range(PATIENCE_MS // STEP_MS):
        metrics = page.request.get(f"{server.url}/metrics").text()
        if 'state="queued"' not in metrics and 'state="sending"' not in metrics:
            return
        page.wait_for_timeout(STEP_MS)
    sys.exit("The demo's printers do not come to an end.")


def take_slip(browser: Browser, server: DemoServer) -> None:
    """Take the newest slip, as the demo's printer drew it from its bytes."""
    with screen(browser, COUNTER) as page:
        page.goto(f"{server.url}/demo/printers")
        paper = page.locator("img[src$='.png']").first
        paper.wait_for()
        answer = page.request.get(f"{server.url}{paper.get_attribute('src')}")
        save(answer.body(), SLIP_WIDTH, "slip")


@contextmanager
def screen(browser: Browser, size: Screen) -> Iterator[Page]:
    """Open a browser of its own at a screen's true size."""
    context = browser.new_context(
        viewport={"width": size.width, "height": size.height},
        locale="id-ID",
        timezone_id="Asia/Jakarta",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


def become(page: Page, server: DemoServer, token: str) -> None:
    """Make the browser that device."""
    page.request.post(
        f"{server.url}/api/v1/device-session",
        headers={"Authorization": f"Bearer {token}"},
        fail_on_status_code=True,
    )


def sign_in(page: Page, server: DemoServer, counter_id: int) -> None:
    """Sign the counter's officer in."""
    username = server.officer_of(counter_id)
    page.request.post(
        f"{server.url}/api/v1/session",
        data={"username": username, "password": server.password_of(username)},
        fail_on_status_code=True,
    )


def keep(page: Page, size: Screen, name: str) -> None:
    """Save what a page shows once its pictures and letters are there."""
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready.then(() => true)")
    save(page.screenshot(), size.picture_width, name)


def save(png: bytes, width: int, name: str) -> None:
    """Write a picture, smaller and in few colours: a README is read on a phone too."""
    with Image.open(io.BytesIO(png)) as picture_file:
        picture = picture_file.convert("RGB")
    height = round(picture.height * width / picture.width)
    picture = picture.resize((width, height), Image.Resampling.LANCZOS)
    few = picture.quantize(COLOURS, dither=Image.Dither.NONE)
    few.save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
