"""The attacks and the damage, each on a real server; the tables are printed.

The short form is in ``tests/api/http``, ``tests/api/live`` and ``tests/ledger``.
"""

from pathlib import Path

import pytest

from tests.faults import damage
from tests.faults.attacks import ATTACKS
from tests.faults.run import LOW_LIMIT, run_attacks
from tests.faults.trial import Trial, table

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]
MAX_RATIO = 20.0
"""Of the attacked 99th percentile to the quiet one: by far less than without measures
(4.6 s to some 5 ms), and more than the noise of a machine that also attacks."""
MAX_MEMORY = 150 * 2**20


@pytest.mark.parametrize("descriptors", [None, LOW_LIMIT])
@pytest.mark.parametrize("name", ATTACKS)
def test_an_officer_goes_on_under_attack(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    descriptors: int | None,
) -> None:
    (trial,) = run_attacks(
        tmp_path / "site", [name], seconds=10, descriptors=descriptors
    )
    with capsys.disabled():
        print(f"\n{table(f'{descriptors} descriptors', [trial])}")  # noqa: T201

    look_at(trial, descriptors)


def look_at(trial: Trial, descriptors: int | None) -> None:
    """Find the server in order: nothing failed, nothing was used up."""
    assert trial.failures == []
    assert trial.attacked.took
    assert trial.ratio < MAX_RATIO
    assert trial.rss_most - trial.rss_before < MAX_MEMORY
    assert "Traceback" not in trial.log
    if descriptors:
        assert trial.descriptors_most < descriptors


def test_damage_is_refused_and_never_served(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = damage.run(tmp_path, runs=20)
    with capsys.disabled():
        print(f"\n{damage.table(outcomes)}")  # noqa: T201

    assert [each.wrong for each in outcomes if each.wrong] == []
