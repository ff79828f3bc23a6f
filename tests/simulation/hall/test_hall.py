"""400 calls, two sound spaces, twelve displays, cuts, restarts, a dead speaker."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.simulation.hall.day import DISPLAYS, SPACE_OF_ZONE, Day, Result

CALLS = 400
WORST_DELAY = timedelta(seconds=60)
pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module", params=[1])
def result(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Result:
    return Day(tmp_path_factory.mktemp("hall"), request.param).run(CALLS)


def test_much_went_wrong_and_everybody_was_called(result: Result) -> None:
    assert len(result.calls) >= CALLS
    assert len(result.away) > 5


def test_no_call_is_spoken_twice(result: Result) -> None:
    spoken = [(each.call_id, each.text) for each in result.spoken]

    assert len(spoken) == len(set(spoken))


def test_each_call_is_spoken_in_its_space_unless_it_was_withdrawn(
    result: Result,
) -> None:
    spaces = {each.call_id: each.space_id for each in result.spoken}

    for call in result.calls.values():
        assert call.is_withdrawn or spaces[call.id] == SPACE_OF_ZONE[call.zone_id]


def test_what_was_withdrawn_is_not_spoken_afterwards(result: Result) -> None:
    for each in result.spoken:
        ended_at = result.calls[each.call_id].ended_at
        assert ended_at is None or each.begins_at <= ended_at + timedelta(seconds=1)


def test_in_each_space_the_order_is_kept_and_nothing_overlaps(result: Result) -> None:
    for space_id in (1, 2):
        spoken = sorted(
            (each for each in result.spoken if each.space_id == space_id),
            key=lambda each: each.begins_at,
        )
        for one, other in pairwise(spoken):
            assert one.announcement_id < other.announcement_id
            assert one.ends_at <= other.begins_at


def test_nobody_waits_for_the_voice_longer_than_a_minute(result: Result) -> None:
    assert worst_delay(result) <= WORST_DELAY


def test_every_display_that_could_shows_every_call_within_two_seconds(
    result: Result,
) -> None:
    late = [
        key
        for key, at in result.could_paint.items()
        if key not in result.painted or result.painted[key] - at > timedelta(seconds=2)
    ]
    zones = {id_: set(zone_ids) for id_, zone_ids in DISPLAYS.items()}
    owed = {
        (id_, call.id)
        for id_, of_display in zones.items()
        for call in result.calls.values()
        if call.zone_id in of_display
    }

    # who lost its power within that second never reported
    assert len(late) <= 0.001 * len(owed)
    assert len(set(result.could_paint) & owed) >= 0.8 * len(owed)


def worst_delay(result: Result) -> timedelta:
    """Return the longest from a call to its voice, apart from quiet and restarts."""
    delays = [timedelta()]
    for each in result.spoken:
        called_at = result.calls[each.call_id].called_at
        if not any(a < each.begins_at and b > called_at for a, b in result.away):
            delays.append(each.begins_at - called_at)
    return max(delays)
