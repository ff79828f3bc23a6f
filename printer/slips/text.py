"""Text made safe and printable before it may reach a printer."""

import unicodedata

from printer.slips.paper import Paper, can_print

_SPELLINGS = {  # plain spelling: characters it stands for
    "'": "\u2018\u2019\u201a\u2039\u203a\u2032\u02bb\u02bc",
    '"': "\u201c\u201d\u201e\u00ab\u00bb\u2033",
    "-": "\u2010\u2011\u2012\u2013\u2014\u2212\u2022\u00b7",
    "...": "\u2026",
    "x": "\u00d7",
    "->": "\u2192",
    "L": "\u0141",
    "l": "\u0142",
    "O": "\u00d8",
    "o": "\u00f8",
    "D": "\u0110",
    "d": "\u0111",
    "AE": "\u00c6",
    "ae": "\u00e6",
    "OE": "\u0152",
    "oe": "\u0153",
    "ss": "\u00df",
    "i": "\u0131",
    "EUR": "\u20ac",
}
_PLAIN = {ord(c): plain for plain, group in _SPELLINGS.items() for c in group}


def clean(text: str) -> str:
    """Return one line without anything a printer could take for a command.

    White space of any kind becomes one space; control, format, surrogate and
    unassigned characters go, C0 and C1 among them. A letter and its accent become
    one sign (Unicode's NFC): apart, the code pages lack the accent.
    """
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    if line.isascii() and line.isprintable():
        return line
    kept = "".join(c for c in line if unicodedata.category(c)[0] != "C")
    return " ".join(kept.split())  # a space may have stood beside what went


def printable(text: str, paper: Paper) -> str:
    """Return cleaned text, spelt plainly where the code pages lack a letter.

    What is still not in them afterwards (another script) is left as it is:
    `fits` then says no, and the slip draws that line as a picture.
    """
    line = clean(text)
    if line.isascii():
        return line
    return "".join(c if can_print(paper, c) else _plain(c) for c in line)


def fits(text: str, paper: Paper) -> bool:
    """Tell whether the printer's own characters are enough for this text."""
    return text.isascii() or all(can_print(paper, c) for c in text)


def _plain(character: str) -> str:
    mapped = character.translate(_PLAIN)
    if mapped.isascii():
        return mapped
    base = "".join(
        c for c in unicodedata.normalize("NFKD", character)
        if not unicodedata.combining(c)
    )  # fmt: skip
    return base if base.isascii() else character
