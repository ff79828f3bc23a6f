"""What the site has decided, read once by all readers until it decides otherwise.

The writer says with each commit by which rules it works; a reader finds what was read
under them by the revision of its own snapshot, and reads it itself where there is
nothing of that revision (decision 0024).
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple, TypeVar, cast

from sqlalchemy import Connection, select

from app.queueing import rows
from app.queueing.site.availability import KnownAvailability
from app.queueing.site.rulebook import Rulebook, next_change, read_rulebook

KEY = "decisions"
"""Where a connection's ``info`` holds what was published for its snapshots."""

T = TypeVar("T")

_REVISION = select(rows.ledger_state.c.revision)


class SteadyTime(NamedTuple):
    """Moments between which the clock changes nothing, and what was found there."""

    since: datetime
    until: datetime
    known: KnownAvailability


class Decisions:
    """The site's rules, and whatever else is read of what it has decided.

    All of it holds until the fact "site" or "closures" is touched, or another
    process writes: then there are others in its place.
    """

    def __init__(self, rules: Rulebook) -> None:
        self.rules = rules
        self._readings: dict[object, object] = {}
        self._steady: SteadyTime | None = None

    def read(self, db: Connection, view: Callable[[Connection], T]) -> T:
        """Return what a view reads; it is read once.

        It shows nothing but names, and who serves what where; nobody changes it.
        """
        found = self._readings.get(view)
        if found is None:
            # two threads may both read: the same
            found = self._readings[view] = view(db)
        return cast(T, found)

    def steady_at(self, at: datetime) -> SteadyTime:
        """Return the time around a moment when the clock opens and closes nothing."""
        steady = self._steady
        if steady is None or not steady.since <= at < steady.until:
            # replaced as one: another thread may look things up meanwhile
            steady = self._steady = SteadyTime(at, next_change(self.rules, at), {})
        return steady


class PublishedDecisions:
    """The decisions in force, and between which of the ledger's revisions they were."""

    def __init__(self) -> None:
        self._newest: _InForce | None = None

    def publish(self, revision: int, rules: Rulebook) -> None:
        """Say by which rules the writer works at a commit.

        They are the same object as at the commit before only if nobody has changed
        them since.
        """
        newest = self._newest
        if newest is not None and newest.decisions.rules is rules:
            self._newest = newest._replace(last=revision)
        else:
            self._newest = _InForce(revision, revision, Decisions(rules))

    def decisions(self, db: Connection) -> Decisions:
        """Return the decisions of a reader's snapshot, read where none are kept."""
        revision = db.execute(_REVISION).scalar_one()
        newest = self._newest
        if newest is not None and newest.first <= revision <= newest.last:
            return newest.decisions
        decisions = Decisions(read_rulebook(db))
        if newest is None or newest.last < revision:
            self._newest = _InForce(revision, revision, decisions)
        return decisions


def decisions_of(db: Connection) -> Decisions:
    """Return the site's decisions as a connection's transaction sees them."""
    source = db.info.get(KEY)
    if isinstance(source, PublishedDecisions):
        return source.decisions(db)
    return Decisions(read_rulebook(db))


class _InForce(NamedTuple):
    """Decisions, and the first and last revision at which they are known to hold."""

    first: int
    last: int
    decisions: Decisions
