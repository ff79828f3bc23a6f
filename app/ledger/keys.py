"""Idempotency keys: a first success is stored and repeated (contract.md#keys)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.db.prepared import rows_on_disk, write_row
from app.errors import KeyReused
from app.ledger.command import Answer, RequestKey
from app.models import RequestRecord
from app.queueing.rows import table_of

_record = table_of(RequestRecord)
_FIND = select(
    _record.c.key, _record.c.body_sha256, _record.c.status, _record.c.answer
).where(
    _record.c.scope == bindparam("in_scope"),
    _record.c.key.in_(bindparam("keys", expanding=True)),
)
_INSERT = insert(_record)


class _Success(NamedTuple):
    """The first success under a key: of which body, and its answer."""

    body_sha256: str
    status: int
    text: str | None


class BatchKeys:
    """The keys as a batch sees them, looked up once for commands that come together.

    Its own successes wait to be written, so they are kept here.
    """

    def __init__(self) -> None:
        self._successes: dict[tuple[str, str], _Success] = {}

    def look_up(self, db: Connection, keys: Iterable[RequestKey | None]) -> None:
        """Read the successes under some keys, unless the batch knows them."""
        by_scope: defaultdict[str, list[str]] = defaultdict(list)
        for key in keys:
            if key is not None and (key.scope, key.key) not in self._successes:
                by_scope[key.scope].append(key.key)
        for scope, names in by_scope.items():
            with rows_on_disk(db):
                found = db.execute(_FIND, {"in_scope": scope, "keys": names}).all()
            for name, *success in found:
                self._successes[scope, name] = _Success(*success)

    def stored_answer(self, key: RequestKey) -> Answer | None:
        """Return the first success under a key; ``KeyReused`` with another body."""
        success = self._successes.get((key.scope, key.key))
        if success is None:
            return None
        if success.body_sha256 != key.body_sha256:
            raise KeyReused
        return Answer(success.status, success.text)

    def store_answer(
        self, db: Connection, key: RequestKey, answer: Answer, day: date
    ) -> None:
        """Store a success; one without a body (204) stores nothing."""
        if answer.text is None:
            return
        columns = {
            "scope": key.scope,
            "key": key.key,
            "body_sha256": key.body_sha256,
            "status": answer.status,
            "answer": answer.text,
            "service_day": day,
        }
        write_row(db, _INSERT, columns)
        success = _Success(key.body_sha256, answer.status, answer.text)
        self._successes[key.scope, key.key] = success


def forget_before(db: Connection, day: date) -> None:
    """Drop the keys of service days before ``day``."""
    db.execute(delete(_record).where(_record.c.service_day < day))
