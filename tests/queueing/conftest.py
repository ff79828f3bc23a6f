"""The rules alone: over a mall of a test's own, or over the small mall."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.clock import MovableClock
from tests.support.database import Disk
from tests.support.rules.custom_mall import CustomMall
from tests.support.rules.harness import (
    MakeRules,
    RulesHarness,
    custom_mall,
    rules_in,
    rules_maker,
    rules_of,
)


@pytest.fixture
def own_mall() -> CustomMall:
    """Return the mall of ``rules``; a file of tests may have another."""
    return custom_mall()


@pytest.fixture
def rules(own_mall: CustomMall, tmp_path: Path) -> Iterator[RulesHarness]:
    with rules_of(tmp_path, own_mall) as rules:
        yield rules


@pytest.fixture
def make_rules(tmp_path: Path) -> Iterator[MakeRules]:
    """Return a maker, for a file whose tests have each their own hours."""
    with rules_maker(tmp_path) as make_rules:
        yield make_rules


@pytest.fixture
def small_mall_rules(disk: Disk, clock: MovableClock) -> Iterator[RulesHarness]:
    with rules_in(disk.path, clock) as rules:
        yield rules
