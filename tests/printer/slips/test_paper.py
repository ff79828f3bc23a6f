from dataclasses import replace
from typing import Any

import pytest

from printer.slips.paper import PAPER_58, PAPER_80, PAPERS
from printer.slips.paper_names import PAPER_NAMES
from printer.slips.raster import unprintable_characters


def test_knows_how_many_characters_fit() -> None:
    assert (PAPER_80.columns, PAPER_58.columns) == (48, 32)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"profile": "TM-Z99"}, "TM-Z99"),
        ({"width": 500}, "multiple of 8"),
        ({"width": 16}, "240 to 832"),
        ({"width": 640}, "576 dots at most"),
        ({"code_pages": ()}, "code pages"),
        ({"code_pages": (("CP437", 0), ("CP000", 1))}, "CP000"),
    ],
)
def test_refuses_a_paper_no_slip_could_be_printed_on(
    change: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        replace(PAPER_80, **change)


def test_accepts_a_width_where_the_library_knows_none() -> None:
    assert replace(PAPER_80, profile="default", width=640).columns == 53


def test_tells_beforehand_what_cannot_be_read_on_a_slip() -> None:
    assert unprintable_characters("Café “Łódź” тест 日本", [PAPER_80]) == "日本"
    assert unprintable_characters("Café “Łódź” тест 日本") == "日本"
    assert unprintable_characters("Akta Kelahiran") == ""


def test_a_command_line_offers_every_paper() -> None:
    assert tuple(PAPERS) == PAPER_NAMES


def test_the_papers_differ_in_what_a_slip_depends_on() -> None:
    kinds = {(p.width, p.cutter, p.native_qr, p.cancel_kanji) for p in PAPERS.values()}

    assert len(kinds) == len(PAPERS)
