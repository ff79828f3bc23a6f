"""The sentences of a call, as they stand in a caption."""

import re

from app.queueing.speech.languages import CARRIERS, Language, Mode
from app.queueing.speech.numerals import digit_words, number_words

# signs say Loket, and visitors who read no Indonesian look for its number
_ENGLISH_NOUNS = {
    "loket": "Counter",
    "lantai": "Floor",
    "zona": "Zone",
    "meja": "Desk",
    "ruang": "Room",
    "gedung": "Building",
}
_NOUN = re.compile(rf"\b({'|'.join(_ENGLISH_NOUNS)})\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=\.)\s+(?=[A-Z])")


def call_phrases(
    number: str,
    place: str,
    count: int,
    *,
    mode: Mode = "digits",
    language: Language = "id",
    zone: str | None = None,
) -> tuple[str, ...]:
    """Return the sentences of a call; ``count`` is 1 for the first.

    ``number`` is as printed, ``zone`` as it is called in this language.
    """
    carrier = CARRIERS[language]
    again = () if count <= 1 else (carrier.again.get(count, carrier.often),)
    where = place if zone is None else f"{place}, {zone}"
    if language == "en":
        where = _NOUN.sub(lambda noun: _ENGLISH_NOUNS[noun[1].lower()], where)
    items = ", ".join(_number_items(number, language, mode))
    return (
        *again,
        carrier.number.format(number=items),
        carrier.place.format(place=where),
    )


def call_text(
    number: str,
    place: str,
    count: int,
    *,
    mode: Mode = "digits",
    language: Language = "id",
    zone: str | None = None,
) -> str:
    """Return the caption of a call: its sentences, joined."""
    return " ".join(
        call_phrases(number, place, count, mode=mode, language=language, zone=zone)
    )


def sentences(caption: str) -> tuple[str, ...]:
    """Return the sentences of a caption, as they were joined.

    Of a place with an abbreviation ("Lt. 2") none is broken: what follows is no capital
    or, after at most two letters, no new sentence.
    """
    parts: list[str] = []
    for part in _SENTENCE_END.split(caption.strip()):
        if parts and _ends_in_abbreviation(parts[-1]):
            parts[-1] = f"{parts[-1]} {part}"
        elif part:
            parts.append(part)
    return tuple(parts)


def _ends_in_abbreviation(sentence: str) -> bool:
    last = sentence.rpartition(" ")[2].removesuffix(".")
    return len(last) <= 2 and last.isalpha() and last[0].isupper() and last != last[0]


def _number_items(number: str, language: Language, mode: Mode) -> list[str]:
    prefix, _, digits = number.rpartition("-")
    letters = [
        digit_words(sign, language)[0] if sign.isdecimal() else sign for sign in prefix
    ]
    return [*letters, *number_words(digits, language, mode)]
