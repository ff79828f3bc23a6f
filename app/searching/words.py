"""The everyday words of ``words.yaml``, and how spelling is evened out by them."""

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
SHORTEST_STEM = 4
REMEMBERED = 20_000
_SIGNS = re.compile(r"[^a-z0-9]+")
_VOWEL = re.compile(r"[aiueo]")
_DOUBLED = re.compile(r"([a-z])\1+")


@dataclass(frozen=True, eq=False)
class Words:
    """The file's content; every word in it is spelled evenly.

    ``same`` has for a word the other words that say it; ``aliases`` has, for
    the words that a service must hold, the phrases by which it is also known.
    """

    letters: dict[str, str]
    ignored: frozenset[str]
    same: dict[str, frozenset[str]]
    aliases: dict[frozenset[str], list[tuple[str, ...]]]
    stem: "Stem"
    even: "Even"


class Even:
    """Evens the spelling of a word: ``Ijin`` and ``izin`` are one."""

    def __init__(self, rules: Iterable[tuple[str, str]]) -> None:
        self._rules = [(re.compile(pattern), put) for pattern, put in rules]
        self._begun = [
            rule for rule in self._rules if not rule[0].pattern.endswith("$")
        ]
        self.word = lru_cache(REMEMBERED)(self._word)

    def __call__(self, text: str) -> tuple[str, ...]:
        """Return the words of a text, each spelled evenly."""
        return tuple(self.word(word) for word in plain_words(text))

    def beginning(self, word: str) -> str:
        """Return a word that goes on: its last letter is not yet its end."""
        return self._with(self._begun, word)

    def _word(self, word: str) -> str:
        return self._with(self._rules, word)

    @staticmethod
    def _with(rules: list[tuple[re.Pattern[str], str]], word: str) -> str:
        if _VOWEL.search(word):  # kk and sppt are abbreviations
            word = _DOUBLED.sub(r"\1", word)
        for pattern, put in rules:
            word = pattern.sub(put, word)
        return word


class Stem:
    """Takes beginnings and endings off a word: ``pembayaran`` and ``bayar`` meet."""

    def __init__(self, beginnings: list[str], endings: list[str]) -> None:
        self._beginnings = sorted(beginnings, key=len, reverse=True)
        self._endings = sorted(endings, key=len, reverse=True)
        self.of = lru_cache(REMEMBERED)(self._of)

    def _of(self, word: str) -> str:
        for ending in self._endings:
            if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
                word = word.removesuffix(ending)
                break
        for beginning in self._beginnings:
            rest = len(word) - len(beginning)
            if word.startswith(beginning) and rest >= SHORTEST_STEM:
                return word.removeprefix(beginning)
        return word


def plain_words(text: str) -> list[str]:
    """Return a text's words in small letters a to z and digits, without accents."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    flat = "".join(sign for sign in flat if not unicodedata.combining(sign))
    return _SIGNS.sub(" ", flat).split()


@cache
def everyday_words() -> Words:
    """Return the product's own words."""
    return read_words(FILE.read_text(encoding="utf-8"))


def read_words(text: str) -> Words:
    """Read the form of ``words.yaml``."""
    raw: dict[str, Any] = yaml.safe_load(text)
    even = Even(raw["respelled"])
    aliases: dict[frozenset[str], list[tuple[str, ...]]] = defaultdict(list)
    for held, phrases in raw["aliases"].items():
        aliases[frozenset(even(held))] += [even(phrase) for phrase in phrases]
    return Words(
        letters=raw["letters"],
        ignored=frozenset(even(raw["ignored"])),
        same=_same(even(" ".join(group)) for group in raw["same"]),
        aliases=dict(aliases),
        stem=Stem(raw["beginnings"], raw["endings"]),
        even=even,
    )


def _same(groups: Iterable[tuple[str, ...]]) -> dict[str, frozenset[str]]:
    others: dict[str, set[str]] = defaultdict(set)
    for group in groups:
        for word in group:
            others[word] |= set(group) - {word}
    return {word: frozenset(found) for word, found in others.items()}
