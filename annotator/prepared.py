"""Queries on the path of every gesture: written with the ORM, turned into SQL once, run with other values each time.

Building such a query and its SQL takes Django longer than the database takes to answer it.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import copy
from types import SimpleNamespace
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import ModelIterable

Row = TypeVar("Row", bound=Model)


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
        self._compiled: dict[str, tuple[str, tuple[Any, ...], Any]] = {}

    def first(self, **values: Any) -> Row | None:
        """The first row of what `rows` gives."""
        return next(self.rows(**values), None)

    def rows(self, **values: Any) -> Iterator[Row]:
        """The rows of the query with these values in the places of the `Given`s of these names."""
        if connection.vendor not in self._compiled:
            self._compiled[connection.vendor] = self._compile()
        sql, places, compiler = self._compiled[connection.vendor]
        own = copy(compiler)
        own.connection = connection
        own.as_sql = lambda *_, **__: (sql, tuple(_filled(place, values) for place in places))
        query = SimpleNamespace(get_compiler=lambda **_: own)
        queryset: Any = SimpleNamespace(db=connection.alias, query=query, _known_related_objects={})
        return iter(ModelIterable(queryset))

    def _compile(self) -> tuple[str, tuple[Any, ...], Any]:
        compiler = self._build().query.get_compiler(connection.alias)
        sql, places = compiler.as_sql()
        return sql, tuple(places), compiler


def _filled(place: Any, values: Mapping[str, Any]) -> Any:
    if not isinstance(place, Given):
        return place
    return place.output_field.get_db_prep_value(values[place.name], connection)
