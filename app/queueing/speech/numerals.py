"""Numbers as words: digit by digit, or as a value up to 9999."""

from app.queueing.speech.languages import Language, Mode

MAX_VALUE = 9999
"""Beyond it nobody follows a number by ear: digit by digit."""
DIGITS: dict[Language, tuple[str, ...]] = {
    "id": (
        "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan",
        "sembilan",
    ),
    "en": (
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ),
}  # fmt: skip
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen",
    "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = (
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty",
    "ninety",
)  # fmt: skip


def digit_words(digits: str, language: Language) -> list[str]:
    """Return one word for each digit; ``"012"`` → nol, satu, dua."""
    return [DIGITS[language][int(digit)] for digit in digits]


def value_words(value: int, language: Language) -> str:
    """Return a number from 0 to 9999 as its value is said; else ``ValueError``."""
    if not 0 <= value <= MAX_VALUE:
        raise ValueError(f"{value} is not from 0 to {MAX_VALUE}")
    if value == 0:
        return DIGITS[language][0]
    below = _indonesian if language == "id" else _english
    return " ".join(below(value))


def number_words(digits: str, language: Language, mode: Mode) -> list[str]:
    """Return what is said of a number's digits, a pause between each two items.

    As a value leading zeros are not said.
    """
    if mode == "digits" or int(digits) > MAX_VALUE:
        return digit_words(digits, language)
    return [value_words(int(digits), language)]


def _indonesian(value: int) -> list[str]:
    """Return the words of a value; none of zero. One of a kind is "se-"."""
    if value >= 1000:
        return [*_of_a_kind(value // 1000, "ribu"), *_indonesian(value % 1000)]
    if value >= 100:
        return [*_of_a_kind(value // 100, "ratus"), *_indonesian(value % 100)]
    if value >= 20:
        return [*_of_a_kind(value // 10, "puluh"), *_indonesian(value % 10)]
    if value > 11:
        return [DIGITS["id"][value - 10], "belas"]
    small = ("", *DIGITS["id"][1:], "sepuluh", "sebelas")
    return [small[value]] if value else []


def _of_a_kind(count: int, kind: str) -> list[str]:
    return [f"se{kind}"] if count == 1 else [DIGITS["id"][count], kind]


def _english(value: int) -> list[str]:
    if value >= 1000:
        return [DIGITS["en"][value // 1000], "thousand", *_english(value % 1000)]
    if value >= 100:
        return [DIGITS["en"][value // 100], "hundred", *_english(value % 100)]
    if value >= 20:
        return [_TENS[value // 10], *_english(value % 10)]
    if value >= 10:
        return [_TEENS[value - 10]]
    return [DIGITS["en"][value]] if value else []
