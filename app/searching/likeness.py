"""How alike a typed word is to the words that the mall knows."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from app.searching.words import Words

EXACT, SAME_STEM, SAID_OTHERWISE = 1.0, 0.9, 0.85
STEM_BESIDE = 0.75
"""The same stem, where the typed word itself is known: kejari has no jari."""
BEGUN, BEGUN_MORE = 0.6, 0.3
"""What a beginning is worth, and what is added by the share that is typed."""
SHORTEST_BEGINNING = 2
MISTYPED = 0.9
SURE = 0.65
"""From here on a word's other words are taken for it too."""
REMEMBERED = 2_000

LONG_BEGINNING = 5
"""So many letters may be a beginning with mistakes in it."""

Likeness = dict[str, float]
"""Known word → how alike it is, above 0 to 1."""


class Known(NamedTuple):
    """A word that the mall knows, its stem, and its letters as bits."""

    word: str
    stem: str
    letters: int


class Vocabulary:
    """The words that the mall knows, and the ones alike to a typed word."""

    def __init__(self, known: Iterable[str], words: Words) -> None:
        self._words = words
        self._known = [
            Known(word, words.stem.of(word), _letters(word))
            for word in sorted({*known, *words.same})
        ]
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for each in self._known:
            self._by_stem[each.stem].append(each.word)
        self._spelled = frozenset(each.word for each in self._known)
        self.like = lru_cache(REMEMBERED)(self._like)

    def holds(self, plain: str) -> bool:
        """Tell whether a word, however spelled, is known."""
        return self._words.even.word(plain) in self._spelled

    def _like(self, plain: str) -> Likeness:
        """Return the known words that are like one that was typed."""
        typed = self._words.even.word(plain)
        begun = self._words.even.beginning(plain)
        ways = [self._spelled_so(typed), self._begun(begun)]
        if typed not in self._spelled:
            # with the end evened or not: paspro is no paspra
            ways += [self._mistyped(spelled) for spelled in {typed, begun}]
        found: Likeness = {}
        for way in ways:
            for word, worth in way.items():
                found[word] = max(worth, found.get(word, 0.0))
        return self._with_other_words(found)

    def _begun(self, typed: str) -> Likeness:
        """Return the words that begin so."""
        if len(typed) < SHORTEST_BEGINNING:
            return {}
        return {
            word: BEGUN + BEGUN_MORE * len(typed) / len(word)
            for word, _, _ in self._known
            if word.startswith(typed)
        }

    def _spelled_so(self, typed: str) -> Likeness:
        """Return the word itself and those of its stem."""
        is_known = typed in self._spelled
        worth = STEM_BESIDE if is_known else SAME_STEM
        kin = self._by_stem.get(self._words.stem.of(typed), ())
        found = dict.fromkeys(kin, worth)
        return found | {typed: EXACT} if is_known else found

    def _mistyped(self, typed: str) -> Likeness:
        most = mistakes_allowed(typed)
        if not most:
            return {}
        stem, letters = self._words.stem.of(typed), _letters(typed)
        found: Likeness = {}
        for known in self._known:
            if (letters & ~known.letters).bit_count() > most:
                continue  # quick, and true of nearly all of them
            far = _nearest(typed, known.word, most)
            if far > most:
                far = mistakes(stem, known.stem, most)
            if far <= most:
                found[known.word] = MISTYPED * (1 - far / len(typed))
        return found

    def _with_other_words(self, found: Likeness) -> Likeness:
        for word, worth in list(found.items()):
            if worth < SURE:
                continue
            for other in self._words.same.get(word, ()):
                found[other] = max(worth * SAID_OTHERWISE, found.get(other, 0.0))
        return found


def mistakes_allowed(typed: str) -> int:
    """Return how many mistakes a word of this length may hold."""
    if len(typed) < 3 or typed.isdigit():
        return 0
    return 1 if len(typed) < 7 else 2


def mistakes(one: str, other: str, most: int) -> int:
    """Return how many letters are wrong, missing, too many or swapped.

    Damerau and Levenshtein's distance (optimal alignment); anything above
    ``most`` is told as ``most + 1``.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, beside in enumerate(other, start=1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != beside))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == beside:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _nearest(typed: str, word: str, most: int) -> int:
    """Return the mistakes against the word, or against as much of it as is typed."""
    far = mistakes(typed, word, most)
    if far <= most or len(typed) < LONG_BEGINNING or typed[0] != word[0]:
        return far
    begun = (word[: len(typed) + longer] for longer in (0, 1))
    return min(mistakes(typed, beginning, most) for beginning in begun)


def _letters(word: str) -> int:
    """Return the letters that a word holds, a bit for each."""
    held = 0
    for letter in word:
        held |= 1 << (ord(letter) & 63)
    return held
