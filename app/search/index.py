"""The index in memory: which services a query may mean, best first."""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from operator import mul

from app.search.phrases import Phrase, SearchableService, phrases_of
from app.search.query_reader import QueryReader
from app.search.similarity import Similarities, Vocabulary
from app.search.words import Words

AGENCY_WEIGHT = 0.6
"""What the agency's words are worth beside a service's own."""
ANYWHERE_SHARE = 0.5
"""The share that goes to words wherever they match, not in one phrase."""
COVERAGE_SHARE = 0.4
"""The share of a phrase's worth that hangs on how much of it was typed."""
MIN_SCORE, MIN_SHARE_OF_BEST = 0.25, 0.4
"""Below these, of 1 and of the best one's worth, nothing is offered."""
MAX_RESULTS = 20


class Index:
    """Finds services by words; built once, never changed."""

    def __init__(self, services: Sequence[SearchableService], words: Words) -> None:
        self._services = {each.service_id: each for each in services}
        self._order = {each.service_id: index for index, each in enumerate(services)}
        self._phrases = list(phrases_of(services, words))
        self._phrases_with: dict[str, list[int]] = defaultdict(list)
        for index, phrase in enumerate(self._phrases):
            for word in phrase.words:
                self._phrases_with[word].append(index)
        self._weight = _weights(self._phrases, words, len(services))
        self._vocabulary = Vocabulary(self._phrases_with, words)
        self._reader = QueryReader(words, self._vocabulary)

    def find(self, query: str) -> list[SearchableService]:
        """Return the services that a query may mean, best first; at most ANSWERS."""
        typed = self._reader.read(query)
        if not typed:
            return []
        scores = self._scores([self._vocabulary.similar_to(word) for word in typed])
        if not scores:
            return []
        min_score = max(MIN_SCORE, MIN_SHARE_OF_BEST * max(scores.values()))
        services = [service for service in scores if scores[service] >= min_score]
        # equals stand as the kiosk has them
        services.sort(key=lambda service: (-scores[service], self._order[service]))
        return [self._services[service] for service in services[:MAX_RESULTS]]

    def _scores(self, similarities: Sequence[Similarities]) -> dict[int, float]:
        """Return each service's score, 0 to about 1."""
        weights = [self._weight_of(similarity) for similarity in similarities]
        hits = self._hits(similarities)
        best: dict[int, float] = defaultdict(float)
        best_by_word: dict[int, list[float]] = defaultdict(
            lambda: [0.0] * len(similarities)
        )
        for index, hits_of_phrase in hits.items():
            phrase = self._phrases[index]
            score = phrase.score * self._phrase_score(phrase, hits_of_phrase, weights)
            for service in phrase.services:
                best[service] = max(score, best[service])
                for position, similarity in hits_of_phrase.items():
                    weighted = similarity * (AGENCY_WEIGHT if phrase.is_agency else 1.0)
                    best_by_word[service][position] = max(
                        weighted, best_by_word[service][position]
                    )
        total_weight = sum(weights)
        return {
            # rounded: the order of a set's words must not decide between equals
            service: round(
                (1 - ANYWHERE_SHARE) * best[service]
                + ANYWHERE_SHARE
                * sum(map(mul, best_by_word[service], weights))
                / total_weight,
                ndigits=6,
            )
            for service in best
        }

    def _hits(
        self, similarities: Sequence[Similarities]
    ) -> dict[int, dict[int, float]]:
        """Return by phrase how alike each typed word is to its nearest word there."""
        hits: dict[int, dict[int, float]] = defaultdict(dict)
        for position, similarity in enumerate(similarities):
            for word, score in similarity.items():
                for index in self._phrases_with.get(word, ()):
                    hits[index][position] = max(score, hits[index].get(position, 0.0))
        return hits

    def _phrase_score(
        self, phrase: Phrase, hits_of_phrase: dict[int, float], weights: Sequence[float]
    ) -> float:
        typed = sum(
            similarity * weights[position]
            for position, similarity in hits_of_phrase.items()
        )
        total = sum(self._weight[word] for word in phrase.words)
        # two typed words may both be like one word of the phrase
        covered = min(1.0, typed / total)
        return typed / sum(weights) * (1 - COVERAGE_SHARE + COVERAGE_SHARE * covered)

    def _weight_of(self, similarity: Similarities) -> float:
        """Return how telling a typed word is: that of what it most likely means."""
        weighted_words = [word for word in similarity if word in self._weight]
        if not weighted_words:
            return 1.0
        return self._weight[
            max(weighted_words, key=lambda word: (similarity[word], word))
        ]


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
    # 1 besides: a word that every service says still counts a little
    return {
        word: 1
        + math.log((1 + services) / (1 + len(_services_saying(word, holders, words))))
        for word in holders
    }


def _services_saying(word: str, holders: dict[str, set[int]], words: Words) -> set[int]:
    others = (holders.get(other, set()) for other in words.synonyms.get(word, ()))
    return holders[word].union(*others)
