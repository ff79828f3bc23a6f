"""How alike a typed word is to the words that the mall knows."""

from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from app.search.words import Words

EXACT, SAME_STEM, SYNONYM = 1.0, 0.9, 0.85
STEM_OF_KNOWN_WORD = 0.75
"""The same stem, where the typed word itself is known: kejari has no jari."""
PREFIX, PREFIX_BY_LENGTH = 0.6, 0.3
"""What a beginning is worth, and what is added by the share that is typed."""
MIN_PREFIX_LETTERS = 2
TYPO = 0.9
MIN_FOR_SYNONYMS = 0.65
"""From here on a word's other words are taken for it too."""
CACHE_SIZE = 2_000

MIN_LETTERS_FOR_PREFIX_TYPOS = 5
"""So many letters may be a beginning with mistakes in it."""

Similarities = dict[str, float]
"""Known word → how alike it is, above 0 to 1."""


class VocabularyWord(NamedTuple):
    """A word that the mall knows, its stem, and its letters as bits."""

    word: str
    stem: str
    letters: int


class Vocabulary:
    """The words that the mall knows, and the ones alike to a typed word."""

    def __init__(self, known_words: Iterable[str], words: Words) -> None:
        self._words = words
        self._entries = [
            VocabularyWord(word, words.stem.of(word), _letters(word))
            for word in sorted({*known_words, *words.synonyms})
        ]
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for each in self._entries:
            self._by_stem[each.stem].append(each.word)
        self._spellings = frozenset(each.word for each in self._entries)
        self.similar_to = lru_cache(CACHE_SIZE)(self._similar_to)

    def contains(self, plain: str) -> bool:
        """Tell whether a word, however spelled, is known."""
        return self._words.normalise.word(plain) in self._spellings

    def _similar_to(self, plain: str) -> Similarities:
        """Return the known words that are like one that was typed."""
        typed = self._words.normalise.word(plain)
        prefix = self._words.normalise.prefix(plain)
        candidates = [self._by_spelling(typed), self._by_prefix(prefix)]
        if typed not in self._spellings:
            # with the end evened or not: paspro is no paspra
            candidates += [self._by_typo(spelling) for spelling in {typed, prefix}]
        result: Similarities = {}
        for similarities in candidates:
            for word, similarity in similarities.items():
                result[word] = max(similarity, result.get(word, 0.0))
        return self._with_synonyms(result)

    def _by_prefix(self, typed: str) -> Similarities:
        """Return the words that begin so."""
        if len(typed) < MIN_PREFIX_LETTERS:
            return {}
        return {
            word: PREFIX + PREFIX_BY_LENGTH * len(typed) / len(word)
            for word, _, _ in self._entries
            if word.startswith(typed)
        }

    def _by_spelling(self, typed: str) -> Similarities:
        """Return the word itself and those of its stem."""
        is_known = typed in self._spellings
        similarity = STEM_OF_KNOWN_WORD if is_known else SAME_STEM
        same_stem = self._by_stem.get(self._words.stem.of(typed), ())
        result = dict.fromkeys(same_stem, similarity)
        return result | {typed: EXACT} if is_known else result

    def _by_typo(self, typed: str) -> Similarities:
        max_distance = max_edits(typed)
        if not max_distance:
            return {}
        stem, letters = self._words.stem.of(typed), _letters(typed)
        result: Similarities = {}
        for entry in self._entries:
            if (letters & ~entry.letters).bit_count() > max_distance:
                continue  # quick, and true of nearly all of them
            distance = _distance_to_word_or_prefix(typed, entry.word, max_distance)
            if distance > max_distance:
                distance = edit_distance(stem, entry.stem, max_distance)
            if distance <= max_distance:
                result[entry.word] = TYPO * (1 - distance / len(typed))
        return result

    def _with_synonyms(self, result: Similarities) -> Similarities:
        for word, similarity in list(result.items()):
            if similarity < MIN_FOR_SYNONYMS:
                continue
            for other in self._words.synonyms.get(word, ()):
                result[other] = max(similarity * SYNONYM, result.get(other, 0.0))
        return result


def max_edits(typed: str) -> int:
    """Return how many mistakes a word of this length may hold."""
    if len(typed) < 3 or typed.isdigit():
        return 0
    return 1 if len(typed) < 7 else 2


def edit_distance(one: str, other: str, max_distance: int) -> int:
    """Return how many letters are wrong, missing, too many or swapped.

    Damerau and Levenshtein's distance (optimal alignment); anything above
    ``max_distance`` is returned as ``max_distance + 1``.
    """
    if abs(len(one) - len(other)) > max_distance:
        return max_distance + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, beside in enumerate(other, start=1):
            cost = min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != beside))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == beside:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > max_distance:
            return max_distance + 1
    return row[-1]


def _distance_to_word_or_prefix(typed: str, word: str, max_distance: int) -> int:
    """Return the mistakes against the word, or against as much of it as is typed."""
    distance = edit_distance(typed, word, max_distance)
    if (
        distance <= max_distance
        or len(typed) < MIN_LETTERS_FOR_PREFIX_TYPOS
        or typed[0] != word[0]
    ):
        return distance
    prefixes = (word[: len(typed) + longer] for longer in (0, 1))
    return min(edit_distance(typed, prefix, max_distance) for prefix in prefixes)


def _letters(word: str) -> int:
    """Return the letters that a word holds, a bit for each."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits
