"""Queries with the services that they mean, and how well a search answers them.

``judged.csv`` was written before the search and never used to improve it;
``tuning.csv`` was; ``fresh.csv`` was written afterwards by somebody who had seen
neither the search nor its words. All name services as ``AGENCY/SERVICE`` of the
demo's mall; several after one query are equally right.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from sqlalchemy import Connection

from app.db.engines import writer_engine
from app.db.migration import migrate
from app.demo.mall import demo_mall
from app.importing import import_mall
from app.search.phrases import SearchableService
from app.search.services import read_services
from app.search.words import Words
from tests.support.clock import MORNING

HERE = Path(__file__).parent
MAX_RANK = 3
"""Among so many first answers the right one has to be."""
Find = Callable[[str], Sequence[SearchableService]]


class Query(NamedTuple):
    """What a visitor types, and the services that are right."""

    text: str
    services: frozenset[str]


class Miss(NamedTuple):
    """A query and the first answers to it, with no right one among them."""

    query: Query
    found: list[str]


def read_queries(name: str) -> list[Query]:
    """Read ``judged``, ``tuning`` or ``fresh``."""
    with (HERE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [
            Query(row["query"], frozenset(row["services"].split()))
            for row in csv.DictReader(file)
        ]


def misses(find: Find, queries: Iterable[Query]) -> list[Miss]:
    """Return the queries without a right service among the first three."""
    answered = [Miss(query, codes(find(query.text))[:MAX_RANK]) for query in queries]
    return [each for each in answered if not each.query.services & {*each.found}]


def codes(services: Iterable[SearchableService]) -> list[str]:
    """Return services as the queries name them."""
    return [f"{each.agency_code}/{each.code}" for each in services]


def without_aliases_like(words: Words, queries: Iterable[Query]) -> Words:
    """Return the words without aliases that are one of the queries, to the word."""
    queries_as_words = {frozenset(words.normalise(query.text)) for query in queries}
    return replace(
        words,
        aliases={
            needed_words: [
                phrase
                for phrase in phrases
                if frozenset(phrase) not in queries_as_words
            ]
            for needed_words, phrases in words.aliases.items()
        },
    )


@cache
def demo_services() -> list[SearchableService]:
    """Return what the demo's database says of the services."""
    with TemporaryDirectory() as folder, _demo_database(Path(folder)) as db:
        return read_services(db)


@contextmanager
def _demo_database(folder: Path) -> Iterator[Connection]:
    path = folder / "antrean.sqlite3"
    migrate(path)
    engine = writer_engine(path)
    with engine.begin() as db:
        import_mall(db, demo_mall(), now=MORNING)
        yield db
    engine.dispose()
