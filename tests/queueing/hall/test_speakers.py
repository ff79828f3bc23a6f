"""Who speaks in a sound space: whoever should, and somebody else where it cannot."""

from typing import Any

import pytest

from app.queueing import facts
from app.queueing.commands import calling, serving
from app.queueing.hall.sound_spaces import SoundSpaces
from app.queueing.hall.speakers import (
    Speaker,
    chosen_speaker,
    read_speakers,
    set_speakers,
)
from tests.queueing.hall.conftest import FIRST, SECOND
from tests.queueing.hall.conftest import SPACE as L1
from tests.support.rules.harness import RulesHarness

ELSEWHERE = 12


def speaker(**changed: Any) -> Speaker:
    """Return a space where the first of two displays speaks."""
    return Speaker(L1, FIRST, None, [FIRST, SECOND], False, False)._replace(**changed)


@pytest.mark.parametrize(
    ("changed", "able", "chosen"),
    [
        ({}, [SECOND, FIRST], FIRST),
        ({}, [SECOND], SECOND),
        ({}, [ELSEWHERE, SECOND], SECOND),
        ({}, [ELSEWHERE], FIRST),
        ({}, [], FIRST),
        ({"device_id": None}, [SECOND, FIRST], SECOND),
        ({"preferred_id": SECOND}, [FIRST, SECOND], SECOND),
        ({"preferred_id": SECOND}, [FIRST], FIRST),
        # nobody takes over in the middle of an announcement
        ({"preferred_id": SECOND, "is_speaking": True}, [FIRST, SECOND], FIRST),
        ({"is_speaking": True}, [SECOND], SECOND),
    ],
)
def test_a_device_that_is_there_and_can_is_chosen(
    changed: dict[str, Any], able: list[int], chosen: int
) -> None:
    assert chosen_speaker(speaker(**changed), able) == chosen


def of_space(rules: RulesHarness) -> Speaker:
    """Return who speaks in the first space."""
    speakers: list[Speaker] = rules.see(read_speakers, now=rules.now)
    (found,) = (each for each in speakers if each.space_id == L1)
    return found


def test_the_first_display_speaks_until_another_is_chosen(hall: RulesHarness) -> None:
    assert of_space(hall).device_id == FIRST

    hall.do(set_speakers, speakers={L1: SECOND})

    assert of_space(hall).device_id == SECOND
    assert hall.facts == {facts.sound_space(L1)}


def test_a_call_waits_for_its_voice(hall: RulesHarness) -> None:
    assert not of_space(hall).is_waiting

    hall.called()

    assert of_space(hall).is_waiting


def test_what_is_called_no_more_waits_for_nobody(hall: RulesHarness) -> None:
    hall.called()
    hall.at(1, calling.return_)
    hall.wait(seconds=4)

    assert not of_space(hall).is_waiting


def test_who_has_come_needs_no_announcement(hall: RulesHarness) -> None:
    hall.called()
    hall.at(1, serving.start)
    hall.wait(seconds=4)

    assert not of_space(hall).is_waiting


def test_a_space_is_shown_with_its_zones_and_its_speaker(hall: RulesHarness) -> None:
    (view,) = hall.see(lambda db: SoundSpaces(db, hall.now).views([1]))

    assert view.zone_ids == [1]
    assert view.speaker_device_id == FIRST
    assert view.speaking is None
    assert view.quiet_until is None
    assert view.last_announcement_id == 0
