"""Statements on the path of every gesture: written with the ORM, turned into SQL once, run with other values each time.

Building such a query, its SQL and the way from its columns to rows takes Django longer than the database takes
to answer it; and PostgreSQL, told to, plans it only once a connection.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import AutoField, Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql import InsertQuery, UpdateQuery

Row = TypeVar("Row", bound=Model)
Convert = Callable[[Any, Any, Any], Any]
Places = Sequence[Any]
"""The parameters of a statement, in order: values, or a `Given` where a run puts one."""


class Given(Expression):
    """Stands in a query for a value that is known only when it runs. In SQL: a placeholder, with this as its value."""

    def __init__(self, name: str, field: "Field[Any, Any]") -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list["Given"]]:  # type: ignore[override]
        return "%s", [self]


class Prepared(Generic[Row]):
    """`build` makes the query, with a `Given` wherever a value changes from one run to the next.

    It is called once for each database engine, must depend on nothing else, and gives model instances.
    """

    def __init__(self, build: Callable[[], QuerySet[Row]]) -> None:
        self._build = build
        self._compiled: dict[str, _Compiled] = {}

    def first(self, **values: Any) -> Row | None:
        """The first row of what `rows` gives."""
        return next(self.rows(**values), None)

    def rows(self, **values: Any) -> Iterator[Row]:
        """The rows of the query with these values in the places of the `Given`s of these names."""
        here = _connection()
        compiled = self._compiled.get(here.vendor)
        if compiled is None:
            compiled = self._compiled[here.vendor] = _compile(self._build())
        with _cursor(here) as cursor:
            cursor.execute(compiled.sql, _filled(compiled.places, values, here))
            found = cursor.fetchall()
        return map(compiled.instance, found)


class PreparedUpdate:
    """`build` makes the query of the rows to change; `columns` has a `Given` for each new value."""

    def __init__(self, build: Callable[[], QuerySet[Any]], **columns: Given) -> None:
        self._build, self._columns = build, columns
        self._compiled: dict[str, tuple[str, Places]] = {}

    def run(self, **values: Any) -> int:
        """The number of rows that were changed."""
        here = _connection()
        compiled = self._compiled.get(here.vendor)
        if compiled is None:
            query: Any = self._build().query.chain(UpdateQuery)
            query.add_update_values(self._columns)
            compiled = self._compiled[here.vendor] = query.get_compiler(here.alias).as_sql()
        with _cursor(here) as cursor:
            cursor.execute(compiled[0], _filled(compiled[1], values, here))
            return int(cursor.rowcount)


def insert(row: Model) -> None:
    """Write a new row, as `row.save(force_insert=True)` does, without signals."""
    here = _connection()
    sql, fields, returned = _insertion(type(row), here.vendor)
    with _cursor(here) as cursor:
        cursor.execute(sql, [field.get_db_prep_save(field.pre_save(row, True), here) for field in fields])
        if returned:
            setattr(row, returned, cursor.fetchone()[0])
    row._state.adding, row._state.db = False, here.alias


@cache
def _insertion(model: type[Model], vendor: str) -> tuple[str, list["Field[Any, Any]"], str]:
    """SQL, the fields whose values it takes, and the attribute that the database fills in, if any."""
    fields = [field for field in model._meta.local_concrete_fields if not isinstance(field, AutoField)]
    made = [field for field in model._meta.local_concrete_fields if isinstance(field, AutoField)]
    query = InsertQuery(model)
    query.insert_values(fields, [model()])
    compiler: Any = query.get_compiler(connection.alias)
    compiler.returning_fields = made
    [(sql, _)] = compiler.as_sql()
    return sql, fields, made[0].attname if made else ""


def _connection() -> Any:
    """This thread's connection itself: looking it up anew at each step costs more than some of the steps."""
    return connections[DEFAULT_DB_ALIAS]


def _cursor(here: Any) -> Any:
    cursor = here.cursor()
    if here.vendor == "postgresql":
        cursor.cursor = _preparing_cursor()(here.connection)
    return cursor


@cache
def _preparing_cursor() -> type[Any]:
    from django.db.backends.postgresql.base import ServerBindingCursor  # noqa: PLC0415 (its driver may be missing)

    class Preparing(ServerBindingCursor):
        def execute(self, query: Any, params: Any = None) -> Any:
            return super().execute(query, params, prepare=True)  # type: ignore[misc]

    return Preparing


def _filled(places: Places, values: Mapping[str, Any], here: Any) -> tuple[Any, ...]:
    return tuple(
        place.output_field.get_db_prep_value(values[place.name], here) if isinstance(place, Given) else place
        for place in places
    )


@dataclass(frozen=True)
class _Compiled:
    """A query for one engine: its SQL, the values in it, and what Django's own iterator works out at each run.

    converters: for a column's place, what turns the database's value into Python's. names: attributes of the
    instance, the columns from `begin` on. extra: names of annotations and their columns.
    """

    sql: str
    places: Places
    model: type[Any]
    begin: int
    names: Sequence[str]
    converters: Sequence[tuple[int, Sequence[Convert], Any]]
    populators: Sequence[Any]
    extra: Sequence[tuple[str, int]]

    def instance(self, found: Sequence[Any]) -> Any:
        row = list(found)
        for place, converters, expression in self.converters:
            for convert in converters:
                row[place] = convert(row[place], expression, connection)
        instance = self.model.from_db(connection.alias, self.names, row[self.begin : self.begin + len(self.names)])
        for populator in self.populators:
            populator.populate(row, instance)
        for name, place in self.extra:
            setattr(instance, name, row[place])
        return instance


def _compile(query: QuerySet[Any]) -> _Compiled:
    compiler = query.query.get_compiler(connection.alias)
    sql, places = compiler.as_sql()
    columns = [column for column, *_ in compiler.select]
    info: Any = compiler.klass_info
    first, last = info["select_fields"][0], info["select_fields"][-1]
    return _Compiled(
        sql=sql,
        places=tuple(places),
        model=info["model"],
        begin=first,
        names=[column.target.attname for column in columns[first : last + 1]],
        converters=[(place, *found) for place, found in compiler.get_converters(columns).items()],
        populators=get_related_populators(info, compiler.select, connection.alias),  # type: ignore[call-arg]
        extra=list((compiler.annotation_col_map or {}).items()),
    )
