"""Characters that no name or address may hold: they hide, reorder or end lines.

C0 and C1 controls (a printer obeys them), bidirectional and zero-width marks
(one thing is read, another stored), separators of lines and paragraphs, halves
of surrogate pairs and noncharacters (they cannot be written as UTF-8 or YAML).
"""

import re

_HIDDEN = (
    "\\x7f-\\x9f\\xad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f"
    "\\ud800-\\udfff\\ufeff\\ufff9-\\ufffb\\ufffe\\uffff"
)
IN_FILE = re.compile(f"[\\x00-\\x08\\x0b-\\x1f{_HIDDEN}]")
"""Refused anywhere in the file; a tab may stand between things."""
IN_VALUE = re.compile(f"[\\x00-\\x1f{_HIDDEN}]")
"""Refused inside a value, also when written as an escape."""


def character_name(match: re.Match[str]) -> str:
    """Return how a refused character is named to people: ``U+0007``."""
    return f"U+{ord(match[0]):04X}"
