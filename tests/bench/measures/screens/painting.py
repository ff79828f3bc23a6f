"""From a call to its number painted in Chromium, beside a bare echo of the bytes.

Painted: the first animation frame after the number stands in the document. Browser
and clients share a core, as a display's box has one for itself: the server has its own.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from playwright.async_api import Browser, Page, async_playwright

from tests.bench.measures.screens.visits import (
    Broadcasts,
    Visits,
    bare_broadcasts,
    visits_at,
)
from tests.bench.sample import Sample, Table, figure, share
from tests.bench.setup.environment import Environment, Server
from tests.bench.setup.sockets import LONGEST_WAIT, display_watching
from tests.bench.target import Target
from tests.support.chromium import ARGUMENTS, chromium_path

DISPLAYS = 60
CALLS_PER_SECOND = 10
WARM_CALLS = 2
TITLE = f"Call to painted in Chromium, {DISPLAYS} displays connected"
HEAD = ("measured", "calls", "p50 ms", "p95 ms", "p95, times the echo")
NOTES = (
    "From sending the officer's call-next, or the order to broadcast, to the first "
    "animation frame after the number stands in the document; a frame is 16.7 ms.",
)
# the moment as the server's machine counts it, which is the browser's too
WATCH = """
window.painting = (number) => new Promise((resolve) => {
  const stands = () => [...document.querySelectorAll("[data-field=number]")]
    .some((field) => field.textContent === number);
  const observer = new MutationObserver(() => {
    if (!stands()) return;
    observer.disconnect();
    requestAnimationFrame(() => resolve(performance.timeOrigin + performance.now()));
  });
  observer.observe(document, { childList: true, subtree: true, characterData: true });
});
"""


async def painting(environment: Environment, seconds: float) -> Table:
    """Measure ten calls for each second asked for, after two."""
    path = chromium_path()
    if path is None:
        return Table(TITLE, HEAD, (), ("Left out: there is no Chromium here.",))
    site = environment.site("painting")
    # one of them is the browser's
    others = [display_watching(*screen) for screen in site.screens[1:DISPLAYS]]
    async with (
        visits_at(environment, site, others) as (server, visits),
        bare_broadcasts(environment, others) as (bare, broadcasts),
        _browser(path) as browser,
    ):
        display = await _display(browser, server, site.screens[0][1])
        echo = await _echo(browser, bare)
        calls, echoes = Sample(), Sample()
        for number in range(WARM_CALLS + _calls(seconds)):
            painted = await _call(display, visits)
            echoed = await _broadcast(echo, visits, broadcasts)
            if number >= WARM_CALLS:
                calls.took.append(painted)
                echoes.took.append(echoed)
    rows = [
        _row("call to painted", calls, echoes),
        _row("a bare echo to painted", echoes, echoes),
    ]
    name = f"call to painted in Chromium, {DISPLAYS} displays connected"
    target = Target(name, "ms, p95", calls.quantile(0.95), 50, 100)
    return Table(TITLE, HEAD, rows, NOTES, [target])


def _calls(seconds: float) -> int:
    return max(2, round(seconds * CALLS_PER_SECOND))


@asynccontextmanager
async def _browser(path: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


async def _page(browser: Browser) -> Page:
    context = await browser.new_context(viewport={"width": 1920, "height": 1080})
    page = await context.new_page()
    await page.add_init_script(WATCH)
    return page


async def _display(browser: Browser, server: Server, token: str) -> Page:
    """Open the page of the display that a token belongs to."""
    page = await _page(browser)
    url = f"http://127.0.0.1:{server.port}"
    answer = await page.request.post(
        f"{url}/api/v1/device-session", headers={"Authorization": f"Bearer {token}"}
    )
    if not answer.ok:
        raise RuntimeError(await answer.text())
    await page.goto(f"{url}/display")
    await page.wait_for_selector(".board[data-density]")
    return page


async def _echo(browser: Browser, bare: Server) -> Page:
    """Open a page that shows the number of whatever a bare server sends."""
    page = await _page(browser)
    await page.goto(f"http://127.0.0.1:{bare.port}/echo")
    await page.wait_for_selector("[data-is-connected]", state="attached")
    return page


async def _call(display: Page, visits: Visits) -> float:
    visit = await visits.come()
    took = await _seconds_to_paint(display, visit.number, lambda: visits.call(visit))
    await visits.leave(visit)
    return took


async def _broadcast(echo: Page, visits: Visits, broadcasts: Broadcasts) -> float:
    """Send what the displays have just received of a call."""
    message = json.loads(visits.message)
    number = message["data"]["calls"][0]["number"]
    return await _seconds_to_paint(
        echo, number, lambda: broadcasts.send(visits.message)
    )


async def _seconds_to_paint(
    page: Page, number: str, act: Callable[[], Awaitable[None]]
) -> float:
    await page.evaluate("(number) => { window.painted = painting(number); }", number)
    began = time.time()
    await act()
    async with asyncio.timeout(LONGEST_WAIT):
        painted: float = await page.evaluate("() => window.painted")
    return painted / 1000 - began


def _row(what: str, sample: Sample, echo: Sample) -> Sequence[str]:
    p50, p95 = (sample.quantile(part) for part in (0.5, 0.95))
    times = share(p95, echo.quantile(0.95))
    return (what, str(len(sample.took)), figure(p50), figure(p95), times)
