"""The running server's search: an index that is read anew when the mall changes."""

import asyncio
from typing import Literal

from pydantic import BaseModel
from sqlalchemy import Connection

from app.db.engines import Readers
from app.errors import Busy
from app.search.index import Index
from app.search.services import read_services
from app.search.words import everyday_words

Language = Literal["id", "en"]
MAX_WAITING = 32
"""Searches of strangers that may wait for their turn: about an eighth of a second."""
MAX_QUERY_CHARACTERS = 100
"""Characters; what is longer is refused wherever a query is taken."""


class SearchResult(BaseModel):
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
        self._change_count = 0
        self._turn = asyncio.Lock()
        self._waiting = 0

    def forget(self) -> None:
        """Forget the index: the mall has changed."""
        self.index = None
        self._change_count += 1

    async def find(
        self, query: str, language: Language, *, may_wait: bool = True
    ) -> list[SearchResult]:
        """Return the services that a query may mean, best first; at most 20.

        Raises ``Busy`` for whoever may not wait when too many wait already.
        """
        if self._waiting >= MAX_WAITING and not may_wait:
            raise Busy
        self._waiting += 1
        try:
            # one at a time: they would share the interpreter's lock with the ledger
            async with self._turn:
                index = self.index or await self._build_index()
                # eight mistyped words cost some 5 ms: not on the loop
                services = await asyncio.to_thread(index.find, query)
        finally:
            self._waiting -= 1
        return [
            SearchResult(
                service_id=service.service_id,
                name=service.names[language],
                agency=service.agency_names[language],
            )
            for service in services
        ]

    async def _build_index(self) -> Index:
        change_count = self._change_count
        index = await self._readers.read(_read_index)
        # else it was read before the newest change
        if change_count == self._change_count:
            self.index = index
        return index


def _read_index(db: Connection) -> Index:
    return Index(read_services(db), everyday_words())
