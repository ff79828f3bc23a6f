"""Which clips a mall records so that every call is its own voice (voice.md#clips)."""

from collections.abc import Iterable, Iterator

from app.queueing.speech import Language, call_phrases, for_voice
from app.queueing.speech.languages import CARRIERS
from app.voice.clip_names import clip_name
from app.voice.voice_choice import VoiceChoice

LAST_NUMBER = 999
"""A day has hardly more of one series; what is beyond is synthesised."""
_ANY_PLACE = "X"


def needed_clips(
    prefixes: Iterable[str],
    places: Iterable[str],
    choice: VoiceChoice,
    language: Language = "id",
) -> list[str]:
    """Return the names of all clips for a mall, as files without their type.

    First what is said around numbers and places, then letters, numbers, places.
    """
    carrier = CARRIERS[language]
    again = [*carrier.again.values(), carrier.often]
    whole = [clip_name(_words(sentence, choice)) for sentence in again]
    around = [
        [word for word in sentence.format(**_BLANK).rstrip(".").lower().split() if word]
        for sentence in (carrier.number, carrier.place)
    ]
    names = [*map(clip_name, around), *whole]
    for sentence in _sentences(prefixes, places, choice, language):
        words = list(_words(sentence, choice))
        for beginning in around:
            if words[: len(beginning)] == beginning:
                words = words[len(beginning) :]
        names += words
    return list(dict.fromkeys(names))


_BLANK = {"number": "", "place": ""}


def _sentences(
    prefixes: Iterable[str],
    places: Iterable[str],
    choice: VoiceChoice,
    language: Language,
) -> Iterator[str]:
    numbers = [f"{prefix}-001" for prefix in prefixes]
    numbers += [f"A-{value:03}" for value in range(1, LAST_NUMBER + 1)]
    for number in numbers:
        spoken = call_phrases(
            number, _ANY_PLACE, 1, mode=choice.mode, language=language
        )
        yield spoken[0]
    for place in places:
        yield call_phrases("A-001", place, 1, language=language)[1]


def _words(sentence: str, choice: VoiceChoice) -> Iterator[str]:
    _, spoken = for_voice(sentence, choice.pronunciations)
    yield from spoken.rstrip(".").replace(",", " ").split()
