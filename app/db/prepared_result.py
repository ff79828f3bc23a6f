"""What a prepared statement came to: the half of a ``CursorResult`` that rules use."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy.exc import MultipleResultsFound, NoResultFound


class PreparedResult:
    """What a statement came to: its rows, all read; the half of a ``CursorResult``."""

    __slots__ = ("_key", "_rows", "rowcount")

    def __init__(self, rows: list[Any], rowcount: int, key: int | None) -> None:
        self._rows = rows
        self._key = key
        self.rowcount = rowcount

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    @property
    def inserted_primary_key(self) -> tuple[int | None]:
        """The key of the row that an insert has just made."""
        return (self._key,)

    def all(self) -> list[Any]:
        """Return every row."""
        return self._rows

    fetchall = all

    def first(self) -> Any:
        """Return the first row, or None."""
        return self._rows[0] if self._rows else None

    def one_or_none(self) -> Any:
        """Return the only row, or None; ``MultipleResultsFound`` for more."""
        if len(self._rows) > 1:
            raise MultipleResultsFound
        return self.first()

    def one(self) -> Any:
        """Return the only row; else ``NoResultFound`` or ``MultipleResultsFound``."""
        if not self._rows:
            raise NoResultFound
        return self.one_or_none()

    def scalar(self) -> Any:
        """Return the first value of the first row, or None."""
        return self._rows[0][0] if self._rows else None

    def scalar_one_or_none(self) -> Any:
        """Return the first value of the only row, or None."""
        row = self.one_or_none()
        return row[0] if row is not None else None

    def scalar_one(self) -> Any:
        """Return the first value of the only row."""
        return self.one()[0]

    def scalars(self) -> "PreparedResult":
        """Return the first value of each row, as rows are read."""
        return PreparedResult([row[0] for row in self._rows], self.rowcount, None)

    def mappings(self) -> "PreparedResult":
        """Return each row as a dict, as rows are read."""
        return PreparedResult(
            [row._asdict() for row in self._rows], self.rowcount, None
        )
