"""A display that is on for months keeps no more, however much it was sent."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession, Page

from app.models.states import DisplayLayout
from displays.views import Look
from tests.browser.displays.boards import Hall, plain
from tests.support.demo import DemoServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(1_200)]

HALL = Hall(plain, is_long=False)
HTML = "text/html; charset=utf-8"
WARM = 2_000
AT_ONCE = 40
"""Messages between two paintings, as after a line that was held up."""
HEAP_BYTES = 1_500_000
NODES = 200
"""What may be there more after all of it: a page turned, a few names kept."""
# a line of the page's own: twenty thousand messages through a real one are minutes
LINE = """
window.WebSocket = class {
  constructor() { window.line = this; }
  close() {}
};
"""
SEND = """async ([board, from, until, atOnce]) => {
  const call = (id) => ({ ...board.calls[0], id, number: `A-${100 + id % 900}`,
    counter: `Loket ${id % 40}`, counter_id: id % 40, place: `Loket ${id % 40}` });
  const message = (step) => ({
    type: "snapshot", topic: "display:1", revision: step, now: board.now,
    data: {
      ...board,
      calls: Array.from({ length: 3 + step % 12 }, (_, n) => call(step + 12 - n)),
      recent: Array.from({ length: 6 }, (_, n) => call(step - n)),
      sound_spaces: [{ id: 5, zone_ids: [1], speaker_device_id: 2, quiet_until: null,
        speaking: step % 3 ? { announcement_id: step, call_id: step + 12,
          text: `Nomor antrean ${step}` } : null }],
    },
    announcements: [{ id: step, call_id: step + 12, zone_id: 1, text: `Nomor ${step}`,
      audio_url: null, expires_at: board.now }],
  });
  for (let step = from; step < until; step += 1) {
    window.line.onmessage({ data: JSON.stringify(message(step)) });
    if (step % atOnce === 0) await new Promise((done) => setTimeout(done));
  }
}"""


@pytest.fixture
def page(browser: Browser, demo: DemoServer) -> Iterator[Page]:
    page = browser.new_page(base_url=demo.url, viewport={"width": 1920, "height": 1080})
    page.add_init_script(LINE)
    page.route("**/api/v1/receipts", lambda route: route.fulfill(status=204))
    yield page
    page.close()


def measured(session: CDPSession) -> dict[str, Any]:
    """Return what a page keeps, once everything unused is given back."""
    for _ in range(2):
        session.send("HeapProfiler.collectGarbage")
    metrics = session.send("Performance.getMetrics")["metrics"]
    return {each["name"]: each["value"] for each in metrics}


@pytest.mark.parametrize("layout", [DisplayLayout.ZONE, DisplayLayout.TEXT])
@pytest.mark.parametrize(
    "messages", [20_000, pytest.param(100_000, marks=pytest.mark.full)]
)
def test_a_display_keeps_no_more_however_much_it_was_sent(
    page: Page, messages: int, layout: DisplayLayout
) -> None:
    html = HALL.page(HALL.board("A-012"), look=Look(layout=layout))
    page.route("**/display", lambda route: route.fulfill(body=html, content_type=HTML))
    page.goto("/display")
    page.wait_for_function("Boolean(window.line?.onmessage)")
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    board = HALL.board("A-012").model_dump(mode="json")

    page.evaluate(SEND, [board, 1, WARM, AT_ONCE])
    before = measured(session)
    page.evaluate(SEND, [board, WARM, WARM + messages, AT_ONCE])
    after = measured(session)

    assert page.locator("[data-list] > li").count() > 0
    assert after["JSHeapUsedSize"] - before["JSHeapUsedSize"] < HEAP_BYTES
    assert after["Nodes"] - before["Nodes"] < NODES
    assert after["JSEventListeners"] - before["JSEventListeners"] < NODES
