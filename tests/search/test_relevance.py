"""The search finds what visitors mean; what it misses stands in the manual."""

from pathlib import Path

import pytest

from app.search.index import Index
from app.search.words import everyday_words
from tests.search.any_mall import any_services
from tests.search.page import PAGE, search_page, write_page
from tests.search.relevance import (
    codes,
    demo_services,
    misses,
    read_queries,
    without_aliases_like,
)

NAMES = ("judged", "tuning", "fresh")
JUDGED_MIN, TUNING_MIN = 150, 60
SHARE = 0.95
STERNER_SHARE = 0.9


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(demo_services(), everyday_words())


@pytest.mark.parametrize("name", ["judged", "fresh"])
def test_the_right_service_is_among_the_first_three(index: Index, name: str) -> None:
    judged = read_queries(name)
    assert len(judged) >= JUDGED_MIN

    missed = misses(index.find, judged)

    assert 1 - len(missed) / len(judged) >= SHARE, missed


def test_it_is_so_without_the_aliases_that_are_queries_word_for_word() -> None:
    judged = read_queries("judged")
    words = without_aliases_like(everyday_words(), judged)

    missed = misses(Index(demo_services(), words).find, judged)

    assert 1 - len(missed) / len(judged) >= STERNER_SHARE


def test_what_it_was_tuned_with_is_found_too(index: Index) -> None:
    tuning = read_queries("tuning")
    assert len(tuning) >= TUNING_MIN

    missed = misses(index.find, tuning)

    assert 1 - len(missed) / len(tuning) >= SHARE, missed


def test_no_query_is_judged_and_tuned_with() -> None:
    texts = [query.text for name in NAMES for query in read_queries(name)]

    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("name", NAMES)
def test_the_queries_name_services_that_there_are(name: str) -> None:
    known = set(codes(demo_services()))

    named = set().union(*(query.services for query in read_queries(name)))

    assert named <= known


def test_every_service_is_asked_for() -> None:
    services = set().union(*(query.services for query in read_queries("judged")))

    assert services == set(codes(demo_services()))


def test_every_alias_belongs_to_some_service() -> None:
    """A key that nothing holds is misspelled, or was left behind by a new name."""
    words = everyday_words()
    needed_words = [
        {
            word
            for text in (
                *(each.code, *each.names.values(), each.agency_code),
                *(each.agency_short, *each.agency_names.values()),
            )
            for word in (*words.normalise(text), "".join(words.normalise(text)))
        }
        for each in (*demo_services(), *any_services())
    ]

    unused = [
        key for key in words.aliases if not any(key <= all_ for all_ in needed_words)
    ]

    assert unused == []


def test_the_page_is_as_the_search_gives_it() -> None:
    assert PAGE.read_text(encoding="utf-8") == search_page()


def test_the_page_can_be_written_anew(tmp_path: Path) -> None:
    write_page(tmp_path / PAGE.name)

    assert (tmp_path / PAGE.name).read_text(encoding="utf-8") == search_page()
