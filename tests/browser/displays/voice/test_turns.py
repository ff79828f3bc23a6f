"""Whose turn it is to be announced: `turns.js` in a browser, at times of our own."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

OURS, OTHER = 1, 2
PLAY = """async (steps) => {
  const { Turns } = await import("/static/displays/turns.js");
  const turns = new Turns(1);
  const start = Date.UTC(2026, 10, 24, 1);
  return steps.map(({ at, announced = [], called, spaces, ended, notice }) => {
    const time = (seconds) => new Date(start + seconds * 1000).toISOString();
    if (ended) turns.end(ended);
    turns.follow({
      calls: called.map((id) => ({ id })),
      notice,
      sound_spaces: spaces?.map(({ quiet_until: until, ...space }) =>
        ({ ...space, quiet_until: until ? time(until) : null })),
    });
    if (announced.length > 0) turns.add(announced.map(([id, call_id, zone_id = 1]) =>
      ({ id, call_id, zone_id, expires_at: time(at + 120) })), at * 1000);
    const next = turns.next(at * 1000, new Date(start + at * 1000));
    return next && [next.announcement.id, next.isSpoken];
  });
}"""
Step = dict[str, Any]
Play = Callable[..., list[Any]]


@pytest.fixture
def play(page: Page) -> Play:
    page.goto("/help")
    return lambda *steps: page.evaluate(PLAY, list(steps))


def spaces(
    speaker: int | None, spoken: int | None = None, **more: Any
) -> Sequence[dict[str, Any]]:
    speaking = None if spoken is None else {"announcement_id": spoken}
    space = {"id": 5, "zone_ids": [1], "speaker_device_id": speaker}
    return [{**space, "speaking": speaking, **more}]


def test_the_speaking_device_speaks_in_the_order_of_the_calls(play: Play) -> None:
    first, same, second, over = play(
        {"at": 0, "announced": [[1, 7], [2, 8]], "called": [8, 7], "spaces": spaces(1)},
        {"at": 1, "called": [8, 7], "spaces": spaces(1)},
        {"at": 2, "ended": 1, "called": [8, 7], "spaces": spaces(1)},
        {"at": 3, "ended": 2, "called": [8, 7], "spaces": spaces(1)},
    )

    assert (first, same, second, over) == ([1, True], [1, True], [2, True], None)


def test_a_server_without_sound_spaces_has_every_display_chime(play: Play) -> None:
    (turn,) = play({"at": 0, "announced": [[1, 7]], "called": [7]})

    assert turn == [1, False]


def test_beside_another_speaking_device_it_is_silent(play: Play) -> None:
    (turn,) = play(
        {"at": 0, "announced": [[1, 7]], "called": [7], "spaces": spaces(OTHER)}
    )

    assert turn is None


def test_the_stand_by_goes_on_with_what_the_other_has_not_spoken(play: Play) -> None:
    rush = [[1, 7], [2, 8], [3, 9]]
    *_, taken_over = play(
        {"at": 0, "announced": rush, "called": [9, 8, 7], "spaces": spaces(OTHER)},
        {"at": 1, "called": [9, 8, 7], "spaces": spaces(OTHER, 1)},
        {"at": 6, "called": [9, 8, 7], "spaces": spaces(OTHER)},
        {"at": 7, "called": [9, 8, 7], "spaces": spaces(OURS)},
    )

    assert taken_over == [2, True]


@pytest.mark.parametrize("still", [2, None])
def test_what_the_other_left_in_the_middle_is_spoken_again(
    play: Play, still: int | None
) -> None:
    *_, taken_over = play(
        {"at": 0, "announced": [[1, 7], [2, 8]], "called": [8, 7],
         "spaces": spaces(OTHER)},
        {"at": 6, "called": [8, 7], "spaces": spaces(OTHER, 2)},
        {"at": 9, "called": [8, 7], "spaces": spaces(OURS, still)},
    )  # fmt: skip

    assert taken_over == [2, True]


def test_what_was_spoken_while_the_line_was_cut_is_over(play: Play) -> None:
    *_, taken_over = play(
        {"at": 0, "announced": [[1, 7], [2, 8]], "called": [8, 7],
         "spaces": spaces(OTHER)},
        {"at": 9, "called": [8, 7], "spaces": spaces(OURS, last_announcement_id=1)},
    )  # fmt: skip

    assert taken_over == [2, True]


def test_what_the_other_had_its_time_for_is_not_spoken_late(play: Play) -> None:
    *_, taken_over = play(
        {"at": 0, "announced": [[1, 7]], "called": [7], "spaces": spaces(OTHER)},
        {"at": 61, "called": [7], "spaces": spaces(OTHER)},
        {"at": 62, "called": [7], "spaces": spaces(OURS)},
    )

    assert taken_over is None


def test_what_another_zone_of_the_space_calls_is_spoken_too(play: Play) -> None:
    here, over = play(
        {
            "at": 0,
            "announced": [[1, 7]],
            "called": [],
            "spaces": spaces(1, call_ids=[7]),
        },
        {"at": 1, "called": [], "spaces": spaces(1, call_ids=[])},
    )

    assert (here, over) == ([1, True], None)


def test_a_call_that_is_over_loses_its_turn(play: Play) -> None:
    first, then = play(
        {"at": 0, "announced": [[1, 7], [2, 8]], "called": [8, 7], "spaces": spaces(1)},
        {"at": 1, "called": [8], "spaces": spaces(1)},
    )

    assert (first, then) == ([1, True], [2, True])


def test_of_what_is_late_the_last_of_each_call_is_spoken(play: Play) -> None:
    in_time, late = play(
        {"at": 0, "announced": [[1, 7], [2, 7]], "called": [7], "spaces": spaces(1)},
        {"at": 121, "called": [7], "spaces": spaces(1)},
    )

    assert (in_time, late) == ([1, True], [2, True])


def test_in_a_quiet_time_nothing_is_spoken_and_then_what_is_still_called(
    play: Play,
) -> None:
    quiet, over = play(
        {"at": 0, "announced": [[1, 7], [2, 8]], "called": [8, 7],
         "spaces": spaces(1, quiet_until=60)},
        {"at": 60, "called": [8], "spaces": spaces(1, quiet_until=60)},
    )  # fmt: skip

    assert (quiet, over) == (None, [2, True])


def test_another_space_is_spoken_in_while_one_is_quiet(play: Play) -> None:
    other = {"id": 6, "zone_ids": [2], "speaker_device_id": OURS, "speaking": None}
    (turn,) = play(
        {"at": 0, "announced": [[1, 7, 1], [2, 8, 2]], "called": [8, 7],
         "spaces": [*spaces(1, quiet_until=60), other]}
    )  # fmt: skip

    assert turn == [2, True]


def test_where_nobody_is_to_speak_it_chimes_after_a_while(play: Play) -> None:
    at_first, later = play(
        {"at": 0, "announced": [[1, 7]], "called": [7], "spaces": spaces(None)},
        {"at": 5, "called": [7], "spaces": spaces(None)},
    )

    assert (at_first, later) == (None, [1, False])


def test_announcements_of_a_past_that_was_restored_are_forgotten(play: Play) -> None:
    _, restored = play(
        {"at": 0, "announced": [[8, 7], [9, 7]], "called": [7], "spaces": spaces(1)},
        {"at": 1, "announced": [[5, 7]], "called": [7], "spaces": spaces(1)},
    )

    assert restored == [5, True]


def test_in_an_evacuation_no_call_is_spoken_and_none_is_lost(play: Play) -> None:
    alarm = {"kind": "evacuation", "text": ""}
    before, meanwhile, alarmed, after = play(
        {"at": 0, "announced": [[1, 7]], "called": [7], "spaces": spaces(1)},
        {"at": 1, "called": [7], "spaces": spaces(1), "notice": alarm},
        {"at": 2, "announced": [[2, None]], "called": [7], "notice": alarm,
         "spaces": spaces(1, quiet_until=60)},
        {"at": 9, "ended": 2, "called": [7], "spaces": spaces(1)},
    )  # fmt: skip

    assert (before, meanwhile) == ([1, True], None)
    assert (alarmed, after) == ([2, True], [1, True])


RESUME = """async () => {
  const { Turns } = await import("/static/displays/turns.js");
  const turns = new Turns(1);
  const expires_at = "2026-11-24T02:00:00Z";
  turns.add([4, 5].map((id) => ({ id, call_id: id, zone_id: 1, expires_at })), 0);
  const found = [turns.resumeAfter];
  for (const id of [4, 5]) {
    turns.end(id);
    found.push(turns.resumeAfter);
  }
  return found;
}"""


def test_a_page_that_is_loaded_anew_goes_on_where_it_was(page: Page) -> None:
    page.goto("/help")

    assert page.evaluate(RESUME) == [3, 4, 5]
