"""However many displays there are: one reading, one rendering, one serialised text."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert, update

from app.api.live.topics import DisplayTopic
from app.errors import NotFound
from app.queueing import rows
from app.queueing.commands import calling, serving
from app.queueing.views.board import Board, board
from app.realtime.announcements import ALL, Wanted
from app.realtime.topic import Outcome, Snapshot, Topic, TopicSnapshot, take_snapshots
from tests.support.rules.harness import RulesHarness, rules_of

MANY = 40
HALL, FIRST, SECOND = 100, 200, 300
"""The first of the displays of both zones, of zone 1, and of zone 2."""
ZONES = {HALL: [1, 2], FIRST: [1], SECOND: [2]}


class Hall:
    """Two zones with many displays, and the statements with which they are read."""

    def __init__(self, rules: RulesHarness) -> None:
        self.rules = rules
        self.statements: list[str] = []
        """Those of the last reading."""
        self._view = DisplayTopic(5)
        with rules.engine.begin() as db:
            db.execute(update(rows.zone).values(is_practice=False))
            in_second = rows.counter.c.id == 3
            db.execute(update(rows.counter).where(in_second).values(zone_id=2))
            for first, zone_ids in ZONES.items():
                for display_id in range(first, first + MANY):
                    _pair(db, display_id, zone_ids)

    def read(self, display_ids: list[int], wanted: Wanted = ALL) -> list[Outcome]:
        """Read displays in one reading."""
        topics = [Topic(f"display:{id_}", self._view, str(id_)) for id_ in display_ids]
        outcomes: list[Outcome] = self.rules.see(
            self._traced, topics=[(each, wanted) for each in topics], now=self.rules.now
        )
        return outcomes

    def snapshots(self, display_ids: list[int], wanted: Wanted = ALL) -> list[Snapshot]:
        """Read displays, none of which may break."""
        outcomes = self.read(display_ids, wanted)
        snapshots = [each for each in outcomes if isinstance(each, Snapshot)]
        assert len(snapshots) == len(outcomes)
        return snapshots

    def _traced(self, db: Connection, **arguments: Any) -> list[Outcome]:
        connection: Any = db.connection.dbapi_connection
        self.statements.clear()
        connection.set_trace_callback(self.statements.append)
        try:
            return take_snapshots(db, **arguments)
        finally:
            connection.set_trace_callback(None)


def _pair(db: Connection, display_id: int, zone_ids: list[int]) -> None:
    code = f"D{display_id}"
    device = {"id": display_id, "code": code, "kind": "display", "name": code}
    db.execute(insert(rows.device).values(device))
    links = [{"device_id": display_id, "zone_id": zone_id} for zone_id in zone_ids]
    db.execute(insert(rows.display_zone), links)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    with rules_of(tmp_path) as rules:
        yield Hall(rules)


def of_each_kind(count: int) -> list[int]:
    """Return so many displays of each set of zones."""
    return [first + number for first in ZONES for number in range(count)]


def announced_to(snapshot: Snapshot, announced_up_to: int | None) -> list[int]:
    """Return the ids of the announcements in the message for a socket."""
    message = json.loads(b"{" + snapshot.text_after(announced_up_to))
    return [announcement["id"] for announcement in message["announcements"]]


def test_displays_of_the_same_zones_share_one_snapshot(hall: Hall) -> None:
    snapshots = hall.snapshots(of_each_kind(MANY))

    assert len(set(snapshots)) == len(ZONES)
    for first in range(0, len(snapshots), MANY):
        assert len(set(snapshots[first : first + MANY])) == 1


def test_a_board_is_serialised_once_for_its_displays(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    serialised: list[Board] = []
    serialise = Board.model_dump_json

    def dump(board: Board) -> str:
        serialised.append(board)
        return serialise(board)

    monkeypatch.setattr(Board, "model_dump_json", dump)

    hall.snapshots(of_each_kind(MANY))

    assert len(serialised) == len(ZONES)


def test_more_displays_are_read_with_as_many_statements(hall: Hall) -> None:
    """The revision, the site's rules, the boards, and three for each of two zones."""
    hall.rules.called(counter=1)
    hall.rules.called(3, counter=3)
    hall.snapshots(of_each_kind(1))
    few = len(hall.statements)
    hall.snapshots(of_each_kind(MANY))

    assert len(hall.statements) == few
    assert sum("FROM announcement" in each for each in hall.statements) == 3 * 2
    # that of all of them: no display is asked about alone
    assert sum("FROM device" in each for each in hall.statements) == 1


def test_what_is_not_wanted_is_not_read(hall: Hall) -> None:
    hall.rules.called(counter=1)
    newest = hall.snapshots([HALL])[0].announcements.newest

    hall.snapshots(of_each_kind(MANY), Wanted(since=newest))

    # of each zone, what its newest is
    assert sum("FROM announcement" in each for each in hall.statements) == 2


def test_each_display_shows_what_it_would_show_alone(hall: Hall) -> None:
    for counter in (1, 3):
        hall.rules.called(3 if counter == 3 else 1, counter=counter)
    hall.rules.at(3, serving.start)

    for display_id, snapshot in zip(
        of_each_kind(2), hall.snapshots(of_each_kind(2)), strict=True
    ):
        alone: Board = hall.rules.see(
            board, display_id=display_id, now=hall.rules.now, stale_after_seconds=5
        )
        assert snapshot.data == alone.model_dump_json()
    first, second = hall.snapshots([FIRST, SECOND])
    assert len(json.loads(first.data)["calls"]) == 1
    assert len(json.loads(second.data)["recent"]) == 1


def test_a_message_names_its_own_topic_alone(hall: Hall) -> None:
    (snapshot,) = hall.snapshots([HALL])
    frames = [
        TopicSnapshot(f"display:{id_}", snapshot).frame_after(None) for id_ in (7, 8)
    ]

    one, other = (json.loads(frame[frame.index(b"{") :]) for frame in frames)

    assert (one.pop("topic"), other.pop("topic")) == ("display:7", "display:8")
    assert one == other


def test_all_displays_of_a_sound_space_have_its_announcements(hall: Hall) -> None:
    hall.rules.called(counter=1)
    hall.rules.called(3, counter=3)

    first, second = hall.snapshots([FIRST, SECOND])

    assert announced_to(first, None) == announced_to(second, None) == [1, 2]
    for shown in (json.loads(first.data), json.loads(second.data)):
        (space,) = shown["sound_spaces"]
        assert len(space["call_ids"]) == 2
        assert len(shown["calls"]) == 1


def test_each_sound_space_has_its_own_announcements(hall: Hall) -> None:
    with hall.rules.engine.begin() as db:
        db.execute(insert(rows.sound_space).values(id=2, code="L2", name="L2"))
        second_zone = rows.zone.c.id == 2
        db.execute(update(rows.zone).where(second_zone).values(sound_space_id=2))
    hall.rules.called(counter=1)
    hall.rules.called(3, counter=3)
    hall.rules.wait(seconds=10)
    hall.rules.at(1, calling.recall)

    both, first, second = hall.snapshots([HALL, FIRST, SECOND])

    assert announced_to(both, None) == [1, 2, 3]
    assert announced_to(first, None) == [1, 3]
    assert announced_to(second, None) == [2]
    assert announced_to(both, 1) == [2, 3]
    assert announced_to(first, 1) == [3]
    assert [each.announcements.newest for each in (both, first, second)] == [3, 3, 2]


def test_what_has_expired_is_for_those_alone_who_lack_it(hall: Hall) -> None:
    hall.rules.called(counter=1)
    hall.rules.wait(minutes=10)

    (snapshot,) = hall.snapshots([HALL])

    assert announced_to(snapshot, None) == []
    assert announced_to(snapshot, 0) == [1]


def test_a_display_that_is_gone_leaves_the_others(hall: Hall) -> None:
    gone, there = hall.read([99, HALL])

    assert isinstance(gone, NotFound)
    assert isinstance(there, Snapshot)
