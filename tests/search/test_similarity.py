"""How alike two words are, and how spelling is evened out."""

import pytest

from app.search.similarity import Vocabulary, distances_to, max_edits
from app.search.words import everyday_words, plain_words


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        ("paspor", "paspor", 0),
        ("paspor", "pasor", 1),
        ("paspor", "pasppor", 1),
        ("paspor", "paspot", 1),
        ("paspor", "psapor", 1),
        ("paspor", "psaport", 2),
        ("", "ab", 2),
    ],
)
def test_mistakes_are_counted(one: str, other: str, distance: int) -> None:
    assert distances_to(one, {"word": other}, 2) == {"word": distance}
    assert distances_to(other, {"word": one}, 2) == {"word": distance}


@pytest.mark.parametrize("other", ["npwp", "psaprot", "p"])
def test_words_of_too_many_mistakes_are_left_out(other: str) -> None:
    assert distances_to("paspor", {"word": other}, 1) == {}


def test_a_stem_alike_counts_only_where_few_letters_are_missing() -> None:
    vocabulary = Vocabulary(["data", "mendaptar"], everyday_words())

    similarities = vocabulary.similar_to("pendaftran")

    assert "mendaptar" in similarities
    assert "data" not in similarities


def test_long_words_may_hold_more_mistakes() -> None:
    assert [max_edits(word) for word in ("kk", "ktp", "paspor", "kematian")] == [
        *(0, 1, 1, 2)
    ]
    assert max_edits("2026") == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ijin", "izin"),
        ("hilang", "ilang"),
        ("namo", "nama"),
        ("aktifasi", "aktivasi"),
        ("pasporr", "Paspor"),
        ("djalan", "jalan"),
        ("oemroh", "umroh"),
        ("café", "cafe"),
    ],
)
def test_spellings_of_one_word_are_one(one: str, other: str) -> None:
    normalise = everyday_words().normalise
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize("word", ["kk", "sppt", "swdkllj"])
def test_an_abbreviation_keeps_its_doubled_letters(word: str) -> None:
    assert everyday_words().normalise(word) == (word,)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("pembayaran", "bayar"),
        ("perpanjangan", "panjang"),
        ("mengambil", "pengambilan"),
    ],
)
def test_words_of_one_stem_meet(one: str, other: str) -> None:
    stem = everyday_words().stem
    assert stem.of(one) == stem.of(other)


def test_a_text_is_cut_into_plain_words() -> None:
    assert plain_words("Rekomendasi/izin  P-IRT (2024) … é") == [
        *("rekomendasi", "izin", "p", "irt", "2024", "e")
    ]


def test_another_word_for_it_is_alike_and_less_so() -> None:
    similarities = Vocabulary(["ilang", "ijin"], everyday_words()).similar_to("lost")

    assert similarities["lost"] == 1.0
    assert 0.6 < similarities["ilang"] < 1.0
    assert "ijin" not in similarities
