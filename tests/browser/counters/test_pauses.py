"""A break, its end and a long pause, as the officer and the supervisor meet them."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.counters.desk import (
    CALLED,
    IDLE,
    PAUSED,
    SERVING,
    Desk,
    console,
    notice,
    press,
    sign_in,
    state,
)
from tests.browser.waiting import wait_until
from tests.support.database import Disk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

COUNT_TONES = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.tones += 1;
  return start.apply(this, when);
};
"""
WIDTHS = (1024, 1366, 1920)
Amend = Callable[[dict[str, Any]], None]


class Line:
    """The console's live line, on which a test says what the clock would."""

    def __init__(self, page: Page) -> None:
        self.amend: Amend = lambda counter: None
        self._last: dict[str, Any] | None = None
        self._route: WebSocketRoute | None = None
        page.route_web_socket(re.compile("/api/v1/live"), self._open)

    @property
    def visitor(self) -> str | None:
        """Return the state of the counter's visitor, as the server last said it."""
        ticket = self._last and self._last["data"]["counter"]["ticket"]
        return ticket["state"] if ticket else None

    def say(self, amend: Amend) -> None:
        """Let every snapshot from now on say of the counter what the test says."""
        self.amend = amend
        assert self._route
        assert self._last
        self._route.send(self._amended(self._last))

    def _open(self, route: WebSocketRoute) -> None:
        self._route = route
        server = route.connect_to_server()

        def on_message(text: str | bytes) -> None:
            message = json.loads(text)
            if message["type"] == "snapshot":
                self._last = message
                text = self._amended(message)
            route.send(text)

        server.on_message(on_message)

    def _amended(self, message: dict[str, Any]) -> str:
        copy = json.loads(json.dumps(message))
        self.amend(copy["data"]["counter"])
        return json.dumps(copy)


def moment(minutes: int) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


def in_break(counter: dict[str, Any]) -> None:
    pause = {"reason": "break", "since": moment(-20), "until": moment(40)}
    counter.update(pause=pause, prompt=None)
    if counter["ticket"] is None:
        counter["state"] = "paused"


def after_break(counter: dict[str, Any]) -> None:
    ended = "2026-11-24T06:00:00Z"
    pause = {"reason": "break", "since": "2026-11-24T05:00:00Z", "until": ended}
    due = {"kind": "break-over", "since": ended}
    counter.update(state="paused", pause=pause, prompt=due)


def tones(page: Page) -> int:
    return int(page.evaluate("window.tones"))


def state_word(page: Page) -> Any:
    return page.locator("[data-state-word]")


def test_a_visitor_served_into_the_break_is_the_last_before_it(
    desk: Desk, page: Page
) -> None:
    line = Line(page)
    sign_in(page, desk.demo, desk.officer)
    console(page, desk)
    first = desk.issue()
    press(page, "o")
    state(page, IDLE)
    press(page, "n")
    state(page, CALLED)
    press(page, "s")
    state(page, SERVING)
    # the answer may be here before the line says so: what it said last is sent again
    wait_until(page, lambda: line.visitor == SERVING)

    line.say(in_break)
    expect(page.locator("[data-facts]").first).to_contain_text("Istirahat sampai")
    press(page, "n")

    state(page, PAUSED)
    expect(state_word(page)).to_contain_text("Istirahat sampai")
    expect(notice(page)).to_contain_text(f"{first} selesai. Istirahat sampai")
    expect(page.locator("[data-prompt]")).to_be_hidden()


def test_the_end_of_the_break_asks_with_a_sound_and_one_key_goes_on(
    desk: Desk, page: Page
) -> None:
    page.add_init_script(COUNT_TONES)
    line = Line(page)
    sign_in(page, desk.demo, desk.officer)
    console(page, desk)
    press(page, "o")
    state(page, IDLE)
    desk.command("pause", reason="break")
    state(page, PAUSED)
    assert tones(page) == 0

    line.say(after_break)

    prompt = page.get_by_role("alert")
    expect(prompt).to_have_text(
        "Istirahat selesai pukul 13.00. Tekan O untuk melanjutkan."
    )
    expect(state_word(page)).to_have_text("Istirahat selesai")
    expect(page).to_have_title(re.compile("^Istirahat selesai · "))
    wait_until(page, lambda: tones(page) == 2)
    line.say(after_break)
    page.reload()
    expect(prompt).to_contain_text("Istirahat selesai pukul 13.00")
    wait_until(page, lambda: tones(page) == 2)

    line.amend = lambda counter: None
    press(page, "o")
    state(page, IDLE)
    expect(prompt).to_be_hidden()


def test_who_looks_at_the_page_again_is_asked_again(desk: Desk, page: Page) -> None:
    page.add_init_script(COUNT_TONES)
    line = Line(page)
    sign_in(page, desk.demo, desk.officer)
    console(page, desk)
    press(page, "o")
    state(page, IDLE)
    desk.command("pause", reason="break")
    state(page, PAUSED)
    line.say(after_break)
    wait_until(page, lambda: tones(page) == 2)

    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    wait_until(page, lambda: tones(page) == 4)


@pytest.mark.parametrize(
    ("language", "words"),
    [("id", ("Istirahat", "Rapat", "Gangguan sistem")), ("en", ("Break", "Meeting"))],
)
def test_the_reason_of_a_pause_is_read_in_ones_own_language(
    desk: Desk, work: Page, language: str, words: tuple[str, ...]
) -> None:
    press(work, "o")
    state(work, IDLE)
    for key, expected in enumerate(words, start=1):
        press(work, "p", str(key))
        state(work, PAUSED)
        work.goto(f"/counter?counter={desk.counter_id}&lang={language}")
        expect(work.locator("[data-rest]")).to_contain_text(f": {expected}")
        press(work, "o")
        state(work, IDLE)


def test_the_supervisor_sees_live_who_is_not_back(
    desk: Desk, page: Page, make_long_pause: Callable[[], None]
) -> None:
    supervisor = next(
        account["username"]
        for account in desk.demo.file["supervisors"]
        if desk.counter_id
        in [
            counter["id"]
            for counter in desk.demo.staff(account["username"])
            .get("/api/v1/counters")
            .json()
        ]
    )
    sign_in(page, desk.demo, supervisor)
    page.goto("/counter")
    due = page.locator('[data-part="due"]')
    expect(due).to_contain_text("Tidak ada yang belum kembali")
    tile = page.locator(f'[data-part="counter-{desk.counter_id}"]')

    desk.command("open")
    expect(tile).to_contain_text("Buka")
    tile.get_by_role("link").focus()
    desk.command("pause", reason="meeting")
    expect(tile).to_contain_text("Rapat")
    expect(tile.get_by_role("link")).to_be_focused()
    make_long_pause()

    expect(due).to_contain_text("Jeda lama")
    expect(due).to_contain_text("Rapat, jeda sejak pukul")
    page.goto("/counter?lang=en")
    expect(due).to_contain_text("Meeting, paused since")
    desk.command("open")
    expect(due).to_contain_text("Nobody is missing")


@pytest.fixture
def make_long_pause(desk: Desk) -> Callable[[], None]:
    """Return what makes a pause that has just begun one of half an hour."""

    def move_back() -> None:
        disk = Disk(desk.demo.database)
        begun = datetime.now(UTC) - timedelta(minutes=31)
        with disk.writing() as db:
            db.exec_driver_sql(
                "UPDATE counter SET paused_since = ? WHERE id = ?",
                (begun.strftime("%Y-%m-%d %H:%M:%S.%f"), desk.counter_id),
            )
        # a change that is published: nobody knows of what a test wrote
        desk.command("pause", reason="meeting")

    return move_back


@pytest.mark.parametrize("text", ["normal", "large"])
def test_what_is_asked_fits_the_screen(desk: Desk, page: Page, text: str) -> None:
    line = Line(page)
    sign_in(page, desk.demo, desk.officer)
    page.goto(f"/counter?counter={desk.counter_id}&text={text}")
    console(page, desk)
    press(page, "o")
    state(page, IDLE)
    line.say(after_break)
    expect(page.get_by_role("alert")).to_be_visible()
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 768})
        assert page.evaluate(
            "document.documentElement.scrollWidth <= window.innerWidth"
        )
