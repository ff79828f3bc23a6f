"""A user name has one form, however it is typed."""

import unicodedata


def fold_username(text: str) -> str:
    """Return a user name as it is stored: composed, trimmed, in folded case.

    A phone's keyboard begins with a capital and ends with a blank. Migration 0007
    says the same in its own words.
    """
    composed = unicodedata.normalize("NFC", text).strip().casefold()
    return unicodedata.normalize("NFC", composed)
