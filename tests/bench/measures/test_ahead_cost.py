"""The measurement of how many are ahead runs; no figure is asserted."""

from tests.bench.measures.ahead_cost import run_ahead_cost


def test_gives_a_row_for_every_number_who_wait() -> None:
    table = run_ahead_cost(rounds=1, lengths=(3, 12))

    assert [row[0] for row in table.rows] == ["3", "12"]
    assert all(cost != "-" for row in table.rows for cost in row)
