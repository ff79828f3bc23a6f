"""By what words each service is known: its names and codes, its agency's, aliases."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from app.search.words import Words

OWN_SCORE, ALIAS_SCORE, AGENCY_SCORE = 1.0, 0.95, 0.8
"""What it is worth to be found by names and codes, by aliases, by the agency's."""


class SearchableService(NamedTuple):
    """A service as it may be found; its names and its agency's by language.

    ``aliases`` are what this site says its visitors call it, besides the product's.
    """

    service_id: int
    code: str
    names: dict[str, str]
    agency_code: str
    agency_names: dict[str, str]
    agency_short: str
    aliases: tuple[str, ...] = ()


class Phrase(NamedTuple):
    """Words by which services are known, and what a full match is worth."""

    words: frozenset[str]
    score: float
    services: tuple[int, ...]
    is_agency: bool = False


def phrases_of(services: Sequence[SearchableService], words: Words) -> Iterator[Phrase]:
    """Yield what the services are known by, in the order of the services."""
    services_by_agency: dict[str, list[SearchableService]] = defaultdict(list)
    for each in services:
        services_by_agency[each.agency_code].append(each)
    for agency in services_by_agency.values():
        held_words = _agency_words(agency[0], words)
        ids = tuple(each.service_id for each in agency)
        for code in _word_sets([agency[0].agency_code], words):
            # reception types it, and means just that
            yield Phrase(code, OWN_SCORE, ids)
        for phrase in _agency_phrases(agency[0], words):
            yield Phrase(phrase, AGENCY_SCORE, ids, is_agency=True)
        for each in agency:
            yield from _service_phrases(each, held_words, words)


def _agency_phrases(
    agency: SearchableService, words: Words
) -> Iterator[frozenset[str]]:
    yield from _word_sets(_agency_texts(agency), words)
    held_words = _agency_words(agency, words)
    for needed_words, phrases in words.aliases.items():
        if needed_words <= held_words:
            yield from map(frozenset, phrases)


def _agency_words(agency: SearchableService, words: Words) -> frozenset[str]:
    texts = (agency.agency_code, *_agency_texts(agency))
    return frozenset().union(*_word_sets(texts, words))


def _agency_texts(agency: SearchableService) -> tuple[str, ...]:
    names = agency.agency_names.values()
    return (agency.agency_short, *names)


def _service_phrases(
    service: SearchableService, agency_words: frozenset[str], words: Words
) -> Iterator[Phrase]:
    service_ids = (service.service_id,)
    held_words: set[str] = set()
    for phrase_words in _word_sets((service.code, *service.names.values()), words):
        # of its names only: an alias may not call for further aliases
        held_words |= phrase_words
        yield Phrase(phrase_words, OWN_SCORE, service_ids)
    for phrase_words in _word_sets(service.aliases, words):
        yield Phrase(phrase_words, ALIAS_SCORE, service_ids)
    for needed_words, phrases in words.aliases.items():
        if needed_words <= held_words or _is_shared(
            needed_words, held_words, agency_words
        ):
            for phrase in phrases:
                yield Phrase(frozenset(phrase), ALIAS_SCORE, service_ids)


def _is_shared(
    needed_words: frozenset[str], held_words: set[str], agency_words: frozenset[str]
) -> bool:
    """Tell whether service and agency hold the words together, and neither alone."""
    return (
        needed_words <= held_words | agency_words and not needed_words <= agency_words
    )


def _word_sets(texts: Iterable[str], words: Words) -> Iterator[frozenset[str]]:
    """Yield the words of each text; ``P-IRT`` and ``AK-1`` count as one word too."""
    for text in texts:
        phrase_words = set(words.normalise(text))
        phrase_words |= {
            "".join(words.normalise(piece))
            for piece in text.split()
            if "-" in piece[1:-1]
        }
        yield frozenset(phrase_words - {""})
