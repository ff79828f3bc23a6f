"""Who stands large and who beside: `stage.js` in a browser, at times of our own."""

import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

STEPS = """async (steps) => {
  const { Stage } = await import("/static/displays/stage.js");
  const stage = new Stage({ slots: 2, span: 10 });
  const calls = (ids) => ids.map((id) => ({ id }));
  const ids = (list) => list.map(({ id }) => id);
  return steps.map(({ at, announced = [], called, recent = [] }) => {
    for (const id of announced) stage.announce(id, at);
    const board = { calls: calls(called), recent: calls(recent) };
    const arranged = stage.arrange(board, at);
    return {
      large: ids(arranged.large),
      called: ids(arranged.called),
      before: ids(arranged.before),
      swells: arranged.large.map(({ swells }) => swells),
    };
  });
}"""
PAGES = """async ([all, times]) => {
  const { Pages } = await import("/static/displays/stage.js");
  const pages = new Pages({ size: 4, span: 8 });
  return times.map((now) => pages.page(all, now));
}"""
ROUNDS = """async ([options, steps]) => {
  const { Rounds } = await import("/static/displays/stage.js");
  const usual = { size: 4, span: 8000, hidden: 10000, tick: 250 };
  const rounds = new Rounds({ ...usual, ...options });
  const calls = (ids) => ids.map((id) => ({ id }));
  return steps.map(([now, all, elsewhere]) => {
    const { items, at, count } = rounds.page(calls(all), now, elsewhere);
    return { ids: items.map(({ id }) => id), at, count };
  });
}"""
RESIZED = """async () => {
  const { Stage } = await import("/static/displays/stage.js");
  const stage = new Stage({ slots: 2, span: 10 });
  const board = { calls: [{ id: 2 }, { id: 1 }], recent: [] };
  const large = (now) => stage.arrange(board, now).large.map(({ id }) => id);
  for (const id of [1, 2]) stage.announce(id, 0);
  const before = large(1);
  stage.resize(1, 2);
  return [before, large(2), large(11)];
}"""
DENSITY = """async (counts) => {
  const { densityOf } = await import("/static/displays/stage.js");
  const limits = { from: 10, until: 8 };
  let density = "roomy";
  return counts.map((count) => (density = densityOf(count, density, limits)));
}"""
WORTH = """async ([announcements, called, now]) => {
  const { announcementsToPlay } = await import("/static/displays/stage.js");
  const board = { calls: called.map((id) => ({ id })) };
  return announcementsToPlay(announcements, board, new Date(now)).map(({ id }) => id);
}"""

Step = dict[str, Any]
Play = Callable[..., list[dict[str, list[int]]]]


@pytest.fixture
def play(page: Page) -> Play:
    page.goto("/help")
    return lambda *steps: page.evaluate(STEPS, list(steps))


def test_the_newest_stands_first(play: Play) -> None:
    *_, last = play(
        {"at": 0, "announced": [1], "called": [1]},
        {"at": 1, "announced": [2], "called": [2, 1]},
    )

    assert last["large"] == [2, 1]


def test_a_third_call_waits_until_one_has_stood_its_time(play: Play) -> None:
    _, busy, later = play(
        {"at": 0, "announced": [1, 2], "called": [2, 1]},
        {"at": 5, "announced": [3], "called": [3, 2, 1]},
        {"at": 10, "called": [3, 2, 1]},
    )

    assert (busy["large"], busy["called"]) == ([2, 1], [3])
    assert (later["large"], later["called"]) == ([3, 2], [1])


def test_every_call_of_a_rush_stands_large_once(play: Play) -> None:
    rush = list(range(1, 8))
    steps: list[Step] = [{"at": 0, "announced": rush, "called": rush[::-1]}]
    steps += [{"at": at, "called": rush[::-1]} for at in range(10, 50, 10)]

    stages = [step["large"] for step in play(*steps)]

    assert {number for large in stages for number in large} == set(rush)
    assert all(len(large) == 2 for large in stages)


def test_a_visitor_who_came_leaves_after_the_time(play: Play) -> None:
    _, soon, over = play(
        {"at": 0, "announced": [1], "called": [1]},
        {"at": 3, "called": [], "recent": [1]},
        {"at": 10, "called": [], "recent": [1]},
    )

    assert (soon["large"], soon["before"]) == ([1], [])
    assert (over["large"], over["before"]) == ([], [1])


def test_a_call_taken_back_leaves_at_once_and_never_takes_its_turn(play: Play) -> None:
    _, gone, later = play(
        {"at": 0, "announced": [1, 2, 3], "called": [3, 2, 1]},
        {"at": 1, "called": [2]},
        {"at": 20, "called": [2]},
    )

    assert gone["large"] == [2]
    assert later["large"] == [2]


def test_a_recall_swells_where_it_stands_and_begins_its_time_anew(play: Play) -> None:
    first, again, later = play(
        {"at": 0, "announced": [1, 2], "called": [2, 1]},
        {"at": 8, "announced": [1], "called": [1, 2]},
        {"at": 12, "announced": [3], "called": [3, 1, 2]},
    )

    assert (first["large"], first["swells"]) == ([2, 1], [1, 1])
    assert (again["large"], again["swells"]) == ([2, 1], [1, 2])
    assert later["large"] == [3, 1]


def test_an_older_call_fills_an_empty_slot_without_swelling(play: Play) -> None:
    (stage,) = play({"at": 0, "called": [3, 2, 1]})

    assert (stage["large"], stage["swells"]) == ([3, 2], [0, 0])
    assert stage["called"] == [1]


def test_pages_turn_in_their_time_and_begin_again(page: Page) -> None:
    page.goto("/help")
    all_of_them = list(range(10))

    pages = page.evaluate(PAGES, [all_of_them, [8, 9, 16, 24, 32]])

    assert [each["count"] for each in pages] == [3] * 5
    assert pages[0]["items"] == pages[1]["items"]
    assert {n for each in pages[1:4] for n in each["items"]} == set(all_of_them)
    assert pages[4] == pages[1]


def test_a_list_that_fits_has_one_page(page: Page) -> None:
    page.goto("/help")

    (only,) = page.evaluate(PAGES, [[1, 2], [0]])

    assert only == {"items": [1, 2], "at": 1, "count": 1}


def rounds(page: Page, steps: Sequence[Any], **options: int) -> list[dict[str, Any]]:
    """Return what each page of calls holds; a step is [ms, ids, ids elsewhere]."""
    page.goto("/help")
    found: list[dict[str, Any]] = page.evaluate(ROUNDS, [options, steps])
    return found


@pytest.mark.parametrize(
    ("calls", "size"), [(5, 4), (8, 4), (11, 12), (39, 12), (60, 12)]
)
def test_no_call_is_hidden_for_longer_than_ten_seconds(
    page: Page, calls: int, size: int
) -> None:
    ids = list(range(calls))
    times = range(0, 60_001, 250)

    pages = rounds(page, [[at, ids, []] for at in times], size=size)

    for number in ids:
        shown = [
            at for at, each in zip(times, pages, strict=True) if number in each["ids"]
        ]
        gaps = [later - sooner for sooner, later in pairwise([0, *shown, times[-1]])]
        assert max(gaps) <= 10_000


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_calls_that_come_and_go_hide_nobody_twice(page: Page, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 (no secret)
    waiting, large = list(range(39)), [100]
    steps: list[tuple[int, list[int], list[int]]] = []
    for at in range(0, 120_001, 250):
        # the stage takes one and gives one back, one leaves, one comes: every 10 s
        if at % 10_000 == 5_000:
            waiting.append(large.pop())
            large.append(waiting.pop(chance.randrange(len(waiting))))
            waiting.pop(chance.randrange(len(waiting)))
            waiting.insert(0, 1000 + at)
        steps.append((at, [*waiting], [*large]))

    pages = rounds(page, steps, size=12)

    last: dict[int, int] = {}
    for (at, ids, elsewhere), each in zip(steps, pages, strict=True):
        for number in [*ids, *elsewhere]:
            last.setdefault(number, at)
            if number in each["ids"] or number in elsewhere:
                last[number] = at
            assert at - last[number] <= 10_000


def test_pages_of_calls_are_counted_from_the_newest(page: Page) -> None:
    ids = list(range(6))

    first, second, again = rounds(
        page, [[0, ids, []], [4750, ids, []], [9500, ids, []]]
    )

    assert (first["ids"], first["at"], first["count"]) == ([0, 1, 2, 3], 1, 2)
    assert (second["ids"], second["at"]) == ([4, 5], 2)
    assert (again["ids"], again["at"]) == ([0, 1, 2, 3], 1)


def test_a_new_call_takes_the_row_that_has_become_free(page: Page) -> None:
    before, after = rounds(
        page, [[0, [1, 2, 3, 4, 5], []], [1000, [6, 2, 3, 4, 5], []]]
    )

    assert before["ids"] == [1, 2, 3, 4]
    assert after["ids"] == [6, 2, 3, 4]


def test_many_calls_stand_closer_and_few_do_not_jump_back(page: Page) -> None:
    page.goto("/help")

    densities = page.evaluate(DENSITY, [10, 11, 9, 8, 10])

    assert densities == ["roomy", "dense", "dense", "roomy", "roomy"]


def test_who_loses_a_slot_too_soon_gets_the_next(page: Page) -> None:
    page.goto("/help")

    stages = page.evaluate(RESIZED)

    assert stages == [[2, 1], [2], [1]]


def test_old_announcements_are_played_once_for_those_still_called(page: Page) -> None:
    page.goto("/help")
    old, fresh = "2026-11-24T01:00:00Z", "2026-11-24T02:00:00Z"
    announcements = [
        {"id": 1, "call_id": 7, "expires_at": old},
        {"id": 2, "call_id": 8, "expires_at": old},
        {"id": 3, "call_id": 7, "expires_at": old},
        {"id": 4, "call_id": 9, "expires_at": fresh},
    ]

    played = page.evaluate(WORTH, [announcements, [7], "2026-11-24T01:30:00Z"])

    assert played == [3, 4]
