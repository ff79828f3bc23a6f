"""From captions to the words that are said: names of places are read out."""

import re
from collections.abc import Iterable, Iterator

from app.queueing.speech.languages import Language, language_of
from app.queueing.speech.numerals import MAX_VALUE, digit_words, value_words

_ROMAN = {
    "I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8,
    "IX": 9, "X": 10, "XI": 11, "XII": 12,
}  # fmt: skip
_ALSO_LETTERS = {"I", "V", "X"}
# behind these a lone I, V or X is a number
_COUNTED = {"lantai", "gedung", "tahap", "ruang", "floor", "building", "room"}
_SHORT: dict[Language, dict[str, str]] = {
    "id": {"lt": "lantai", "no": "nomor", "gd": "gedung", "rg": "ruang", "&": "dan"},
    "en": {"no": "number", "&": "and"},
}
_UNTIL: dict[Language, str] = {"id": "sampai", "en": "to"}
_DASHES = ("-", "\u2013")
# said as words, though three letters are spelled else
_READ_AS_WORDS = {"SIM", "PIN", "NIK", "SIP"}
_TOKEN = re.compile(r"\d+|[^\W\d_]+|&|(?<=\d)\s*[-\u2013]\s*(?=\d)")
# syllables as Indonesian has them: no three consonants together, none doubled at first
_READABLE = re.compile(
    r"[BCDFGHJKLMNPQRSTVWXYZ]?(?:[AEIOU]+[BCDFGHJKLMNPQRSTVWXYZ]{1,2})*[AEIOU]*",
)
LONGEST_SPELLED = 3
"""Letters: so short a word in capitals is spelled, however readable it is."""


def spoken_words(phrases: Iterable[str], language: Language | None = None) -> str:
    """Return the words that are said of some sentences, in small letters.

    A letter that is spelled stays a capital:
    ``nomor antrean A nol satu nol silakan menuju loket tiga``. A part of a sentence
    does not tell its language: it is named.
    """
    return " ".join(
        word
        for phrase in phrases
        for word in _words(phrase, language or language_of(phrase))
    )


def _words(phrase: str, language: Language) -> Iterator[str]:
    before = ""
    for token in map(str.strip, _TOKEN.findall(phrase)):
        yield from _read(token, before, language)
        before = token.lower()


def _read(token: str, before: str, language: Language) -> Iterator[str]:
    if token.isdecimal():
        yield from _number(token, language)
    elif token in _DASHES:
        yield _UNTIL[language]
    elif token.lower() in _SHORT[language] and len(token) <= 2:
        yield _SHORT[language][token.lower()]
    elif _is_roman(token, before):
        yield value_words(_ROMAN[token], language)
    elif is_spelled(token):
        yield from token
    else:
        yield token.lower()


def _number(digits: str, language: Language) -> Iterator[str]:
    if (digits.startswith("0") and digits != "0") or int(digits) > MAX_VALUE:
        yield from digit_words(digits, language)
    else:
        yield value_words(int(digits), language)


def _is_roman(token: str, before: str) -> bool:
    return token in _ROMAN and (token not in _ALSO_LETTERS or before in _COUNTED)


def is_spelled(token: str) -> bool:
    """Tell whether a word in capitals is spelled: BPJS, but not SAMSAT."""
    if not token.isupper() or token in _READ_AS_WORDS:
        return False
    is_readable = _READABLE.fullmatch(token) is not None
    return len(token) <= LONGEST_SPELLED or not is_readable
