"""One call of the API, as its route and the dependencies of it tell."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fastapi.dependencies.models import Dependant
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import BaseRoute

from app.api.document.refusals import (
    OF_THE_HEAD,
    Refusal,
    declared_by,
    refusals_of,
)
from app.api.http.keys import optional_key, required_key
from app.auth.access import Allow
from app.auth.cross_site import SAFE_METHODS
from app.errors import (
    AntreanError,
    Busy,
    CrossSite,
    DatabaseDamaged,
    Forbidden,
    Invalid,
    KeyRequired,
    KeyReused,
    NotDurable,
    NotFound,
    NotJson,
    TooLarge,
    Unauthenticated,
)

API = "/api/"
OF_A_CHANGE = (CrossSite, TooLarge, NotJson, Invalid, NotDurable)
"""The guard's refusals of what is not safe (``app.api.http.guard``), the ledger's."""


@dataclass(frozen=True, slots=True)
class Call:
    """A method of a path with everything that is called to answer it."""

    method: str
    path: str
    parts: tuple[Callable[..., object], ...]
    takes_input: bool
    names_one_thing: bool

    @property
    def allow(self) -> Allow | None:
        """Return who may; None: anyone."""
        return next((part for part in self.parts if isinstance(part, Allow)), None)

    @property
    def needs_key(self) -> bool:
        """Tell whether there is no answer without an Idempotency-Key."""
        return required_key in self.parts

    def refusals(self) -> set[Refusal]:
        """Return all that it may be refused with."""
        kinds = {*self._derived(), *self._declared()}
        of_kinds = {each for kind in kinds for each in refusals_of(kind)}
        return of_kinds.union(OF_THE_HEAD)

    def _declared(self) -> Iterator[type[AntreanError]]:
        for part in self.parts:
            yield from declared_by(part)

    def _derived(self) -> Iterator[type[AntreanError]]:
        yield Busy  # whoever comes when too many wait already
        if self.path.startswith(API):
            yield DatabaseDamaged
        if self.method not in SAFE_METHODS:
            yield from OF_A_CHANGE
        if self.allow is not None:
            yield from (Unauthenticated, Forbidden)
        if self.needs_key:
            yield KeyRequired
        if self.needs_key or optional_key in self.parts:
            yield KeyReused
        if self.takes_input:
            yield Invalid
        if self.names_one_thing:
            yield NotFound


def calls_of(routes: list[BaseRoute]) -> Iterator[Call]:
    """Yield every call of the document; sockets and pages are none."""
    for context in iter_route_contexts(routes):
        dependant = getattr(context, "dependant", None)
        if not isinstance(dependant, Dependant) or not context.methods:
            continue
        if getattr(context, "include_in_schema", False):
            for method in sorted(context.methods):
                yield _call(context, dependant, method)


def _call(context: RouteContext, dependant: Dependant, method: str) -> Call:
    dependants = list(_flat(dependant))
    return Call(
        method=method,
        path=str(context.path_format),
        parts=tuple(each.call for each in dependants if each.call is not None),
        takes_input=any(
            each.path_params
            or each.query_params
            or each.header_params
            or each.body_params
            for each in dependants
        ),
        # a search by what stands in the path finds many, or none
        names_one_thing="{" in str(context.path) and ":path}" not in str(context.path),
    )


def _flat(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from _flat(each)
