"""How alike two words are, and how spelling is evened out."""

import pytest

from app.searching.likeness import Vocabulary, mistakes, mistakes_allowed
from app.searching.words import everyday_words, plain_words


@pytest.mark.parametrize(
    ("one", "other", "far"),
    [
        ("paspor", "paspor", 0),
        ("paspor", "pasor", 1),
        ("paspor", "pasppor", 1),
        ("paspor", "paspot", 1),
        ("paspor", "psapor", 1),
        ("paspor", "psaport", 2),
        ("paspor", "npwp", 3),
        ("", "ab", 2),
        ("abcdef", "uvwxyz", 3),
    ],
)
def test_mistakes_are_counted_until_there_are_too_many(
    one: str, other: str, far: int
) -> None:
    assert mistakes(one, other, 2) == far
    assert mistakes(other, one, 2) == far


def test_long_words_may_hold_more_mistakes() -> None:
    assert [mistakes_allowed(word) for word in ("kk", "ktp", "paspor", "kematian")] == [
        *(0, 1, 1, 2)
    ]
    assert mistakes_allowed("2026") == 0


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
    even = everyday_words().even
    assert even(one) == even(other)


@pytest.mark.parametrize("word", ["kk", "sppt", "swdkllj"])
def test_an_abbreviation_keeps_its_doubled_letters(word: str) -> None:
    assert everyday_words().even(word) == (word,)


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
    like = Vocabulary(["ilang", "ijin"], everyday_words()).like("lost")

    assert like["lost"] == 1.0
    assert 0.6 < like["ilang"] < 1.0
    assert "ijin" not in like
