"""Over thousands of slips no false "printed", no double slip, no lost job."""

from collections import Counter
from pathlib import Path

import pytest

from tests.printer.faults.soak import Tally, soak


def judge(tally: Tally, jobs: int) -> None:
    assert len(tally.keys_printed) == jobs
    assert tally.lost == []
    assert tally.doubled == []
    assert tally.falsely_printed == []
    assert tally.falsely_failed == []
    ends = Counter(tally.ends.values())
    assert set(ends) == {"printed", "failed", "unknown"}
    assert min(ends.values()) > jobs / 50  # or nothing was tried
    assert tally.kills > jobs / 250


@pytest.mark.slow
@pytest.mark.timeout(280)
async def test_800_slips_on_printers_that_break_and_agents_that_die(
    tmp_path: Path,
) -> None:
    judge(await soak(800, 4, tmp_path), 800)


@pytest.mark.full
@pytest.mark.timeout(1_800)
async def test_10000_slips_on_printers_that_break_and_agents_that_die(
    tmp_path: Path,
) -> None:
    judge(await soak(10_000, 5, tmp_path), 10_000)


def test_a_tally_tells_every_wrong() -> None:
    tally = Tally(["a", "b", "c", "d"], {"a": "printed", "b": "failed", "c": "printed"})
    tally.came_out.update(["b", "c", "c"])

    assert tally.lost == ["d"]
    assert tally.doubled == ["c"]
    assert tally.falsely_printed == ["a"]
    assert tally.falsely_failed == ["b"]
