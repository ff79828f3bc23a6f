"""The manual's table of faults is what happens, and nobody in it is left without."""

import pytest

from tests.printer.faults.catalogue import FAULTS
from tests.printer.faults.record import PAGE, row_of, rows_in
from tests.printer.faults.trial import run_trials
from tests.printer.faults.ways import WAYS

PAIRS = {(fault.words, way) for fault in FAULTS for way in WAYS if way in fault.ways}


def test_the_table_has_every_fault_on_every_way_it_concerns() -> None:
    assert len(FAULTS) >= 25
    assert rows_in(PAGE.read_text()).keys() == PAIRS


def test_nobody_is_left_without_and_nothing_is_called_printed_falsely() -> None:
    for row in rows_in(PAGE.read_text()).values():
        end, paper, visitor, staff, following = row.split(" | ")
        assert following == "served, `printed`"
        assert visitor.startswith("the number, its QR code, and “")
        if end == "`printed`":
            assert (paper, staff) == ("whole", "nothing")
        if end.startswith("`failed`"):
            assert paper == "nothing"
        assert end in ("`printed`", "`sent`") or staff != "nothing"


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    "way",
    [
        "TCP",
        "agent",
        pytest.param("serial", marks=pytest.mark.full),
        pytest.param("device file", marks=pytest.mark.full),
        pytest.param("USB", marks=pytest.mark.full),
    ],
)
async def test_the_table_is_what_happens(way: str) -> None:
    written = rows_in(PAGE.read_text())

    outcomes = await run_trials(FAULTS, (way,))

    for fault in FAULTS:
        if way in fault.ways:
            fresh = row_of(fault, (way,), outcomes[fault.words, way])
            assert fresh.strip("| ").split(" | ", 2)[2] == written[fault.words, way]
