"""The languages and reading modes of the voice, and what each language says."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

Language = Literal["id", "en"]
Mode = Literal["digits", "terbilang"]
"""``A-215``: A, dua, satu, lima; or A, dua ratus lima belas."""


class Carrier(NamedTuple):
    """The sentences around a number and a place."""

    number: str
    place: str
    again: Mapping[int, str]
    often: str


INDONESIAN = Carrier(
    "Nomor antrean {number}.",
    "Silakan menuju {place}.",
    MappingProxyType(
        {
            2: "Panggilan kedua.",
            3: "Panggilan ketiga.",
            4: "Panggilan keempat.",
            5: "Panggilan kelima.",
            6: "Panggilan keenam.",
            7: "Panggilan ketujuh.",
            8: "Panggilan kedelapan.",
            9: "Panggilan kesembilan.",
            10: "Panggilan kesepuluh.",
        }
    ),
    "Panggilan ulang.",
)
ENGLISH = Carrier(
    "Ticket number {number}.",
    "Please go to {place}.",
    MappingProxyType(
        {
            2: "Second call.",
            3: "Third call.",
            4: "Fourth call.",
            5: "Fifth call.",
            6: "Sixth call.",
            7: "Seventh call.",
            8: "Eighth call.",
            9: "Ninth call.",
            10: "Tenth call.",
        }
    ),
    "Called again.",
)
CARRIERS: Mapping[Language, Carrier] = MappingProxyType(
    {"id": INDONESIAN, "en": ENGLISH}
)
_ENGLISH_OPENINGS = ("Ticket number ", "Please go to ", ENGLISH.often)


def language_of(sentence: str) -> Language:
    """Return in which language a sentence of a call is; any other is Indonesian."""
    is_english = sentence.startswith(_ENGLISH_OPENINGS) or sentence in (
        ENGLISH.again.values()
    )
    return "en" if is_english else "id"
