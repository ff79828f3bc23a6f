"""What the product's own words find in a mall that has none of its own."""

import pytest

from app.search.index import Index
from app.search.words import everyday_words, plain_words
from tests.search.any_mall import AGENCIES, any_services


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(any_services(), everyday_words())


def found(index: Index, query: str) -> list[str]:
    return [each.names["id"] for each in index.find(query)]


@pytest.mark.parametrize(
    ("query", "agency"),
    [
        ("STNK", "A"),
        ("stnk", "C"),
        ("bpkb", "A"),
        ("balik nama", "A"),
        ("balik nama", "F"),
        ("JKN", "B"),
        ("kis", "B"),
        ("stnk", "G"),
        ("jkn", "H"),
    ],
)
def test_words_that_everybody_says_find_the_agency(
    index: Index, query: str, agency: str
) -> None:
    assert AGENCIES[agency][1][0] in found(index, query)


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("Salat Jumʿat", ["jumat", "jum'at", "jum’at", "JUM`AT", "jum´at", "jumʻat"]),
        ("Tashih Qur’an", ["quran", "qur'an", "qur‘an", "alquran quran", "qurʾan"]),
        ("Pendaftaran Ma'had", ["mahad", "ma'had", "maʿhad", "ma′had"]),
    ],
)
def test_apostrophes_of_every_sort_fall_away_on_both_sides(
    index: Index, name: str, queries: list[str]
) -> None:
    assert {query: found(index, query)[:1] for query in queries} == {
        query: [name] for query in queries
    }


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("رخصة", "رخصة البناء"),
        ("رُخصة", "رخصة البناء"),
        ("शहर", "शहर कर"),
        ("营业执照", "营业执照"),
        ("营业", "营业执照"),
        ("διπλωμα", "Δίπλωμα"),
        ("паспорт", "Паспорт"),
        ("паспрот", "Паспорт"),
        ("المدينة", "رخصة البناء"),
    ],
)
def test_letters_of_any_script_are_letters(index: Index, query: str, name: str) -> None:
    assert found(index, query)[:1] == [name]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Jum'at", ["jumat"]),
        ("P-IRT/3", ["p", "irt", "3"]),
        ("Kafé", ["kafe"]),
        ("Kafe\u0301", ["kafe"]),
        ("हिन्दी", ["हिन्दी"]),
        ("한국", ["한국"]),
        ("a_b", ["a", "b"]),
        ("ber\u00adkas", ["berkas"]),
    ],
)
def test_the_words_of_a_text(text: str, words: list[str]) -> None:
    assert plain_words(text) == words
