"""The index in memory: which services a query may mean, best first."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import mul

from app.searching.likeness import Likeness, Vocabulary
from app.searching.phrases import Named, Phrase, phrases_of
from app.searching.reading import Reader
from app.searching.words import Words

AGENCY_BESIDE = 0.6
"""What the agency's words are worth beside a service's own."""
BESIDE = 0.5
"""The share that goes to words wherever they match, not in one phrase."""
WHOLE = 0.4
"""The share of a phrase's worth that hangs on how much of it was typed."""
LEAST, LEAST_OF_BEST = 0.25, 0.4
"""Below these, of 1 and of the best one's worth, nothing is offered."""
ANSWERS = 20


class Index:
    """Finds services by words; built once, never changed."""

    def __init__(self, services: Sequence[Named], words: Words) -> None:
        self._services = {each.service_id: each for each in services}
        self._order = {each.service_id: at for at, each in enumerate(services)}
        self._phrases = list(phrases_of(services, words))
        self._holding: dict[str, list[int]] = defaultdict(list)
        for at, phrase in enumerate(self._phrases):
            for word in phrase.words:
                self._holding[word].append(at)
        self._weight = _weights(self._phrases, words, len(services))
        self._vocabulary = Vocabulary(self._holding, words)
        self._reader = Reader(words, self._vocabulary)

    def find(self, query: str) -> list[Named]:
        """Return the services that a query may mean, best first; at most ANSWERS."""
        typed = self._reader.read(query)
        if not typed:
            return []
        worth = self._worth([self._vocabulary.like(word) for word in typed])
        if not worth:
            return []
        least = max(LEAST, LEAST_OF_BEST * max(worth.values()))
        good = [service for service in worth if worth[service] >= least]
        good.sort(key=lambda service: (-worth[service], self._order[service]))
        return [self._services[service] for service in good[:ANSWERS]]

    def _worth(self, likes: Sequence[Likeness]) -> dict[int, float]:
        """Return what each service is worth, 0 to about 1."""
        weights = [self._weight_of(like) for like in likes]
        hits = self._hits(likes)
        best: dict[int, float] = defaultdict(float)
        beside: dict[int, list[float]] = defaultdict(lambda: [0.0] * len(likes))
        for at, found in hits.items():
            phrase = self._phrases[at]
            worth = phrase.worth * self._phrase_worth(phrase, found, weights)
            for service in phrase.services:
                best[service] = max(worth, best[service])
                for number, like in found.items():
                    seen = like * (AGENCY_BESIDE if phrase.is_agency else 1.0)
                    beside[service][number] = max(seen, beside[service][number])
        whole = sum(weights)
        return {
            # rounded: the order of a set's words must not decide between equals
            service: round(
                (1 - BESIDE) * best[service]
                + BESIDE * sum(map(mul, beside[service], weights)) / whole,
                ndigits=6,
            )
            for service in best
        }

    def _hits(self, likes: Sequence[Likeness]) -> dict[int, dict[int, float]]:
        """Return by phrase how alike each typed word is to its nearest word there."""
        hits: dict[int, dict[int, float]] = defaultdict(dict)
        for number, like in enumerate(likes):
            for word, worth in like.items():
                for at in self._holding.get(word, ()):
                    hits[at][number] = max(worth, hits[at].get(number, 0.0))
        return hits

    def _phrase_worth(
        self, phrase: Phrase, found: dict[int, float], weights: Sequence[float]
    ) -> float:
        typed = sum(like * weights[number] for number, like in found.items())
        held = sum(self._weight[word] for word in phrase.words)
        covered = min(1.0, typed / held)
        return typed / sum(weights) * (1 - WHOLE + WHOLE * covered)

    def _weight_of(self, like: Likeness) -> float:
        """Return how telling a typed word is: that of what it most likely means."""
        known = [word for word in like if word in self._weight]
        if not known:
            return 1.0
        return self._weight[max(known, key=lambda word: (like[word], word))]


def _weights(
    phrases: Iterable[Phrase], words: Words, services: int
) -> dict[str, float]:
    """Return how telling each word is: the fewer services say it, the more.

    A word counts with the others of its meaning: ``bikin`` is as common as ``baru``.
    """
    holders: dict[str, set[int]] = defaultdict(set)
    for phrase in phrases:
        for word in phrase.words:
            holders[word].update(phrase.services)
    return {
        word: 1 + math.log((1 + services) / (1 + len(_sayers(word, holders, words))))
        for word in holders
    }


def _sayers(word: str, holders: dict[str, set[int]], words: Words) -> set[int]:
    others = (holders.get(other, set()) for other in words.same.get(word, ()))
    return holders[word].union(*others)
