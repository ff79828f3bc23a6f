"""Every number in both modes, understood again as a listener would (voice.md#words)."""

import pytest

from app.queueing.speech import Language, Mode, call_phrases, spoken_words
from app.queueing.speech.numerals import MAX_VALUE, number_words, value_words

ONES = [
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan",
    "sembilan",
]  # fmt: skip
ENGLISH_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
]  # fmt: skip
TEENS = [
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
    "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
]  # fmt: skip


def understood(words: str) -> int:
    """Add up an Indonesian value, word by word, as one does in one's head."""
    total, ones = 0, 0
    for word in words.split():
        if word in ONES:
            ones = ONES.index(word)
            total += ones
        elif word == "belas":
            total += 10
        elif word.startswith("se"):
            total += {"sepuluh": 10, "sebelas": 11, "seratus": 100, "seribu": 1000}[
                word
            ]
        else:
            total += ones * ({"puluh": 10, "ratus": 100, "ribu": 1000}[word] - 1)
    return total


def understood_in_english(words: str) -> int:
    total = 0
    for word in words.split():
        if word in ENGLISH_ONES:
            total += ENGLISH_ONES.index(word)
        elif word in TEENS:
            total += 10 + TEENS.index(word)
        elif word in TENS:
            total += 10 * (2 + TENS.index(word))
        else:
            factor = {"hundred": 100, "thousand": 1000}[word]
            total += total % 100 * (factor - 1) if factor == 100 else total * 999
    return total


def test_every_value_is_understood_as_itself() -> None:
    for value in range(MAX_VALUE + 1):
        assert understood(value_words(value, "id")) == value
        assert understood_in_english(value_words(value, "en")) == value


def test_no_two_values_sound_alike() -> None:
    assert len({value_words(value, "id") for value in range(MAX_VALUE + 1)}) == 10_000


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_number_of_a_day_is_read_digit_by_digit(language: Language) -> None:
    ones = ONES if language == "id" else ENGLISH_ONES
    for value in range(1, 1100):
        words = number_words(f"{value:03}", language, "digits")

        assert "".join(str(ones.index(word)) for word in words) == f"{value:03}"


@pytest.mark.parametrize("mode", ["digits", "terbilang"])
def test_a_call_says_the_whole_number_and_nothing_else(mode: Mode) -> None:
    for value in range(1, 1100):
        words = spoken_words(call_phrases(f"A-{value:03}", "X", 1, mode=mode)[:1])
        number = words.removeprefix("nomor antrean A ")

        if mode == "digits":
            assert [ONES.index(word) for word in number.split()] == [
                int(digit) for digit in f"{value:03}"
            ]
        else:
            assert understood(number) == value


def test_what_nobody_follows_as_a_value_is_read_digit_by_digit() -> None:
    assert number_words("10000", "id", "terbilang") == [
        "satu", "nol", "nol", "nol", "nol",
    ]  # fmt: skip


@pytest.mark.parametrize("value", [-1, 10_000])
def test_beyond_four_digits_there_is_no_value(value: int) -> None:
    with pytest.raises(ValueError, match="is not from 0 to 9999"):
        value_words(value, "id")
