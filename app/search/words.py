"""The everyday words of ``words.yaml``, and how they bring spelling to a norm."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).with_name("words.yaml")
MIN_STEM_LETTERS = 4
CACHE_SIZE = 20_000
# typed by hand, by word processors, in Arabic names, and by slips of the finger: every
# straight, curly, high, turned, prime, half ring and full-width one
APOSTROPHES = (
    "'`\u00b4\u02b9\u02bb-\u02bf\u02c8\u02ca\u02cb\u2018-\u201b\u2032\u2035"
    "\u05f3\u07f4\u07f5\ua78b\ua78c\uff07\uff40"
)
_APOSTROPHES = re.compile(f"[{APOSTROPHES}]")
_VOWEL = re.compile(r"[aiueo]")
_DOUBLED = re.compile(r"([a-z])\1+")


@dataclass(frozen=True, eq=False)
class Words:
    """The file's content; every word in it is in its normal spelling.

    ``synonyms`` has for a word the other words that say it; ``aliases`` has, for
    the words that a service must hold, the phrases by which it is also known.
    """

    letters: dict[str, str]
    stop_words: frozenset[str]
    synonyms: dict[str, frozenset[str]]
    aliases: dict[frozenset[str], list[tuple[str, ...]]]
    stem: "Stem"
    normalise: "Normaliser"


class Normaliser:
    """Brings a word to its normal spelling: ``Ijin`` and ``izin`` are one."""

    def __init__(self, rules: Iterable[tuple[str, str]]) -> None:
        self._rules = [
            (re.compile(pattern), replacement) for pattern, replacement in rules
        ]
        self._prefix_rules = [
            rule for rule in self._rules if not rule[0].pattern.endswith("$")
        ]
        # of this object: a cache on the method would keep every object alive
        self.word = lru_cache(CACHE_SIZE)(self._word)

    def __call__(self, text: str) -> tuple[str, ...]:
        """Return the words of a text, each in its normal spelling."""
        return tuple(self.word(word) for word in plain_words(text))

    def prefix(self, word: str) -> str:
        """Return a word that goes on: its last letter is not yet its end."""
        return self._apply(self._prefix_rules, word)

    def _word(self, word: str) -> str:
        return self._apply(self._rules, word)

    @staticmethod
    def _apply(rules: list[tuple[re.Pattern[str], str]], word: str) -> str:
        if _VOWEL.search(word):  # kk and sppt are abbreviations
            word = _DOUBLED.sub(r"\1", word)
        for pattern, replacement in rules:
            word = pattern.sub(replacement, word)
        return word


class Stem:
    """Takes beginnings and endings off a word: ``pembayaran`` and ``bayar`` meet."""

    def __init__(self, beginnings: list[str], endings: list[str]) -> None:
        self._beginnings = sorted(beginnings, key=len, reverse=True)
        self._endings = sorted(endings, key=len, reverse=True)
        self.of = lru_cache(CACHE_SIZE)(self._of)

    def _of(self, word: str) -> str:
        for ending in self._endings:
            if word.endswith(ending) and len(word) - len(ending) >= MIN_STEM_LETTERS:
                word = word.removesuffix(ending)
                break
        for prefix in self._beginnings:
            rest = len(word) - len(prefix)
            if word.startswith(prefix) and rest >= MIN_STEM_LETTERS:
                return word.removeprefix(prefix)
        return word


def plain_words(text: str) -> list[str]:
    """Return a text's words in small letters and digits, without accents.

    Letters of every script are letters. Apostrophes of every sort fall away, so that
    ``Jum'at`` and ``jumat`` are one word.
    """
    # before NFKD too, which makes a space and an accent of some
    text = _APOSTROPHES.sub("", text.casefold())
    flat = _APOSTROPHES.sub("", unicodedata.normalize("NFKD", text))
    flat = "".join(sign for sign in flat if not _is_accent(sign))
    # together again: Hangul, and letters whose marks are more than accents
    return "".join(map(_letter, unicodedata.normalize("NFC", flat))).split()


def _letter(sign: str) -> str:
    """Return a letter, a mark or a digit as it is, and a space for what parts words."""
    category = unicodedata.category(sign)
    # what cannot be seen parts nothing: soft hyphens, joiners
    return "" if category == "Cf" else sign if category[0] in "LMN" else " "


def _is_accent(sign: str) -> bool:
    """Tell whether a sign is a mark on a letter that people leave out in a search.

    Of Latin, Greek and Cyrillic letters, and the vowel signs of Arabic and Hebrew; in
    other scripts marks are vowels and parts of letters.
    """
    return "\u0300" <= sign <= "\u036f" or (
        "\u0591" <= sign <= "\u06ed" and bool(unicodedata.combining(sign))
    )


@cache
def everyday_words() -> Words:
    """Return the product's own words."""
    return read_words(FILE.read_text(encoding="utf-8"))


def read_words(text: str) -> Words:
    """Read the form of ``words.yaml``."""
    raw: dict[str, Any] = yaml.safe_load(text)
    normalise = Normaliser(raw["respelled"])
    aliases: dict[frozenset[str], list[tuple[str, ...]]] = defaultdict(list)
    for needed_words, phrases in raw["aliases"].items():
        aliases[frozenset(normalise(needed_words))] += [
            normalise(phrase) for phrase in phrases
        ]
    return Words(
        letters=raw["letters"],
        stop_words=frozenset(normalise(raw["ignored"])),
        synonyms=_synonyms(normalise(" ".join(group)) for group in raw["same"]),
        aliases=dict(aliases),
        stem=Stem(raw["beginnings"], raw["endings"]),
        normalise=normalise,
    )


def _synonyms(groups: Iterable[tuple[str, ...]]) -> dict[str, frozenset[str]]:
    others: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        for word in group:
            others[word] |= set(group) - {word}
    return {word: frozenset(words) for word, words in others.items()}
