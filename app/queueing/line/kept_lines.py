"""Lines kept in memory: by the writer, who follows each change, and for the readers.

The writer's stand with its connection and are dropped with whatever makes them
doubtful: a command taken back after it changed one, another connection's commit, a
connection reopened. What stood at each of the newest commits is published, and found
by a reader by the revision of its own snapshot (decision 0022).
"""

from collections import defaultdict

from sqlalchemy import Connection, func, select

from app.models import ACTIVE, EntryState
from app.queueing import rows
from app.queueing.line.calling_order import WAITING_COLUMNS
from app.queueing.line.lines import CallingCounter, Counters, Lines, WaitingRow
from app.queueing.rows import EntryRow, in_states

MAX_PUBLISHED = 8
"""Of how many commits the lines are kept: a reader is not further behind."""
KEY = "lines"
"""Where a connection's ``info`` says whose lines it sees."""

_WAITING = select(*WAITING_COLUMNS).where(
    in_states(rows.entry.c.state, EntryState.WAITING)
)
_active = rows.entry.alias("active")
_ACTIVE = (
    select(*WAITING_COLUMNS, _active.c.counter_id.label("active_counter_id"))
    .select_from(
        _active.join(rows.entry, rows.entry.c.ticket_id == _active.c.ticket_id)
    )
    .where(
        in_states(_active.c.state, *ACTIVE),
        in_states(rows.entry.c.state, EntryState.WAITING),
    )
)
_COUNTERS = (
    select(
        rows.counter.c.id,
        rows.counter.c.state,
        rows.counter.c.opened_at,
        rows.counter.c.open_since,
        rows.counter_service.c.service_id,
        rows.service.c.agency_id,
        rows.counter_service.c.head_start_seconds,
    )
    # outer: who is tied to a counter that serves nothing waits for it none the less
    .select_from(rows.counter.outerjoin(rows.counter_service).outerjoin(rows.service))
    .order_by(rows.counter.c.id, rows.counter_service.c.service_id)
)
# whom the next call of a counter passes over: returned there since its newest call.
# Outer joins keep the order: from few counters to the few events since a call of theirs
_RETURNED = select(rows.counter.c.id, rows.entry.c.ticket_id).select_from(
    rows.counter.outerjoin(
        rows.event,
        (rows.event.c.counter_id == rows.counter.c.id)
        & (rows.event.c.id > func.coalesce(rows.counter.c.last_call_id, 0))
        & (rows.event.c.name == "returned"),
    ).outerjoin(
        rows.entry,
        (rows.entry.c.id == rows.event.c.entry_id)
        & (rows.entry.c.returned_id == rows.event.c.id)
        & (rows.entry.c.returned_by_counter_id == rows.counter.c.id),
    )
)
_REVISION = select(rows.ledger_state.c.revision)


class WriterLines:
    """The lines as the writer's open transaction sees them."""

    def __init__(self) -> None:
        self._lines: Lines | None = None
        self._copy: Lines | None = None
        self._readings = 0

    def mark(self) -> tuple[int, int]:
        """Return what is another after any change, and after any reading."""
        return self._readings, self._lines.changes if self._lines is not None else 0

    def drop_changed(self, mark: tuple[int, int]) -> None:
        """Forget what was followed or read since a mark: it is taken back."""
        if self.mark() != mark:
            self.drop()

    def lines(self, db: Connection) -> Lines:
        """Return the lines, read anew where they were dropped."""
        if self._lines is None or not self._lines.is_whole:
            self._readings += 1
            self._lines = _read_waiting(db)
        return _complete(db, self._lines)

    def known(self) -> Lines | None:
        """Return the lines, if they are kept at this moment."""
        return self._lines

    def copy(self) -> Lines | None:
        """Return the lines as they stand, to be published."""
        lines = self._lines
        if lines is None or not lines.is_whole:
            return None
        if self._copy is None or self._copy.changes != lines.changes:
            self._copy = lines.copy()
        return self._copy

    def drop(self) -> None:
        """Forget them: what they followed may not be so."""
        self._lines = self._copy = None


class PublishedLines:
    """The lines at the newest commits, for threads that read.

    Those that are found here are never changed, but for what is read of the same
    commit besides.
    """

    def __init__(self) -> None:
        self._by_revision: dict[int, Lines] = {}

    def publish(self, revision: int, lines: Lines) -> None:
        """Keep the lines as they stood at a commit."""
        newest = {**self._by_revision, revision: lines}
        # replaced as one: other threads look things up meanwhile
        self._by_revision = dict(sorted(newest.items())[-MAX_PUBLISHED:])

    def lines(self, db: Connection) -> Lines:
        """Return the lines of a reader's snapshot, read where none are kept."""
        revision = db.execute(_REVISION).scalar_one()
        lines = self._by_revision.get(revision)
        if lines is None:
            lines = _complete(db, _read_waiting(db))
            self.publish(revision, lines)
        return _complete(db, lines)


def lines_of(db: Connection) -> Lines:
    """Return the lines as a connection's transaction sees them."""
    source = db.info.get(KEY)
    if source is None:
        return _complete(db, _read_waiting(db))
    lines: Lines = source.lines(db)
    return lines


def follow_entry(
    db: Connection,
    before: EntryRow | None,
    after: EntryRow,
    *,
    may_be_elsewhere: bool = False,
) -> None:
    """Let the lines that are kept follow a change of an entry (``Lines.move``)."""
    lines = _kept(db)
    if lines is not None:
        lines.move(before, after, may_be_elsewhere=may_be_elsewhere)


def follow_call(db: Connection, counter_id: int) -> None:
    """Let the lines that are kept follow a counter's newest call."""
    lines = _kept(db)
    if lines is not None:
        lines.follow_call(counter_id)


def forget_counters(db: Connection) -> None:
    """Have counters read again: a state, or what a counter serves, has changed."""
    lines = _kept(db)
    if lines is not None:
        lines.forget_counters()


def _kept(db: Connection) -> Lines | None:
    source = db.info.get(KEY)
    return source.known() if isinstance(source, WriterLines) else None


def _read_waiting(db: Connection) -> Lines:
    return Lines.of(WaitingRow(*row) for row in db.execute(_WAITING))


def _complete(db: Connection, lines: Lines) -> Lines:
    """Read what of the lines was forgotten."""
    if lines.counters is None:
        lines.counters = _read_counters(db)
    if lines.active is None:
        active = map(WaitingRow._make, db.execute(_ACTIVE))
        lines.active = {row.id: row for row in active}
    if lines.returned is None:
        lines.returned = _read_returned(db)
    return lines


def _read_counters(db: Connection) -> Counters:
    head_starts: dict[int, dict[int, int]] = defaultdict(dict)
    agency_ids: dict[int, set[int]] = defaultdict(set)
    result = db.execute(_COUNTERS).all()
    for row in result:
        if row.service_id is not None:
            head_starts[row.id][row.service_id] = row.head_start_seconds * 1000
            agency_ids[row.id].add(row.agency_id)
    kinds: dict[frozenset[tuple[int, int]], int] = {}
    counters = {
        row.id: CallingCounter(
            row.id,
            row.state,
            row.opened_at,
            row.open_since,
            frozenset(agency_ids[row.id]),
            head_starts[row.id],
            kinds.setdefault(frozenset(head_starts[row.id].items()), len(kinds)),
        )
        for row in result
    }
    return Counters(counters.values())


def _read_returned(db: Connection) -> dict[int, frozenset[int]]:
    returned: dict[int, frozenset[int]] = {}
    for counter_id, ticket_id in db.execute(_RETURNED):
        if ticket_id is not None:
            of_counter = returned.get(counter_id, frozenset())
            returned[counter_id] = of_counter | {ticket_id}
    return returned
