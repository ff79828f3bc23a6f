"""What a surface registers to be live: who may watch a topic, and how it looks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import BaseModel
from sqlalchemy import Connection

from app.queueing.change import Actor
from app.queueing.facts import Fact


# topics that share one are found by it: it is equal to itself alone
@dataclass(frozen=True, eq=False)
class Rendering:
    """A view rendered as it stands, and the facts on which it depends.

    ``zone_ids`` are those whose announcements go with it. ``fresh_until``: from then
    on it may be untrue although no fact changed; None: the clock changes nothing.
    """

    data: BaseModel
    watches: frozenset[Fact]
    zone_ids: frozenset[int] = frozenset()
    fresh_until: datetime | None = None


Renderer = Callable[[str], Rendering]


class LiveView(Protocol):
    """One kind of topic, such as ``display:…``."""

    def authorise(
        self, db: Connection, key: str, actors: Iterable[Actor]
    ) -> Actor | None:
        """Return who watches (None: the key itself opens it), or refuse.

        Raises ``Unauthenticated``, ``Forbidden`` or ``NotFound``.
        """
        ...

    def at(self, db: Connection, now: datetime) -> Renderer:
        """Return what renders this kind's topics by their keys, at one moment.

        In the read transaction of ``db``: what the topics have in common is read once.
        It raises ``NotFound`` when there is nothing to show.
        """
        ...


class LoneView:
    """A kind whose topics have nothing in common: each is rendered by itself."""

    def render(self, db: Connection, key: str, now: datetime) -> Rendering:
        """Return a topic's view; raises ``NotFound`` when there is nothing to show."""
        raise NotImplementedError

    def at(self, db: Connection, now: datetime) -> Renderer:
        """Return what renders topics by their keys."""
        return lambda key: self.render(db, key, now)
