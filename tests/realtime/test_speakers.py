"""Who is missing or silent is replaced in time, and nobody before its time."""

import pytest

from app.queueing.change import Actor
from app.queueing.hall.speakers import Speaker
from app.realtime.displays import ConnectedDisplays
from app.realtime.speakers import SpeakerChoice

SPACE, FIRST, SECOND = 1, 10, 11
SPEAKER = Speaker(SPACE, FIRST, None, [FIRST, SECOND], False, False)
WAITING = SPEAKER._replace(is_waiting=True)


class Hall:
    """Two displays, and the choice that is made each second."""

    def __init__(self) -> None:
        self.displays = ConnectedDisplays()
        self.choice = SpeakerChoice(self.displays)
        for id_ in (FIRST, SECOND):
            self.displays.add(display(id_))

    def changed_at(self, speaker: Speaker, *, seconds: range) -> int | None:
        """Look each second; return when another was chosen."""
        for second in seconds:
            if self.choice.changes([speaker], float(second)):
                return second
        return None


def display(id_: int) -> Actor:
    return Actor("device", "display", id_)


@pytest.fixture
def hall() -> Hall:
    return Hall()


def test_who_is_away_for_three_seconds_is_replaced(hall: Hall) -> None:
    hall.displays.discard(display(FIRST))

    assert hall.changed_at(SPEAKER, seconds=range(100, 110)) == 103


def test_who_reloads_its_page_goes_on(hall: Hall) -> None:
    hall.displays.discard(display(FIRST))
    assert hall.changed_at(SPEAKER, seconds=range(3)) is None

    hall.displays.add(display(FIRST))
    assert hall.changed_at(SPEAKER, seconds=range(3, 5)) is None
    hall.displays.discard(display(FIRST))

    assert hall.changed_at(SPEAKER, seconds=range(5, 8)) is None


def test_who_lets_a_call_lie_for_three_seconds_is_replaced(hall: Hall) -> None:
    assert hall.changed_at(WAITING, seconds=range(50, 60)) == 53


def test_who_takes_over_has_its_own_three_seconds(hall: Hall) -> None:
    assert hall.changed_at(WAITING, seconds=range(50, 60)) == 53
    second = WAITING._replace(device_id=SECOND)

    # and as nobody else can, it goes on trying
    assert hall.changed_at(second, seconds=range(54, 70)) is None


def test_between_two_calls_nobody_is_silent(hall: Hall) -> None:
    for second in range(0, 30, 2):
        assert not hall.choice.changes([WAITING], second)
        assert not hall.choice.changes([SPEAKER], second + 1)


def test_who_is_heard_of_again_can_speak(hall: Hall) -> None:
    hall.changed_at(WAITING, seconds=range(5))
    assert hall.displays.able() == [SECOND]

    hall.displays.note_voice(FIRST)

    assert hall.displays.able() == [FIRST, SECOND]


def test_one_page_of_two_that_goes_leaves_the_display(hall: Hall) -> None:
    hall.displays.add(display(FIRST))
    hall.displays.discard(display(FIRST))

    assert FIRST in hall.displays
