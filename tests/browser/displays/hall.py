"""A display in the browser: how it is opened, and what a test reads off it."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
)

from tests.support.demo import DemoServer

PATIENCE = 15_000
"""Milliseconds: longer than a page of calls, a large call, or a silence lasts."""

HALL_SCREEN: ViewportSize = {"width": 1920, "height": 1080}

# Media events do not bubble, but they pass the document on their way down.
LISTEN = """
window.sounds = [];
window.voices = [];
for (const name of ["playing", "ended"])
  document.addEventListener(name, ({ type, target }) =>
    (target.matches("[data-chime]") ? sounds : voices).push(type), true);
"""
# A word's own box may be higher than its line; what counts is the box around it.
NO_OVERFLOW = """() => [...document.querySelectorAll("main *")]
  .filter((part) => part.checkVisibility() && !part.closest(".visually-hidden"))
  .filter((part) => getComputedStyle(part).display !== "inline")
  .filter((part) => {
    const { left, top, right, bottom } = part.getBoundingClientRect();
    return left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1
      || (part.matches("p, h2, li, span, b")
        && part.scrollWidth > part.clientWidth + 1);
  })
  .map((part) => `${part.className} ${part.textContent.trim()}`)"""


class Hall:
    """The hall of a demo: numbers are called in it, displays are opened in it."""

    def __init__(self, server: DemoServer) -> None:
        self.server = server
        self._counters = server.staff("admin").get("/api/v1/counters").json()

    def call(self, counter_id: int) -> str:
        """Issue a ticket for a counter and call it there; returns its number."""
        counter = next(c for c in self._counters if c["id"] == counter_id)
        self.free(counter_id)
        self.server.issue(counter["service_ids"][0])
        called = self.server.call_next(counter_id)
        assert called is not None
        return str(called["number"])

    def free(self, counter_id: int) -> None:
        """Open a counter and end the visit there, if there is one."""
        counter = self.server.open_counter(counter_id)
        if counter["ticket"]:
            self.server.command(counter_id, "serve")

    def all_free(self) -> None:
        """End every visit at an open counter."""
        for counter in self.server.staff("admin").get("/api/v1/counters").json():
            if counter["ticket"]:
                self.server.command(counter["id"], "serve")

    def last_announcement(self, display_id: int) -> int:
        """Return the id of the newest announcement for a display, or 0."""
        with closing(sqlite3.connect(self.server.database)) as raw:
            (newest,) = raw.execute(
                "SELECT max(a.id) FROM announcement a"
                " JOIN zone z ON z.sound_space_id = a.sound_space_id"
                " JOIN display_zone d ON d.zone_id = z.id WHERE d.device_id = ?",
                (display_id,),
            ).fetchone()
        return newest or 0

    @contextmanager
    def display(
        self, browser: Browser, *, which: int = 0, **options: Any
    ) -> Iterator[Page]:
        """Open a display that has played everything up to now."""
        context = browser.new_context(**{"viewport": HALL_SCREEN, **options})
        display_id = self.server.display_ids[which]
        become(context, self.server, display_id)
        key = f"antrean-last-announcement-display:{display_id}"
        last = self.last_announcement(display_id)
        context.add_init_script(
            f'localStorage.getItem("{key}") ??'
            f' localStorage.setItem("{key}", "{last}"); {LISTEN}'
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{self.server.url}/display")
        try:
            yield page
        finally:
            context.close()


def become(context: BrowserContext, server: DemoServer, display_id: int) -> None:
    """Make a browser a display, as pairing does."""
    token = server.display_token(display_id)
    address = f"{server.url}/api/v1/device-session"
    answer = context.request.post(address, headers={"Authorization": f"Bearer {token}"})
    assert answer.ok


@contextmanager
def killed(server: DemoServer) -> Iterator[None]:
    """Kill the server for the length of the block."""
    server.kill()
    try:
        yield
    finally:
        server.start()


def large(page: Page) -> list[str]:
    """Return the numbers that stand large."""
    return page.locator(".tile__number").all_inner_texts()


def sounds(page: Page) -> list[str]:
    """Return what the chime has done: "playing", "ended", in order."""
    result: list[str] = page.evaluate("sounds")
    return result


def wait_for_chimes(page: Page, count: int) -> None:
    """Wait until so many chimes have ended."""
    page.wait_for_function(
        "(count) => sounds.filter((s) => s === 'ended').length >= count", arg=count
    )


def wait_for_voices(page: Page, count: int) -> None:
    """Wait until so many calls have been spoken to the end."""
    page.wait_for_function(
        "(count) => voices.filter((s) => s === 'ended').length >= count", arg=count
    )


def board(*numbers: str, recent: int = 0, waiting: int = 0) -> dict[str, Any]:
    """Return a board with the longest names of the demo and beyond."""
    calls = [_call(call_id, number) for call_id, number in enumerate(numbers, 1)]
    earlier = [_call(100 + n, f"MW-10{n:02}") for n in range(recent)]
    crowded = [
        {
            "agency_id": n,
            "agency": "Badan Pengelola Pajak dan Retribusi Daerah (BPPRD) Kota Jambi",
            "agency_short": "BPJS Ketenagakerjaan",
            "waiting": 128,
            "open": True,
            "reason": None,
            "until": None,
            "reception_only": False,
        }
        for n in range(1, waiting + 1)
    ]
    return {
        "revision": 1,
        "now": "2026-11-24T01:15:00Z",
        "fresh_until": "2026-11-24T05:00:00Z",
        "open": True,
        "reason": None,
        "until": None,
        "serving_from": None,
        "reception_only": False,
        "calls": calls,
        "recent": earlier,
        "waiting": crowded,
        "stale_after_seconds": 5,
    }


def paint(page: Page, data: dict[str, Any]) -> None:
    """Answer the page's live lines from now on with one snapshot of our own."""
    message = snapshot(data)
    page.route_web_socket("**/api/v1/live**", lambda line: line.send(message))


def settle(page: Page) -> None:
    """Wait until a display has painted once more: it does four times a second."""
    page.evaluate("""() => new Promise((done) => {
      const clock = document.querySelector("[data-clock]");
      clock.textContent = "";
      const look = () => (clock.textContent ? done() : requestAnimationFrame(look));
      look();
    })""")


def snapshot(data: dict[str, Any]) -> str:
    """Return the message that brings a board."""
    message = {"type": "snapshot", "topic": "display:1", "revision": 1}
    message |= {"now": data["now"], "data": data, "announcements": []}
    return json.dumps(message)


def heartbeat(now: str) -> str:
    """Return the message that brings nothing but the time."""
    return json.dumps({"type": "heartbeat", "revision": 1, "now": now})


def _call(call_id: int, number: str) -> dict[str, Any]:
    return {
        "id": call_id,
        "number": number,
        "counter": f"Loket {call_id}",
        "counter_id": call_id,
        "place": f"Loket {call_id}",
        "agency": "Badan Pengelola Pajak dan Retribusi Daerah (BPPRD) Kota Jambi",
        "agency_short": "BPJS Ketenagakerjaan",
        "zone": "Zona D \N{EN DASH} Lantai 2",
        "called_at": "2026-11-24T01:14:00Z",
        "last_called_at": "2026-11-24T01:14:00Z",
        "count": 1,
    }
