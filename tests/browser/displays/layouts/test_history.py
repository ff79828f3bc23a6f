"""The text screen's ten minutes: `history.js` in a browser, at times of our own."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# a call is [id, counter, minute of its last call]
PLAY = """async (steps) => {
  const { History } = await import("/static/displays/history.js");
  const history = new History({ span: 10 * 60_000 });
  const start = Date.UTC(2026, 10, 24, 1);
  const call = ([id, counter_id, minute]) => ({ id, counter_id,
    last_called_at: new Date(start + minute * 60_000).toISOString() });
  return steps.map(({ at, calls = [], recent = [] }) => history
    .follow({ calls: calls.map(call), recent: recent.map(call) }, start + at * 60_000)
    .map(({ id, state }) => [id, state]));
}"""
Play = Callable[..., list[Any]]


@pytest.fixture
def play(page: Page) -> Play:
    page.goto("/help")
    return lambda *steps: page.evaluate(PLAY, list(steps))


def test_the_newest_call_stands_first_and_a_recall_is_one(play: Play) -> None:
    first, recalled = play(
        {"at": 1, "calls": [[2, 6, 1], [1, 5, 0]]},
        {"at": 2, "calls": [[1, 5, 2], [2, 6, 1]]},
    )

    assert first == [[2, "called"], [1, "called"]]
    assert recalled == [[1, "called"], [2, "called"]]


def test_who_was_served_stays_for_ten_minutes(play: Play) -> None:
    served, next_one, later, over = play(
        {"at": 1, "recent": [[1, 5, 0]]},
        {"at": 2, "calls": [[2, 5, 2]]},
        {"at": 10, "calls": [[2, 5, 2]]},
        {"at": 10.1, "calls": [[2, 5, 2]]},
    )

    assert served == [[1, "before"]]
    assert next_one == [[2, "called"], [1, "before"]]
    assert (later, over) == (next_one, [[2, "called"]])


def test_who_was_served_between_two_boards_stays_too(play: Play) -> None:
    *_, after = play(
        {"at": 0, "calls": [[1, 5, 0]]},
        {"at": 1, "calls": [[2, 5, 1]]},
    )

    assert after == [[2, "called"], [1, "before"]]


def test_a_call_that_was_taken_back_is_gone(play: Play) -> None:
    *_, after = play(
        {"at": 0, "calls": [[2, 6, 0], [1, 5, 0]]},
        {"at": 1, "calls": [[2, 6, 0]]},
    )

    assert after == [[2, "called"]]


def test_who_is_still_called_stays_for_longer(play: Play) -> None:
    *_, late = play({"at": 0, "calls": [[1, 5, 0]]}, {"at": 30, "calls": [[1, 5, 0]]})

    assert late == [[1, "called"]]
