"""Whatever happens, in any order: events tell it all, and nothing is lost."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.db import writer_engine
from app.errors import AntreanError
from app.queueing import calling, cancelling, counters, issuing, serving
from app.queueing.change import SYSTEM
from app.queueing.day import begin_day
from tests.queueing.conftest import Rules
from tests.support import cast, mall
from tests.support.clock import MORNING, MovableClock
from tests.support.database import Disk

Step = Callable[[Rules], Any]
HOLDERS = {1: cast.SARI.actor, 2: cast.BUDI.actor, 3: cast.MADE.actor}


def at_counter(action: Callable[..., Any], counter_id: int, **facts: Any) -> Step:
    who = HOLDERS[counter_id]
    return lambda rules: rules.do(action, counter_id=counter_id, who=who, **facts)


def cancel(ticket_id: int, entry: int | None) -> Step:
    who = cast.RESEPSI.actor
    facts = {"ticket_id": ticket_id, "who": who, "reason": "duplicate"}
    return lambda rules: rules.do(cancelling.cancel_by_staff, entry_id=entry, **facts)


counter_ids = st.sampled_from(sorted(HOLDERS))
services = st.lists(st.sampled_from([1, 2, 3]), min_size=1, max_size=3, unique=True)
priorities = st.sampled_from(["regular", "lansia", "anak"])
actions = st.sampled_from(
    [
        calling.call_next,
        calling.recall,
        calling.return_,
        serving.start,
        serving.serve,
        serving.serve_next,
        serving.no_show,
        partial(serving.no_show, reason="left"),
        counters.open_,
        counters.pause,
        counters.close,
        partial(issuing.walk_up, service_id=mall.AKTA),
    ]
)
steps = st.one_of(
    st.builds(
        lambda chosen, priority: lambda rules: rules.issue(*chosen, priority=priority),
        services,
        priorities,
    ),
    st.builds(at_counter, actions, counter_ids),
    st.builds(at_counter, st.just(calling.call_next), counter_ids),
    st.builds(cancel, st.integers(1, 6), st.none()),
    st.builds(lambda seconds: seconds, st.integers(1, 1500)),
)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=st.lists(steps, min_size=10, max_size=60))
def test_any_story_keeps_the_promises(
    small_mall: Path, story: list[Step | int]
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "antrean.sqlite3"
        path.write_bytes(small_mall.read_bytes())
        clock = MovableClock()
        engine = writer_engine(path)
        rules = Rules(engine, clock)
        for counter_id, member in ((1, cast.SARI), (2, cast.BUDI), (3, cast.MADE)):
            rules.open(counter_id, member)
        for step in story:
            play(rules, clock, step)
        disk = Disk(path)
        look_at(disk)
        tomorrow = MORNING.date().replace(day=25)
        rules.do(begin_day, day=tomorrow)
        look_at(disk)
        left = "state NOT IN ('served', 'cancelled', 'expired', 'no_show')"
        assert disk.rows(f"SELECT id FROM entry WHERE {left}") == []  # noqa: S608
        engine.dispose()


def play(rules: Rules, clock: MovableClock, step: Step | int) -> None:
    if isinstance(step, int):
        clock.move(seconds=step)
        return
    with suppress(AntreanError):  # a refusal is part of the story
        step(rules)


def look_at(disk: Disk) -> None:
    disk.assert_events_rebuild_entries()
    twice = "GROUP BY {} HAVING count(*) > 1"
    active = "FROM entry WHERE state IN ('called', 'serving')"
    assert disk.rows(f"SELECT 1 {active} {twice.format('counter_id')}") == []
    assert disk.rows(f"SELECT 1 {active} {twice.format('ticket_id')}") == []
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
    # no gap in any series
    for last, count in disk.rows(
        "SELECT s.last_number, count(t.id) FROM series s"
        " LEFT JOIN ticket t ON t.series_id = s.id GROUP BY s.id"
    ):
        assert last == count
    # who was called keeps the first time, until a return takes the call back
    kept = disk.rows(
        "SELECT n.called_at, (SELECT min(e.at) FROM ticket_event e"
        " WHERE e.entry_id = n.id AND e.name = 'called' AND e.id > coalesce("
        " (SELECT max(r.id) FROM ticket_event r"
        " WHERE r.entry_id = n.id AND r.name = 'returned'), 0)) FROM entry n"
    )
    assert all(stored == first for stored, first in kept)


def test_a_day_that_begins_with_nobody_left_writes_no_event(rules: Rules) -> None:
    rules.do(begin_day, day=MORNING.date().replace(day=25))

    assert rules.facts == {"site", "counters"}
    assert SYSTEM.sees_all
