"""What a surface registers to be live: who may watch a topic, and how it looks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol

from pydantic import BaseModel
from sqlalchemy import Connection

from app.queueing.change import Actor
from app.queueing.facts import Fact


@dataclass(frozen=True)
class Rendering:
    """A view rendered as it stands, and the facts on which it depends.

    ``zone_ids`` are those whose announcements go with it. ``fresh_until``: from then
    on it may be untrue although no fact changed; None: the clock changes nothing.
    """

    data: BaseModel
    watches: frozenset[Fact]
    zone_ids: frozenset[int] = frozenset()
    fresh_until: datetime | None = None

    @cached_property
    def json(self) -> str:
        """Return the data as JSON, serialised once however many topics share it."""
        return self.data.model_dump_json()


class LiveView(Protocol):
    """One kind of topic, such as ``display:…``."""

    def authorise(
        self, db: Connection, key: str, actors: Iterable[Actor]
    ) -> Actor | None:
        """Return who watches (None: the key itself opens it), or refuse.

        Raises ``Unauthenticated``, ``Forbidden`` or ``NotFound``.
        """
        ...

    def render(self, db: Connection, key: str, now: datetime) -> Rendering:
        """Return the view; raises ``NotFound`` when there is nothing to show."""
        ...
