"""Which passwords are refused; the rule is told to whoever chooses one.

Length counts, not signs and capitals; and what everybody tries first is refused
(NIST SP 800-63B, 5.1.1.2). The list is our own and short: of the commonest, only
those that the length lets through need be in it.
"""

from functools import cache
from importlib.resources import files
from itertools import pairwise

from app.errors import AntreanError

MIN_CHARACTERS = 10
MAX_CHARACTERS = 200
RULE = (
    f"A password has {MIN_CHARACTERS} to {MAX_CHARACTERS} printable characters, is not"
    " the user name, and is none of the commonest."
)
_LIST = "common_passwords.txt"
_ENDS = "0123456789!@#$%^&*()-_=+.,?/ "


class WeakPassword(AntreanError):
    """This password is too easily guessed; the detail ``reason`` says why.

    ``reason``: ``length``, ``characters``, ``username``, ``common`` or ``same``.
    """

    status_code = 422
    code = "weak-password"

    def __init__(self, reason: str) -> None:
        super().__init__(RULE, reason=reason, min_characters=MIN_CHARACTERS)


def require_strong(password: str, *, username: str) -> None:
    """Raise ``WeakPassword`` with the reason for which a password is refused."""
    if not MIN_CHARACTERS <= len(password) <= MAX_CHARACTERS:
        raise WeakPassword("length")
    if not password.isprintable():
        raise WeakPassword("characters")
    folded = password.casefold()
    # Budi2026! is budi, and password123 is password
    word = folded.strip(_ENDS)
    # loket7-2026 and loket7loket7 are loket7: names end in digits themselves
    if username in folded and not folded.replace(username, "").strip(_ENDS):
        raise WeakPassword("username")
    if folded in _common() or word in _common():
        raise WeakPassword("common")
    if _is_run(folded):
        raise WeakPassword("common")


def _is_run(password: str) -> bool:
    """Tell whether it is one character over and over, or one after the other."""
    steps = {ord(b) - ord(a) for a, b in pairwise(password)}
    return len(steps) == 1 and abs(steps.pop()) <= 1


@cache
def _common() -> frozenset[str]:
    text = files(__package__).joinpath(_LIST).read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line)
