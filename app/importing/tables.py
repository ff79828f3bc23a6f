"""Bring one table to what a file says: insert, change, and never touch the same."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    delete,
    insert,
    null,
    select,
    update,
)

from app.models import metadata

Key = tuple[Any, ...]
Values = Mapping[str, Any]


@dataclass(slots=True)
class Tally:
    """How many rows an import created, changed and removed."""

    created: int = 0
    changed: int = 0
    removed: int = 0


def table(name: str) -> Table:
    """Return a table by its name."""
    return metadata.tables[name]


def put(
    db: Connection,
    into: Table,
    key: tuple[str, ...],
    wanted: Mapping[Key, Values],
    tally: Tally,
    *,
    fresh: Values | None = None,
) -> None:
    """Insert the wanted rows that are new by their key, change those that differ.

    Columns that are not wanted keep what they hold; ``fresh`` are their values
    in a row that is new.
    """
    before = {_key(row, key): row for row in db.execute(select(into))}
    for keys, values in wanted.items():
        row = before.get(keys)
        if row is None:
            new = dict(zip(key, keys, strict=True)) | dict(fresh or {}) | dict(values)
            db.execute(insert(into).values(_stored(new)))
            tally.created += 1
        elif any(row._mapping[name] != value for name, value in values.items()):
            db.execute(update(into).where(_same(into, row)).values(_stored(values)))
            tally.changed += 1


def keep_only(
    db: Connection,
    of: Table,
    key: tuple[str, ...],
    wanted: Iterable[Key],
    tally: Tally,
) -> None:
    """Delete the rows whose key is not wanted."""
    kept = set(wanted)
    for row in db.execute(select(of)).all():
        if _key(row, key) not in kept:
            db.execute(delete(of).where(_same(of, row)))
            tally.removed += 1


def ids_of(db: Connection, of: Table, *key: str) -> dict[Key, int]:
    """Return the ids of a table's rows by their key."""
    return {_key(row, key): int(row._mapping["id"]) for row in db.execute(select(of))}


def _key(row: Row[Any], key: tuple[str, ...]) -> Key:
    return tuple(row._mapping[name] for name in key)


def _same(of: Table, row: Row[Any]) -> ColumnElement[bool]:
    return and_(*(column == row._mapping[column.name] for column in of.primary_key))


def _stored(values: Values) -> dict[str, Any]:
    # a JSON column would write None as the text "null"
    return {name: null() if value is None else value for name, value in values.items()}
