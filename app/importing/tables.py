"""Bring one table to what a file says: insert, change, and never touch the same.

One way for every model, so columns go by their names here; a query of one model
alone is written with its columns (decision 0015).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    delete,
    insert,
    null,
    select,
    update,
)
from sqlmodel import SQLModel

from app.queueing.rows import table_of

Key = tuple[Any, ...]
Values = Mapping[str, Any]


@dataclass(slots=True)
class Tally:
    """How many rows an import created, changed and removed."""

    created: int = 0
    changed: int = 0
    removed: int = 0


def upsert(
    db: Connection,
    model: type[SQLModel],
    key: tuple[str, ...],
    values_by_key: Mapping[Key, Values],
    tally: Tally,
    *,
    defaults: Values | None = None,
) -> None:
    """Insert the rows that are new by their key, change those that differ.

    Columns that are not given keep their values; ``defaults`` are theirs in a row
    that is new.
    """
    target = table_of(model)
    # whole: these tables have hundreds of rows at most, and an import is rare
    rows_by_key = {_key(row, key): row for row in db.execute(select(target))}
    for row_key, values in values_by_key.items():
        row = rows_by_key.get(row_key)
        if row is None:
            values_of_row = (
                dict(zip(key, row_key, strict=True))
                | dict(defaults or {})
                | dict(values)
            )
            db.execute(insert(target).values(_column_values(values_of_row)))
            tally.created += 1
        # a row that is as the file says is not written: the tally counts real changes
        elif any(row._mapping[name] != value for name, value in values.items()):
            db.execute(
                update(target).where(_is_row(model, row)).values(_column_values(values))
            )
            tally.changed += 1


def delete_except(
    db: Connection,
    model: type[SQLModel],
    key: tuple[str, ...],
    keys: Iterable[Key],
    tally: Tally,
) -> None:
    """Delete the rows whose key is not among ``keys``."""
    target, keys_to_keep = table_of(model), set(keys)
    for row in db.execute(select(target)).all():
        if _key(row, key) not in keys_to_keep:
            db.execute(delete(target).where(_is_row(model, row)))
            tally.removed += 1


def ids_of(db: Connection, model: type[SQLModel], *key: str) -> dict[Key, int]:
    """Return the ids of a model's rows by their key."""
    rows = db.execute(select(table_of(model)))
    return {_key(row, key): int(row._mapping["id"]) for row in rows}


def _key(row: Row[Any], key: tuple[str, ...]) -> Key:
    return tuple(row._mapping[name] for name in key)


def _is_row(model: type[SQLModel], row: Row[Any]) -> ColumnElement[bool]:
    primary_key = table_of(model).primary_key
    return and_(*(column == row._mapping[column.name] for column in primary_key))


def _column_values(values: Values) -> dict[str, Any]:
    # a JSON column would write None as the text "null"
    return {name: null() if value is None else value for name, value in values.items()}
