"""Quiet: calls are shown and not spoken, and spoken afterwards if they still stand."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.errors import NotFound
from app.queueing import facts, rows
from app.queueing.commands import calling, serving
from app.queueing.hall.held import announce_held, is_any_held
from app.queueing.hall.quiet import (
    begin_quiet,
    end_quiet,
    end_quiets,
    is_any_quiet_over,
)
from app.queueing.hall.receipts import SpokenAnnouncement, note_receipts
from app.queueing.hall.sound_spaces import SoundSpaces
from app.queueing.views.receipts import receipt_of_counter
from tests.queueing.hall.conftest import FIRST, SPACE, display
from tests.support.rules.harness import (
    RulesHarness,
    clock_time,
    mall_with_breaks,
    rules_of,
)

QUIET_BEGINS, QUIET_ENDS = clock_time("09:30"), clock_time("09:40")


def texts(rules: RulesHarness) -> list[str]:
    column = rows.announcement.c
    query = select(column.text).order_by(column.id)
    return list(rules.see(lambda db: db.execute(query).scalars().all()))


def expiries(rules: RulesHarness) -> list[datetime]:
    column = rows.announcement.c
    query = select(column.expires_at).order_by(column.id)
    return list(rules.see(lambda db: db.execute(query).scalars().all()))


def quiet_until(rules: RulesHarness) -> datetime | None:
    until: datetime | None = rules.see(
        lambda db: SoundSpaces(db, rules.now).quiet_until(SPACE)
    )
    return until


def keep_quiet(rules: RulesHarness, minutes: int = 5) -> datetime:
    until: datetime = rules.do(begin_quiet, space_id=SPACE, minutes=minutes)
    return until


def is_held(rules: RulesHarness) -> bool:
    return bool(rules.see(lambda db: is_any_held(db, rules.change(db))))


def test_by_hand_nothing_is_spoken_and_all_is_afterwards(hall: RulesHarness) -> None:
    until = keep_quiet(hall)
    assert hall.facts == {facts.QUIET}
    assert quiet_until(hall) == until
    for counter in (2, 1):
        hall.called(counter=counter)
    assert texts(hall) == []
    assert not is_held(hall)

    hall.do(end_quiet, space_id=SPACE)

    assert quiet_until(hall) is None
    # in the order of the calls, whatever the counters
    assert [text[-8:] for text in texts(hall)] == ["Loket 2.", "Loket 1."]
    assert {facts.QUIET, facts.zone(1), facts.counter(1)} <= hall.facts


def test_it_ends_by_itself(hall: RulesHarness) -> None:
    until = keep_quiet(hall)
    hall.called()
    assert not hall.see(is_any_quiet_over, now=hall.now)

    hall.now = until
    assert hall.see(is_any_quiet_over, now=hall.now)
    assert quiet_until(hall) is None
    hall.do(end_quiets)

    assert len(texts(hall)) == 1
    assert not hall.see(is_any_quiet_over, now=hall.now)


def test_who_came_or_was_taken_back_is_not_spoken(hall: RulesHarness) -> None:
    keep_quiet(hall)
    hall.called()
    hall.called(counter=2)
    hall.at(1, serving.start)
    hall.at(2, calling.return_)

    hall.do(end_quiet, space_id=SPACE)

    assert texts(hall) == []


def test_recalls_in_the_quiet_are_one_announcement(hall: RulesHarness) -> None:
    keep_quiet(hall)
    hall.called()
    hall.wait(seconds=5)
    hall.at(1, calling.recall)

    hall.do(end_quiet, space_id=SPACE)

    (text,) = texts(hall)
    assert text.startswith("Panggilan kedua.")


def test_what_waited_when_it_began_is_spoken_once(hall: RulesHarness) -> None:
    hall.called()
    keep_quiet(hall, minutes=1)
    hall.wait(seconds=30)
    hall.do(end_quiet, space_id=SPACE)
    # still good: the device that holds it speaks it now
    assert len(texts(hall)) == 1

    keep_quiet(hall, minutes=5)
    hall.wait(minutes=5)
    hall.do(end_quiets)

    # expired in the quiet, so it is announced anew
    assert len(texts(hall)) == 2


def test_what_was_spoken_before_is_not_spoken_again(hall: RulesHarness) -> None:
    hall.called()
    spoken = [SpokenAnnouncement(1, hall.now, hall.now)]
    hall.do(note_receipts, shown=[], spoken=spoken, actor=display(FIRST))
    keep_quiet(hall)
    hall.wait(minutes=5)

    hall.do(end_quiets)

    assert len(texts(hall)) == 1


def test_a_longer_quiet_keeps_what_the_first_began(hall: RulesHarness) -> None:
    hall.called()
    keep_quiet(hall, minutes=1)
    hall.wait(seconds=50)
    keep_quiet(hall, minutes=5)
    hall.wait(minutes=5)

    hall.do(end_quiets)

    assert len(texts(hall)) == 2


def test_another_space_is_spoken_in(hall: RulesHarness) -> None:
    with hall.engine.begin() as db:
        db.execute(rows.sound_space.insert().values(id=7, code="L7", name="L7"))

    hall.do(begin_quiet, space_id=7, minutes=5)
    hall.called()

    assert len(texts(hall)) == 1


def test_an_unknown_space_is_not_found(hall: RulesHarness) -> None:
    with pytest.raises(NotFound):
        hall.do(begin_quiet, space_id=99, minutes=5)
    with pytest.raises(NotFound):
        hall.do(end_quiet, space_id=99)


def test_an_end_without_quiet_does_nothing(hall: RulesHarness) -> None:
    hall.do(end_quiet, space_id=SPACE)

    assert hall.facts == set()


def test_nobody_is_told_that_a_call_is_not_spoken_in_the_quiet(
    hall: RulesHarness,
) -> None:
    hall.called()
    with hall.engine.begin() as db:
        call = db.execute(select(rows.announcement.c.call_id)).scalar_one()
        receipt = {"call_id": call, "device_id": FIRST, "at": hall.now}
        db.execute(rows.display_receipt.insert().values(receipt))
    keep_quiet(hall)
    hall.wait(seconds=30)

    view, _ = hall.see(receipt_of_counter, counter_id=1, now=hall.now)

    assert view.state == "shown"


@pytest.fixture
def timed(tmp_path: Path) -> Iterator[RulesHarness]:
    """Return a mall that is quiet from half past nine for ten minutes."""
    with rules_of(tmp_path, mall_with_breaks()) as rules:
        yield rules


def test_by_timetable_calls_are_spoken_when_it_is_over(timed: RulesHarness) -> None:
    timed.now = QUIET_BEGINS + timedelta(minutes=5)
    timed.called()
    assert texts(timed) == []
    assert not is_held(timed)

    timed.now = QUIET_ENDS
    assert is_held(timed)
    timed.do(announce_held)

    assert len(texts(timed)) == 1
    assert not is_held(timed)


def test_what_is_announced_just_before_outlives_the_quiet(timed: RulesHarness) -> None:
    timed.now = QUIET_BEGINS - timedelta(seconds=30)
    timed.called()

    (expires,) = expiries(timed)

    assert expires > QUIET_ENDS + timedelta(seconds=60)


def test_a_power_cut_loses_no_call_that_still_stands(hall: RulesHarness) -> None:
    hall.called()
    last_moment = hall.now
    hall.wait(minutes=10)
    assert not is_held(hall)

    hall.do(announce_held, lost_since=last_moment)
    hall.do(announce_held, lost_since=last_moment)

    assert len(texts(hall)) == 2


def test_what_expired_before_the_cut_is_not_announced(hall: RulesHarness) -> None:
    hall.called()
    hall.wait(minutes=10)
    last_moment = hall.now
    hall.wait(minutes=10)

    hall.do(announce_held, lost_since=last_moment)

    assert len(texts(hall)) == 1
