"""The connection that writes, and what must never be trusted about it.

Lives on the ledger's thread. Its traps (changes.md#the-ledger): after any exception
the driver is asked whether its transaction still stands; a COMMIT that raises is
settled by the stored revision and moment, the witnesses of what is on disk.
"""

import logging
from datetime import UTC, date, datetime, timedelta
from typing import cast

from sqlalchemy import Connection, Engine, bindparam, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from app.clock import Clock
from app.db.damage import is_damage
from app.db.engines import data_version, in_transaction
from app.db.prepared import PreparedConnection
from app.db.write_buffer import RowsRefused, WriteBuffer
from app.errors import AntreanError, NotDurable, QueueError
from app.ledger.batch import Batch
from app.ledger.command import Command, answer_of
from app.ledger.keys import BatchKeys, forget_before
from app.ledger.writer_clock import Moment, WriterClock
from app.queueing import facts, rows
from app.queueing.change import Change
from app.queueing.facts import Fact
from app.queueing.line.kept_lines import KEY as LINES
from app.queueing.line.kept_lines import PublishedLines, WriterLines
from app.queueing.service_day import begin_day, ledger_row
from app.queueing.site.decisions import PublishedDecisions
from app.queueing.site.rulebook import (
    RULEBOOK_FACTS,
    Rulebook,
    read_rulebook,
    read_services,
)

logger = logging.getLogger(__name__)

KEY_DAYS = 2
_BUMP = (
    update(rows.ledger_state)
    .values(revision=rows.ledger_state.c.revision + 1, last_moment=bindparam("moment"))
    .returning(rows.ledger_state.c.revision)
)


class CommandCrashed(Exception):
    """A command failed with something that is no refusal; the log has it."""


class Writer:
    """Runs batches on one connection and reopens it after any doubt."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock,
        published: PublishedLines | None = None,
        decisions: PublishedDecisions | None = None,
    ) -> None:
        self._engine = engine
        self._lines = WriterLines()
        self._published = published or PublishedLines()
        self._decisions = decisions or PublishedDecisions()
        self._db: PreparedConnection | None = None
        self._revision = 0
        self._day = self._stored_day = date.min
        self._moment = self._last_moment = datetime.min.replace(tzinfo=UTC)
        self._rules: Rulebook | None = None
        self._data_version = 0
        self.time = WriterClock(clock)

    def open(self) -> PreparedConnection:
        """Return the connection, opened and read up if need be."""
        if self._db is None:
            db = cast("PreparedConnection", self._engine.connect())
            with db.begin():
                self._revision, self._day, self._last_moment = ledger_row(db)
                rules = read_rulebook(db)
            self._stored_day = self._day
            max_time_off = timedelta(days=rules.policy.longest_rest_days)
            self.time.begin(
                last=self._last_moment,
                day=self._day,
                zone=rules.site.zone,
                max_time_off=max_time_off,
            )
            # read anew: data_version of another connection compares with nothing
            self._db, self._rules = db, None
            self._lines.drop()
            db.info[LINES] = self._lines
            db.keep_buffer()
        return self._db

    @property
    def day_is_over(self) -> bool:
        """Tell whether the clock shows a later date than the service day on disk.

        The writer's clock may know of the new day before a batch has turned it: one
        that was lost, or that it began in.
        """
        return self.time.day_is_over(self._stored_day)

    def close(self) -> None:
        """Close the connection; a broken one is thrown away."""
        db, self._db = self._db, None
        if db is None:
            return
        try:
            db.invalidate()
            db.close()
        except SQLAlchemyError:
            logger.warning("closing the writer's connection failed", exc_info=True)

    def run(self, batch: Batch) -> None:
        """Run and commit a batch; raises when nothing of it is on disk."""
        try:
            self._run(batch)
        except RowsRefused:
            logger.exception("rows that had waited were refused: each is written alone")
        else:
            return
        # not in the handler: the error's frames hold the lock of the former connection
        batch.begin_anew()
        self._run(batch, is_buffered=False)

    def _run(self, batch: Batch, *, is_buffered: bool = True) -> None:
        db = self.open()
        buffer = cast("WriteBuffer", db.buffer)
        buffer.is_on = is_buffered
        try:
            self._run_all(db, batch, buffer)
            if not batch.is_worth_a_commit():
                db.rollback()
                buffer.clear()
                return
            buffer.write()
            buffer.end_batch()
            self._raise_revision(db)
        except BaseException:
            self.close()
            raise
        try:
            db.commit()
            self._stored_day = self._day
            self._publish()
        except BaseException:
            revision, moment = self._revision, self._moment
            self.close()
            if not self._is_on_disk(revision, moment):
                raise
            logger.exception("COMMIT raised, but the batch is on disk")

    def _is_on_disk(self, revision: int, moment: datetime) -> bool:
        """Tell whether a batch is stored, by its revision and its moment.

        A command at the terminal may have raised the revision before and since; the
        moment is the writer's alone.
        """
        self.open()
        return self._revision >= revision and self._last_moment >= moment

    def _run_all(self, db: Connection, batch: Batch, buffer: WriteBuffer) -> None:
        db.begin()
        # after BEGIN, which may have waited for a command at the terminal; nobody else
        # writes until the commit
        moment = self.time.read()
        self._drop_if_outdated(db, buffer)
        if moment.day > self._day:
            # first, so that the first command of a day finds nobody of yesterday in
            # line
            batch.day_facts = self._turn_day(db, moment)
        keys = BatchKeys()
        for number, wave in enumerate(batch.waves()):
            if number > 0:
                moment = self._moment_of_today(moment)
            keys.look_up(db, (command.key for command in wave))
            for command in wave:
                change = Change(
                    moment.now, self._day, self._rulebook(db), moment.is_in_doubt
                )
                self._run_one(db, command, change, keys, buffer)
        self._moment = moment.now

    def _moment_of_today(self, former: Moment) -> Moment:
        """Return the present moment, or the former where the next day has begun.

        The day turns before a batch's first command only.
        """
        moment = self.time.read()
        return former if moment.day > self._day else moment

    def _publish(self) -> None:
        """Let readers of this commit find what is known of it."""
        if self._rules is not None:
            self._decisions.publish(self._revision, self._rules)
        lines = self._lines.copy()
        if lines is not None:
            self._published.publish(self._revision, lines)

    def _raise_revision(self, db: Connection) -> None:
        result = db.execute(_BUMP, {"moment": self._moment})
        self._revision = result.scalar_one()

    def _turn_day(self, db: Connection, moment: Moment) -> frozenset[Fact]:
        change = Change(moment.now, self._day, self._rulebook(db))
        begin_day(db, change, day=moment.day)
        forget_before(db, moment.day - timedelta(days=KEY_DAYS - 1))
        # before the commit: if that fails, the writer reopens and reads the stored day
        self._day = moment.day
        # the day may have retired services and counters
        self._rules = None
        self._lines.drop()
        logger.info("service day begins day=%s", moment.day)
        return frozenset(change.facts)

    def _rulebook(self, db: Connection) -> Rulebook:
        """Return the site's rules, read again when anybody has changed them."""
        if self._rules is None:
            self._rules = read_rulebook(db)._replace(services=read_services(db))
        return self._rules

    def _drop_if_outdated(self, db: Connection, buffer: WriteBuffer) -> None:
        # of other connections' commits alone; what we change ourselves shows as facts
        version = data_version(db)
        if version != self._data_version:
            self._data_version, self._rules = version, None
            self._lines.drop()
            buffer.forget()

    def _run_one(
        self,
        db: Connection,
        command: Command,
        change: Change,
        keys: BatchKeys,
        buffer: WriteBuffer,
    ) -> None:
        buffer.begin_command()
        mark = self._lines.mark()
        try:
            self._perform(db, command, change, keys)
            buffer.end_command()
            command.facts = change.facts
            if change.facts & RULEBOOK_FACTS:
                self._rules = None
            if facts.SITE in change.facts:  # a counter may serve other lines
                self._lines.drop()
        except Exception as error:
            # SQLite dropped the batch, not just this command; or the file is damaged,
            # and what the others read of it may be wrong too
            if not in_transaction(db) or is_damage(error) or buffer.is_broken:
                raise
            buffer.take_back()
            self._lines.drop_changed(mark)
            command.facts = set()
            command.answer = None
            command.has_run = False
            command.error = self._refusal(error)
            _add_present_state(db, command, change, buffer)

    @staticmethod
    def _perform(
        db: Connection, command: Command, change: Change, keys: BatchKeys
    ) -> None:
        key = command.key
        if key is not None:
            command.answer = keys.stored_answer(key)
            if command.answer is not None:
                return
            change.request_key = key.key
        command.answer = answer_of(command.run(db, change), command.status)
        command.has_run = True
        if key is not None:
            keys.store_answer(db, key, command.answer, change.day)

    @staticmethod
    def _refusal(error: Exception) -> Exception:
        if isinstance(error, AntreanError):
            return error
        logger.error("a command broke", exc_info=error)
        if isinstance(error, OperationalError):
            return NotDurable()  # no room or no disk, though the others stand
        return CommandCrashed(type(error).__name__)


def _add_present_state(
    db: Connection, command: Command, change: Change, buffer: WriteBuffer
) -> None:
    """Add to a refusal how things stand, now that nothing of the command does.

    A reading that fails is its own command's loss: the others of the batch stand.
    """
    error = command.error
    if command.present is None or not isinstance(error, QueueError):
        return
    try:
        error.details = {**error.details, **command.present(db, change)}
    except Exception as failure:
        # SQLite dropped the batch, not just this reading; or the file is damaged
        if not in_transaction(db) or is_damage(failure) or buffer.is_broken:
            raise
        logger.exception("how things stand could not be read")
