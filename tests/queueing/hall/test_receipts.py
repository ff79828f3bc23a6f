"""What devices report is kept whole or not at all; the console says the worst."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.errors import NotFound
from app.queueing import facts, rows
from app.queueing.commands import calling, serving
from app.queueing.hall.receipts import ShownCall, SpokenAnnouncement, note_receipts
from app.queueing.hall.sound_spaces import SoundSpaces, SoundSpaceView
from app.queueing.hall.speakers import set_speakers
from app.queueing.views.receipts import CallReceipts, call_receipts, receipt_of_counter
from tests.queueing.hall.conftest import FIRST, SECOND, SPACE, display
from tests.support.rules.harness import ADMIN, BUDI, RulesHarness

THIRD = 12


def report(
    hall: RulesHarness, device_id: int = FIRST, *, shown: Any = (), spoken: Any = ()
) -> None:
    """Report as a display, with the present moment."""
    hall.do(
        note_receipts,
        shown=[ShownCall(call_id, hall.now) for call_id in shown],
        spoken=spoken,
        actor=display(device_id),
    )


def begun(hall: RulesHarness, id_: int) -> SpokenAnnouncement:
    return SpokenAnnouncement(id_, hall.now, None)


def ended(hall: RulesHarness, id_: int, seconds: float = 4) -> SpokenAnnouncement:
    return SpokenAnnouncement(id_, hall.now - timedelta(seconds=seconds), hall.now)


def call_id_of(hall: RulesHarness, announcement_id: int = 1) -> int:
    column = rows.announcement.c
    query = select(column.call_id).where(column.id == announcement_id)
    return int(hall.see(lambda db: db.execute(query).scalar_one()))


def space(hall: RulesHarness) -> SoundSpaceView:
    views: list[SoundSpaceView] = hall.see(
        lambda db: SoundSpaces(db, hall.now).views([1])
    )
    return views[0]


def state(hall: RulesHarness, counter_id: int = 1) -> str | None:
    view, _ = hall.see(receipt_of_counter, counter_id=counter_id, now=hall.now)
    return None if view is None else view.state


def receipts(hall: RulesHarness) -> CallReceipts:
    found: CallReceipts = hall.see(call_receipts, call_id=call_id_of(hall), actor=ADMIN)
    return found


def test_a_call_is_pending_then_shown_and_spoken(hall: RulesHarness) -> None:
    hall.called()
    assert state(hall) == "pending"

    report(hall, shown=[call_id_of(hall)])
    assert facts.counter(1) in hall.facts
    report(hall, spoken=[begun(hall, 1)])
    assert {facts.counter(1), facts.sound_space(SPACE)} <= hall.facts
    speaking = space(hall).speaking
    assert speaking is not None
    assert (speaking.announcement_id, speaking.call_id) == (1, call_id_of(hall))
    hall.wait(seconds=4)
    report(hall, spoken=[ended(hall, 1)])
    hall.wait(minutes=1)

    assert state(hall) == "shown"
    assert space(hall).speaking is None
    assert space(hall).last_announcement_id == 1
    (shown,), (spoken,) = receipts(hall).shown, receipts(hall).spoken
    assert shown.display_id == FIRST
    assert (spoken.sound_space_id, spoken.device_id) == (SPACE, FIRST)
    assert spoken.to is not None
    assert spoken.to - spoken.since == timedelta(seconds=4)


def test_the_second_display_tells_the_console_nothing_new(hall: RulesHarness) -> None:
    hall.called()
    report(hall, shown=[call_id_of(hall)])

    report(hall, SECOND, shown=[call_id_of(hall)])

    assert hall.facts == set()
    assert [each.display_id for each in receipts(hall).shown] == [FIRST, SECOND]


def test_a_repeat_changes_nothing(hall: RulesHarness) -> None:
    hall.called()
    for _ in range(2):
        report(hall, shown=[call_id_of(hall)], spoken=[begun(hall, 1)])
        hall.wait(seconds=1)
    before = receipts(hall)

    report(hall, shown=[call_id_of(hall)], spoken=[begun(hall, 1)])

    assert receipts(hall) == before
    assert (len(before.shown), len(before.spoken)) == (1, 1)


def test_what_no_display_shows_is_told_after_three_seconds(hall: RulesHarness) -> None:
    hall.called()
    _, look_again = hall.see(receipt_of_counter, counter_id=1, now=hall.now)
    assert look_again - hall.now <= timedelta(seconds=3)

    hall.wait(seconds=3)

    assert state(hall) == "not_shown"


def test_what_nobody_speaks_is_told_after_three_seconds(hall: RulesHarness) -> None:
    hall.called()
    report(hall, shown=[call_id_of(hall)])
    assert state(hall) == "shown"

    hall.wait(seconds=3)

    assert state(hall) == "not_spoken"


def test_who_waits_for_others_to_be_spoken_is_not_late(hall: RulesHarness) -> None:
    hall.called()
    hall.called(counter=2)
    second = call_id_of(hall, 2)
    report(hall, shown=[second], spoken=[begun(hall, 1)])
    hall.wait(seconds=8)
    assert state(hall, 2) == "shown"

    report(hall, spoken=[ended(hall, 1)])
    hall.wait(seconds=2)
    assert state(hall, 2) == "shown"
    hall.wait(seconds=2)

    assert state(hall, 2) == "not_spoken"


def test_a_recall_is_to_be_spoken_too(hall: RulesHarness) -> None:
    hall.called()
    report(hall, shown=[call_id_of(hall)], spoken=[ended(hall, 1)])
    hall.wait(seconds=10)
    hall.at(1, calling.recall)
    assert state(hall) == "shown"

    hall.wait(seconds=4)

    assert state(hall) == "not_spoken"


def test_nothing_is_said_of_a_visitor_who_has_come(hall: RulesHarness) -> None:
    hall.called()
    hall.at(1, serving.start)

    assert state(hall) is None


def test_nothing_is_said_where_there_is_no_display(rules: RulesHarness) -> None:
    with rules.engine.begin() as db:
        db.execute(rows.display_zone.delete())
    rules.called()
    rules.wait(seconds=9)

    assert state(rules) is None


def test_of_what_was_not_sent_nothing_is_kept(hall: RulesHarness) -> None:
    hall.called()
    call_id = call_id_of(hall)

    for device_id, shown in ((THIRD, [call_id]), (FIRST, [call_id, call_id + 99])):
        with pytest.raises(NotFound):
            report(hall, device_id, shown=shown)
    with pytest.raises(NotFound):
        report(hall, shown=[call_id], spoken=[begun(hall, 77)])

    assert receipts(hall).shown == []


def test_an_event_that_is_no_call_is_none(hall: RulesHarness) -> None:
    hall.called()

    with pytest.raises(NotFound):
        report(hall, shown=[1])


def test_only_the_speaking_device_speaks(hall: RulesHarness) -> None:
    hall.called()

    with pytest.raises(NotFound):
        report(hall, SECOND, spoken=[begun(hall, 1)])
    hall.do(set_speakers, speakers={SPACE: SECOND})
    report(hall, SECOND, spoken=[begun(hall, 1)])

    assert [each.device_id for each in receipts(hall).spoken] == [SECOND]


def test_who_was_replaced_may_still_say_how_it_ended(hall: RulesHarness) -> None:
    hall.called()
    report(hall, spoken=[begun(hall, 1)])
    hall.do(set_speakers, speakers={SPACE: SECOND})
    hall.wait(seconds=4)

    report(hall, spoken=[ended(hall, 1)])

    assert [each.to is None for each in receipts(hall).spoken] == [False]


def test_what_was_cut_off_is_left_to_the_stand_by(hall: RulesHarness) -> None:
    hall.called()
    report(hall, spoken=[begun(hall, 1)])

    hall.do(set_speakers, speakers={SPACE: SECOND})

    assert space(hall).speaking is None
    assert space(hall).last_announcement_id == 0


def test_a_device_that_never_ends_speaks_for_thirty_seconds(hall: RulesHarness) -> None:
    hall.called()
    report(hall, spoken=[begun(hall, 1)])
    end = hall.see(lambda db: SoundSpaces(db, hall.now).next_change())

    hall.now = end

    assert space(hall).speaking is None


def test_moments_lie_between_the_call_and_now(hall: RulesHarness) -> None:
    hall.called()
    called_at = hall.now
    hall.wait(seconds=5)
    early = ShownCall(call_id_of(hall), called_at - timedelta(hours=1))
    late = SpokenAnnouncement(1, hall.now, hall.now + timedelta(hours=1))

    hall.do(note_receipts, shown=[early], spoken=[late], actor=display(FIRST))

    found = receipts(hall)
    assert called_at - timedelta(seconds=1) < found.shown[0].at <= called_at
    assert found.spoken[0].to is not None
    assert found.spoken[0].to <= hall.now


def test_a_call_of_another_agency_is_not_known(hall: RulesHarness) -> None:
    hall.called()
    stranger = BUDI.__class__("staff", "officer", 99, agency_ids=frozenset({77}))

    with pytest.raises(NotFound):
        hall.see(call_receipts, call_id=call_id_of(hall), actor=stranger)
