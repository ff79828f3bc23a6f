"""Idempotency keys: a first success is stored and repeated (contract.md#keys)."""

from datetime import date

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.db.prepared import read_beside, write_row
from app.errors import KeyReused
from app.ledger.command import Answer, RequestKey
from app.models import RequestRecord
from app.queueing.rows import table_of

_record = table_of(RequestRecord)
_FIND = select(_record.c.body_sha256, _record.c.status, _record.c.answer).where(
    _record.c.scope == bindparam("in_scope"), _record.c.key == bindparam("with_key")
)
_INSERT = insert(_record)


class BatchKeys:
    """The keys as a batch sees them: those of its own successes may not be written."""

    def __init__(self) -> None:
        self._own: dict[tuple[str, str], tuple[RequestKey, Answer]] = {}

    def stored_answer(self, db: Connection, key: RequestKey) -> Answer | None:
        """Return the first success under a key; ``KeyReused`` with another body."""
        own = self._own.get((key.scope, key.key))
        if own is not None:
            first, answer = own
            return _repeated(key, first.body_sha256, answer.status, answer.text)
        params = {"in_scope": key.scope, "with_key": key.key}
        row = read_beside(db, _FIND, params).first()
        if row is None:
            return None
        return _repeated(key, row.body_sha256, row.status, row.answer)

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
        self._own[key.scope, key.key] = key, answer


def forget_before(db: Connection, day: date) -> None:
    """Drop the keys of service days before ``day``."""
    db.execute(delete(_record).where(_record.c.service_day < day))


def _repeated(
    key: RequestKey, body_sha256: str, status: int, text: str | None
) -> Answer:
    if body_sha256 != key.body_sha256:
        raise KeyReused
    return Answer(status, text)
