"""A command is done once and reported truly, whatever becomes of its answer."""

import re

import pytest
from playwright.sync_api import Browser, Page, Route, WebSocketRoute, expect

from tests.browser.counters.desk import (
    CALLED,
    IDLE,
    SERVING,
    Desk,
    console,
    deaf,
    notice,
    number,
    press,
    sign_in,
    state,
)
from tests.browser.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]


def test_a_double_press_is_one_call(desk: Desk, work: Page) -> None:
    first, second = desk.issue(), desk.issue()
    press(work, "o")
    state(work, IDLE)

    press(work, "n", "n", "n")

    expect(number(work)).to_have_text(first)
    work.wait_for_timeout(300)
    expect(number(work)).to_have_text(first)
    assert desk.events("called", first) == 1
    assert desk.events("called", second) == 0


def test_a_double_press_of_serve_next_serves_one(desk: Desk, work: Page) -> None:
    first, second, third = (desk.issue() for _ in range(3))
    press(work, "o")
    state(work, IDLE)
    press(work, "n")
    expect(number(work)).to_have_text(first)
    press(work, "s")
    state(work, SERVING)

    press(work, "n", "n", "n")

    expect(number(work)).to_have_text(second)
    work.wait_for_timeout(300)
    assert [desk.events("called", each) for each in (second, third)] == [1, 0]


def test_two_consoles_on_one_counter_call_once(
    desk: Desk, work: Page, browser: Browser
) -> None:
    first, second = desk.issue(), desk.issue()
    other = browser.new_context(base_url=desk.demo.url).new_page()
    sign_in(other, desk.demo, desk.officer)
    console(other, desk)
    press(work, "o")
    state(work, IDLE)
    state(other, IDLE)

    press(work, "n")
    press(other, "n")

    for page in (work, other):
        state(page, CALLED)
        expect(number(page)).to_have_text(first)
    assert desk.events("called", second) == 0
    other.context.close()


def test_a_refusal_shows_how_things_stand_at_once(desk: Desk, work: Page) -> None:
    first = desk.issue()
    desk.command("open")
    deaf(work, desk)
    state(work, IDLE)
    desk.command("call-next")

    press(work, "n")

    expect(notice(work)).to_contain_text("Loket masih melayani pengunjung")
    expect(number(work)).to_have_text(first)
    state(work, CALLED)


def test_without_the_live_line_the_answers_are_painted(desk: Desk, work: Page) -> None:
    first, second = desk.issue(), desk.issue()
    deaf(work, desk)
    expect(work.locator("[data-stale]")).to_have_text(
        re.compile(r"Sambungan terputus\. Data pukul \d\d\.\d\d\.\d\d"), timeout=15_000
    )

    for key, expected in [("o", IDLE), ("n", CALLED), ("s", SERVING)]:
        press(work, key)
        state(work, expected)
    expect(number(work)).to_have_text(first)
    expect(work.locator("[data-figure]")).to_have_text(re.compile("0:0[2-9]"))
    press(work, "n")
    expect(number(work)).to_have_text(second)
    press(work, "Shift+X")
    state(work, IDLE)


@pytest.mark.parametrize("arrives", [True, False], ids=["answer lost", "all lost"])
def test_what_is_not_answered_is_repeated_and_done_once(
    desk: Desk, work: Page, arrives: bool
) -> None:
    first, second = desk.issue(), desk.issue()
    press(work, "o")
    state(work, IDLE)
    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            route.continue_()
            return
        if arrives:
            route.fetch()
        desk.demo.kill()
        route.abort()

    work.route("**/call-next", lose)
    press(work, "n")

    expect(notice(work)).to_contain_text("Belum terkirim, mencoba lagi")
    press(work, "n", "s", "p")
    expect(work.locator("[data-stale]")).to_contain_text(
        "Sambungan terputus", timeout=15_000
    )
    desk.demo.start()
    expect(notice(work)).to_contain_text(f"{first} dipanggil", timeout=15_000)
    expect(number(work)).to_have_text(first)
    expect(work.locator("[data-stale]")).to_be_hidden(timeout=15_000)
    state(work, CALLED)
    assert len(keys) > 1
    assert set(keys) == {keys[0]}
    assert [desk.events("called", each) for each in (first, second)] == [1, 0]


def test_the_notice_stays_though_an_older_snapshot_came_meanwhile(
    desk: Desk, page: Page
) -> None:
    first, is_paused = desk.issue(), False
    lines: list[WebSocketRoute] = []
    calls: list[Route] = []
    messages: list[str] = []

    def keep(message: str | bytes) -> None:
        messages.append(str(message))
        if not is_paused:
            lines[-1].send(message)

    def watch(line: WebSocketRoute) -> None:
        lines.append(line)
        line.connect_to_server().on_message(keep)

    page.route_web_socket("**/api/v1/live**", watch)
    sign_in(page, desk.demo, desk.officer)
    console(page, desk)
    press(page, "o")
    state(page, IDLE)
    page.route("**/call-next", lambda call: calls.append(call))
    press(page, "n")
    wait_until(page, lambda: len(calls) == 1)
    later = desk.issue()
    # a snapshot from before the call
    wait_until(page, lambda: any(later in message for message in messages))
    is_paused = True
    calls[0].fulfill(response=calls[0].fetch())

    expect(notice(page)).to_contain_text(f"{first} dipanggil")
    wait_until(page, lambda: any('"state":"called"' in each for each in messages))
    lines[-1].send(next(each for each in messages if '"state":"called"' in each))
    state(page, CALLED)
    expect(notice(page)).to_contain_text(f"{first} dipanggil")


def test_what_is_shown_can_be_acted_on_though_the_answer_is_later(
    desk: Desk, work: Page
) -> None:
    desk.issue()
    frames: list[str | bytes] = []
    work.on(
        "websocket",
        lambda line: line.on("framereceived", lambda frame: frames.append(frame)),
    )
    work.reload()
    press(work, "o")
    state(work, IDLE)
    work.evaluate(
        """() => {
          const visitor = document.querySelector("[data-visitor]");
          window.states = [];
          new MutationObserver(() => states.push(
            `${visitor.dataset.state} ${document.body.dataset.sending}`,
          )).observe(visitor, {attributeFilter: ["data-state"]});
        }"""
    )

    calls: list[Route] = []
    work.route("**/call-next", lambda call: calls.append(call))
    press(work, "n")
    wait_until(work, lambda: len(calls) == 1)
    answer = calls[0].fetch()
    wait_until(work, lambda: '"state":"called"' in str(frames))  # the line has it
    calls[0].fulfill(response=answer)
    state(work, CALLED)
    press(work, "s")
    state(work, SERVING)

    states = work.evaluate("states")
    assert states[0].startswith("called")
    assert not [each for each in states if each.endswith(" sending")]
