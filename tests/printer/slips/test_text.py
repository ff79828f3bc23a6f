from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printer.slips.paper import PAPER_80
from printer.slips.text import clean, fits, printable

ONLY_437 = replace(PAPER_80, code_pages=(("CP437", 0),))


@given(st.text())
def test_never_keeps_a_control_character(text: str) -> None:
    assert not [c for c in clean(text) if ord(c) < 32 or 127 <= ord(c) < 160]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Akta \t\r\n Kelahiran ", "Akta Kelahiran"),
        ("A\x1b@B\x85C\x7f", "A@B C"),
        ("a\u200bb\u202ec\ufeffd", "abcd"),
        ("\u00a0x\u2003y", "x y"),
    ],
)
def test_makes_one_plain_line(text: str, line: str) -> None:
    assert clean(text) == line


@pytest.mark.parametrize(
    ("text", "spelt"),
    [
        ("Jum\u2019at", "Jum'at"),
        ("Łódź", "Lódz"),
        ("ﬁnal ½", "final ½"),
        ("straße", "straße"),
        ("€5", "EUR5"),
        ("日", "日"),
    ],
)
def test_spells_plainly_only_what_the_code_pages_lack(text: str, spelt: str) -> None:
    assert printable(text, ONLY_437) == spelt


def test_knows_when_the_printers_own_characters_are_enough() -> None:
    assert fits("Loket 3", ONLY_437)
    assert fits("é", ONLY_437)
    assert not fits("Ł", ONLY_437)
