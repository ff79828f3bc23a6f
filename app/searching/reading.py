"""Reading a query: spoken letters, words run together, words pulled apart."""

from collections.abc import Sequence

from app.models.mall import MOST_WORDS
from app.searching.likeness import Vocabulary
from app.searching.words import Words, plain_words

CLEAR = 0.65
"""A word so like a known one is not two words run together."""
SHORTEST_PART = 3
SHORTEST_SPELLED = 2
LONGEST_SPELLED = 8


class Reader:
    """Turns what was typed into words to look up."""

    def __init__(self, words: Words, vocabulary: Vocabulary) -> None:
        self._words = words
        self._holds = vocabulary.holds
        self._like = vocabulary.like

    def read(self, query: str) -> list[str]:
        """Return the query's plain words, without those that say nothing."""
        even, ignored = self._words.even, self._words.ignored
        typed = self._joined(self._spoken(plain_words(query)))
        telling = [word for word in typed if even.word(word) not in ignored] or typed
        found: list[str] = []
        for word in telling[:MOST_WORDS]:
            found += self._parted(word)
        return list(dict.fromkeys(found))

    def _spoken(self, typed: Sequence[str]) -> list[str]:
        """Join letters that were written as spoken: ``en pe we pe`` is npwp."""
        letters, found, at = self._words.letters, [], 0
        while at < len(typed):
            end = at
            while end < len(typed) and typed[end] in letters:
                end += 1
            word, taken = self._longest_spelled(typed[at:end])
            found.append(word or self._spelled_in_one(typed[at]) or typed[at])
            at += taken or 1
        return found

    def _longest_spelled(self, names: Sequence[str]) -> tuple[str, int]:
        for end in range(min(len(names), LONGEST_SPELLED), SHORTEST_SPELLED - 1, -1):
            word = "".join(self._words.letters[name] for name in names[:end])
            if self._holds(word):
                return word, end
        return "", 0

    def _spelled_in_one(self, typed: str) -> str:
        """Return ``npwp`` for ``enpewepe``, or nothing."""
        if len(typed) < 2 * SHORTEST_SPELLED or self._holds(typed):
            return ""
        for word in self._spellings(typed):
            if len(word) > SHORTEST_SPELLED and self._holds(word):
                return word
        return ""

    def _spellings(self, typed: str) -> list[str]:
        found = [""] if not typed else []
        for length in (2, 3):
            letter = self._words.letters.get(typed[:length])
            if letter and len(typed) >= length:
                found += [letter + rest for rest in self._spellings(typed[length:])]
        return found

    def _joined(self, words: Sequence[str]) -> list[str]:
        """Join two neighbours that are one word, if not two: ``sertifi kat``."""
        found: list[str] = []
        for word in words:
            if found and self._belongs(found[-1], word):
                found[-1] += word
            else:
                found.append(word)
        return found

    def _belongs(self, one: str, other: str) -> bool:
        both_known = self._holds(one) and self._holds(other)
        return not both_known and self._holds(one + other)

    def _parted(self, word: str) -> list[str]:
        """Part a word that is two known ones: ``suratpindah``."""
        if len(word) < 2 * SHORTEST_PART or self._is_clear(word):
            return [word]
        for at in range(len(word) - SHORTEST_PART, SHORTEST_PART - 1, -1):
            if self._holds(word[:at]) and self._holds(word[at:]):
                return [word[:at], word[at:]]
        return [word]

    def _is_clear(self, word: str) -> bool:
        return max(self._like(word).values(), default=0.0) >= CLEAR
