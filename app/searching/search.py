"""The running server's search: an index that is read anew when the mall changes."""

import asyncio
from typing import Literal

from pydantic import BaseModel
from sqlalchemy import Connection

from app.db import Readers
from app.errors import Busy
from app.searching.index import Index
from app.searching.source import read_services
from app.searching.words import everyday_words

Language = Literal["id", "en"]
MOST_WAITING = 32
"""Searches of strangers that may wait for their turn: about a quarter of a second."""
LONGEST_QUERY = 100
"""Characters; what is longer is refused wherever a query is taken."""


class Found(BaseModel):
    """A service that a query may mean, named in the language asked for."""

    service_id: int
    name: str
    agency: str


class Search:
    """Answers queries, one at a time: a flood of them must not slow the hall.

    ``forget`` the index when the fact "site" changes.
    """

    def __init__(self, readers: Readers) -> None:
        self._readers = readers
        self.index: Index | None = None
        self._changes = 0
        self._turn = asyncio.Lock()
        self._waiting = 0

    def forget(self) -> None:
        """Forget the index: the mall has changed."""
        self.index = None
        self._changes += 1

    async def find(
        self, query: str, language: Language, *, may_wait: bool = True
    ) -> list[Found]:
        """Return the services that a query may mean, best first; at most 20.

        Raises ``Busy`` for whoever may not wait when too many wait already.
        """
        if self._waiting >= MOST_WAITING and not may_wait:
            raise Busy
        self._waiting += 1
        try:
            async with self._turn:
                index = self.index or await self._built()
                # eight mistyped words cost tens of milliseconds: not on the loop
                services = await asyncio.to_thread(index.find, query)
        finally:
            self._waiting -= 1
        return [
            Found(
                service_id=service.service_id,
                name=service.names[language],
                agency=service.agency_names[language],
            )
            for service in services
        ]

    async def _built(self) -> Index:
        changes = self._changes
        index = await self._readers.read(_index_of)
        if changes == self._changes:  # else it was read before the newest change
            self.index = index
        return index


def _index_of(db: Connection) -> Index:
    return Index(read_services(db), everyday_words())
