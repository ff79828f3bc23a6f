"""Reading a query: spoken letters, words run together, words pulled apart."""

from collections.abc import Sequence

from app.models.mall import MAX_QUERY_WORDS
from app.search.similarity import Vocabulary
from app.search.words import Words, plain_words

CLEAR_SIMILARITY = 0.65
"""A word so like a known one is not two words run together."""
MIN_PART_LETTERS = 3
MIN_SPELLED_LETTERS = 2
MAX_SPELLED_LETTERS = 8


class QueryReader:
    """Turns what was typed into words to look up."""

    def __init__(self, words: Words, vocabulary: Vocabulary) -> None:
        self._words = words
        self._is_known = vocabulary.contains
        self._similar_to = vocabulary.similar_to

    def read(self, query: str) -> list[str]:
        """Return the query's plain words, without those that say nothing."""
        normalise, stop_words = self._words.normalise, self._words.stop_words
        # where nothing else was typed, words that say little are better than none
        typed = self._join_parts(self._join_spelled(plain_words(query)))
        significant = [
            word for word in typed if normalise.word(word) not in stop_words
        ] or typed
        result: list[str] = []
        for word in significant[:MAX_QUERY_WORDS]:
            result += self._split(word)
        return list(dict.fromkeys(result))

    def _join_spelled(self, typed: Sequence[str]) -> list[str]:
        """Join letters that were written as spoken: ``en pe we pe`` is npwp."""
        letters, result, index = self._words.letters, [], 0
        while index < len(typed):
            end = index
            # the longest run first: "ka te pe" is ktp, not kt and pe
            while end < len(typed) and typed[end] in letters:
                end += 1
            word, letter_count = self._longest_spelled(typed[index:end])
            result.append(
                word or self._spelled_without_spaces(typed[index]) or typed[index]
            )
            index += letter_count or 1
        return result

    def _longest_spelled(self, names: Sequence[str]) -> tuple[str, int]:
        for end in range(
            min(len(names), MAX_SPELLED_LETTERS), MIN_SPELLED_LETTERS - 1, -1
        ):
            word = "".join(self._words.letters[name] for name in names[:end])
            if self._is_known(word):
                return word, end
        return "", 0

    def _spelled_without_spaces(self, typed: str) -> str:
        """Return ``npwp`` for ``enpewepe``, or nothing."""
        if len(typed) < 2 * MIN_SPELLED_LETTERS or self._is_known(typed):
            return ""
        for word in self._spellings(typed):
            if len(word) > MIN_SPELLED_LETTERS and self._is_known(word):
                return word
        return ""

    def _spellings(self, typed: str) -> list[str]:
        result = [""] if not typed else []
        for length in (2, 3):
            letter = self._words.letters.get(typed[:length])
            if letter and len(typed) >= length:
                result += [letter + rest for rest in self._spellings(typed[length:])]
        return result

    def _join_parts(self, words: Sequence[str]) -> list[str]:
        """Join two neighbours that are one word, if not two: ``sertifi kat``."""
        result: list[str] = []
        for word in words:
            if result and self._belong_together(result[-1], word):
                result[-1] += word
            else:
                result.append(word)
        return result

    def _belong_together(self, one: str, other: str) -> bool:
        both_known = self._is_known(one) and self._is_known(other)
        return not both_known and self._is_known(one + other)

    def _split(self, word: str) -> list[str]:
        """Part a word that is two known ones: ``suratpindah``."""
        if len(word) < 2 * MIN_PART_LETTERS or self._is_clear(word):
            return [word]
        # the longer first part first: it tells more
        for index in range(len(word) - MIN_PART_LETTERS, MIN_PART_LETTERS - 1, -1):
            if self._is_known(word[:index]) and self._is_known(word[index:]):
                return [word[:index], word[index:]]
        return [word]

    def _is_clear(self, word: str) -> bool:
        return max(self._similar_to(word).values(), default=0.0) >= CLEAR_SIMILARITY
