"""How a name reads: what differs only for a machine is one name to people."""

import unicodedata
from collections.abc import Iterable

_LOOK_ALIKES = {
    "A": "\u0410\u0391",
    "a": "\u0430\u03b1\u0251",
    "B": "\u0412\u0392",
    "C": "\u0421",
    "c": "\u0441",
    "d": "\u0501",
    "E": "\u0415\u0395",
    "e": "\u0435",
    "g": "\u0261",
    "H": "\u041d\u0397",
    "h": "\u04bb",
    "I": "\u0406\u0399",
    "i": "\u0456\u03b9\u0131",
    "J": "\u0408",
    "j": "\u0458",
    "K": "\u041a\u039a",
    "M": "\u041c\u039c",
    "N": "\u039d",
    "O": "\u041e\u039f",
    "o": "\u043e\u03bf",
    "P": "\u0420\u03a1",
    "p": "\u0440\u03c1",
    "q": "\u051b",
    "S": "\u0405",
    "s": "\u0455",
    "T": "\u0422\u03a4",
    "v": "\u03bd",
    "w": "\u051d",
    "X": "\u0425\u03a7",
    "x": "\u0445",
    "Y": "\u0423\u03a5",
    "y": "\u0443",
    "Z": "\u0396",
}
"""Latin letters with those of Cyrillic, Greek and others that are drawn so."""
_TO_LATIN = str.maketrans(
    {other: latin for latin, others in _LOOK_ALIKES.items() for other in others}
)
_HYPHENS = "".join(map(chr, (0x2D, *range(0x2010, 0x2016), 0x2212, 0x2D7)))
_TO_HYPHEN = str.maketrans(dict.fromkeys(_HYPHENS, "-"))


def reading_of(name: str) -> str:
    """Return what stands for all names that read like this one; not to be shown.

    Width, case, the kind and number of blanks and dashes, and look-alike letters of
    other scripts make no difference.
    """
    # apart from its accents a letter is looked up once; before the case is folded,
    # for a capital may look Latin where its small letter does not
    letters = unicodedata.normalize("NFKD", name).translate(_TO_LATIN)
    folded = letters.translate(_TO_HYPHEN).casefold().translate(_TO_LATIN)
    return unicodedata.normalize("NFKC", " ".join(folded.split()))


def reads_like_one_of(name: str, others: Iterable[str]) -> str | None:
    """Return which of the others reads like a name, None if none does."""
    reading = reading_of(name)
    return next((other for other in others if reading_of(other) == reading), None)
