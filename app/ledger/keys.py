"""Idempotency keys: a first success is stored and repeated (contract.md#keys)."""

from datetime import date

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.errors import KeyReused
from app.ledger.command import Answer, RequestKey
from app.models import RequestRecord
from app.queueing.rows import table_of

_record = table_of(RequestRecord)
_FIND = select(_record.c.body_sha256, _record.c.status, _record.c.answer).where(
    _record.c.scope == bindparam("in_scope"), _record.c.key == bindparam("with_key")
)
_INSERT = insert(_record)


def stored_answer(db: Connection, key: RequestKey) -> Answer | None:
    """Return the first success under a key; ``KeyReused`` with another body."""
    row = db.execute(_FIND, {"in_scope": key.scope, "with_key": key.key}).first()
    if row is None:
        return None
    if row.body_sha256 != key.body_sha256:
        raise KeyReused
    return Answer(row.status, row.answer)


def store_answer(db: Connection, key: RequestKey, answer: Answer, day: date) -> None:
    """Store a success; one without a body (204) stores nothing."""
    if answer.text is None:
        return
    db.execute(
        _INSERT,
        {
            "scope": key.scope,
            "key": key.key,
            "body_sha256": key.body_sha256,
            "status": answer.status,
            "answer": answer.text,
            "service_day": day,
        },
    )


def forget_before(db: Connection, day: date) -> None:
    """Drop the keys of service days before ``day``."""
    db.execute(delete(_record).where(_record.c.service_day < day))
