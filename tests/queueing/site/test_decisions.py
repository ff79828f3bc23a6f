"""What the site has decided is read once, and anew as soon as it decides otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from app.db.engines import Readers
from app.queueing import rows
from app.queueing.commands import closures
from app.queueing.site.decisions import (
    KEY,
    Decisions,
    PublishedDecisions,
    decisions_of,
)
from app.queueing.site.rulebook import read_rulebook
from tests.support.rules.harness import (
    KEPALA,
    RulesHarness,
    clock_time,
    mall_with_breaks,
    rules_of,
)


class Mall:
    """A mall of rules, and readers to whom its decisions are published."""

    def __init__(self, rules: RulesHarness) -> None:
        self.rules = rules
        self.published = PublishedDecisions()
        path = Path(str(rules.engine.url.database))
        self.readers = Readers(path, None, {KEY: self.published})

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self.readers.engine.connect() as db, db.begin():
            yield db

    def decisions(self) -> Decisions:
        with self.reading() as db:
            return decisions_of(db)

    def set_revision(self, revision: int) -> None:
        with self.rules.engine.begin() as db:
            db.execute(update(rows.ledger_state).values(revision=revision))


@pytest.fixture
def mall(tmp_path: Path) -> Iterator[Mall]:
    with rules_of(tmp_path, mall_with_breaks()) as rules:
        mall = Mall(rules)
        yield mall
        mall.readers.close()


def agency_names(db: Connection) -> list[str]:
    return list(db.execute(select(rows.agency.c.name)).scalars())


def test_all_readers_of_a_revision_have_the_same_decisions(mall: Mall) -> None:
    assert mall.decisions() is mall.decisions()


def test_another_revision_has_others_unless_the_writer_says_the_same(
    mall: Mall,
) -> None:
    mall.set_revision(5)
    of_five = mall.decisions()
    mall.published.publish(6, of_five.rules)
    mall.published.publish(7, of_five.rules)

    found = {}
    for revision in (4, 5, 6, 7, 8):
        mall.set_revision(revision)
        found[revision] = mall.decisions()

    assert {r for r, decisions in found.items() if decisions is of_five} == {5, 6, 7}


def test_a_reader_of_an_old_snapshot_leaves_the_newest_in_force(mall: Mall) -> None:
    with mall.reading() as db:
        rulebook = read_rulebook(db)
    mall.published.publish(9, rulebook)

    mall.set_revision(4)
    assert mall.decisions().rules is not rulebook

    mall.set_revision(9)
    assert mall.decisions().rules is rulebook


def test_other_rules_at_the_next_commit_are_other_decisions(mall: Mall) -> None:
    mall.set_revision(5)
    before = mall.decisions()
    mall.rules.do(closures.close_by_hand, actor=KEPALA, agency_id=1)
    mall.set_revision(6)
    with mall.rules.engine.connect() as db:
        mall.published.publish(6, read_rulebook(db))

    after = mall.decisions()

    assert after is not before
    assert [closure.agency_id for closure in after.rules.closures] == [1]


def test_what_is_read_of_them_is_read_once(mall: Mall) -> None:
    readings = []

    def names(db: Connection) -> list[str]:
        readings.append(db)
        return agency_names(db)

    for _ in range(3):
        with mall.reading() as db:
            first = decisions_of(db).read(db, names)
    assert len(readings) == 1

    with mall.rules.engine.begin() as db:
        db.execute(update(rows.agency).values(name="Baru"))
    mall.set_revision(99)
    with mall.reading() as db:
        second = decisions_of(db).read(db, names)
    assert (len(readings), set(second)) == (2, {"Baru"})
    assert set(first) != {"Baru"}


def test_a_connection_to_which_nothing_is_published_reads_for_itself(
    mall: Mall,
) -> None:
    with mall.rules.engine.begin() as db:
        first = decisions_of(db)
        db.execute(update(rows.site).values(policy={"people_max": 3}))

        assert decisions_of(db).rules.policy.people_max == 3
        assert first.rules.policy.people_max != 3


def test_what_is_known_of_a_moment_holds_until_the_clock_changes_something(
    mall: Mall,
) -> None:
    decisions = mall.decisions()
    opening, rest = clock_time("08:00"), clock_time("12:00")
    steady = decisions.steady_at(clock_time("11:00"))

    # quiet times and the hours of single services count as well
    assert (steady.since, steady.until) == (clock_time("11:00"), rest)
    assert decisions.steady_at(rest - timedelta(milliseconds=1)) is steady
    assert decisions.steady_at(rest).until == clock_time("12:30")
    # a moment before the first that was asked about is not known to be the same
    assert decisions.steady_at(opening) is not steady
