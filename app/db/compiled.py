"""Statements of Core compiled once: a text, how its values are made, its rows read.

By the dialect and the names of the parameters, with the conversions of the types
(decision 0015).
"""

import re
from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from operator import itemgetter
from typing import Any, NamedTuple, cast
from weakref import ReferenceType, ref

from sqlalchemy import Connection, Date, DateTime, Dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.expression import SelectBase, UpdateBase
from sqlalchemy.types import TypeDecorator, TypeEngine

from app.db.driver import run
from app.db.prepared_result import PreparedResult

MAX_VARIANTS = 64
"""Of one statement: by the names of its parameters, and the lengths of its lists."""
Params = Mapping[str, Any]
_Convert = Callable[[Any], Any] | None


class Unprepared(Exception):
    """A statement that is left to SQLAlchemy."""


class _Value(NamedTuple):
    """Where a value of a statement comes from, and how it is converted.

    From a parameter (``position``: of a list); else from a column's default, or it is
    always the same.
    """

    name: str
    convert: _Convert
    parameter: str | None = None
    position: int | None = None
    default: Callable[[], Any] | None = None
    constant: Any = None

    @property
    def is_simple(self) -> bool:
        """Tell whether it is a parameter as it comes: nearly all are."""
        return self.parameter is not None and self.position is None

    @property
    def is_constant(self) -> bool:
        """Tell whether it is always the same."""
        return self.parameter is None and self.default is None

    def of(self, params: Params) -> Any:
        """Return an element of a list, or a default that is made each time."""
        if self.default is not None:
            value = self.default()
        else:
            value = params[self.parameter or ""][self.position]
        return value if self.convert is None else self.convert(value)


class Statement:
    """One text for the driver, how its values are made, and how its rows are read."""

    def __init__(self, text: str, values: Sequence[_Value], source: "Source") -> None:
        self.text = text
        self.source = source
        self._names = [value.name for value in values]
        keys = [
            str(value.parameter) if value.is_simple else f" {index}"
            for index, value in enumerate(values)
        ]
        self._pick = _picker(keys)
        keyed = [*zip(keys, values, strict=True)]
        self._constants = {key: v.constant for key, v in keyed if v.is_constant}
        self._others = [
            (key, v) for key, v in keyed if not v.is_simple and not v.is_constant
        ]
        self._converts = [
            (index, value.convert)
            for index, value in enumerate(values)
            if value.is_simple and value.convert is not None
        ]
        self._make: Callable[[Iterable[Any]], Any] | None = None
        self._conversions: list[tuple[int, Callable[[Any], Any]]] = []

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of its text, among them each table that it is about."""
        return frozenset(re.findall(r"\w+", self.text))

    def values(self, params: Params) -> Sequence[Any] | dict[str, Any]:
        """Return the values as the driver takes them: in their order, or by name."""
        if self._constants:
            params = {**params, **self._constants}
        if self._others:
            params = {**params, **{key: each.of(params) for key, each in self._others}}
        values: Sequence[Any] = self._pick(params)
        if self._converts:
            converted = [*values]
            for index, convert in self._converts:
                converted[index] = convert(converted[index])
            values = converted
        if self.source.is_positional:
            return values
        return dict(zip(self._names, values, strict=True))

    def run(self, db: Connection, params: Params) -> PreparedResult:
        """Run it; its rows are read at once."""
        cursor, read = run(db, self.text, lambda: self.values(params))
        rows = self._rows(cursor.description, read) if read else []
        return PreparedResult(rows, cursor.rowcount, self.source.key(cursor, rows))

    def _rows(self, description: Sequence[Any], read: Sequence[Any]) -> list[Any]:
        make = self._make or self._describe(description)
        if not self._conversions:
            return [make(row) for row in read]
        rows = []
        for row in read:
            values = [*row]
            for index, convert in self._conversions:
                values[index] = convert(values[index])
            rows.append(make(values))
        return rows

    def _describe(self, description: Sequence[Any]) -> Callable[[Iterable[Any]], Any]:
        """Note the names and conversions of the rows, at the first that come."""
        names = [column[0] for column in description]
        self._conversions = self.source.conversions(description)
        make_row: Any = namedtuple  # mypy wants names that it can read
        row = make_row("Row", names, rename=True)
        make: Callable[[Iterable[Any]], Any] = row._make
        self._make = make
        return make


class Source:
    """A statement compiled for one set of parameter names.

    ``target`` is the table that it changes, ``depends_on`` that and those whose rows
    its rows name; none of a query.
    """

    def __init__(
        self, statement: SelectBase | UpdateBase, dialect: Dialect, names: list[str]
    ) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names)
        if not isinstance(compiled, SQLCompiler):
            raise Unprepared
        self._compiled = compiled
        self._dialect = dialect
        self._names = frozenset(names)
        self._binds = {name: bind for bind, name in compiled.bind_names.items()}
        self._lists = sorted(
            bind.key for bind in compiled.post_compile_params if bind.key in self._names
        )
        # written into the text: another value would need another text
        if any(bind.key in self._names for bind in compiled.literal_execute_params):
            raise Unprepared
        self._columns = (
            [*statement.selected_columns]
            if isinstance(statement, SelectBase)
            else [*statement.exported_columns]
        )
        self._defaults = _defaults(compiled)
        self._statements: dict[tuple[int, ...], Statement] = {}
        self._gives_rowid = bool(compiled.postfetch_lastrowid)
        self._returns_key = bool(compiled.implicit_returning)
        self.is_positional = bool(compiled.positional)
        self.target = ""
        self.depends_on: frozenset[str] = frozenset()
        if isinstance(statement, UpdateBase):
            table: Any = statement.table
            self.target = table.name
            keys = (key.column.table.name for key in table.foreign_keys)
            self.depends_on = frozenset((table.name, *keys))

    @property
    def has_lists(self) -> bool:
        """Tell whether the text depends on how long a parameter is."""
        return bool(self._lists)

    def statement(self, params: Params) -> Statement:
        """Return the text for these parameters: another for other lengths of lists."""
        lengths = tuple([len(params[name]) for name in self._lists])
        found = self._statements.get(lengths)
        if found is None:
            if len(self._statements) >= MAX_VARIANTS:
                raise Unprepared
            found = self._statements[lengths] = self._prepare(params)
        return found

    def key(self, cursor: Any, rows: Sequence[Any]) -> int | None:
        """Return the key of the row that was inserted, if one was."""
        if self._gives_rowid:
            return cast("int | None", cursor.lastrowid)
        return rows[0][0] if self._returns_key and rows else None

    def conversions(
        self, description: Sequence[Any]
    ) -> list[tuple[int, Callable[[Any], Any]]]:
        """Return what is done to which columns of a row."""
        converted = []
        # an insert's own key comes without being asked for: as it is
        for index, column in enumerate(self._columns):
            impl = column.type.dialect_impl(self._dialect)
            convert = impl.result_processor(self._dialect, description[index][1])
            if convert is not None:
                converted.append((index, convert))
        return converted

    def _prepare(self, params: Params) -> Statement:
        compiled = self._compiled
        text = compiled.string
        order: Sequence[str] | None = compiled.positiontup
        expansion: Mapping[str, Sequence[str]] = {}
        if compiled.post_compile_params or compiled.literal_execute_params:
            state = compiled.construct_expanded_state(dict(params))
            text, order = state.statement, state.positiontup
            expansion = state.parameter_expansion
        elements = {
            element: (name, index)
            for name, expanded in expansion.items()
            for index, element in enumerate(expanded)
        }
        if order is None:
            order = [
                *(name for name in self._binds if name not in expansion),
                *elements,
            ]
        values = []
        for name in order:
            bind_name, index = elements.get(name, (name, None))
            values.append(self._value(name, self._binds[bind_name], index))
        return Statement(text, values, self)

    def _value(self, name: str, bind: BindParameter[Any], index: int | None) -> _Value:
        impl = bind.type.dialect_impl(self._dialect)
        convert: _Convert = impl.bind_processor(self._dialect)
        if convert is not None and _is_of_time(impl):
            convert = _once_for_each(convert)
        if bind.key in self._names:
            return _Value(name, convert, parameter=bind.key, position=index)
        if bind.key in self._defaults:
            default = self._defaults[bind.key]
            if default.is_callable:
                # handed the execution's context, which none of ours reads
                made = partial(default.arg, None)
                return _Value(name, convert, default=made)
            given = default.arg
            return _Value(name, None, constant=convert(given) if convert else given)
        if bind.required or bind.callable is not None:
            raise Unprepared  # SQLAlchemy says what is missing
        constant: Any = bind.value
        value = constant if index is None else constant[index]
        if convert is not None:
            value = convert(value)
        return _Value(name, None, constant=value)


class _Kept(NamedTuple):
    """What is compiled of a statement, which must not be kept alive by it.

    By the names of the parameters; ``whole`` are those without lists.
    """

    statement: ReferenceType[SelectBase | UpdateBase]
    whole: dict[tuple[str, ...], Statement]
    sources: dict[tuple[str, ...], Source | None]


_KEPT: dict[int, _Kept] = {}


def prepared(
    statement: SelectBase | UpdateBase,
    dialect: Dialect,
    params: Params,
    *,
    is_constant: bool = False,
) -> Statement | None:
    """Return a statement's text for the driver; None: SQLAlchemy runs it.

    So it is at the first run, unless it ``is_constant``: one that is built for one
    call alone is never compiled here.
    """
    kept = _KEPT.get(id(statement))
    # an id may have been another's before
    if kept is None or kept.statement() is not statement:
        kept = _keep(statement)
        if not is_constant:
            return None
    # the names are part of it: by them an insert's text differs
    names = (dialect.name, *params)
    found = kept.whole.get(names)
    return found or _compiled(kept, statement, dialect, names, params)


def _compiled(
    kept: _Kept,
    statement: SelectBase | UpdateBase,
    dialect: Dialect,
    names: tuple[str, ...],
    params: Params,
) -> Statement | None:
    try:
        source = kept.sources[names]
    except KeyError:
        known = len(kept.sources)
        source = kept.sources[names] = _source(statement, dialect, [*params], known)
    if source is None:
        return None
    try:
        found = source.statement(params)
    except Unprepared:
        return None
    if not source.has_lists:
        kept.whole[names] = found
    return found


def _keep(statement: SelectBase | UpdateBase) -> _Kept:
    key = id(statement)

    def forget(gone: object) -> None:
        kept = _KEPT.get(key)
        if kept is not None and kept.statement is gone:
            del _KEPT[key]

    kept = _KEPT[key] = _Kept(ref(statement, forget), {}, {})
    return kept


def _source(
    statement: SelectBase | UpdateBase, dialect: Dialect, names: list[str], known: int
) -> Source | None:
    try:
        return Source(statement, dialect, names) if known < MAX_VARIANTS else None
    except Unprepared:
        return None


def _picker(keys: Sequence[str]) -> Callable[[Params], Sequence[Any]]:
    """Return what takes all values in their order.

    In C: it runs once for each row that is written.
    """
    if not keys:
        return lambda _params: ()
    pick: Callable[[Params], Any] = itemgetter(*keys)
    return pick if len(keys) > 1 else lambda params: (pick(params),)


def _is_of_time(impl: TypeEngine[Any]) -> bool:
    inner = impl.impl if isinstance(impl, TypeDecorator) else impl
    return isinstance(inner, DateTime | Date)


def _once_for_each(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Convert a moment once: commands that come together are of the same one."""
    last: tuple[Any, Any] = (object(), None)

    def converted(value: Any) -> Any:
        nonlocal last
        # as one: other threads convert meanwhile
        of, text = last
        if value is not of:
            text = convert(value)
            last = (value, text)
        return text

    return converted


def _defaults(compiled: SQLCompiler) -> dict[str, Any]:
    """Return what Python gives a column that is not named, by its key."""
    columns = [(column, column.default) for column in compiled.insert_prefetch]
    columns += [(column, column.onupdate) for column in compiled.update_prefetch]
    defaults: dict[str, Any] = {}
    for column, default in columns:
        if default is None or not (default.is_scalar or default.is_callable):
            raise Unprepared
        defaults[column.key] = default
    return defaults
