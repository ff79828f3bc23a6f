"""Statements compiled once, and run on the driver's own connection.

What SQLAlchemy does anew for each execution costs ten times what SQLite does
(decision 0015). Here a statement of Core is compiled once for the dialect and the
names of its parameters, with the conversions of its types, and then handed to the
driver as text and values. Rules go on to say ``db.execute(statement, params)`` and get
named tuples. Anything unusual is left to SQLAlchemy: a text, DDL, an ORM session's
statement, a list of parameters, and each statement's first run: one that is built for
one call alone is never compiled here.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, CursorResult, Dialect, Engine, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.expression import SelectBase, UpdateBase

from app.db.prepared_result import PreparedResult

MAX_VARIANTS = 64
"""Of one statement: by the names of its parameters, and the lengths of its lists."""
Params = Mapping[str, Any]
_Convert = Callable[[Any], Any] | None


class _Unprepared(Exception):
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
    def is_constant(self) -> bool:
        return self.parameter is None and self.default is None

    @property
    def is_simple(self) -> bool:
        """Tell whether it is a parameter as it comes: nearly all are."""
        return self.parameter is not None and self.position is None

    def of(self, params: Params) -> Any:
        if self.parameter is not None:
            value = params[self.parameter]
            if self.position is not None:
                value = value[self.position]
        elif self.default is not None:
            value = self.default()
        else:
            return self.constant
        return value if self.convert is None else self.convert(value)


class _Statement:
    """One text for the driver, how its values are made, and how its rows are read."""

    def __init__(self, text: str, values: Sequence[_Value], source: "_Source") -> None:
        self.text = text
        self._source = source
        self._names = [value.name for value in values]
        self._constants = [value.constant for value in values]
        self._simple = [
            (index, str(value.parameter), value.convert)
            for index, value in enumerate(values)
            if value.is_simple
        ]
        self._others = [
            (index, value)
            for index, value in enumerate(values)
            if not value.is_simple and not value.is_constant
        ]
        self._make: Callable[[Iterable[Any]], Any] | None = None
        self._conversions: list[tuple[int, Callable[[Any], Any]]] = []

    def values(self, params: Params) -> list[Any] | dict[str, Any]:
        """Return the values as the driver takes them: in their order, or by name."""
        values = self._constants.copy()
        for index, parameter, convert in self._simple:
            value = params[parameter]
            values[index] = value if convert is None else convert(value)
        for index, other in self._others:
            values[index] = other.of(params)
        if self._source.is_positional:
            return values
        return dict(zip(self._names, values, strict=True))

    def run(self, db: Connection, params: Params) -> PreparedResult:
        cursor, read = _execute(db, self.text, lambda: self.values(params))
        rows = self._rows(cursor.description, read) if read else []
        return PreparedResult(rows, cursor.rowcount, self._source.key(cursor, rows))

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
        self._conversions = self._source.conversions(description)
        make_row: Any = namedtuple  # mypy wants names that it can read
        row = make_row("Row", names, rename=True)
        make: Callable[[Iterable[Any]], Any] = row._make
        self._make = make
        return make


class _Source:
    """A statement compiled for one set of parameter names."""

    def __init__(
        self, statement: SelectBase | UpdateBase, dialect: Dialect, names: list[str]
    ) -> None:
        compiled = statement.compile(dialect=dialect, column_keys=names)
        if not isinstance(compiled, SQLCompiler):
            raise _Unprepared
        self._compiled = compiled
        self._dialect = dialect
        self._names = frozenset(names)
        self._binds = {name: bind for bind, name in compiled.bind_names.items()}
        self._lists = sorted(
            bind.key for bind in compiled.post_compile_params if bind.key in self._names
        )
        self._columns = (
            [*statement.selected_columns]
            if isinstance(statement, SelectBase)
            else [*statement.exported_columns]
        )
        self._defaults = _defaults(compiled)
        self._statements: dict[tuple[int, ...], _Statement] = {}
        self.is_positional = bool(compiled.positional)

    def statement(self, params: Params) -> _Statement:
        """Return the text for these parameters: another for other lengths of lists."""
        lengths = tuple([len(params[name]) for name in self._lists])
        found = self._statements.get(lengths)
        if found is None:
            if len(self._statements) >= MAX_VARIANTS:
                raise _Unprepared
            found = self._statements[lengths] = self._prepare(params)
        return found

    def key(self, cursor: Any, rows: Sequence[Any]) -> int | None:
        """Return the key of the row that was inserted, if one was."""
        if self._compiled.postfetch_lastrowid:
            return cast("int | None", cursor.lastrowid)
        return rows[0][0] if self._compiled.implicit_returning and rows else None

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

    def _prepare(self, params: Params) -> _Statement:
        compiled = self._compiled
        text = compiled.string
        order: Sequence[str] | None = compiled.positiontup
        expansion: Mapping[str, Sequence[str]] = {}
        if compiled.post_compile_params:
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
        return _Statement(text, values, self)

    def _value(self, name: str, bind: BindParameter[Any], index: int | None) -> _Value:
        impl = bind.type.dialect_impl(self._dialect)
        convert = impl.bind_processor(self._dialect)
        if bind.key in self._names:
            return _Value(name, convert, parameter=bind.key, position=index)
        if bind.key in self._defaults:
            return _Value(name, convert, default=self._defaults[bind.key])
        if bind.required or bind.callable is not None:
            raise _Unprepared  # SQLAlchemy says what is missing
        constant: Any = bind.value
        value = constant if index is None else constant[index]
        if convert is not None:
            value = convert(value)
        return _Value(name, None, constant=value)


class PreparedConnection(Connection):
    """A connection whose statements are compiled once and run on the driver."""

    def execute(
        self,
        statement: Executable,
        parameters: Any = None,
        *,
        execution_options: Any = None,
    ) -> CursorResult[Any]:
        """Run a statement; the rows are named tuples, all read."""
        if execution_options is None and isinstance(statement, SelectBase | UpdateBase):
            params = {} if parameters is None else parameters
            if isinstance(params, Mapping):
                prepared = _prepared(statement, self.dialect, params)
                if prepared is not None:
                    if not self.in_transaction():
                        self.begin()
                    result = prepared.run(self, params)
                    return cast("CursorResult[Any]", result)
        return super().execute(
            statement, parameters, execution_options=execution_options
        )


class PreparedEngine(Engine):
    """An engine whose connections are prepared ones.

    ``note_error`` is handed each error of the driver, before it is raised.
    """

    note_error: Callable[[BaseException], object] | None = None

    @classmethod
    def of(cls, engine: Engine) -> "PreparedEngine":
        """Return an engine over another's pool."""
        return cls(
            engine.pool,
            engine.dialect,
            engine.url,
            hide_parameters=engine.hide_parameters,
        )

    def connect(self) -> PreparedConnection:
        """Return a new connection of the pool."""
        return PreparedConnection(self)


def run_text(db: Connection, text: str) -> Sequence[Any]:
    """Run a text of the database's own on the driver; return its rows."""
    return _execute(db, text, tuple)[1]


# by the statement itself, as long as it lives: an id may be another's later
_SOURCES: WeakKeyDictionary[
    SelectBase | UpdateBase, dict[tuple[str, ...], _Source | None]
] = WeakKeyDictionary()


def _prepared(
    statement: SelectBase | UpdateBase, dialect: Dialect, params: Params
) -> _Statement | None:
    """Return a statement's text for the driver; None: SQLAlchemy runs it."""
    sources = _SOURCES.get(statement)
    if sources is None:
        _SOURCES[statement] = {}
        return None
    # the names are part of it: by them an insert's text differs
    names = (dialect.name, *params)
    try:
        source = sources[names]
    except KeyError:
        source = sources[names] = _source(statement, dialect, [*params], len(sources))
    if source is None:
        return None
    try:
        return source.statement(params)
    except _Unprepared:
        return None


def _source(
    statement: SelectBase | UpdateBase, dialect: Dialect, names: list[str], known: int
) -> _Source | None:
    try:
        return _Source(statement, dialect, names) if known < MAX_VARIANTS else None
    except _Unprepared:
        return None


def _defaults(compiled: SQLCompiler) -> dict[str, Callable[[], Any]]:
    """Return what Python gives a column that is not named, by its key."""
    columns = [(column, column.default) for column in compiled.insert_prefetch]
    columns += [(column, column.onupdate) for column in compiled.update_prefetch]
    defaults: dict[str, Callable[[], Any]] = {}
    for column, default in columns:
        if default is None or not (default.is_scalar or default.is_callable):
            raise _Unprepared
        defaults[column.key] = _default(default)
    return defaults


def _default(default: Any) -> Callable[[], Any]:
    given = default.arg
    # SQLAlchemy hands a callable the execution's context, which none of ours reads
    return (lambda: given(None)) if default.is_callable else (lambda: given)


def _execute(
    db: Connection, text: str, values: Callable[[], Any]
) -> tuple[Any, Sequence[Any]]:
    """Run a text on the driver; return its cursor, and the rows as they come.

    All errors are raised as SQLAlchemy's: that of a later row too.
    """
    driver_connection = cast("Any", db.connection.dbapi_connection)
    try:
        cursor = driver_connection.cursor()
        cursor.execute(text, values())
        return cursor, () if cursor.description is None else cursor.fetchall()
    except Exception as error:
        if isinstance(db.engine, PreparedEngine) and db.engine.note_error is not None:
            db.engine.note_error(error)
        dialect = db.dialect
        base: Any = dialect.dbapi.Error if dialect.dbapi is not None else Exception
        raise DBAPIError.instance(
            text,
            None,
            error,
            base,
            hide_parameters=db.engine.hide_parameters,
            dialect=dialect,
        ) from error
