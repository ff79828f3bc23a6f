"""Whatever happens, in any order: events tell it all, and nothing is lost."""

import random
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from app.errors import AntreanError
from app.queueing.commands import calling, cancelling, counter_states, issuing, serving
from app.queueing.service_day import begin_day
from tests.support import cast, mall
from tests.support.clock import MORNING
from tests.support.database import Disk
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import RulesHarness, custom_mall, preferring

STEPS = 300


MOST_STEPS = 1_500


HOLDERS = {
    mall.LOKET_1: cast.SARI,
    mall.LOKET_2: cast.BUDI,
    mall.LOKET_3: cast.MADE,
}


# how often each is tried; most are refused where they make no sense
COMMANDS: dict[Callable[..., Any], int] = {
    calling.call_next: 8,
    calling.recall: 4,
    calling.return_: 3,
    serving.start: 5,
    serving.serve: 3,
    serving.serve_next: 4,
    serving.no_show: 2,
    partial(serving.no_show, reason="left"): 4,
    counter_states.open_: 3,
    counter_states.pause: 1,
    counter_states.close: 1,
    partial(issuing.walk_up, service_id=mall.AKTA): 6,
}


OFTEN = COMMANDS.keys() - {serving.no_show}  # two calls and ten seconds are rare


EVERY_EVENT = {
    *("issued", "called", "recalled", "returned", "started", "served"),
    *("no_show", "walked_up", "cancelled", "expired"),
}


class Story:
    """A day of the small mall, made up from a seed."""

    def __init__(self, rules: RulesHarness, seed: int) -> None:
        self._rules = rules
        self._chance = random.Random(seed)  # noqa: S311 (a story, not a secret)
        self._happened: set[Callable[..., Any]] = set()
        for counter_id in HOLDERS:
            rules.open(counter_id)

    def play(self) -> None:
        """Let much happen, and each thing at least once.

        A refusal is part of the story.
        """
        for step in range(MOST_STEPS):
            if step >= STEPS and self._happened >= OFTEN:
                return
            happens = self._chance.choices(
                [self._issue, self._command, self._cancel, self._wait], [3, 12, 1, 2]
            )
            with suppress(AntreanError):
                happens[0]()

    def _issue(self) -> None:
        services = self._chance.sample([1, 2, 3], self._chance.randint(1, 3))
        priority = self._chance.choice(["regular", "regular", "lansia", "anak"])
        self._rules.issue(*services, priority=priority)

    def _command(self) -> None:
        action = self._chance.choices(list(COMMANDS), list(COMMANDS.values()))[0]
        counter_id = self._chance.choice(list(HOLDERS))
        actor = HOLDERS[counter_id].actor
        self._rules.do(action, counter_id=counter_id, actor=actor)
        self._happened.add(action)

    def _cancel(self) -> None:
        self._rules.do(
            cancelling.cancel_by_staff,
            ticket_id=self._chance.randint(1, 80),
            actor=cast.RESEPSI.actor,
            reason="duplicate",
        )

    def _wait(self) -> None:
        self._rules.wait(seconds=self._chance.choice([1, 4, 12, 60]))


@pytest.fixture
def own_mall() -> CustomMall:
    return custom_mall(counters=preferring().counters)


@pytest.mark.parametrize("seed", [0, 2, 3])
def test_any_story_keeps_the_promises(rules: RulesHarness, seed: int) -> None:
    Story(rules, seed).play()
    disk = rules.disk
    look_at(disk)

    rules.do(begin_day, day=MORNING.date().replace(day=25))

    look_at(disk)
    assert set(disk.rows("SELECT name FROM ticket_event")) == EVERY_EVENT
    left = disk.rows(
        "SELECT id FROM entry"
        " WHERE state NOT IN ('served', 'cancelled', 'expired', 'no_show')"
    )
    assert left == []


def look_at(disk: Disk) -> None:
    disk.assert_events_rebuild_entries()
    look_for_gaps(disk)
    # an event's from is its forerunner's to; the first has none
    chain = disk.rows(
        "SELECT from_state, lag(to_state) OVER (PARTITION BY entry_id ORDER BY id)"
        " FROM ticket_event"
    )
    assert all(before == after for before, after in chain)
    # the version counts the events after the first of each entry
    versions = disk.rows(
        "SELECT version - 1, (SELECT count(*) FROM ticket_event e"
        " WHERE e.ticket_id = t.id AND e.from_state IS NOT NULL) FROM ticket t"
    )
    assert all(version == events for version, events in versions)
    # a recall moves the last call, never the first
    calls = disk.rows(
        "SELECT n.called_at, (SELECT e.at FROM ticket_event e WHERE e.id = n.call_id)"
        " FROM entry n WHERE n.call_id IS NOT NULL"
    )
    assert all(called_at == at for called_at, at in calls)


def look_for_gaps(disk: Disk) -> None:
    for last, count, newest in disk.rows(
        "SELECT s.last_number, count(t.id), max(t.drawn) FROM series s"
        " LEFT JOIN ticket t ON t.series_id = s.id GROUP BY s.id"
    ):
        assert last == count == (newest or 0)


def test_a_day_that_begins_with_nobody_left_writes_no_event(
    rules: RulesHarness,
) -> None:
    rules.do(begin_day, day=MORNING.date().replace(day=25))

    assert rules.facts == {"site", "counters"}
    assert rules.disk.count("ticket_event") == 0
