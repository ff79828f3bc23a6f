"""Characters that no name or address may hold, and those that look like YAML's own.

No name holds what hides, reorders or ends lines:

C0 and C1 controls (a printer obeys them), bidirectional and zero-width marks
(one thing is read, another stored), separators of lines and paragraphs, halves
of surrogate pairs and noncharacters (they cannot be written as UTF-8 or YAML).
"""

import re
from collections.abc import Iterator

from app.importing.problems import Problem

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


SPACES = {
    "\u00a0": "no-break space",
    "\u202f": "narrow no-break space",
} | dict.fromkeys(
    ("\u1680", "\u205f", "\u3000", *map(chr, range(0x2000, 0x200B))), "wide space"
)
QUOTES = (
    "\u2018-\u201f\u2032-\u2036\u2039\u203a\u00ab\u00bb\u00b4`\uff02\uff07\u301d-\u301f"
)
COLONS = "\uff1a\ufe55\ua789\u2236\u02d0"
DASHES = "\u2010-\u2015\u2212\u2022\u25cf\u00b7\ufe63\uff0d"
_TO_SPACE = str.maketrans(dict.fromkeys(SPACES, " "))
_SPACE = f"[{''.join(SPACES)}]"
# before a field or an item, or right behind a field's colon or an item's dash
_STRUCTURE = re.compile(
    rf"^[ \t-]*({_SPACE})|^ *-({_SPACE})|(?:^|[{{,-])\s*[a-z_]+:[ \t]*({_SPACE})"
)
_INDENT = re.compile(r"^ *\t\s*\S")
_GAP = re.compile(r"(?:[:-])[ ]*\t")
_VALUE_QUOTE = re.compile(rf"[:,\[{{-]\s*[{QUOTES}]|[{QUOTES}]\s*(?:[,\]}}#].*)?$")
# where a field's colon or an item's dash belongs
_COLON = re.compile(rf"^[ \t-]*[a-z_]+\s*([{COLONS}])")
_DASH = re.compile(rf"^\s*([{DASHES}])")
_COLON_IN_VALUE = re.compile(r"^[ -]*[a-z_]+: +[^\s\'\"\[{|>&*!#].*(?:: |:$)")
_IN_QUOTES = re.compile(rf"[{QUOTES}](.*)[{QUOTES}]", re.DOTALL)


def wrong_blanks(text: str) -> Iterator[Problem]:
    """Yield each line that is indented or parted by a blank that YAML does not take."""
    for number, line in enumerate(text.split("\n"), start=1):
        if _INDENT.match(line):
            yield Problem(number, "", _blank("tab", "\t"))
        elif line.lstrip().startswith("#"):
            continue
        elif match := _STRUCTURE.search(line):
            sign = next(filter(None, match.groups()))
            yield Problem(number, "", _blank(SPACES[sign], sign))


def with_spaces(text: str) -> str:
    """Return a text with spaces for such blanks, to look at what else is wrong."""
    return "\n".join(
        line.translate(_TO_SPACE) if _STRUCTURE.search(line) else line
        for line in text.split("\n")
    )


def causes_of_bad_syntax(text: str) -> Iterator[Problem]:
    """Yield the lines that may be why a text is no YAML."""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip().startswith("#"):
            continue
        if _GAP.search(line):
            yield Problem(number, "", _blank("tab", "\t"))
        if match := _VALUE_QUOTE.search(line):
            sign = next(each for each in match[0] if re.match(f"[{QUOTES}]", each))
            yield Problem(number, "", _quote(sign))
        elif _COLON_IN_VALUE.search(line):
            yield Problem(number, "", "a text that holds a colon belongs in quotes")
        if match := _COLON.search(line):
            yield Problem(number, "", _sign(match[1], "a colon"))
        if match := _DASH.search(line):
            yield Problem(number, "", _sign(match[1], "a hyphen"))


def quote_problem(text: str) -> str | None:
    """Return what is wrong with a value in look-alike quotes, None if it is in none."""
    return _quote(text[0]) if _IN_QUOTES.fullmatch(text) else None


def _blank(name: str, sign: str) -> str:
    return f"holds a {name} (U+{ord(sign):04X}) where spaces belong"


def _sign(sign: str, wanted: str) -> str:
    return f"holds the sign {sign} (U+{ord(sign):04X}) where {wanted} belongs"


def _quote(sign: str) -> str:
    return f"holds the quotation mark {sign} (U+{ord(sign):04X}) where ' or \" belongs"
