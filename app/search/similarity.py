"""How alike a typed word is to the words that the mall knows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract_iter

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


class Vocabulary:
    """The words that the mall knows, and the ones alike to a typed word."""

    def __init__(self, known_words: Iterable[str], words: Words) -> None:
        self._words = words
        # each word by itself, for distances_to takes words by their spellings
        self._spellings = {
            word: word for word in sorted({*known_words, *words.synonyms})
        }
        self._stems = {word: words.stem.of(word) for word in self._spellings}
        self._by_stem: dict[str, list[str]] = defaultdict(list)
        for word, stem in self._stems.items():
            self._by_stem[stem].append(word)
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
            for word in self._spellings
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
        # the last that names a word decides: the whole of it before a part
        distances = (
            self._near_stems(typed, max_distance)
            | self._near_prefixes(typed, max_distance)
            | distances_to(typed, self._spellings, max_distance)
        )
        return {
            word: TYPO * (1 - distance / len(typed))
            for word, distance in distances.items()
        }

    def _near_stems(self, typed: str, max_distance: int) -> dict[str, int]:
        """Return the words whose stem is like the typed word's.

        Not those that lack more of its letters than may be wrong: short stems
        are all alike, and without this rule more queries are answered wrongly.
        """
        near = distances_to(self._words.stem.of(typed), self._stems, max_distance)
        letters = set(typed)
        return {
            word: distance
            for word, distance in near.items()
            if len(letters.difference(word)) <= max_distance
        }

    def _near_prefixes(self, typed: str, max_distance: int) -> dict[str, int]:
        """Return the words of which as much as is typed is like it."""
        if len(typed) < MIN_LETTERS_FOR_PREFIX_TYPOS:
            return {}
        words = [word for word in self._spellings if word[0] == typed[0]]
        result: dict[str, int] = {}
        for length in (len(typed), len(typed) + 1):
            prefixes = {word: word[:length] for word in words}
            for word, distance in distances_to(typed, prefixes, max_distance).items():
                result[word] = min(distance, result.get(word, distance))
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


def distances_to(
    typed: str, spellings: Mapping[str, str], max_distance: int
) -> dict[str, int]:
    """Return the words of so few mistakes, by their spellings, with how many.

    A mistake is a letter wrong, missing, too many, or two beside each other
    swapped: optimal string alignment (decision 0017). One call for all words:
    the loop, too, is in compiled code.
    """
    near = extract_iter(
        typed, spellings, scorer=OSA.distance, score_cutoff=max_distance
    )
    return {word: distance for _, distance, word in near}
