"""Spelling, beginnings, codes, spoken letters: each rule of the search by itself."""

import random
import string

import pytest

from app.search.index import MAX_RESULTS, Index
from app.search.words import everyday_words
from tests.search.relevance import codes, demo_services

TYPOS = 0.95
"""The share of names with mistakes in them that are found among the first three."""


@pytest.fixture(scope="module")
def index() -> Index:
    return Index(demo_services(), everyday_words())


def first(index: Index, query: str) -> str:
    return codes(index.find(query))[0]


@pytest.mark.parametrize(
    ("query", "service"),
    [
        ("ktp ilang", "DKC/KTP-CETAK"),
        ("akte lahir", "DKC/LAHIR"),
        ("ijin usaha", "DPM/NIB"),
        ("en pe we pe", "KPP/NPWP"),
        ("pajak motor", "SAM/STNK"),
    ],
)
def test_everyday_words_lead_to_the_service(
    index: Index, query: str, service: str
) -> None:
    assert first(index, query) == service


@pytest.mark.parametrize(
    "query",
    [
        "npwp",
        "NPWP",
        " npwp? ",
        "n.p.w.p",
        "n p w p",
        "enpewepe",
        "en pe we pe",
        "nppwp",
    ],
)
def test_letters_may_be_spelled_spoken_or_doubled(index: Index, query: str) -> None:
    assert first(index, query) == "KPP/NPWP"


@pytest.mark.parametrize("query", ["aktivasi efin", "aktifasi efin", "AKTIPASI EPIN"])
def test_old_and_young_spelling_are_one(index: Index, query: str) -> None:
    assert first(index, query) == "KPP/EFIN"


@pytest.mark.parametrize(
    "query", ["paspor baru", "paspro baru", "pasporbaru", "paapor baru"]
)
def test_a_mistake_or_a_missing_space_is_forgiven(index: Index, query: str) -> None:
    assert first(index, query) == "IMI/PASPOR-BARU"


@pytest.mark.parametrize(
    ("query", "service"),
    [
        ("efi", "KPP/EFIN"),
        ("roy", "BPN/ROYA"),
        ("wesel", "POS/AMBIL"),
        ("nazeg", "POS/METERAI"),
    ],
)
def test_the_beginning_of_a_word_is_enough(
    index: Index, query: str, service: str
) -> None:
    assert first(index, query) == service


def test_an_agencys_code_finds_its_services_first(index: Index) -> None:
    for agency in {each.agency_code for each in demo_services()}:
        own = [each for each in demo_services() if each.agency_code == agency]

        assert index.find(agency)[: len(own)] == own


def test_every_service_is_found_by_its_codes_and_names(index: Index) -> None:
    for service in demo_services():
        assert index.find(f"{service.agency_code} {service.code}")[0] == service
        for name in service.names.values():
            assert service in index.find(name)[:3], name


def test_names_are_found_with_mistakes_in_half_of_their_words(index: Index) -> None:
    chance = random.Random(4)  # noqa: S311 (mistakes, no secrets)
    cases = [
        (service, " ".join(_mistyped(word, chance) for word in name.lower().split()))
        for service in demo_services()
        for name in service.names.values()
    ]

    right = [service in index.find(query)[:3] for service, query in cases]

    assert sum(right) / len(right) >= TYPOS


@pytest.mark.parametrize(
    "query", ["", "   ", "?!…", "\x00\u202e", "مرحبا", "xylophone"]
)
def test_what_says_nothing_finds_nothing(index: Index, query: str) -> None:
    assert index.find(query) == []


def test_words_that_say_nothing_stand_aside(index: Index) -> None:
    assert first(index, "saya mau ngurus roya di mana ya pak") == "BPN/ROYA"


def test_practice_is_never_found(index: Index) -> None:
    for query in ("latihan", "latihan layanan singkat", "LATIHAN CEPAT", "practice"):
        assert all(not code.startswith("LATIHAN") for code in codes(index.find(query)))


def test_no_more_than_twenty_are_offered(index: Index) -> None:
    assert len(index.find("izin")) <= MAX_RESULTS
    assert len(index.find("surat pajak izin daftar bayar")) <= MAX_RESULTS


def test_the_same_is_found_by_an_index_built_anew(index: Index) -> None:
    anew = Index(demo_services(), everyday_words())

    for query in ("bayar tagihan", "surat", "info", "pengaduan"):
        assert index.find(query) == anew.find(query)


def _mistyped(word: str, chance: random.Random) -> str:
    if len(word) < 5 or chance.random() < 0.5:
        return word
    at = chance.randrange(len(word) - 1)
    wrong = chance.choice(string.ascii_lowercase)
    return chance.choice(
        [
            word[:at] + word[at + 1 :],
            word[: at + 1] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + wrong + word[at + 1 :],
        ]
    )
