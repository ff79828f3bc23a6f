"""What a voice is handed: letters by their names, and a mall's own pronunciations."""

import re
from collections.abc import Mapping

from app.queueing.speech.languages import Language, language_of
from app.queueing.speech.reading import spoken_words

LETTERS: dict[str, str] = {
    "A": "a", "B": "be", "C": "ce", "D": "de", "E": "e", "F": "ef", "G": "ge",
    "H": "ha", "I": "i", "J": "je", "K": "ka", "L": "el", "M": "em", "N": "en",
    "O": "o", "P": "pe", "Q": "ki", "R": "er", "S": "es", "T": "te", "U": "u",
    "V": "ve", "W": "we", "X": "eks", "Y": "ye", "Z": "zet",
}  # fmt: skip
"""The letters' names in Indonesian; an English voice knows its own."""


def for_voice(phrase: str, pronunciations: Mapping[str, str]) -> tuple[Language, str]:
    """Return the language of a sentence, and what a voice says for it.

    ``pronunciations`` say how names are said, the longest first: what they hold is
    read as it stands. Items of a number keep their commas: a voice pauses there.
    """
    language = language_of(phrase)
    for name in sorted(pronunciations, key=len, reverse=True):
        # as a whole: "Loket 1" is no part of "Loket 12"
        pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
        # a backslash in it is no reference to a group
        phrase = re.sub(pattern, pronunciations[name].replace("\\", " "), phrase)
    items = [_spoken(item, language) for item in phrase.split(",")]
    return language, f"{', '.join(filter(None, items))}."


def _spoken(item: str, language: Language) -> str:
    words = spoken_words([item], language).split()
    if language == "id":
        words = [LETTERS.get(word, word) for word in words]
    return " ".join(words)
