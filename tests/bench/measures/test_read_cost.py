"""The measurement of what reading costs runs; no figure is asserted."""

from tests.bench.measures.read_cost import run_read_cost


def test_gives_a_row_for_every_reading() -> None:
    table = run_read_cost(turns=1)

    names = [row[0] for row in table.rows]
    assert len(names) == len(set(names)) > 10
    # nobody takes a number at night
    assert {row[0] for row in table.rows if row[4] == "-"} == {
        "GET /agencies, at night", "kiosk, start, at night",
    }  # fmt: skip
