"""Secrets are random: SHA-256 will do, no slow hash (changes.md#secrets)."""

import hashlib
import secrets

SECRET_BYTES = 32
# no vowels, no look-alikes: read aloud by phone, typed on any keyboard
CODE_LETTERS = "BCDFGHJKLMNPRSTVWXZ23456789"
CODE_LENGTH = 6


def new_secret() -> str:
    """Return a new random secret of 256 bits, as text safe in a header."""
    return secrets.token_urlsafe(SECRET_BYTES)


def digest(secret: str) -> str:
    """Return the hexadecimal SHA-256 under which a secret is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_code() -> str:
    """Return a short code to pair a screen with, such as ``7K3F2M``."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))
