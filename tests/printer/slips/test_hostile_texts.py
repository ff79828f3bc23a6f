"""No data can become a command: whatever a field holds, the slip stays a slip."""

from collections import Counter
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from printer.emulator.commands import Command, CommandReader
from printer.emulator.reader import read_content
from printer.slips.paper import PAPERS, Paper
from printer.slips.slip import Slip, render_slip
from tests.printer.conftest import PLAIN_SLIP

ATTACKS = (
    "\x1b@", "\x1dV\x00", "\x1dVB\x00", "\x10\x04\x01", "\x10\x14\x08\x01\x03\x14\x01",
    "\x1b", "\x1d", "\x1c.", "\x9b1m", "\x00", "\n\n", "\r\n", "\t", "\x0c", "\x18",
    "\x85", "\u2028", "\u202e", "\u2066", "\ufeff", "\u200d", "\ud800", "\U000e0041",
    "👩‍👧", "é́" * 40, "日本", "تجربة", "\x1dk\x04" + "A" * 40 + "\x00",
    "\x1b@" * 5000, "x" * 10_000, "日" * 10_000,
)  # fmt: skip
LISTS = ("services", "footer", "head", "documents", "agency_lines")
TEXTS = tuple(
    field.name for field in fields(Slip) if field.name not in (*LISTS, "logo")
)
OURS = frozenset(
    (
        *("text", "LF", "ESC @", "FS .", "ESC a", "ESC E", "ESC t", "ESC J", "ESC -"),
        *("ESC M", "ESC {", "ESC !", "ESC G", "ESC 2", "ESC 3", "GS !", "GS B"),
        *("GS b", "GS ( k", "GS v 0", "GS V"),
    )
)
MOST_BYTES = 1_500_000

PAPER = pytest.mark.parametrize("paper", PAPERS.values(), ids=PAPERS)
Hostile = st.one_of(
    st.sampled_from(ATTACKS),
    st.text(st.characters(), max_size=60),
    st.text(st.sampled_from("\x00\x10\x1b\x1d\x1c\n@VBk(\x04A"), max_size=60),
    st.tuples(st.text(max_size=9), st.sampled_from(ATTACKS), st.text(max_size=9)).map(
        "".join
    ),
)
HostileSlip = st.builds(
    Slip,
    **dict.fromkeys(TEXTS, Hostile),
    **dict.fromkeys(LISTS, st.lists(Hostile, max_size=3).map(tuple)),
    logo=st.none() | st.binary(max_size=40),
)


def commands_of(data: bytes) -> list[Command]:
    stream = CommandReader()
    commands = list(stream.feed(data))
    assert stream.rest == b""
    return commands


def check(data: bytes, paper: Paper) -> None:
    names = Counter(command.name for command in commands_of(data))

    assert data.startswith(b"\x1b@")
    assert names.keys() <= OURS
    assert names["ESC @"] == 1
    assert names["FS ."] == int(paper.cancel_kanji)
    assert names["GS V"] == int(paper.cutter != "none")
    assert names["GS ( k"] <= 5 * paper.native_qr
    assert commands_of(data)[-1].name == ("GS V" if names["GS V"] else "ESC J")
    assert read_content(data).unknown == []
    assert len(data) < MOST_BYTES


@pytest.mark.parametrize("name", ["80mm", "58mm"])
@pytest.mark.parametrize("field", [*TEXTS, *LISTS])
def test_no_attack_in_any_field_is_obeyed(name: str, field: str) -> None:
    paper = PAPERS[name]
    for attack in ATTACKS:
        for text in (attack, f"Akta{attack} Kelahiran"):
            value: Any = (text,) if field in LISTS else text
            check(render_slip(replace(PLAIN_SLIP, **{field: value}), paper), paper)


@pytest.mark.slow
@pytest.mark.timeout(280)  # on a busy machine
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(slip=HostileSlip, paper=st.sampled_from(list(PAPERS.values())))
def test_nothing_in_all_fields_at_once_is_obeyed(slip: Slip, paper: Paper) -> None:
    check(render_slip(slip, paper), paper)


@PAPER
def test_what_is_printable_is_printed_beside_an_attack(paper: Paper) -> None:
    slip = replace(PLAIN_SLIP, agency="Dinas\x1b@\x1dV\x00 \u202eCapil\n\n2")

    assert b"Dinas@ V Capil 2\n" in render_slip(slip, paper)


@PAPER
def test_a_full_line_beside_a_space_or_another_is_no_trouble(paper: Paper) -> None:
    line = "0" * paper.columns

    for text in (f"{line} \x08", f"{line} {line}"):
        sent = render_slip(replace(PLAIN_SLIP, footer=(text,)), paper)
        assert f"{line}\n".encode() in sent
