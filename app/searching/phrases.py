"""By what words each service is known: its names and codes, its agency's, aliases."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from app.searching.words import Words

OWN, ALIAS, AGENCY = 1.0, 0.95, 0.8
"""What it is worth to be found by names and codes, by aliases, by the agency's."""


class Named(NamedTuple):
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
    worth: float
    services: tuple[int, ...]
    is_agency: bool = False


def phrases_of(services: Sequence[Named], words: Words) -> Iterator[Phrase]:
    """Yield what the services are known by, in the order of the services."""
    of_agency: dict[str, list[Named]] = defaultdict(list)
    for each in services:
        of_agency[each.agency_code].append(each)
    for agency in of_agency.values():
        held = _agency_words(agency[0], words)
        ids = tuple(each.service_id for each in agency)
        for code in _told([agency[0].agency_code], words):
            yield Phrase(code, OWN, ids)  # reception types it, and means just that
        for phrase in _agency_phrases(agency[0], words):
            yield Phrase(phrase, AGENCY, ids, is_agency=True)
        for each in agency:
            yield from _service_phrases(each, held, words)


def _agency_phrases(agency: Named, words: Words) -> Iterator[frozenset[str]]:
    yield from _told(_agency_texts(agency), words)
    held = _agency_words(agency, words)
    for needed, phrases in words.aliases.items():
        if needed <= held:
            yield from map(frozenset, phrases)


def _agency_words(agency: Named, words: Words) -> frozenset[str]:
    texts = (agency.agency_code, *_agency_texts(agency))
    return frozenset().union(*_told(texts, words))


def _agency_texts(agency: Named) -> tuple[str, ...]:
    names = agency.agency_names.values()
    return (agency.agency_short, *names)


def _service_phrases(
    service: Named, agency_words: frozenset[str], words: Words
) -> Iterator[Phrase]:
    only = (service.service_id,)
    held: set[str] = set()
    for told in _told((service.code, *service.names.values()), words):
        held |= told
        yield Phrase(told, OWN, only)
    for told in _told(service.aliases, words):
        yield Phrase(told, ALIAS, only)
    for needed, phrases in words.aliases.items():
        if needed <= held or _is_shared(needed, held, agency_words):
            for phrase in phrases:
                yield Phrase(frozenset(phrase), ALIAS, only)


def _is_shared(
    needed: frozenset[str], held: set[str], agency_words: frozenset[str]
) -> bool:
    """Tell whether service and agency hold the words together, and neither alone."""
    return needed <= held | agency_words and not needed <= agency_words


def _told(texts: Iterable[str], words: Words) -> Iterator[frozenset[str]]:
    """Yield the words of each text; ``P-IRT`` and ``AK-1`` count as one word too."""
    for text in texts:
        told = set(words.even(text))
        told |= {
            "".join(words.even(piece)) for piece in text.split() if "-" in piece[1:-1]
        }
        yield frozenset(told - {""})
