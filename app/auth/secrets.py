"""Secrets are random: SHA-256 will do, no slow hash (changes.md#secrets)."""

import hashlib
import secrets

SECRET_BYTES = 32
# no vowels, no look-alikes: read aloud by phone, typed on any keyboard
CODE_LETTERS = "BCDFGHJKLMNPRSTVWXZ23456789"
CODE_LENGTH = 6
# 27 letters: 57 bits, of a password that is good for one sign-in
ONE_TIME_GROUPS, ONE_TIME_GROUP_LENGTH = 3, 4


def new_secret() -> str:
    """Return a new random secret of 256 bits, as text safe in a header."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """Return the hexadecimal SHA-256 under which a secret is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_code() -> str:
    """Return a short code to pair a screen with, such as ``7K3F2M``."""
    return _letters(CODE_LENGTH)


def new_one_time_password() -> str:
    """Return a password to be read aloud and typed once, such as ``7K3F-2MXW-B4TN``."""
    return "-".join(_letters(ONE_TIME_GROUP_LENGTH) for _ in range(ONE_TIME_GROUPS))


def _letters(count: int) -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(count))
